with

exports as (

    select * from {{ source('raw', 'exports') }}

),

final as (

    select
        export_id,
        wave,
        kind,
        part,
        tool,
        format,
        row_count,
        column_count,
        is_synthetic,
        landed_at
    from exports
    where superseded_by is null

)

select * from final
