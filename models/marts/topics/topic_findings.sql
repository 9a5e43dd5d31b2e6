{#- A topic is a row of the registry: the release cuts its table from this one. -#}
{{ config(alias='findings') }}

with

findings as (

    select * from {{ ref('mart_findings') }}

),

topic_indicators as (

    select * from {{ ref('topic_mart_indicators') }}

),

final as (

    select
        topic_indicators.mart_id,
        {%- for column in finding_columns() %}
        findings.{{ column }},
        {%- endfor %}
        topic_indicators.position as position_in_topic
    from findings
    inner join topic_indicators
        on findings.indicator_id = topic_indicators.indicator_id

)

select * from final
