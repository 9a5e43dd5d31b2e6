with

mapping as (

    select * from {{ ref('stg_column_mapping') }}

),

final as (

    select
        export_id,
        wave,
        kind,
        column_position,
        column_name
    from mapping
    where role is null

)

select * from final
