with

scales as (

    select * from {{ ref('scales') }}

),

scale_bands as (

    select * from {{ ref('scale_bands') }}

),

indicator_values as (

    select * from {{ ref('cln_indicator_values') }}

),

weights as (

    select * from {{ ref('cln_weights') }}

),

final as (

    select
        indicator_values.wave,
        scales.scale_id,
        indicator_values.response_key,
        weights.organisation_key,
        indicator_values.value as score,
        scale_bands.band_id,
        weights.stratum_id,
        weights.sampled_fraction,
        weights.response_count,
        weights.weight
    from scales
    inner join indicator_values
        on
            scales.scale_id = indicator_values.indicator_id
            and indicator_values.status = 'answered'
    inner join weights
        on
            indicator_values.wave = weights.wave
            and indicator_values.response_key = weights.response_key
    left join scale_bands
        on
            scales.scale_id = scale_bands.scale_id
            and (scale_bands.minimum_score is null or indicator_values.value >= scale_bands.minimum_score)
            and (scale_bands.maximum_score is null or indicator_values.value < scale_bands.maximum_score)

)

select * from final
