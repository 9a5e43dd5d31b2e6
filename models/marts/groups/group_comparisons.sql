{{ config(alias='comparisons') }}

with

readers as (

    select * from {{ ref('group_readers') }}

),

comparisons as (

    select * from {{ ref('mart_comparisons') }}

),

-- Either side may be a group of the reader's; the rest of a group is no group.
compared as (

    select distinct
        readers.reader_group_id,
        comparisons.wave,
        comparisons.comparison_id,
        comparisons.indicator_id
    from comparisons
    inner join readers
        on
            comparisons.classification_id = readers.classification_id
            and readers.group_id in (comparisons.group_a, comparisons.group_b)

),

final as (

    select
        compared.reader_group_id,
        comparisons.*
    from comparisons
    inner join compared
        on
            comparisons.wave = compared.wave
            and comparisons.comparison_id = compared.comparison_id
            and comparisons.indicator_id = compared.indicator_id

)

-- The contract names the columns.
select * from final  -- noqa: AM04
