with

estimates as (

    select * from {{ ref('mart_estimates') }}

),

comparisons as (

    select * from {{ ref('mart_comparisons') }}

),

headlines as (

    select * from {{ ref('comparisons') }}
    where is_headline

),

trends as (

    select * from {{ ref('mart_trends') }}

),

positions as (

    select comparisons.*
    from comparisons
    inner join headlines
        on comparisons.comparison_id = headlines.comparison_id

),

ranked_changes as (

    select
        trends.*,
        row_number() over (
            partition by trends.wave, trends.classification_id, trends.group_id, trends.indicator_id
            order by trends.wave_from desc
        ) as preference
    from trends

),

final as (

    select
        estimates.estimate_id,
        {%- for column in wave_columns() %}
        estimates.{{ column }},
        {%- endfor %}
        {%- for column in group_columns() %}
        estimates.{{ column }},
        {%- endfor %}
        {%- for column in indicator_columns() %}
        estimates.{{ column }},
        {%- endfor %}
        estimates.scale_minimum,
        estimates.scale_maximum,
        estimates.direction,
        estimates.comparable_from_wave,
        estimates.n_responses,
        estimates.n_uncovered,
        estimates.n_answered,
        estimates.dont_know_share,
        estimates.not_asked_share,
        estimates.estimate,
        estimates.estimate_lower,
        estimates.estimate_upper,
        estimates.display_nl,
        estimates.display_en,
        estimates.standard_error,
        estimates.interval_method,
        estimates.bound_lower,
        estimates.bound_upper,
        estimates.precision_status,
        estimates.precision_label_nl,
        estimates.precision_label_en,
        positions.group_b as comparator_group_id,
        positions.rest_of_group_id,
        positions.group_b_label_nl as comparator_label_nl,
        positions.group_b_label_en as comparator_label_en,
        positions.n_answered_b as n_answered_comparator,
        positions.estimate_b as estimate_comparator,
        positions.difference as difference_from_comparator,
        positions.difference_lower as difference_from_comparator_lower,
        positions.difference_upper as difference_from_comparator_upper,
        positions.p_adjusted as position_p_adjusted,
        positions.effect_size as position_effect_size,
        positions.verdict as position_verdict,
        positions.verdict_nl as position_verdict_nl,
        positions.verdict_en as position_verdict_en,
        positions.list_verdict as position_list_verdict,
        changes.wave_from as previous_wave,
        changes.wave_from_label_nl as previous_wave_label_nl,
        changes.wave_from_label_en as previous_wave_label_en,
        changes.n_answered_from as n_answered_previous,
        changes.estimate_from as estimate_previous,
        changes.difference as change,
        changes.difference_lower as change_lower,
        changes.difference_upper as change_upper,
        changes.p_adjusted as change_p_adjusted,
        changes.effect_size as change_effect_size,
        changes.verdict as change_verdict,
        changes.verdict_nl as change_verdict_nl,
        changes.verdict_en as change_verdict_en,
        changes.list_verdict as change_list_verdict,
        changes.comparability,
        changes.note_nl,
        changes.note_en,
        estimates.suppression_status,
        estimates.suppression_reason,
        estimates.suppression_label_nl,
        estimates.suppression_label_en
    from estimates
    left join positions
        on
            estimates.wave = positions.wave
            and estimates.classification_id = positions.classification_id
            and estimates.group_id = positions.group_a
            and estimates.indicator_id = positions.indicator_id
    left join ranked_changes as changes
        on
            estimates.wave = changes.wave
            and estimates.classification_id = changes.classification_id
            and estimates.group_id = changes.group_id
            and estimates.indicator_id = changes.indicator_id
            and changes.preference = 1

)

select * from final
