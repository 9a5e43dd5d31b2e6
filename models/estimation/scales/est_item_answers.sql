{#- Of each statement of a scale, how many chose each answer. Sums per stratum and answer first: no row
    per response, group and statement is kept. -#}
with

items as (

    select distinct
        wave_indicators.wave,
        wave_indicators.indicator_id as scale_id,
        wave_indicators.question_id
    from {{ ref('cln_wave_indicators') }} as wave_indicators
    inner join {{ ref('scales') }} as scales
        on wave_indicators.indicator_id = scales.scale_id

),

options as (

    select * from {{ ref('options') }}
    where score is not null and not is_missing

),

answers as (

    select * from {{ ref('cln_answers') }}
    where numeric_value is not null

),

weights as (

    select * from {{ ref('cln_weights') }}

),

organisation_groups as (

    select * from {{ ref('cln_organisation_groups') }}

),

answer_sums as (

    select
        items.wave,
        organisation_groups.classification_id,
        organisation_groups.group_id,
        items.scale_id,
        items.question_id,
        answers.option_id,
        weights.stratum_id,
        max(weights.sampled_fraction) as sampled_fraction,
        max(weights.response_count) as response_count,
        count(*) as n_answered,
        sum(weights.weight) as sum_weights,
        sum(weights.weight * weights.weight) as squared_weights,
        min(weights.weight) as smallest_weight,
        max(weights.weight) as largest_weight
    from items
    inner join answers
        on
            items.wave = answers.wave
            and items.question_id = answers.question_id
    inner join weights
        on
            answers.wave = weights.wave
            and answers.response_key = weights.response_key
    inner join organisation_groups
        on
            weights.wave = organisation_groups.wave
            and weights.organisation_key = organisation_groups.organisation_key
    group by
        items.wave,
        organisation_groups.classification_id,
        organisation_groups.group_id,
        items.scale_id,
        items.question_id,
        answers.option_id,
        weights.stratum_id

),

-- Those who chose an answer are the base of all answers to the statement.
bases as (

    select
        wave,
        classification_id,
        group_id,
        scale_id,
        question_id,
        stratum_id,
        max(sampled_fraction) as sampled_fraction,
        max(response_count) as response_count,
        sum(n_answered) as n_answered,
        sum(sum_weights) as sum_weights,
        sum(squared_weights) as squared_weights,
        min(smallest_weight) as smallest_weight,
        max(largest_weight) as largest_weight
    from answer_sums
    group by
        wave,
        classification_id,
        group_id,
        scale_id,
        question_id,
        stratum_id

),

sums as (

    select
        bases.wave,
        bases.classification_id,
        bases.group_id,
        bases.scale_id,
        bases.question_id,
        options.option_id,
        bases.stratum_id,
        bases.sampled_fraction,
        bases.response_count,
        bases.n_answered,
        coalesce(answer_sums.n_answered, 0) as n_with,
        bases.sum_weights,
        coalesce(answer_sums.sum_weights, 0.0) as weighted_value,
        bases.squared_weights,
        coalesce(answer_sums.squared_weights, 0.0) as squared_weights_with,
        bases.smallest_weight,
        bases.largest_weight
    from bases
    inner join options
        on
            bases.question_id = options.question_id
            and {{ wave_within('bases.wave', 'options.first_wave', 'options.last_wave') }}
    left join answer_sums
        on
            bases.wave = answer_sums.wave
            and bases.classification_id = answer_sums.classification_id
            and bases.group_id = answer_sums.group_id
            and bases.scale_id = answer_sums.scale_id
            and bases.question_id = answer_sums.question_id
            and bases.stratum_id = answer_sums.stratum_id
            and options.option_id = answer_sums.option_id

),

{{ shares_of_sums(['wave', 'classification_id', 'group_id', 'scale_id', 'question_id', 'option_id']) }}

select * from final
