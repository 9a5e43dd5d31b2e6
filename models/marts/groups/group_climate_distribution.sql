{#- How scores are spread over the bands, and what goes with each band. -#}
{{ config(alias='climate_distribution') }}

with

readers as (

    select * from {{ ref('group_readers') }}

),

distribution as (

    select * from {{ ref('mart_scale_distribution') }}

),

outcomes as (

    select * from {{ ref('mart_scale_cross') }}

),

united as (

    select
        {%- for column in wave_columns() %}
        distribution.{{ column }},
        {%- endfor %}
        {%- for column in group_columns() %}
        distribution.{{ column }},
        {%- endfor %}
        distribution.scale_id,
        distribution.scale_label_nl,
        distribution.scale_label_en,
        distribution.band_id,
        distribution.band_label_nl,
        distribution.band_label_en,
        distribution.band_position,
        cast(null as {{ dbt.type_string() }}) as outcome_indicator_id,
        cast(null as {{ dbt.type_string() }}) as outcome_label_nl,
        cast(null as {{ dbt.type_string() }}) as outcome_label_en,
        cast(null as {{ dbt.type_string() }}) as base_nl,
        cast(null as {{ dbt.type_string() }}) as base_en,
        distribution.n_answered,
        distribution.n_in_band as n_with,
        distribution.estimate,
        distribution.estimate_lower,
        distribution.estimate_upper,
        distribution.interval_method,
        distribution.display_nl,
        distribution.display_en,
        distribution.suppression_status,
        distribution.suppression_reason,
        distribution.suppression_label_nl,
        distribution.suppression_label_en
    from distribution

    union all

    select
        {%- for column in wave_columns() %}
        outcomes.{{ column }},
        {%- endfor %}
        {%- for column in group_columns() %}
        outcomes.{{ column }},
        {%- endfor %}
        outcomes.scale_id,
        outcomes.scale_label_nl,
        outcomes.scale_label_en,
        outcomes.band_id,
        outcomes.band_label_nl,
        outcomes.band_label_en,
        outcomes.band_position,
        outcomes.outcome_indicator_id,
        outcomes.outcome_label_nl,
        outcomes.outcome_label_en,
        outcomes.base_nl,
        outcomes.base_en,
        outcomes.n_answered,
        outcomes.n_with_outcome as n_with,
        outcomes.estimate,
        outcomes.estimate_lower,
        outcomes.estimate_upper,
        outcomes.interval_method,
        outcomes.display_nl,
        outcomes.display_en,
        outcomes.suppression_status,
        outcomes.suppression_reason,
        outcomes.suppression_label_nl,
        outcomes.suppression_label_en
    from outcomes

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
