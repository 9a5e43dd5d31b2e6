{{ config(alias='response_rates') }}

with

readers as (

    select * from {{ ref('group_readers') }}

),

response_rates as (

    select * from {{ ref('mart_response_rates') }}

),

final as (

    select
        readers.reader_group_id,
        response_rates.*
    from response_rates
    inner join readers
        on
            response_rates.classification_id = readers.classification_id
            and response_rates.group_id = readers.group_id

)

-- The contract names the columns.
select * from final  -- noqa: AM04
