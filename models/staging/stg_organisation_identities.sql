with

mapping as (

    select * from {{ ref('stg_column_mapping') }}
    where role in ('organisation_name', 'register_id', 'valid_from', 'valid_until')

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
        max(
            case when mapping.role = 'organisation_name' then nullif(trim(cells.value), '') end
        ) as organisation_name,
        max(
            case when mapping.role = 'register_id' then nullif(trim(cells.value), '') end
        ) as register_id,
        max(case when mapping.role = 'valid_from' then {{ to_date('cells.value') }} end) as valid_from,
        max(case when mapping.role = 'valid_until' then {{ to_date('cells.value') }} end) as valid_until
    from mapping
    inner join cells
        on
            mapping.export_id = cells.export_id
            and mapping.column_position = cells.column_position
    group by
        mapping.wave,
        mapping.export_id,
        mapping.kind,
        cells.row_number

)

select * from final
