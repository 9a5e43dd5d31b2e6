{{ config(materialized='ephemeral') }}

with

mapping as (

    select * from {{ ref('stg_column_mapping') }}
    where role = 'attribute'

),

cells as (

    select * from {{ source('raw', 'cells') }}

),

final as (

    select
        mapping.wave,
        mapping.export_id,
        mapping.kind,
        cells.row_number,
        mapping.attribute_id,
        trim(cells.value) as attribute_value
    from mapping
    inner join cells
        on
            mapping.export_id = cells.export_id
            and mapping.column_position = cells.column_position
    where trim(cells.value) <> ''

)

select * from final
