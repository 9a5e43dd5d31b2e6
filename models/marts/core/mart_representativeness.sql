{%- set counts = ['n_population', 'n_responses'] -%}
{%- set figures = [
    'response_rate', 'r_indicator', 'r_unadjusted', 'standard_error', 'r_lower', 'r_upper',
    'coefficient_of_variation', 'unconditional_partial', 'conditional_partial',
] -%}
with

indicators as (

    select * from {{ ref('est_representativeness') }}

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

-- As for response rates: how many of a few organisations responded is nobody's business.
judged as (

    select
        indicators.*,
        classifications.label_nl as classification_label_nl,
        classifications.label_en as classification_label_en,
        organisation_groups.label_nl as group_label_nl,
        organisation_groups.label_en as group_label_en,
        waves.label_nl as wave_label_nl,
        waves.label_en as wave_label_en,
        waves.reference_start as wave_date,
        waves.is_latest_wave,
        cast(indicators.n_responses as double) / indicators.n_population as response_rate,
        case
            when indicators.n_population < {{ publication_rule('minimum_base') }} then 'base_below_minimum'
        end as suppression_reason
    from indicators
    inner join waves
        on indicators.wave = waves.wave
    left join classifications
        on indicators.classification_id = classifications.classification_id
    left join organisation_groups
        on
            indicators.classification_id = organisation_groups.classification_id
            and indicators.group_id = organisation_groups.group_id

),

final as (

    select
        {%- for column in wave_columns() %}
        {{ column }},
        {%- endfor %}
        level,
        classification_id,
        classification_label_nl,
        classification_label_en,
        group_id,
        group_label_nl,
        group_label_en,
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
