{%- set figures = [
    'n_answered_a', 'n_answered_b', 'estimate_a', 'estimate_b', 'difference', 'difference_lower',
    'difference_upper', 'interval_method', 'test_method', 'untested_reason', 'p_value', 'p_adjusted', 'n_tests',
    'effect_size', 'effect_measure',
] -%}
with

contrasts as (

    select * from {{ ref('est_contrasts') }}
    where purpose = 'comparison'

),

comparisons as (

    select * from {{ ref('comparisons') }}

),

sides as (

    select * from {{ ref('est_contrast_sides') }}

),

tests as (

    select * from {{ ref('est_contrast_tests') }}

),

adjusted as (

    select * from {{ ref('est_adjusted_tests') }}

),

-- A row for every comparison and indicator of a wave, also where too few answered.
judged as (

    select
        contrasts.wave_a as wave,
        comparisons.comparison_id,
        comparisons.classification_id,
        comparisons.group_a,
        comparisons.group_b,
        comparisons.rest_of_group_id,
        contrasts.indicator_a as indicator_id,
        contrasts.kind,
        contrasts.family_id,
        cast(sides.n_answered_a as bigint) as n_answered_a,
        cast(sides.n_answered_b as bigint) as n_answered_b,
        sides.estimate_a,
        sides.estimate_b,
        tests.difference,
        tests.difference_lower,
        tests.difference_upper,
        tests.interval_method,
        tests.test_method,
        tests.untested_reason,
        tests.p_value,
        adjusted.p_adjusted,
        adjusted.n_tests,
        tests.effect_size,
        tests.effect_measure,
        case when not sides.has_bases then 'base_below_minimum' end as suppression_reason
    from contrasts
    inner join comparisons
        on contrasts.reference_id = comparisons.comparison_id
    inner join sides
        on contrasts.contrast_id = sides.contrast_id
    left join tests
        on contrasts.contrast_id = tests.contrast_id
    left join adjusted
        on contrasts.test_id = adjusted.contrast_id

),

final as (

    select
        wave,
        comparison_id,
        classification_id,
        group_a,
        group_b,
        rest_of_group_id,
        indicator_id,
        kind,
        {%- for column in figures %}
        case when suppression_reason is null then {{ column }} end as {{ column }},
        {%- endfor %}
        family_id,
        case
            when p_adjusted is null then 'not_tested'
            when p_adjusted > {{ var('significance_level') }} then 'no_difference'
            when difference > 0 then 'a_higher'
            else 'a_lower'
        end as verdict,
        case
            when suppression_reason is null then {{ verdict_of_list('a_higher', 'a_lower') }}
        end as list_verdict,
        case when suppression_reason is null then 'published' else 'suppressed' end as suppression_status,
        suppression_reason
    from judged

)

select * from final
