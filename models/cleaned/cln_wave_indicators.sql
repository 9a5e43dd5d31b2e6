with

wave_questions as (

    select * from {{ ref('stg_wave_questions') }}

),

options as (

    select * from {{ ref('options') }}

),

indicators as (

    select * from {{ ref('indicators') }}

),

items as (

    select * from {{ ref('indicator_items') }}

),

-- What the questionnaire of a wave offers of each indicator.
available_items as (

    select
        wave_questions.wave,
        items.indicator_id,
        items.part,
        items.question_id,
        items.option_id
    from items
    inner join wave_questions
        on items.question_id = wave_questions.question_id
    left join options
        on
            items.question_id = options.question_id
            and items.option_id = options.option_id
    where
        not wave_questions.is_withheld
        and (
            items.option_id is null
            or {{ wave_within('wave_questions.wave', 'options.first_wave', 'options.last_wave') }}
        )

),

-- A ratio needs both of its parts.
complete as (

    select
        available_items.wave,
        available_items.indicator_id
    from available_items
    inner join indicators
        on available_items.indicator_id = indicators.indicator_id
    group by
        available_items.wave,
        available_items.indicator_id
    having count(distinct available_items.part) >= max(case when indicators.kind = 'ratio' then 2 else 1 end)

),

final as (

    select
        available_items.wave,
        available_items.indicator_id,
        indicators.kind,
        coalesce(indicators.minimum_answered, 1) as minimum_answered,
        indicators.minimum_count,
        indicators.maximum_count,
        available_items.part,
        available_items.question_id,
        available_items.option_id
    from available_items
    inner join complete
        on
            available_items.wave = complete.wave
            and available_items.indicator_id = complete.indicator_id
    inner join indicators
        on available_items.indicator_id = indicators.indicator_id

)

select * from final
