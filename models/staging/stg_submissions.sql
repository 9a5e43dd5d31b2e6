{{ config(materialized='table') }}

with

mapping as (

    select * from {{ ref('stg_column_mapping') }}
    where
        kind = 'export'
        and role in ('response_id', 'organisation_key', 'submitted_at', 'last_page', 'test_flag', 'weight')

),

cells as (

    select * from {{ source('raw', 'cells') }}

),

frame as (

    select * from {{ source('raw', 'frame') }}

),

submissions as (

    select
        mapping.wave,
        mapping.export_id,
        mapping.part,
        mapping.date_order,
        cells.row_number,
        max(case when mapping.role = 'response_id' then trim(cells.value) end) as response_id,
        max(case when mapping.role = 'organisation_key' then trim(cells.value) end) as organisation_key,
        max(case when mapping.role = 'submitted_at' then cells.value end) as submitted_at,
        max(case when mapping.role = 'last_page' then cells.value end) as last_page,
        max(case when mapping.role = 'test_flag' then {{ normalise_label('cells.value') }} end) as test_flag,
        max(case when mapping.role = 'weight' then cells.value end) as delivered_weight
    from mapping
    inner join cells
        on
            mapping.export_id = cells.export_id
            and mapping.column_position = cells.column_position
    group by
        mapping.wave,
        mapping.export_id,
        mapping.part,
        mapping.date_order,
        cells.row_number

),

-- An export that is its own frame can name its units itself: respondents have no other key.
final as (

    select
        submissions.wave,
        submissions.export_id,
        submissions.part,
        submissions.row_number,
        {{ surrogate_key([
            'submissions.wave',
            'submissions.part',
            'submissions.row_number',
            'submissions.response_id',
        ]) }} as response_key,
        submissions.response_id,
        coalesce(
            nullif(submissions.organisation_key, ''),
            nullif(trim(frame.organisation_key), '')
        ) as organisation_key,
        {{ to_moment('submissions.submitted_at', 'submissions.date_order') }} as submitted_at,
        {{ to_number('submissions.last_page') }} as last_page,
        -- Unknown stays unknown, and a test of the column stops the build.
        case
            when submissions.test_flag in ({{ declared('test_flag_yes') }}) then true
            when submissions.test_flag in ({{ declared('test_flag_no') }}) then false
            when coalesce(submissions.test_flag, '') = '' then false
        end as is_test,
        {{ to_weight('submissions.delivered_weight') }} as delivered_weight
    from submissions
    left join frame
        on
            submissions.export_id = frame.export_id
            and submissions.row_number = frame.row_number

)

select * from final
