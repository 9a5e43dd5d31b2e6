with

scores as (

    select * from {{ ref('est_scale_scores') }}

),

wave_indicators as (

    select * from {{ ref('cln_wave_indicators') }}

),

questions as (

    select * from {{ ref('questions') }}

),

answers as (

    select * from {{ ref('cln_answers') }}

),

organisation_groups as (

    select * from {{ ref('cln_organisation_groups') }}

),

items as (

    select
        wave_indicators.wave,
        wave_indicators.indicator_id as scale_id,
        wave_indicators.question_id,
        row_number() over (
            partition by wave_indicators.wave, wave_indicators.indicator_id
            order by questions.position, wave_indicators.question_id
        ) as item_position,
        count(*) over (partition by wave_indicators.wave, wave_indicators.indicator_id) as n_items
    from wave_indicators
    inner join questions
        on wave_indicators.question_id = questions.question_id

),

answered as (

    select
        scores.wave,
        scores.scale_id,
        scores.response_key,
        scores.organisation_key,
        items.question_id,
        items.item_position,
        items.n_items,
        answers.numeric_value as answer,
        count(*) over (partition by scores.wave, scores.scale_id, scores.response_key) as n_answered_items
    from scores
    inner join items
        on
            scores.wave = items.wave
            and scores.scale_id = items.scale_id
    inner join answers
        on
            scores.wave = answers.wave
            and scores.response_key = answers.response_key
            and items.question_id = answers.question_id
    where answers.numeric_value is not null

),

-- Alpha needs complete answers: a response that left out one item is not in it.
final as (

    select
        answered.wave,
        organisation_groups.classification_id,
        organisation_groups.group_id,
        answered.scale_id,
        answered.response_key,
        answered.question_id,
        cast(answered.item_position as integer) as item_position,
        cast(answered.n_items as integer) as n_items,
        cast(answered.answer as double) as answer
    from answered
    inner join organisation_groups
        on
            answered.wave = organisation_groups.wave
            and answered.organisation_key = organisation_groups.organisation_key
    where answered.n_answered_items = answered.n_items

)

select * from final
