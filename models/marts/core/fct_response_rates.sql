with

group_sizes as (

    select * from {{ ref('est_group_sizes') }}

),

judged as (

    select
        *,
        case
            when n_population is null then 'no_frame'
            when n_population < {{ publication_rule('minimum_base') }} then 'base_below_minimum'
        end as suppression_reason
    from group_sizes

),

final as (

    select
        wave,
        classification_id,
        group_id,
        cast(case when suppression_reason is null then n_population end as bigint) as n_population,
        cast(case when suppression_reason is null then n_responses end as bigint) as n_responses,
        cast(case when suppression_reason is null then n_uncovered end as bigint) as n_uncovered,
        case
            when suppression_reason is null then cast(n_responses as double) / n_population
        end as response_rate,
        case when suppression_reason is null then 'published' else 'suppressed' end as suppression_status,
        suppression_reason
    from judged

)

select * from final
