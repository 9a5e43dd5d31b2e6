{#- What calibration takes its residuals of, with the names that it knows: a segment stands for its
    responses. Waves that are not calibrated need no such rows. -#}
{{ config(materialized='view') }}

with

segment_sums as (

    select * from {{ ref('est_segment_sums') }}
    where n_answered > 0

),

segments as (

    select * from {{ ref('est_segments') }}

),

segment_domains as (

    select * from {{ ref('est_segment_domains') }}

),

points as (

    select * from {{ ref('est_points') }}

),

calibrated_waves as (

    select distinct wave
    from {{ ref('cln_weighting_margins') }}

),

final as (

    select
        points.wave,
        points.classification_id,
        points.group_id,
        points.indicator_id,
        cast(segments.segment_id as {{ dbt.type_string() }}) as response_key,
        -- Without an estimate nothing deviates from it.
        coalesce(
            segment_sums.mean_distance
            + (
                segment_sums.slope
                - case when points.kind = 'total' then 0.0 else points.weighted_estimate end
            ) * segment_sums.mean_denominator,
            0.0
        ) as weighted_residual
    from calibrated_waves
    inner join segments
        on calibrated_waves.wave = segments.wave
    inner join segment_sums
        on segments.segment_id = segment_sums.segment_id
    inner join segment_domains
        on segments.segment_id = segment_domains.segment_id
    inner join points
        on
            segment_domains.domain_id = points.domain_id
            and segment_sums.indicator_id = points.indicator_id

)

select * from final
