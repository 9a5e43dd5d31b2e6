with

mapping as (

    select * from {{ ref('stg_column_mapping') }}
    where role in ('organisation_name', 'register_id', 'valid_from', 'valid_until')

),

cells as (

    select * from {{ source('raw', 'cells') }}

),

delivered as (

    select
        mapping.wave,
        mapping.export_id,
        mapping.kind,
        mapping.date_order,
        cells.row_number,
        max(case when mapping.role = 'organisation_name' then trim(cells.value) end) as organisation_name,
        max(case when mapping.role = 'register_id' then trim(cells.value) end) as register_id,
        max(case when mapping.role = 'valid_from' then cells.value end) as valid_from,
        max(case when mapping.role = 'valid_until' then cells.value end) as valid_until
    from mapping
    inner join cells
        on
            mapping.export_id = cells.export_id
            and mapping.column_position = cells.column_position
    group by
        mapping.wave,
        mapping.export_id,
        mapping.kind,
        mapping.date_order,
        cells.row_number

),

final as (

    select
        wave,
        export_id,
        kind,
        row_number,
        nullif(organisation_name, '') as organisation_name,
        nullif(register_id, '') as register_id,
        {{ to_day('valid_from', 'date_order') }} as valid_from,
        {{ to_day('valid_until', 'date_order') }} as valid_until
    from delivered

)

select * from final
