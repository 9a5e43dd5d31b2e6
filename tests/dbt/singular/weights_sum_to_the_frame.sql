-- The weights that the design gives add up to the organisations in the covered strata of a wave; where
-- the registry names margins, to every group of these. A row is a wave, or a group of a margin, that
-- does not.
with

strata as (

    select strata.*
    from {{ ref('cln_strata') }} as strata
    left join {{ ref('weight_sources') }} as weight_sources
        on strata.wave = weight_sources.wave
    where
        strata.is_covered
        and coalesce(weight_sources.weight_source, 'design') = 'design'

),

weights as (

    select * from {{ ref('cln_weights') }}

),

margins as (

    select * from {{ ref('cln_weighting_margins') }}

),

organisation_groups as (

    select * from {{ ref('cln_organisation_groups') }}

),

by_design as (

    select
        wave,
        sum(design_weight) as design_weight_sum,
        sum(weight) as weight_sum
    from weights
    group by wave

),

covered as (

    select
        wave,
        sum(population_count) as population_count
    from strata
    group by wave

),

calibrated as (

    select distinct wave
    from margins

),

by_margin as (

    select
        margins.wave,
        margins.classification_id,
        margins.group_id,
        max(margins.population_count) as population_count,
        sum(weights.weight) as weight_sum
    from margins
    inner join covered
        on margins.wave = covered.wave
    left join organisation_groups
        on
            margins.wave = organisation_groups.wave
            and margins.classification_id = organisation_groups.classification_id
            and margins.group_id = organisation_groups.group_id
    left join weights
        on
            organisation_groups.wave = weights.wave
            and organisation_groups.organisation_key = weights.organisation_key
    group by
        margins.wave,
        margins.classification_id,
        margins.group_id

)

select
    covered.wave,
    cast(null as {{ dbt.type_string() }}) as group_id,
    covered.population_count,
    by_design.design_weight_sum as weight_sum
from covered
left join by_design
    on covered.wave = by_design.wave
left join calibrated
    on covered.wave = calibrated.wave
where
    by_design.wave is null
    or abs(by_design.design_weight_sum - covered.population_count) > 1e-6 * covered.population_count
    or (
        calibrated.wave is null
        and abs(by_design.weight_sum - covered.population_count) > 1e-6 * covered.population_count
    )

union all

select
    wave,
    group_id,
    population_count,
    weight_sum
from by_margin
where
    weight_sum is null
    or abs(weight_sum - population_count) > 1e-6 * population_count
