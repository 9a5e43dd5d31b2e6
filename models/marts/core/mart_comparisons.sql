with

comparisons as (

    select * from {{ ref('fct_comparisons') }}

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

-- A side of a comparison that is the rest of a group has no label of its own.
final as (

    select
        {%- for column, source in wave_columns().items() %}
        {{ source }} as {{ column }},
        {%- endfor %}
        comparisons.comparison_id,
        groups_a.classification_id,
        groups_a.classification_label_nl,
        groups_a.classification_label_en,
        comparisons.group_a,
        groups_a.label_nl as group_a_label_nl,
        groups_a.label_en as group_a_label_en,
        comparisons.group_b,
        comparisons.rest_of_group_id,
        coalesce(groups_b.label_nl, concat(rests.label_nl, ': overige')) as group_b_label_nl,
        coalesce(groups_b.label_en, concat(rests.label_en, ': the others')) as group_b_label_en,
        {%- for column, source in indicator_columns().items() %}
        {{ source }} as {{ column }},
        {%- endfor %}
        comparisons.n_answered_a,
        comparisons.n_answered_b,
        comparisons.estimate_a,
        comparisons.estimate_b,
        comparisons.difference,
        comparisons.difference_lower,
        comparisons.difference_upper,
        comparisons.interval_method,
        comparisons.test_method,
        comparisons.untested_reason,
        comparisons.p_value,
        comparisons.p_adjusted,
        comparisons.family_id,
        families.label_nl as family_label_nl,
        families.label_en as family_label_en,
        comparisons.n_tests,
        comparisons.effect_size,
        comparisons.effect_measure,
        comparisons.verdict,
        {{ verdict_words('nl', 'comparisons') }} as verdict_nl,
        {{ verdict_words('en', 'comparisons') }} as verdict_en,
        comparisons.list_verdict,
        {{ verdict_words('nl', 'comparisons', 'list_verdict') }} as list_verdict_nl,
        {{ verdict_words('en', 'comparisons', 'list_verdict') }} as list_verdict_en,
        comparisons.suppression_status,
        comparisons.suppression_reason,
        {{ suppression_words('nl') }} as suppression_label_nl,
        {{ suppression_words('en') }} as suppression_label_en
    from comparisons
    inner join organisation_groups as groups_a
        on
            comparisons.classification_id = groups_a.classification_id
            and comparisons.group_a = groups_a.group_id
    left join organisation_groups as groups_b
        on
            comparisons.classification_id = groups_b.classification_id
            and comparisons.group_b = groups_b.group_id
    left join organisation_groups as rests
        on
            comparisons.classification_id = rests.classification_id
            and comparisons.rest_of_group_id = rests.group_id
    inner join indicators
        on comparisons.indicator_id = indicators.indicator_id
    inner join families
        on comparisons.family_id = families.family_id
    inner join waves
        on comparisons.wave = waves.wave

)

select * from final
