{%- set figures = [
    'n_answered_early', 'n_answered_late', 'estimate_early', 'estimate_late', 'difference',
    'difference_lower', 'difference_upper', 'interval_method', 'test_method', 'untested_reason', 'p_value',
    'p_adjusted', 'n_tests', 'effect_size', 'effect_measure',
] -%}
with

halves as (

    select * from {{ ref('est_early_late') }}

),

-- Where nothing of a wave could be halved its tool recorded no days.
halved_waves as (

    select
        wave,
        max(early_until) as early_until
    from halves
    group by wave

),

designs as (

    select
        wave,
        min(
            case
                when cluster_id is null and abs(weight - design_weight) <= 1e-6 * design_weight then 1
                else 0
            end
        ) as is_stratified
    from {{ ref('cln_weights') }}
    group by wave

),

wave_indicators as (

    select distinct
        wave,
        indicator_id
    from {{ ref('cln_wave_indicators') }}
    where kind <> 'total'

),

indicators as (

    select * from {{ ref('dim_indicators') }}

),

waves as (

    select * from {{ ref('dim_waves') }}

),

-- A row for every indicator of a wave, also where it was not compared.
judged as (

    select
        {%- for column, source in wave_columns().items() %}
        {{ source }} as {{ column }},
        {%- endfor %}
        {%- for column, source in indicator_columns().items() %}
        {{ source }} as {{ column }},
        {%- endfor %}
        cast(halved_waves.early_until as date) as early_until,
        {%- for column in figures %}
        halves.{{ column }},
        {%- endfor %}
        case
            when halves.wave is not null then null
            when designs.is_stratified = 0 then 'design_not_supported'
            when halved_waves.wave is null then 'no_submission_dates'
            else 'base_below_minimum'
        end as suppression_reason
    from wave_indicators
    inner join waves
        on wave_indicators.wave = waves.wave
    inner join indicators
        on wave_indicators.indicator_id = indicators.indicator_id
    left join halves
        on
            wave_indicators.wave = halves.wave
            and wave_indicators.indicator_id = halves.indicator_id
    left join halved_waves
        on wave_indicators.wave = halved_waves.wave
    left join designs
        on wave_indicators.wave = designs.wave

),

decided as (

    select
        judged.*,
        case
            when judged.p_adjusted is null then 'not_tested'
            when judged.p_adjusted > {{ var('significance_level') }} then 'no_difference'
            when judged.difference > 0 then 'late_higher'
            else 'late_lower'
        end as verdict
    from judged

),

final as (

    select
        {%- for column in wave_columns() %}
        {{ column }},
        {%- endfor %}
        {%- for column in indicator_columns() %}
        {{ column }},
        {%- endfor %}
        early_until,
        {%- for column in figures %}
        {{ column }},
        {%- endfor %}
        verdict,
        {%- for language, words in [
            ('nl', ['late respondenten hoger', 'late respondenten lager', 'geen aantoonbaar verschil', 'niet getoetst']),
            ('en', ['late respondents higher', 'late respondents lower', 'no demonstrable difference', 'not tested']),
        ] %}
        case verdict
            when 'late_higher' then '{{ words[0] }}'
            when 'late_lower' then '{{ words[1] }}'
            when 'no_difference' then '{{ words[2] }}'
            else '{{ words[3] }}'
        end as verdict_{{ language }},
        {%- endfor %}
        case when suppression_reason is null then 'published' else 'suppressed' end as suppression_status,
        suppression_reason
    from decided

)

select * from final
