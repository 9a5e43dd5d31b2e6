{{ config(alias='findings') }}

with

readers as (

    select * from {{ ref('group_readers') }}

),

findings as (

    select * from {{ ref('mart_findings') }}

),

estimates as (

    select * from {{ ref('mart_estimates') }}

),

final as (

    select
        readers.reader_group_id,
        findings.wave,
        findings.classification_id,
        findings.group_id,
        findings.group_label_nl,
        findings.group_label_en,
        findings.topic,
        findings.indicator_id,
        findings.indicator_label_nl,
        findings.indicator_label_en,
        findings.base_nl,
        findings.base_en,
        findings.kind,
        findings.unit,
        findings.direction,
        findings.is_synthetic,
        findings.n_responses,
        findings.n_uncovered,
        findings.n_answered,
        findings.dont_know_share,
        findings.not_asked_share,
        findings.estimate,
        findings.estimate_lower,
        findings.estimate_upper,
        findings.standard_error,
        findings.interval_method,
        findings.bound_lower,
        findings.bound_upper,
        findings.precision_status,
        findings.precision_label_nl,
        findings.precision_label_en,
        findings.comparator_group_id,
        findings.rest_of_group_id,
        findings.comparator_label_nl,
        findings.comparator_label_en,
        findings.n_answered_comparator,
        findings.estimate_comparator,
        findings.difference_from_comparator,
        findings.difference_from_comparator_lower,
        findings.difference_from_comparator_upper,
        findings.position_p_adjusted,
        findings.position_effect_size,
        findings.position_verdict,
        findings.position_verdict_nl,
        findings.position_verdict_en,
        findings.position_list_verdict,
        findings.previous_wave,
        findings.n_answered_previous,
        findings.estimate_previous,
        findings.change,
        findings.change_lower,
        findings.change_upper,
        findings.change_p_adjusted,
        findings.change_effect_size,
        findings.change_verdict,
        findings.change_verdict_nl,
        findings.change_verdict_en,
        findings.change_list_verdict,
        findings.comparability,
        findings.note_nl,
        findings.note_en,
        findings.confidence_level,
        findings.suppression_status,
        findings.suppression_reason,
        estimates.comparable_from_wave,
        estimates.n_asked,
        estimates.n_dont_know,
        estimates.n_not_applicable,
        estimates.n_no_answer,
        estimates.n_not_asked,
        estimates.unweighted_estimate,
        estimates.unweighted_lower,
        estimates.unweighted_upper,
        estimates.design_effect,
        estimates.n_effective,
        estimates.interval_size
    from findings
    inner join readers
        on
            findings.classification_id = readers.classification_id
            and findings.group_id = readers.group_id
    inner join estimates
        on
            findings.wave = estimates.wave
            and findings.classification_id = estimates.classification_id
            and findings.group_id = estimates.group_id
            and findings.indicator_id = estimates.indicator_id

)

select * from final
