with

listed as (

    select * from {{ ref('cln_listed_organisations') }}

),

waves as (

    select * from {{ ref('waves') }}

),

-- One response of an organisation counts, so one row of an export does.
responses as (

    select
        responses.wave,
        responses.organisation_key,
        submissions.export_id,
        submissions.row_number
    from {{ ref('cln_responses') }} as responses
    inner join {{ ref('stg_submissions') }} as submissions
        on
            responses.wave = submissions.wave
            and responses.response_key = submissions.response_key

),

clusters as (

    select
        mapping.export_id,
        cells.row_number,
        nullif(trim(cells.value), '') as cluster_id
    from {{ ref('stg_column_mapping') }} as mapping
    inner join {{ source('raw', 'cells') }} as cells
        on
            mapping.export_id = cells.export_id
            and mapping.column_position = cells.column_position
    where mapping.role = 'cluster'

),

-- Without a frame file nobody is known but those who answered: a test, a blank row or a duplicate
-- is no organisation that others could stand for, nor says what an organisation is.
known as (

    select
        listed.wave,
        listed.organisation_key,
        listed.organisation_name,
        listed.register_id,
        case when waves.frame_source = 'file' then listed.export_id else responses.export_id end as export_id,
        case when waves.frame_source = 'file' then listed.row_number else responses.row_number end
            as row_number
    from listed
    inner join waves
        on listed.wave = waves.wave
    left join responses
        on
            listed.wave = responses.wave
            and listed.organisation_key = responses.organisation_key
    where
        waves.frame_source = 'file'
        or responses.organisation_key is not null

),

final as (

    select
        known.*,
        clusters.cluster_id
    from known
    left join clusters
        on
            known.export_id = clusters.export_id
            and known.row_number = clusters.row_number

)

select * from final
