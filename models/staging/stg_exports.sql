{{ config(materialized='ephemeral') }}

with

exports as (

    select * from {{ source('raw', 'exports') }}

),

deliveries as (

    select * from {{ ref('deliveries') }}

),

final as (

    select
        exports.export_id,
        exports.wave,
        exports.kind,
        exports.part,
        exports.tool,
        exports.format,
        deliveries.date_order,
        deliveries.decimal_sign,
        exports.row_count,
        exports.column_count,
        exports.is_synthetic,
        exports.landed_at
    from exports
    left join deliveries
        on
            exports.wave = deliveries.wave
            and exports.kind = deliveries.kind
            and exports.part = deliveries.part
    where exports.superseded_by is null

)

select * from final
