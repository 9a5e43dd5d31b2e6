{{ config(alias='collaboration') }}

with

{{ topic_rows('collaboration') }},

items as (

    select * from {{ ref('indicator_items') }}

),

-- A partner is on the side of government all of whose answers count as that side.
sided as (

    select
        items.indicator_id,
        count(*) as n_items,
        count(inside.option_id) as n_inside,
        count(outside.option_id) as n_outside
    from items
    left join items as inside
        on
            items.question_id = inside.question_id
            and items.option_id = inside.option_id
            and inside.indicator_id = 'partner_inside_government'
    left join items as outside
        on
            items.question_id = outside.question_id
            and items.option_id = outside.option_id
            and outside.indicator_id = 'partner_outside_government'
    group by items.indicator_id

),

final as (

    select
        {%- for column in finding_columns() %}
        topic_rows.{{ column }},
        {%- endfor %}
        topic_rows.position_in_topic,
        case
            when sided.n_inside = sided.n_items then 'inside'
            when sided.n_outside = sided.n_items then 'outside'
        end as side_of_government,
        case
            when sided.n_inside = sided.n_items then 'Binnen de overheid'
            when sided.n_outside = sided.n_items then 'Buiten de overheid'
        end as side_of_government_label_nl,
        case
            when sided.n_inside = sided.n_items then 'Inside government'
            when sided.n_outside = sided.n_items then 'Outside government'
        end as side_of_government_label_en
    from topic_rows
    inner join sided
        on topic_rows.indicator_id = sided.indicator_id

)

select * from final
