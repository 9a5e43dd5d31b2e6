with

strata as (

    select * from {{ ref('cln_strata') }}

),

weights as (

    select * from {{ ref('cln_weights') }}

),

margins as (

    select * from {{ ref('cln_weighting_margins') }}

),

waves as (

    select * from {{ ref('dim_waves') }}

),

counted_strata as (

    select
        wave,
        count(*) as n_strata,
        count(distinct weighting_stratum_id) as n_weighting_strata,
        sum(case when is_collapsed then 1 else 0 end) as n_collapsed_strata,
        sum(case when is_covered then 0 else 1 end) as n_uncovered_strata,
        sum(population_count) as n_population,
        sum(case when is_covered then 0 else population_count end) as n_uncovered
    from strata
    group by wave

),

counted_margins as (

    select
        wave,
        count(distinct classification_id) as n_margins,
        count(*) as n_margin_groups
    from margins
    group by wave

),

left_out as (

    select
        wave,
        count(*) as n_excluded
    from {{ ref('cln_excluded_responses') }}
    group by wave

),

rejected as (

    select
        wave,
        count(*) as n_rejected
    from {{ ref('cln_rejected_answers') }}
    group by wave

),

spread as (

    select
        wave,
        count(*) as n_responses,
        min(weight) as smallest_weight,
        max(weight) as largest_weight,
        power(sum(weight), 2) / sum(power(weight, 2)) as n_effective,
        min(weight / design_weight) as smallest_adjustment,
        max(weight / design_weight) as largest_adjustment
    from weights
    group by wave

),

final as (

    select
        {%- for column, source in wave_columns().items() %}
        {{ source }} as {{ column }},
        {%- endfor %}
        cast(counted_strata.n_population as bigint) as n_population,
        cast(spread.n_responses as bigint) as n_responses,
        cast(coalesce(left_out.n_excluded, 0) as bigint) as n_excluded_responses,
        cast(coalesce(rejected.n_rejected, 0) as bigint) as n_rejected_answers,
        cast(counted_strata.n_uncovered as bigint) as n_uncovered,
        cast(counted_strata.n_strata as bigint) as n_strata,
        cast(counted_strata.n_weighting_strata as bigint) as n_weighting_strata,
        cast(counted_strata.n_collapsed_strata as bigint) as n_collapsed_strata,
        cast(counted_strata.n_uncovered_strata as bigint) as n_uncovered_strata,
        case
            when counted_margins.n_margins is null then 'none'
            when counted_margins.n_margins = 1 then 'post_stratification'
            else 'raking'
        end as calibration_method,
        cast(coalesce(counted_margins.n_margin_groups, 0) as bigint) as n_margin_groups,
        cast(spread.smallest_weight as double) as smallest_weight,
        cast(spread.largest_weight as double) as largest_weight,
        cast(spread.smallest_adjustment as double) as smallest_adjustment,
        cast(spread.largest_adjustment as double) as largest_adjustment,
        cast(spread.n_effective as double) as n_effective,
        cast(spread.n_responses / spread.n_effective as double) as weighting_effect
    from waves
    inner join counted_strata
        on waves.wave = counted_strata.wave
    inner join spread
        on waves.wave = spread.wave
    left join counted_margins
        on waves.wave = counted_margins.wave
    left join left_out
        on waves.wave = left_out.wave
    left join rejected
        on waves.wave = rejected.wave

)

select * from final
