with

estimates as (

    select * from {{ ref('fct_estimates') }}

),

scales as (

    select * from {{ ref('scales') }}

),

summaries as (

    select * from {{ ref('est_scale_summaries') }}

),

organisation_groups as (

    select * from {{ ref('dim_organisation_groups') }}

),

waves as (

    select * from {{ ref('dim_waves') }}

),

final as (

    select
        {%- for column, source in wave_columns().items() %}
        {{ source }} as {{ column }},
        {%- endfor %}
        {%- for column, source in group_columns().items() %}
        {{ source }} as {{ column }},
        {%- endfor %}
        scales.scale_id,
        scales.label_nl as scale_label_nl,
        scales.label_en as scale_label_en,
        estimates.n_responses,
        estimates.n_answered,
        estimates.estimate,
        estimates.estimate_lower,
        estimates.estimate_upper,
        estimates.standard_error,
        estimates.interval_method,
        case
            when estimates.suppression_status = 'published' then summaries.standard_deviation
        end as standard_deviation,
        -- A quartile is somebody's answer: from a larger base only.
        {%- for column in ['lower_quartile', 'median', 'upper_quartile'] %}
        case
            when estimates.n_answered >= {{ publication_rule('minimum_quartile_responses') }}
                then summaries.{{ column }}
        end as {{ column }},
        {%- endfor %}
        estimates.suppression_status,
        estimates.suppression_reason
    from estimates
    inner join scales
        on estimates.indicator_id = scales.scale_id
    inner join organisation_groups
        on
            estimates.classification_id = organisation_groups.classification_id
            and estimates.group_id = organisation_groups.group_id
    inner join waves
        on estimates.wave = waves.wave
    left join summaries
        on
            estimates.wave = summaries.wave
            and estimates.classification_id = summaries.classification_id
            and estimates.group_id = summaries.group_id
            and scales.scale_id = summaries.scale_id

)

select * from final
