with

submissions as (

    select * from {{ ref('cln_submission_status') }}

),

final as (

    select
        wave,
        response_key,
        organisation_key,
        exclusion_reason,
        n_answered_questions,
        submitted_on
    from submissions
    where exclusion_reason is not null

)

select * from final
