with

submissions as (

    select * from {{ ref('cln_submission_status') }}

),

final as (

    select
        wave,
        response_key,
        organisation_key,
        is_successor,
        n_answered_questions,
        submitted_on
    from submissions
    where exclusion_reason is null

)

select * from final
