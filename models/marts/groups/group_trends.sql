{{ config(alias='trends') }}

with

readers as (

    select * from {{ ref('group_readers') }}

),

trends as (

    select * from {{ ref('mart_trends') }}

),

final as (

    select
        readers.reader_group_id,
        trends.*
    from trends
    inner join readers
        on
            trends.classification_id = readers.classification_id
            and trends.group_id = readers.group_id

)

-- The contract names the columns.
select * from final  -- noqa: AM04
