with

exports as (

    select * from {{ ref('stg_exports') }}

),

export_columns as (

    select * from {{ source('raw', 'export_columns') }}

),

mapping as (

    select * from {{ ref('columns') }}

),

final as (

    select
        exports.export_id,
        exports.wave,
        exports.kind,
        exports.part,
        export_columns.column_position,
        export_columns.column_name,
        mapping.role,
        mapping.question_id,
        mapping.option_id,
        mapping.attribute_id,
        mapping.separator
    from exports
    inner join export_columns
        on exports.export_id = export_columns.export_id
    left join mapping
        on
            exports.wave = mapping.wave
            and exports.kind = mapping.kind
            and trim(export_columns.column_name) = trim(mapping.column_name)

)

select * from final
