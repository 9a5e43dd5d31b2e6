-- table: cleaned.cln_weights
-- grain: wave and response that is kept
-- keys: wave, response_key
-- not empty
-- refers: wave, response_key -> cleaned.cln_responses
-- at least: response_count 1
{# Who answers stands for himself at least. #}
-- at least: design_weight 1

-- expect: every kept response has a weight
select distinct
    source.wave,
    source.response_key
from cleaned.cln_responses as source
where
    source.wave is not null and source.response_key is not null
    and not exists (
        select 1 from cleaned.cln_weights as target
        where source.wave = target.wave and source.response_key = target.response_key
    );

-- expect: a stratum has one population and one count of responses, and one weight by design
select
    weights.wave,
    weights.stratum_id
from cleaned.cln_weights as weights
left join registry.weight_sources as sources on weights.wave = sources.wave
group by weights.wave, weights.stratum_id
having
    count(distinct weights.population_count) > 1
    or count(distinct weights.response_count) > 1
    or count(distinct weights.design_weight) > 1 and coalesce(min(sources.weight_source), 'design') = 'design'
    or min(weights.response_count) <> count(*);

-- expect: the weights of a stratum add up to its population, where the design gives them
select
    weights.wave,
    weights.stratum_id,
    min(weights.population_count) as expected,
    round(sum(weights.design_weight), 3) as found
from cleaned.cln_weights as weights
left join registry.weight_sources as sources on weights.wave = sources.wave
where coalesce(sources.weight_source, 'design') = 'design'
group by weights.wave, weights.stratum_id
having
    abs(sum(weights.design_weight) - min(weights.population_count))
    > 1e-6 * min(weights.population_count);

-- expect: without margins the weight is that of the design
select
    weights.wave,
    weights.response_key
from cleaned.cln_weights as weights
left join cleaned.cln_weighting_margins as margins
    on weights.wave = margins.wave
where
    margins.wave is null
    and abs(weights.weight - weights.design_weight)
    > 1e-9 * weights.design_weight;

-- expect: the weights of a group of a margin add up to its organisations
select
    margins.wave,
    margins.classification_id,
    margins.group_id,
    min(margins.population_count) as expected,
    round(coalesce(sum(weights.weight), 0), 3) as found
from cleaned.cln_weighting_margins as margins
inner join cleaned.cln_organisation_groups as members
    on
        margins.wave = members.wave
        and margins.classification_id = members.classification_id
        and margins.group_id = members.group_id
left join cleaned.cln_weights as weights
    on
        members.wave = weights.wave
        and members.organisation_key = weights.organisation_key
where margins.wave in (select weighted.wave from cleaned.cln_weights as weighted)
group by margins.wave, margins.classification_id, margins.group_id
having
    abs(coalesce(sum(weights.weight), 0) - min(margins.population_count))
    > 1e-6 * min(margins.population_count);

-- expect: the weights of a wave add up to the organisations of its covered strata, by design
with weights as (
    select
        wave,
        sum(design_weight) as total
    from cleaned.cln_weights
    group by wave
),

strata as (
    select
        wave,
        sum(case when is_covered then population_count else 0 end) as n_covered
    from cleaned.cln_strata
    group by wave
)

select
    strata.wave,
    strata.n_covered as expected,
    round(coalesce(weights.total, 0), 3) as found
from strata
left join weights on strata.wave = weights.wave
left join registry.weight_sources as sources on strata.wave = sources.wave
where
    coalesce(sources.weight_source, 'design') = 'design'
    and abs(coalesce(weights.total, 0) - strata.n_covered)
    > 1e-6 * strata.n_covered;

-- expect: the strata of a wave hold every organisation of its frame
with strata as (
    select
        wave,
        sum(population_count) as n_organisations
    from cleaned.cln_strata
    group by wave
),

organisations as (
    select
        listed.wave,
        count(*) as n_organisations
    from cleaned.cln_organisations as listed
    inner join registry.waves as waves on listed.wave = waves.wave
    where waves.frame_source <> 'registry'
    group by listed.wave
)

select
    organisations.wave,
    organisations.n_organisations as expected,
    coalesce(strata.n_organisations, 0) as found
from organisations
left join strata on organisations.wave = strata.wave
where organisations.n_organisations <> coalesce(strata.n_organisations, 0);
