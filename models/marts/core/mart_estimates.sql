with

estimates as (

    select * from {{ ref('fct_estimates') }}

),

organisation_groups as (

    select * from {{ ref('dim_organisation_groups') }}

),

indicators as (

    select * from {{ ref('dim_indicators') }}

),

waves as (

    select * from {{ ref('dim_waves') }}

),

labelled as (

    select
        estimates.estimate_id,
        {%- for column, source in wave_columns().items() %}
        {{ source }} as {{ column }},
        {%- endfor %}
        {%- for column, source in group_columns().items() %}
        {{ source }} as {{ column }},
        {%- endfor %}
        {%- for column, source in indicator_columns().items() %}
        {{ source }} as {{ column }},
        {%- endfor %}
        estimates.scale_minimum,
        estimates.scale_maximum,
        indicators.direction,
        estimates.comparable_from_wave,
        estimates.n_responses,
        estimates.n_uncovered,
        estimates.n_asked,
        estimates.n_answered,
        estimates.n_dont_know,
        estimates.n_not_applicable,
        estimates.n_no_answer,
        estimates.n_not_asked,
        estimates.dont_know_share,
        estimates.not_asked_share,
        estimates.unweighted_estimate,
        estimates.unweighted_lower,
        estimates.unweighted_upper,
        estimates.estimate,
        estimates.estimate_lower,
        estimates.estimate_upper,
        estimates.standard_error,
        estimates.design_effect,
        estimates.n_effective,
        estimates.interval_size,
        estimates.interval_method,
        estimates.item_nonresponse_rate,
        estimates.bound_lower,
        estimates.bound_upper,
        estimates.precision_status,
        case estimates.precision_status
            when 'sufficient' then 'voldoende nauwkeurig'
            when 'low' then 'weinig nauwkeurig'
        end as precision_label_nl,
        case estimates.precision_status
            when 'sufficient' then 'sufficient precision'
            when 'low' then 'low precision'
        end as precision_label_en,
        estimates.suppression_status,
        estimates.suppression_reason
    from estimates
    inner join organisation_groups
        on
            estimates.classification_id = organisation_groups.classification_id
            and estimates.group_id = organisation_groups.group_id
    inner join indicators
        on estimates.indicator_id = indicators.indicator_id
    inner join waves
        on estimates.wave = waves.wave

),

final as (

    select
        labelled.*,
        {{ display_words('nl') }} as display_nl,
        {{ display_words('en') }} as display_en,
        {{ suppression_words('nl') }} as suppression_label_nl,
        {{ suppression_words('en') }} as suppression_label_en
    from labelled

)

select * from final
