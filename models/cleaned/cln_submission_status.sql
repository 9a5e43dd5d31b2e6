with

submissions as (

    select * from {{ ref('stg_submissions') }}

),

waves as (

    select * from {{ ref('waves') }}

),

matches as (

    select * from {{ ref('cln_organisation_matches') }}

),

answered as (

    select
        wave,
        response_key,
        count(distinct question_id) as n_answered_questions
    from {{ ref('cln_checked_answers') }}
    where
        rejection_reason is null
        and missing_reason is null
    group by
        wave,
        response_key

),

placed as (

    select
        submissions.wave,
        submissions.response_key,
        submissions.response_id,
        submissions.row_number,
        submissions.submitted_at,
        submissions.is_test,
        submissions.organisation_key as delivered_organisation_key,
        matches.organisation_key,
        matches.match_method,
        coalesce(answered.n_answered_questions, 0) as n_answered_questions,
        coalesce(submissions.last_page < waves.complete_from_page, false)
        or coalesce(answered.n_answered_questions, 0)
        < {{ publication_rule('minimum_answered_questions') }} as is_incomplete
    from submissions
    inner join waves
        on submissions.wave = waves.wave
    left join matches
        on
            submissions.wave = matches.wave
            and submissions.response_key = matches.response_key
    left join answered
        on
            submissions.wave = answered.wave
            and submissions.response_key = answered.response_key

),

judged as (

    select
        *,
        case
            when is_test then 'test_response'
            when delivered_organisation_key is null and match_method is null
                then 'no_organisation_key'
            when organisation_key is null then 'organisation_not_in_frame'
            when is_incomplete then 'incomplete'
        end as own_reason
    from placed

),

ranked as (

    select
        *,
        row_number() over (
            partition by
                wave,
                organisation_key,
                case when own_reason is null then 1 else 0 end
            order by
                case when submitted_at is null then 1 else 0 end,
                case when match_method in ('key', 'succession') then 0 else 1 end,
                n_answered_questions desc,
                submitted_at desc,
                response_id,
                row_number
        ) as preference
    from judged

),

final as (

    select
        wave,
        response_key,
        organisation_key,
        match_method,
        match_method = 'succession' as is_successor,
        cast(submitted_at as date) as submitted_on,
        n_answered_questions,
        case
            when own_reason is not null then own_reason
            when preference > 1 then 'duplicate'
        end as exclusion_reason
    from ranked

)

select * from final
