with

wave_indicators as (

    select * from {{ ref('cln_wave_indicators') }}

),

response_questions as (

    select * from {{ ref('cln_response_questions') }}

),

answers as (

    select * from {{ ref('cln_answers') }}

),

indicator_questions as (

    select distinct
        wave,
        indicator_id,
        kind,
        minimum_answered,
        minimum_count,
        maximum_count,
        part,
        question_id
    from wave_indicators

),

-- How each response stands towards the questions of an indicator.
standing as (

    select
        response_questions.wave,
        response_questions.response_key,
        indicator_questions.indicator_id,
        max(indicator_questions.kind) as kind,
        max(indicator_questions.minimum_answered) as minimum_answered,
        max(indicator_questions.minimum_count) as minimum_count,
        max(indicator_questions.maximum_count) as maximum_count,
        count(*) as n_questions,
        sum(case when response_questions.status = 'answered' then 1 else 0 end) as n_answered,
        sum(case when response_questions.status = 'not_asked' then 1 else 0 end) as n_not_asked,
        sum(case when response_questions.status = 'dont_know' then 1 else 0 end) as n_dont_know,
        sum(case when response_questions.status = 'not_applicable' then 1 else 0 end)
            as n_not_applicable
    from response_questions
    inner join indicator_questions
        on
            response_questions.wave = indicator_questions.wave
            and response_questions.question_id = indicator_questions.question_id
    group by
        response_questions.wave,
        response_questions.response_key,
        indicator_questions.indicator_id

),

numbers as (

    select
        answers.wave,
        answers.response_key,
        indicator_questions.indicator_id,
        sum(case when indicator_questions.part = 'numerator' then answers.numeric_value end)
            as numerator_sum,
        avg(case when indicator_questions.part = 'numerator' then answers.numeric_value end)
            as numerator_mean,
        sum(case when indicator_questions.part = 'denominator' then answers.numeric_value end)
            as denominator_sum
    from answers
    inner join indicator_questions
        on
            answers.wave = indicator_questions.wave
            and answers.question_id = indicator_questions.question_id
    where indicator_questions.kind in ('mean', 'total', 'ratio')
    group by
        answers.wave,
        answers.response_key,
        indicator_questions.indicator_id

),

chosen as (

    select
        answers.wave,
        answers.response_key,
        wave_indicators.indicator_id,
        count(*) as n_chosen
    from answers
    inner join wave_indicators
        on
            answers.wave = wave_indicators.wave
            and answers.question_id = wave_indicators.question_id
            and answers.option_id = wave_indicators.option_id
    where wave_indicators.kind in ('share', 'count')
    group by
        answers.wave,
        answers.response_key,
        wave_indicators.indicator_id

),

matches as (

    select
        standing.*,
        coalesce(chosen.n_chosen, 0) as n_chosen,
        standing.minimum_count is not null or standing.maximum_count is not null as is_bounded
    from standing
    left join chosen
        on
            standing.wave = chosen.wave
            and standing.response_key = chosen.response_key
            and standing.indicator_id = chosen.indicator_id

),

-- One base for those with and without what is asked: who answered enough of the questions. One option
-- given would settle that any was, but only for those who gave one.
valued as (

    select
        matches.wave,
        matches.response_key,
        matches.indicator_id,
        matches.n_questions,
        matches.n_not_asked,
        matches.n_dont_know,
        matches.n_not_applicable,
        case
            when matches.n_answered < matches.minimum_answered then null
            when matches.kind = 'share' and not matches.is_bounded and matches.n_chosen > 0 then 1.0
            when
                matches.is_bounded
                and matches.n_chosen between coalesce(matches.minimum_count, 0)
                and coalesce(matches.maximum_count, matches.n_chosen)
                then 1.0
            when matches.kind = 'share' then 0.0
            when matches.kind = 'count' then matches.n_chosen
            when matches.kind = 'mean' then numbers.numerator_mean
            when matches.kind = 'total' then numbers.numerator_sum
            when matches.kind = 'ratio' and numbers.denominator_sum is not null
                then numbers.numerator_sum
        end as value,
        case when matches.kind = 'ratio' then numbers.denominator_sum else 1.0 end as denominator
    from matches
    left join numbers
        on
            matches.wave = numbers.wave
            and matches.response_key = numbers.response_key
            and matches.indicator_id = numbers.indicator_id

),

final as (

    select
        wave,
        response_key,
        indicator_id,
        case
            when value is not null then 'answered'
            when n_not_asked = n_questions then 'not_asked'
            when n_dont_know > 0 then 'dont_know'
            when n_not_applicable > 0 then 'not_applicable'
            else 'no_answer'
        end as status,
        cast(value as double) as value,
        cast(case when value is not null then denominator end as double) as denominator
    from valued

)

select * from final
