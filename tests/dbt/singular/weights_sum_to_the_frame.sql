-- The design weights of a wave add up to the organisations in its covered strata. A row is a wave
-- that does not.
with

covered as (

    select
        wave,
        sum(population_count) as population_count
    from {{ ref('cln_strata') }}
    where is_covered
    group by wave

),

weighted as (

    select
        wave,
        sum(design_weight) as weight_sum
    from {{ ref('cln_weights') }}
    group by wave

)

select
    covered.wave,
    covered.population_count,
    weighted.weight_sum
from covered
left join weighted
    on covered.wave = weighted.wave
where
    weighted.weight_sum is null
    or abs(weighted.weight_sum - covered.population_count) > 1e-6 * covered.population_count
