{%- set counts = ['n_answered', 'n_groups'] -%}
{%- set figures = [
    'eta_squared', 'omega_squared', 'share_lower', 'share_upper', 'f_statistic', 'p_value',
] -%}
with

variance as (

    select * from {{ ref('est_scale_variance') }}

),

shown as (

    select * from {{ ref('est_shown_groups') }}

),

scales as (

    select * from {{ ref('scales') }}

),

classifications as (

    select * from {{ ref('dim_classifications') }}

),

organisation_groups as (

    select * from {{ ref('dim_organisation_groups') }}

),

waves as (

    select * from {{ ref('dim_waves') }}

),

judged as (

    select
        {%- for column, source in wave_columns().items() %}
        {{ source }} as {{ column }},
        {%- endfor %}
        variance.classification_id,
        classifications.label_nl as classification_label_nl,
        classifications.label_en as classification_label_en,
        variance.group_id,
        organisation_groups.label_nl as group_label_nl,
        organisation_groups.label_en as group_label_en,
        variance.scale_id,
        scales.label_nl as scale_label_nl,
        scales.label_en as scale_label_en,
        {%- for column in counts + figures %}
        variance.{{ column }},
        {%- endfor %}
        case
            when
                variance.n_answered < {{ scale_base() }}
                or (variance.group_id is not null and not coalesce(shown.is_shown, false))
                then 'base_below_minimum'
        end as suppression_reason
    from variance
    inner join scales
        on variance.scale_id = scales.scale_id
    inner join classifications
        on variance.classification_id = classifications.classification_id
    inner join waves
        on variance.wave = waves.wave
    left join organisation_groups
        on
            variance.classification_id = organisation_groups.classification_id
            and variance.group_id = organisation_groups.group_id
    left join shown
        on
            variance.wave = shown.wave
            and variance.classification_id = shown.classification_id
            and variance.group_id = shown.group_id
            and variance.scale_id = shown.indicator_id

),

final as (

    select
        {%- for column in wave_columns() %}
        {{ column }},
        {%- endfor %}
        classification_id,
        classification_label_nl,
        classification_label_en,
        group_id,
        group_label_nl,
        group_label_en,
        scale_id,
        scale_label_nl,
        scale_label_en,
        {%- for column in counts %}
        cast(case when suppression_reason is null then {{ column }} end as bigint) as {{ column }},
        {%- endfor %}
        {%- for column in figures %}
        case when suppression_reason is null then {{ column }} end as {{ column }},
        {%- endfor %}
        case when suppression_reason is null then 'published' else 'suppressed' end as suppression_status,
        suppression_reason
    from judged

)

select * from final
