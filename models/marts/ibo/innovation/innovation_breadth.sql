{{ config(alias='breadth') }}

with

{{ topic_rows('breadth') }},

indicators as (

    select * from {{ ref('indicators') }}

),

final as (

    select
        {%- for column in finding_columns() %}
        topic_rows.{{ column }},
        {%- endfor %}
        topic_rows.position_in_topic,
        -- The distribution: shares with exactly so many types.
        case
            when indicators.minimum_count = indicators.maximum_count then indicators.minimum_count
        end as number_of_types
    from topic_rows
    inner join indicators
        on topic_rows.indicator_id = indicators.indicator_id

)

select * from final
