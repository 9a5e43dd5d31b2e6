with

frame as (

    select * from {{ ref('cln_frame') }}
    where exclusion_reason is null

),

submissions as (

    select * from {{ ref('stg_submissions') }}

),

waves as (

    select * from {{ ref('waves') }}

),

-- Where nobody knows who there are, whoever sent something is all that is listed.
respondents_without_frame as (

    select
        submissions.wave,
        submissions.organisation_key,
        min(submissions.export_id) as export_id,
        min(submissions.row_number) as row_number
    from submissions
    inner join waves
        on submissions.wave = waves.wave
    where
        waves.frame_source = 'registry'
        and submissions.organisation_key is not null
    group by
        submissions.wave,
        submissions.organisation_key

),

final as (

    select
        wave,
        organisation_key,
        organisation_name,
        register_id,
        export_id,
        row_number
    from frame

    union all

    select
        wave,
        organisation_key,
        cast(null as {{ dbt.type_string() }}) as organisation_name,
        cast(null as {{ dbt.type_string() }}) as register_id,
        export_id,
        row_number
    from respondents_without_frame

)

select * from final
