{%- set numbers = [
    'n_answered', 'degrees_of_freedom', 'n_missing', 'n_effective', 'sum_weights',
] -%}
{{ config(materialized='view') }}

with

contrasts as (

    select * from {{ ref('est_contrasts') }}

),

points as (

    select * from {{ ref('est_points') }}

),

variances as (

    select * from {{ ref('est_variances') }}

),

spreads as (

    select
        points.domain_id,
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
    inner join variances
        on
            points.domain_id = variances.domain_id
            and points.indicator_id = variances.indicator_id

),

contrast_variances as (

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
        contrasts.purpose,
        contrasts.contrast_kind,
        contrasts.kind,
        contrasts.margin,
        comparability.comparability,
        {%- for side in ['a', 'b'] %}
        {%- for number in numbers %}
        cast(points_{{ side }}.{{ number }} as double) as {{ number }}_{{ side }},
        {%- endfor %}
        points_{{ side }}.is_equally_weighted as is_equally_weighted_{{ side }},
        cast(points_{{ side }}.weighted_estimate as double) as estimate_{{ side }},
        cast(spreads_{{ side }}.standard_deviation as double) as standard_deviation_{{ side }},
        contrast_variances.variance_{{ side }},
        contrast_variances.variance_{{ side }}_finite,
        {%- endfor %}
        contrast_variances.covariance,
        contrast_variances.covariance_finite,
        contrast_variances.n_both,
        contrast_variances.weight_products,
        coalesce(shown_a.is_shown, false) and coalesce(shown_b.is_shown, false) as has_bases
    from contrasts
    left join contrast_variances
        on contrasts.contrast_id = contrast_variances.contrast_id
    left join comparability
        on
            contrasts.contrast_kind = 'waves'
            and contrasts.indicator_a = comparability.indicator_id
            and contrasts.wave_a = comparability.wave_a
            and contrasts.wave_b = comparability.wave_b
    {%- for side in ['a', 'b'] %}
    left join points as points_{{ side }}
        on
            contrasts.domain_{{ side }} = points_{{ side }}.domain_id
            and contrasts.indicator_{{ side }} = points_{{ side }}.indicator_id
    left join shown as shown_{{ side }}
        on
            contrasts.wave_{{ side }} = shown_{{ side }}.wave
            and contrasts.classification_id = shown_{{ side }}.classification_id
            and contrasts.group_{{ side }} = shown_{{ side }}.group_id
            and contrasts.indicator_{{ side }} = shown_{{ side }}.indicator_id
    left join spreads as spreads_{{ side }}
        on
            contrasts.domain_{{ side }} = spreads_{{ side }}.domain_id
            and contrasts.indicator_{{ side }} = spreads_{{ side }}.indicator_id
    {%- endfor %}

)

select * from final
