with

scores as (

    select * from {{ ref('est_scale_scores') }}

),

outcomes as (

    select * from {{ ref('scale_outcomes') }}

),

indicator_values as (

    select * from {{ ref('cln_indicator_values') }}

),

organisation_groups as (

    select * from {{ ref('cln_organisation_groups') }}

),

leaves as (

    select * from {{ ref('cln_organisation_groups') }}
    where is_leaf

),

final as (

    select
        scores.wave,
        outcomes.classification_id,
        outcomes.group_id,
        outcomes.scale_id,
        outcomes.outcome_indicator_id,
        scores.response_key,
        scores.score,
        indicator_values.value as outcome,
        outcomes.adjust_classification_id,
        adjusted_groups.group_id as adjust_group_id,
        outcomes.adjust_size_classification_id,
        adjusted_sizes.group_id as adjust_size_group_id
    from outcomes
    inner join scores
        on outcomes.scale_id = scores.scale_id
    inner join organisation_groups
        on
            scores.wave = organisation_groups.wave
            and scores.organisation_key = organisation_groups.organisation_key
            and outcomes.classification_id = organisation_groups.classification_id
            and outcomes.group_id = organisation_groups.group_id
    inner join indicator_values
        on
            scores.wave = indicator_values.wave
            and scores.response_key = indicator_values.response_key
            and outcomes.outcome_indicator_id = indicator_values.indicator_id
            and indicator_values.status = 'answered'
    left join leaves as adjusted_groups
        on
            scores.wave = adjusted_groups.wave
            and scores.organisation_key = adjusted_groups.organisation_key
            and outcomes.adjust_classification_id = adjusted_groups.classification_id
    left join leaves as adjusted_sizes
        on
            scores.wave = adjusted_sizes.wave
            and scores.organisation_key = adjusted_sizes.organisation_key
            and outcomes.adjust_size_classification_id = adjusted_sizes.classification_id

)

select * from final
