{%- set figures = [
    'n_answered_from', 'n_answered', 'n_both', 'estimate_from', 'estimate', 'difference',
    'difference_lower', 'difference_upper', 'correlation', 'interval_method', 'test_method', 'untested_reason',
    'p_value', 'p_adjusted', 'n_tests', 'effect_size', 'effect_measure',
] -%}
with

contrasts as (

    select * from {{ ref('est_contrasts') }}
    where purpose = 'trend'

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

comparability as (

    select * from {{ ref('est_comparability') }}

),

-- The later wave is side a: a difference above zero is an increase.
judged as (

    select
        contrasts.classification_id,
        contrasts.group_a as group_id,
        contrasts.indicator_a as indicator_id,
        contrasts.wave_b as wave_from,
        contrasts.wave_a as wave,
        contrasts.kind,
        contrasts.family_id,
        cast(sides.n_answered_b as bigint) as n_answered_from,
        cast(sides.n_answered_a as bigint) as n_answered,
        sides.n_both,
        sides.estimate_b as estimate_from,
        sides.estimate_a as estimate,
        tests.difference,
        tests.difference_lower,
        tests.difference_upper,
        tests.correlation,
        tests.interval_method,
        tests.test_method,
        tests.untested_reason,
        tests.p_value,
        adjusted.p_adjusted,
        adjusted.n_tests,
        tests.effect_size,
        tests.effect_measure,
        comparability.comparability,
        comparability.note_nl,
        comparability.note_en,
        case when not sides.has_bases then 'base_below_minimum' end as suppression_reason
    from contrasts
    inner join sides
        on contrasts.contrast_id = sides.contrast_id
    inner join comparability
        on
            contrasts.indicator_a = comparability.indicator_id
            and contrasts.wave_a = comparability.wave_a
            and contrasts.wave_b = comparability.wave_b
    left join tests
        on contrasts.contrast_id = tests.contrast_id
    left join adjusted
        on contrasts.test_id = adjusted.contrast_id

),

final as (

    select
        classification_id,
        group_id,
        indicator_id,
        wave_from,
        wave,
        kind,
        {%- for column in figures %}
        case when suppression_reason is null then {{ column }} end as {{ column }},
        {%- endfor %}
        family_id,
        comparability,
        note_nl,
        note_en,
        case
            when comparability = 'broken' then 'not_comparable'
            when p_adjusted is null then 'not_tested'
            when p_adjusted > {{ var('significance_level') }} then 'no_change'
            when difference > 0 then 'increased'
            else 'decreased'
        end as verdict,
        case
            when suppression_reason is null then {{ verdict_of_list('increased', 'decreased') }}
        end as list_verdict,
        case when suppression_reason is null then 'published' else 'suppressed' end as suppression_status,
        suppression_reason
    from judged

)

select * from final
