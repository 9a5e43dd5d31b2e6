{#- The strata in which two estimates meet: within a wave each with itself, between two waves an
    earlier with a later one, which share the organisations that answered both (Tam 1984;
    Qualité & Tillé 2008; Berger 2004). What a response contributes to the error of an estimate is
    weight × residual over the weighted denominator; these are summed by pairs of segments. -#}
{{ config(materialized='ephemeral') }}

with

contrasts as (

    select distinct
        wave_a,
        domain_a,
        indicator_a,
        wave_b,
        domain_b,
        indicator_b
    from {{ ref('est_contrasts') }}

),

domains as (

    select * from {{ ref('est_domains') }}

),

segments as (

    select * from {{ ref('est_segments') }}

),

segment_domains as (

    select * from {{ ref('est_segment_domains') }}

),

segment_sums as (

    select * from {{ ref('est_segment_sums') }}
    where n_answered > 0

),

segment_pairs as (

    select * from {{ ref('est_segment_pairs') }}

),

pair_sums as (

    select * from {{ ref('est_pair_sums') }}

),

-- One side of a contrast in one stratum, with the mean that deviations are taken from (zero in a
-- stratum with one response). Where the denominator is nought there is no estimate.
sides as (

    select
        strata.domain_id,
        strata.indicator_id,
        strata.stratum_id,
        strata.residual_squares > 0 as has_residuals,
        case when points.kind = 'total' then 0.0 else points.weighted_estimate end as ratio,
        case when points.kind = 'total' then 1.0 else points.weighted_denominator end as denominator,
        case
            when strata.response_count = 1 then 0.0
            when points.kind = 'total' then strata.residual_sum / strata.response_count
            else strata.residual_sum / strata.response_count / points.weighted_denominator
        end as mean_influence
    from {{ ref('est_stratum_residuals') }} as strata
    inner join {{ ref('est_points') }} as points
        on
            strata.domain_id = points.domain_id
            and strata.indicator_id = points.indicator_id
    where
        points.kind = 'total'
        or points.weighted_denominator <> 0

),

panel_cells as (

    select * from {{ ref('est_panel_cells') }}

),

calibrated as (

    select
        domains.domain_id,
        calibrated_residuals.indicator_id,
        calibrated_residuals.segment_id,
        calibrated_residuals.mean_residual
    from {{ ref('est_calibrated_residuals') }} as calibrated_residuals
    inner join domains
        on
            calibrated_residuals.wave = domains.wave
            and calibrated_residuals.classification_id = domains.classification_id
            and calibrated_residuals.group_id = domains.group_id

),

-- With calibrated weights every segment of the wave bears on an estimate.
bearing as (

    select
        domain_id,
        segment_id,
        max(is_inside) as is_inside
    from (
        select
            domain_id,
            segment_id,
            1 as is_inside
        from segment_domains

        union all

        select distinct
            domain_id,
            segment_id,
            0 as is_inside
        from calibrated
    ) as reached
    group by
        domain_id,
        segment_id

),

domain_pairs as (

    select distinct
        wave_a,
        domain_a,
        wave_b,
        domain_b
    from contrasts

),

met as (

    select
        domain_pairs.domain_a,
        domain_pairs.domain_b,
        segment_pairs.segment_a,
        segment_pairs.segment_b,
        segment_pairs.n_matched,
        coalesce(bearing_a.is_inside, 0) as is_inside_a,
        coalesce(bearing_b.is_inside, 0) as is_inside_b
    from domain_pairs
    inner join segment_pairs
        on
            domain_pairs.wave_a = segment_pairs.wave_a
            and domain_pairs.wave_b = segment_pairs.wave_b
    left join bearing as bearing_a
        on
            domain_pairs.domain_a = bearing_a.domain_id
            and segment_pairs.segment_a = bearing_a.segment_id
    left join bearing as bearing_b
        on
            domain_pairs.domain_b = bearing_b.domain_id
            and segment_pairs.segment_b = bearing_b.segment_id
    where
        bearing_a.domain_id is not null
        or bearing_b.domain_id is not null

),

-- Per pair of segments: how far its organisations lie on average from the mean of the stratum, on
-- either side, and the sum of products around these averages. Residuals that are all nought have no
-- products, whatever rounding leaves of them.
contributions as (

    select
        contrasts.domain_a,
        contrasts.indicator_a,
        contrasts.domain_b,
        contrasts.indicator_b,
        segments_a.stratum_id as stratum_a,
        segments_b.stratum_id as stratum_b,
        met.n_matched,
        met.is_inside_a * met.is_inside_b * coalesce(pair_sums.n_both, 0) as answers_both,
        segments_a.weight * segments_b.weight as weight_product,
        {%- for side in ['a', 'b'] %}
        segments_{{ side }}.weight / sides_{{ side }}.denominator * (
            coalesce(
                calibrated_{{ side }}.mean_residual,
                met.is_inside_{{ side }} * (
                    sums_{{ side }}.mean_distance
                    + (sums_{{ side }}.slope - sides_{{ side }}.ratio) * sums_{{ side }}.mean_denominator
                ),
                0.0
            )
            + coalesce(
                met.is_inside_{{ side }} * (
                    pair_sums.mean_distance_{{ side }}
                    + (sums_{{ side }}.slope - sides_{{ side }}.ratio)
                    * pair_sums.mean_denominator_{{ side }}
                ),
                0.0
            )
        ) - sides_{{ side }}.mean_influence as deviation_{{ side }},
        {%- endfor %}
        segments_a.weight / sides_a.denominator * segments_b.weight / sides_b.denominator * coalesce(
            met.is_inside_a * met.is_inside_b * (
                pair_sums.distance_distance
                + (sums_b.slope - sides_b.ratio) * pair_sums.distance_denominator
                + (sums_a.slope - sides_a.ratio) * pair_sums.denominator_distance
                + (sums_a.slope - sides_a.ratio) * (sums_b.slope - sides_b.ratio)
                * pair_sums.denominator_denominator
            ),
            0.0
        ) as products
    from contrasts
    inner join met
        on
            contrasts.domain_a = met.domain_a
            and contrasts.domain_b = met.domain_b
    left join pair_sums
        on
            met.segment_a = pair_sums.segment_a
            and met.segment_b = pair_sums.segment_b
            and contrasts.indicator_a = pair_sums.indicator_a
            and contrasts.indicator_b = pair_sums.indicator_b
    {%- for side in ['a', 'b'] %}
    inner join segments as segments_{{ side }}
        on met.segment_{{ side }} = segments_{{ side }}.segment_id
    inner join sides as sides_{{ side }}
        on
            contrasts.domain_{{ side }} = sides_{{ side }}.domain_id
            and contrasts.indicator_{{ side }} = sides_{{ side }}.indicator_id
            and segments_{{ side }}.stratum_id = sides_{{ side }}.stratum_id
    left join segment_sums as sums_{{ side }}
        on
            met.segment_{{ side }} = sums_{{ side }}.segment_id
            and contrasts.indicator_{{ side }} = sums_{{ side }}.indicator_id
    left join calibrated as calibrated_{{ side }}
        on
            contrasts.domain_{{ side }} = calibrated_{{ side }}.domain_id
            and contrasts.indicator_{{ side }} = calibrated_{{ side }}.indicator_id
            and met.segment_{{ side }} = calibrated_{{ side }}.segment_id
    {%- endfor %}

),

summed as (

    select
        domain_a,
        indicator_a,
        domain_b,
        indicator_b,
        stratum_a,
        stratum_b,
        sum(n_matched) as n_met,
        sum(answers_both) as answers_both,
        sum(answers_both * weight_product) as weight_products,
        sum(products + n_matched * deviation_a * deviation_b) as products
    from contributions
    group by
        domain_a,
        indicator_a,
        domain_b,
        indicator_b,
        stratum_a,
        stratum_b

),

-- Two strata meet where both sides have an answer. The other organisations that are in both add
-- nothing to either side, so that they lie as far off as the means.
cells as (

    select
        contrasts.domain_a,
        contrasts.indicator_a,
        contrasts.domain_b,
        contrasts.indicator_b,
        panel_cells.stratum_a,
        panel_cells.stratum_b,
        panel_cells.fraction_a,
        panel_cells.fraction_b,
        panel_cells.responses_a,
        panel_cells.responses_b,
        panel_cells.responses_both,
        panel_cells.population_both,
        case when panel_cells.responses_a > 1 then 1.0 else 0.0 end as centred_a,
        case when panel_cells.responses_b > 1 then 1.0 else 0.0 end as centred_b,
        coalesce(summed.answers_both, 0) as answers_both,
        coalesce(summed.weight_products, 0.0) as weight_products,
        case
            when sides_a.has_residuals and sides_b.has_residuals
                then
                    coalesce(summed.products, 0.0)
                    + (panel_cells.responses_both - coalesce(summed.n_met, 0))
                    * sides_a.mean_influence * sides_b.mean_influence
            else 0.0
        end as products
    from contrasts
    inner join panel_cells
        on
            contrasts.wave_a = panel_cells.wave_a
            and contrasts.wave_b = panel_cells.wave_b
    {%- for side in ['a', 'b'] %}
    inner join sides as sides_{{ side }}
        on
            contrasts.domain_{{ side }} = sides_{{ side }}.domain_id
            and contrasts.indicator_{{ side }} = sides_{{ side }}.indicator_id
            and panel_cells.stratum_{{ side }} = sides_{{ side }}.stratum_id
    {%- endfor %}
    left join summed
        on
            contrasts.domain_a = summed.domain_a
            and contrasts.indicator_a = summed.indicator_a
            and contrasts.domain_b = summed.domain_b
            and contrasts.indicator_b = summed.indicator_b
            and panel_cells.stratum_a = summed.stratum_a
            and panel_cells.stratum_b = summed.stratum_b

),

-- Products of deviations, over what is left of their expectation when deviations are taken from
-- means that the same responses enter. Within a wave that is n - 1 over n, and the correction one
-- minus the sampling fraction.
final as (

    select
        domain_a,
        indicator_a,
        domain_b,
        indicator_b,
        stratum_a,
        stratum_b,
        cast(answers_both as bigint) as answers_both,
        weight_products,
        products / (
            1 - centred_a / responses_a - centred_b / responses_b
            + centred_a * centred_b * responses_both / (cast(responses_a as double) * responses_b)
        ) as covariance,
        1 - cast(population_both as double) / responses_both * fraction_a * fraction_b as correction
    from cells

)

select * from final
