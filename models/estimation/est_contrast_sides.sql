{%- set numbers = ['n_answered', 'n_strata', 'sum_value', 'n_effective', 'sum_weights'] -%}
{{ config(materialized='view') }}

with

contrasts as (

    select * from {{ ref('est_contrasts') }}

),

points as (

    select * from {{ ref('est_points') }}

),

spreads as (

    select
        points.wave,
        points.classification_id,
        points.group_id,
        points.indicator_id,
        -- Standard deviation of the values, as the weights say it is in the population.
        case
            when points.kind in ('mean', 'count') and points.n_answered > 1 and points.sum_weights > 0
                then
                    sqrt(
                        variances.weighted_squares / points.sum_weights
                        * points.n_answered / (points.n_answered - 1.0)
                    )
        end as standard_deviation
    from points
    inner join {{ ref('est_variances') }} as variances
        on
            points.wave = variances.wave
            and points.classification_id = variances.classification_id
            and points.group_id = variances.group_id
            and points.indicator_id = variances.indicator_id

),

variances as (

    select * from {{ ref('est_contrast_variances') }}

),

shown as (

    select * from {{ ref('est_shown_groups') }}

),

comparability as (

    select * from {{ ref('est_comparability') }}

),

final as (

    select
        contrasts.contrast_id,
        contrasts.contrast_kind,
        contrasts.kind,
        comparability.comparability,
        {%- for side in ['a', 'b'] %}
        {%- for number in numbers %}
        cast(points_{{ side }}.{{ number }} as double) as {{ number }}_{{ side }},
        {%- endfor %}
        points_{{ side }}.is_equally_weighted as is_equally_weighted_{{ side }},
        cast(points_{{ side }}.weighted_estimate as double) as estimate_{{ side }},
        cast(spreads_{{ side }}.standard_deviation as double) as standard_deviation_{{ side }},
        variances.variance_{{ side }},
        variances.variance_{{ side }}_finite,
        {%- endfor %}
        variances.covariance,
        variances.covariance_finite,
        variances.n_both,
        variances.n_both_strata,
        variances.weight_products,
        coalesce(shown_a.is_shown, false) and coalesce(shown_b.is_shown, false) as has_bases
    from contrasts
    left join variances
        on contrasts.contrast_id = variances.contrast_id
    left join comparability
        on
            contrasts.contrast_kind = 'waves'
            and contrasts.indicator_a = comparability.indicator_id
            and contrasts.wave_a = comparability.wave_a
            and contrasts.wave_b = comparability.wave_b
    {%- for side in ['a', 'b'] %}
    left join points as points_{{ side }}
        on
            contrasts.wave_{{ side }} = points_{{ side }}.wave
            and contrasts.classification_id = points_{{ side }}.classification_id
            and contrasts.group_{{ side }} = points_{{ side }}.group_id
            and contrasts.indicator_{{ side }} = points_{{ side }}.indicator_id
    left join shown as shown_{{ side }}
        on
            contrasts.wave_{{ side }} = shown_{{ side }}.wave
            and contrasts.classification_id = shown_{{ side }}.classification_id
            and contrasts.group_{{ side }} = shown_{{ side }}.group_id
            and contrasts.indicator_{{ side }} = shown_{{ side }}.indicator_id
    left join spreads as spreads_{{ side }}
        on
            contrasts.wave_{{ side }} = spreads_{{ side }}.wave
            and contrasts.classification_id = spreads_{{ side }}.classification_id
            and contrasts.group_{{ side }} = spreads_{{ side }}.group_id
            and contrasts.indicator_{{ side }} = spreads_{{ side }}.indicator_id
    {%- endfor %}

)

select * from final
