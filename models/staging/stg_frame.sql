{{ config(materialized='ephemeral') }}

with

exports as (

    select * from {{ ref('stg_exports') }}

),

frame as (

    select * from {{ source('raw', 'frame') }}

),

final as (

    select
        frame.wave,
        frame.export_id,
        frame.row_number,
        trim(frame.organisation_key) as organisation_key,
        frame.organisation_name
    from frame
    inner join exports
        on frame.export_id = exports.export_id

)

select * from final
