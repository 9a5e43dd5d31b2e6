{{ config(alias='comparisons') }}

with

readers as (

    select * from {{ ref('group_readers') }}

),

comparisons as (

    select * from {{ ref('mart_comparisons') }}

),

-- Either side may be a group of the reader's; the rest of a group is no group.
compared as (

    select distinct
        readers.reader_group_id,
        comparisons.wave,
        comparisons.comparison_id,
        comparisons.indicator_id
    from comparisons
    inner join readers
        on
            comparisons.classification_id = readers.classification_id
            and readers.group_id in (comparisons.group_a, comparisons.group_b)

),

final as (

    select
        compared.reader_group_id,
        comparisons.wave,
        comparisons.comparison_id,
        comparisons.classification_id,
        comparisons.group_a,
        comparisons.group_a_label_nl,
        comparisons.group_a_label_en,
        comparisons.group_b,
        comparisons.rest_of_group_id,
        comparisons.group_b_label_nl,
        comparisons.group_b_label_en,
        comparisons.topic,
        comparisons.indicator_id,
        comparisons.indicator_label_nl,
        comparisons.indicator_label_en,
        comparisons.base_nl,
        comparisons.base_en,
        comparisons.kind,
        comparisons.unit,
        comparisons.is_synthetic,
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
        comparisons.family_label_nl,
        comparisons.family_label_en,
        comparisons.n_tests,
        comparisons.effect_size,
        comparisons.effect_measure,
        comparisons.verdict,
        comparisons.verdict_nl,
        comparisons.verdict_en,
        comparisons.list_verdict,
        comparisons.list_verdict_nl,
        comparisons.list_verdict_en,
        comparisons.confidence_level,
        comparisons.suppression_status,
        comparisons.suppression_reason
    from comparisons
    inner join compared
        on
            comparisons.wave = compared.wave
            and comparisons.comparison_id = compared.comparison_id
            and comparisons.indicator_id = compared.indicator_id

)

select * from final
