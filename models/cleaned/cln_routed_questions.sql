{#- A condition counts only if its own question was asked. Questions can depend on questions that
    depend on questions, so the rules are applied `routing_depth` times; the registry check
    refuses longer chains. -#}
with

submissions as (

    select
        wave,
        response_key
    from {{ ref('stg_submissions') }}

),

wave_questions as (

    select * from {{ ref('stg_wave_questions') }}

),

routing as (

    select * from {{ ref('routing') }}

),

routing_options as (

    select distinct
        condition_question_id,
        condition_option_id
    from routing

),

answers as (

    select distinct
        coded_answers.wave,
        coded_answers.response_key,
        coded_answers.question_id,
        coded_answers.option_id
    from {{ ref('cln_coded_answers') }} as coded_answers
    inner join routing_options
        on
            coded_answers.question_id = routing_options.condition_question_id
            and coded_answers.option_id = routing_options.condition_option_id
    where coded_answers.rejection_reason is null

),

-- A condition on a question that the wave did not have cannot route.
conditions as (

    select
        wave_questions.wave,
        routing.question_id,
        routing.rule,
        routing.condition_question_id,
        routing.condition_option_id
    from routing
    inner join wave_questions
        on routing.question_id = wave_questions.question_id
    inner join wave_questions as condition_questions
        on
            wave_questions.wave = condition_questions.wave
            and routing.condition_question_id = condition_questions.question_id

),

checks as (

    select
        submissions.wave,
        submissions.response_key,
        conditions.question_id,
        conditions.rule,
        conditions.condition_question_id,
        case when answers.option_id is null then 0 else 1 end as holds
    from submissions
    inner join conditions
        on submissions.wave = conditions.wave
    left join answers
        on
            submissions.wave = answers.wave
            and submissions.response_key = answers.response_key
            and conditions.condition_question_id = answers.question_id
            and conditions.condition_option_id = answers.option_id

),

-- Before any rule, everything counts as asked.
pass_0 as (

    select distinct
        wave,
        response_key,
        question_id,
        1 as is_asked
    from checks

),
{%- for pass in range(1, var('routing_depth') + 1) %}

pass_{{ pass }} as (

    select
        checks.wave,
        checks.response_key,
        checks.question_id,
        case
            when
                max(case when checks.rule = 'any_of' then 1 else 0 end) = 1
                and max(
                    case
                        when checks.rule = 'any_of' then checks.holds * coalesce(earlier.is_asked, 1)
                        else 0
                    end
                ) = 0
                then 0
            when
                max(
                    case
                        when checks.rule = 'none_of' then checks.holds * coalesce(earlier.is_asked, 1)
                        else 0
                    end
                ) = 1
                then 0
            else 1
        end as is_asked
    from checks
    left join pass_{{ pass - 1 }} as earlier
        on
            checks.wave = earlier.wave
            and checks.response_key = earlier.response_key
            and checks.condition_question_id = earlier.question_id
    group by
        checks.wave,
        checks.response_key,
        checks.question_id

),
{%- endfor %}

final as (

    select
        wave,
        response_key,
        question_id,
        is_asked = 1 as is_asked
    from pass_{{ var('routing_depth') }}

)

select * from final
