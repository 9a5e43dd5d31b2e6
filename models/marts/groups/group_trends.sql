{{ config(alias='trends') }}

with

readers as (

    select * from {{ ref('group_readers') }}

),

trends as (

    select * from {{ ref('mart_trends') }}

),

final as (

    select
        readers.reader_group_id,
        trends.classification_id,
        trends.group_id,
        trends.group_label_nl,
        trends.group_label_en,
        trends.topic,
        trends.indicator_id,
        trends.indicator_label_nl,
        trends.indicator_label_en,
        trends.base_nl,
        trends.base_en,
        trends.wave_from,
        trends.wave,
        trends.kind,
        trends.unit,
        trends.is_synthetic,
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
        trends.family_label_nl,
        trends.family_label_en,
        trends.n_tests,
        trends.effect_size,
        trends.effect_measure,
        trends.comparability,
        trends.note_nl,
        trends.note_en,
        trends.verdict,
        trends.verdict_nl,
        trends.verdict_en,
        trends.list_verdict,
        trends.list_verdict_nl,
        trends.list_verdict_en,
        trends.confidence_level,
        trends.suppression_status,
        trends.suppression_reason
    from trends
    inner join readers
        on
            trends.classification_id = readers.classification_id
            and trends.group_id = readers.group_id

)

select * from final
