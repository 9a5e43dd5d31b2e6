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

named as (

    select
        export_id,
        column_position,
        column_name,
        case
            when {{ column_key('column_name') }} <> '' then {{ column_key('column_name') }}
            else concat('(column ', column_position, ')')
        end as known_as
    from export_columns

),

final as (

    select
        exports.export_id,
        exports.wave,
        exports.kind,
        exports.part,
        exports.date_order,
        exports.decimal_sign,
        named.column_position,
        named.column_name,
        mapping.role,
        mapping.question_id,
        mapping.option_id,
        mapping.attribute_id,
        mapping.separator
    from exports
    inner join named
        on exports.export_id = named.export_id
    left join mapping
        on
            exports.wave = mapping.wave
            and exports.kind = mapping.kind
            and (mapping.part is null or exports.part = mapping.part)
            and named.known_as = {{ column_key('mapping.column_name') }}

)

select * from final
