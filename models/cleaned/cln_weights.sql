with

design_weights as (

    select * from {{ ref('cln_design_weights') }}

),

calibrated_weights as (

    select * from {{ ref('cln_calibrated_weights') }}

),

final as (

    select
        design_weights.wave,
        design_weights.response_key,
        design_weights.organisation_key,
        design_weights.cluster_id,
        design_weights.stratum_id,
        design_weights.population_count,
        design_weights.response_count,
        design_weights.sampled_count,
        design_weights.sampled_fraction,
        design_weights.design_weight,
        coalesce(calibrated_weights.weight, design_weights.design_weight) as weight
    from design_weights
    left join calibrated_weights
        on
            design_weights.wave = calibrated_weights.wave
            and design_weights.response_key = calibrated_weights.response_key

)

select * from final
