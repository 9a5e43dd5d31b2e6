with

indicators as (

    select * from {{ ref('indicators') }}

),

topics as (

    select * from {{ ref('dim_topics') }}

),

units as (

    select * from {{ ref('units') }}

),

final as (

    select
        indicators.indicator_id,
        indicators.topic,
        topics.label_nl as topic_label_nl,
        topics.label_en as topic_label_en,
        topics.position as topic_position,
        indicators.position,
        indicators.is_headline,
        indicators.kind,
        {%- for language, words in [
            ('nl', ['aandeel', 'gemiddelde', 'totaal', 'verhouding', 'gemiddeld aantal']),
            ('en', ['share', 'mean', 'total', 'ratio', 'mean number']),
        ] %}
        case indicators.kind
            when 'share' then '{{ words[0] }}'
            when 'mean' then '{{ words[1] }}'
            when 'total' then '{{ words[2] }}'
            when 'ratio' then '{{ words[3] }}'
            when 'count' then '{{ words[4] }}'
        end as kind_label_{{ language }},
        {%- endfor %}
        indicators.label_nl,
        indicators.label_en,
        coalesce(indicators.short_label_nl, indicators.label_nl) as short_label_nl,
        coalesce(indicators.short_label_en, indicators.label_en) as short_label_en,
        indicators.base_nl,
        indicators.base_en,
        indicators.direction,
        indicators.unit,
        units.label_nl as unit_label_nl,
        units.label_en as unit_label_en
    from indicators
    inner join topics
        on indicators.topic = topics.topic
    left join units
        on indicators.unit = units.unit

)

select * from final
