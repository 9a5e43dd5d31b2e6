with

response_segments as (

    select * from {{ ref('est_response_segments') }}

),

final as (

    select
        segment_id,
        wave,
        stratum_id,
        cluster_id,
        population_count,
        response_count,
        sampled_count,
        sampled_fraction,
        design_weight,
        weight,
        count(*) as n_responses,
        min(organisation_key) as example_organisation_key
    from response_segments
    group by
        segment_id,
        wave,
        stratum_id,
        cluster_id,
        population_count,
        response_count,
        sampled_count,
        sampled_fraction,
        design_weight,
        weight

)

select * from final
