{#- The score of a scale, and a row per outcome that goes with it. -#}
{{ config(alias='climate') }}

with

readers as (

    select * from {{ ref('group_readers') }}

),

scores as (

    select * from {{ ref('mart_scale_scores') }}

),

reliability as (

    select * from {{ ref('mart_scale_reliability') }}

),

associations as (

    select * from {{ ref('mart_scale_associations') }}

),

united as (

    select
        {%- for column in wave_columns() %}
        scores.{{ column }},
        {%- endfor %}
        {%- for column in group_columns() %}
        scores.{{ column }},
        {%- endfor %}
        scores.scale_id,
        scores.scale_label_nl,
        scores.scale_label_en,
        cast(null as {{ dbt.type_string() }}) as outcome_indicator_id,
        cast(null as {{ dbt.type_string() }}) as outcome_label_nl,
        cast(null as {{ dbt.type_string() }}) as outcome_label_en,
        cast(null as {{ dbt.type_string() }}) as base_nl,
        cast(null as {{ dbt.type_string() }}) as base_en,
        scores.n_responses,
        scores.n_answered,
        scores.estimate,
        scores.estimate_lower,
        scores.estimate_upper,
        scores.standard_error,
        scores.standard_deviation,
        scores.lower_quartile,
        scores.median,
        scores.upper_quartile,
        scores.interval_method,
        reliability.n_complete,
        reliability.n_items,
        reliability.alpha,
        reliability.alpha_lower,
        reliability.alpha_upper,
        reliability.suppression_reason as reliability_suppression_reason,
        cast(null as bigint) as n_events,
        cast(null as double) as odds_ratio,
        cast(null as double) as odds_ratio_lower,
        cast(null as double) as odds_ratio_upper,
        cast(null as double) as p_value,
        cast(null as {{ dbt.type_string() }}) as test_method,
        cast(null as {{ dbt.type_string() }}) as association_status,
        cast(null as {{ dbt.type_string() }}) as adjusted_for,
        scores.suppression_status,
        scores.suppression_reason
    from scores
    inner join reliability
        on
            scores.wave = reliability.wave
            and scores.classification_id = reliability.classification_id
            and scores.group_id = reliability.group_id
            and scores.scale_id = reliability.scale_id

    union all

    select
        {%- for column in wave_columns() %}
        associations.{{ column }},
        {%- endfor %}
        {%- for column in group_columns() %}
        associations.{{ column }},
        {%- endfor %}
        associations.scale_id,
        associations.scale_label_nl,
        associations.scale_label_en,
        associations.outcome_indicator_id,
        associations.outcome_label_nl,
        associations.outcome_label_en,
        associations.base_nl,
        associations.base_en,
        cast(null as bigint) as n_responses,
        associations.n_answered,
        cast(null as double) as estimate,
        cast(null as double) as estimate_lower,
        cast(null as double) as estimate_upper,
        cast(null as double) as standard_error,
        cast(null as double) as standard_deviation,
        cast(null as double) as lower_quartile,
        cast(null as double) as median,
        cast(null as double) as upper_quartile,
        cast(null as {{ dbt.type_string() }}) as interval_method,
        cast(null as bigint) as n_complete,
        cast(null as bigint) as n_items,
        cast(null as double) as alpha,
        cast(null as double) as alpha_lower,
        cast(null as double) as alpha_upper,
        cast(null as {{ dbt.type_string() }}) as reliability_suppression_reason,
        associations.n_events,
        associations.odds_ratio,
        associations.odds_ratio_lower,
        associations.odds_ratio_upper,
        associations.p_value,
        associations.test_method,
        associations.association_status,
        associations.adjusted_for,
        associations.suppression_status,
        associations.suppression_reason
    from associations

),

final as (

    select
        readers.reader_group_id,
        united.*
    from united
    inner join readers
        on
            united.classification_id = readers.classification_id
            and united.group_id = readers.group_id

)

select * from final
