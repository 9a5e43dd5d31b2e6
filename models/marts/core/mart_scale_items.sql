{%- set figures = [
    'item_mean', 'item_standard_deviation', 'item_rest_correlation', 'alpha_if_deleted',
] -%}
with

reliability as (

    select * from {{ ref('mart_scale_reliability') }}

),

wave_items as (

    select distinct
        wave,
        indicator_id as scale_id,
        question_id
    from {{ ref('cln_wave_indicators') }}

),

questions as (

    select * from {{ ref('dim_questions') }}

),

item_statistics as (

    select * from {{ ref('est_scale_item_statistics') }}

),

final as (

    select
        {%- for column in wave_columns() %}
        reliability.{{ column }},
        {%- endfor %}
        {%- for column in group_columns() %}
        reliability.{{ column }},
        {%- endfor %}
        reliability.scale_id,
        reliability.scale_label_nl,
        reliability.scale_label_en,
        wave_items.question_id,
        questions.wording_nl,
        questions.wording_en,
        questions.position,
        reliability.n_complete,
        {%- for column in figures %}
        case when reliability.suppression_status = 'published' then item_statistics.{{ column }} end
            as {{ column }},
        {%- endfor %}
        reliability.suppression_status,
        reliability.suppression_reason
    from reliability
    inner join wave_items
        on
            reliability.wave = wave_items.wave
            and reliability.scale_id = wave_items.scale_id
    inner join questions
        on wave_items.question_id = questions.question_id
    left join item_statistics
        on
            reliability.wave = item_statistics.wave
            and reliability.classification_id = item_statistics.classification_id
            and reliability.group_id = item_statistics.group_id
            and reliability.scale_id = item_statistics.scale_id
            and wave_items.question_id = item_statistics.question_id

)

select * from final
