with

trends as (

    select * from {{ ref('fct_trends') }}

),

organisation_groups as (

    select * from {{ ref('dim_organisation_groups') }}

),

indicators as (

    select * from {{ ref('dim_indicators') }}

),

families as (

    select * from {{ ref('test_families') }}

),

waves as (

    select * from {{ ref('dim_waves') }}

),

final as (

    select
        {%- for column, source in group_columns().items() %}
        {{ source }} as {{ column }},
        {%- endfor %}
        {%- for column, source in indicator_columns().items() %}
        {{ source }} as {{ column }},
        {%- endfor %}
        trends.wave_from,
        waves_from.label_nl as wave_from_label_nl,
        waves_from.label_en as wave_from_label_en,
        waves_from.reference_start as wave_from_date,
        {%- for column, source in wave_columns().items() %}
        {{ source }} as {{ column }},
        {%- endfor %}
        trends.n_answered_from,
        trends.n_answered,
        trends.n_both,
        trends.estimate_from,
        trends.estimate,
        trends.difference,
        trends.difference_lower,
        trends.difference_upper,
        trends.correlation,
        trends.interval_method,
        trends.test_method,
        trends.untested_reason,
        trends.p_value,
        trends.p_adjusted,
        trends.family_id,
        families.label_nl as family_label_nl,
        families.label_en as family_label_en,
        trends.n_tests,
        trends.effect_size,
        trends.effect_measure,
        trends.comparability,
        trends.note_nl,
        trends.note_en,
        trends.verdict,
        {{ verdict_words('nl', 'trends') }} as verdict_nl,
        {{ verdict_words('en', 'trends') }} as verdict_en,
        trends.list_verdict,
        {{ verdict_words('nl', 'trends', 'list_verdict') }} as list_verdict_nl,
        {{ verdict_words('en', 'trends', 'list_verdict') }} as list_verdict_en,
        trends.suppression_status,
        trends.suppression_reason,
        {{ suppression_words('nl') }} as suppression_label_nl,
        {{ suppression_words('en') }} as suppression_label_en
    from trends
    inner join organisation_groups
        on
            trends.classification_id = organisation_groups.classification_id
            and trends.group_id = organisation_groups.group_id
    inner join indicators
        on trends.indicator_id = indicators.indicator_id
    inner join families
        on trends.family_id = families.family_id
    inner join waves
        on trends.wave = waves.wave
    inner join waves as waves_from
        on trends.wave_from = waves_from.wave

)

select * from final
