{{ config(alias='climate') }}

with

{{ topic_rows('climate') }},

scores as (

    select * from {{ ref('mart_scale_scores') }}

),

reliability as (

    select * from {{ ref('mart_scale_reliability') }}

),

scale_items as (

    select * from {{ ref('mart_scale_items') }}

),

-- An indicator of one statement is an item of the scale; the scale itself is not.
statements as (

    select
        indicator_id,
        max(question_id) as question_id
    from {{ ref('indicator_items') }}
    group by indicator_id
    having count(distinct question_id) = 1

),

final as (

    select
        {%- for column in finding_columns() %}
        topic_rows.{{ column }},
        {%- endfor %}
        topic_rows.position_in_topic,
        scores.standard_deviation,
        scores.lower_quartile,
        scores.median,
        scores.upper_quartile,
        reliability.alpha,
        reliability.alpha_lower,
        reliability.alpha_upper,
        scale_items.item_rest_correlation,
        scale_items.alpha_if_deleted
    from topic_rows
    left join scores
        on
            topic_rows.wave = scores.wave
            and topic_rows.classification_id = scores.classification_id
            and topic_rows.group_id = scores.group_id
            and topic_rows.indicator_id = scores.scale_id
    left join reliability
        on
            topic_rows.wave = reliability.wave
            and topic_rows.classification_id = reliability.classification_id
            and topic_rows.group_id = reliability.group_id
            and topic_rows.indicator_id = reliability.scale_id
    left join statements
        on topic_rows.indicator_id = statements.indicator_id
    left join scale_items
        on
            topic_rows.wave = scale_items.wave
            and topic_rows.classification_id = scale_items.classification_id
            and topic_rows.group_id = scale_items.group_id
            and statements.question_id = scale_items.question_id
            and topic_rows.topic = 'climate'

)

select * from final
