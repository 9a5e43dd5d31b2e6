with

stratum_residuals as (

    select * from {{ ref('est_stratum_residuals') }}

),

final as (

    select
        domain_id,
        indicator_id,
        sum(variance * (1 - sampled_fraction)) as total_variance,
        sum(variance) as process_variance,
        sum(weighted_squares) as weighted_squares,
        sum(unweighted_squares) as unweighted_squares
    from stratum_residuals
    group by
        domain_id,
        indicator_id

)

select * from final
