{% from "_shared.sql" import figures_of_groups, group_keys, rate_figures, rounding %}
-- table: core.fct_response_rates
-- grain: wave, classification and group
-- keys: wave, classification_id, group_id
-- between: response_rate 0 1

{{ figures_of_groups("core.fct_response_rates", group_keys, rate_figures) }}

-- expect: a published rate has at least {{ minimum_base }} organisations behind it
select {{ group_keys | join(", ") }}
from core.fct_response_rates
where suppression_status = 'published' and n_population < {{ minimum_base }};

-- expect: a published rate is the responses divided by the population
select {{ group_keys | join(", ") }}
from core.fct_response_rates
where suppression_status = 'published' and (
    n_population is null or n_responses is null or response_rate is null
    or n_responses > n_population
    or abs(response_rate - n_responses / n_population) > {{ rounding }}
);

-- expect: every group with organisations in the frame of a wave is there, and no other
with listed as (
    select distinct
        wave,
        classification_id,
        group_id
    from cleaned.cln_organisation_groups
)

select
    coalesce(listed.wave, found.wave) as wave,
    coalesce(listed.classification_id, found.classification_id) as classification_id,
    coalesce(listed.group_id, found.group_id) as group_id
from listed
full join core.fct_response_rates as found
    on
        listed.wave = found.wave
        and listed.classification_id = found.classification_id
        and listed.group_id = found.group_id
where listed.wave is null or found.wave is null;

-- expect: every wave has a topmost group of every exhaustive classification
select
    waves.wave,
    classifications.classification_id
from core.dim_waves as waves
cross join core.dim_classifications as classifications
left join core.dim_organisation_groups as topmost
    on
        classifications.classification_id = topmost.classification_id
        and topmost.parent_group_id is null
left join core.fct_response_rates as found
    on
        waves.wave = found.wave
        and topmost.classification_id = found.classification_id
        and topmost.group_id = found.group_id
where classifications.is_exhaustive
group by waves.wave, classifications.classification_id
having count(found.group_id) = 0;

-- expect: the groups below a group add up to it
{# Organisations may be placed in the parent itself. #}
with own as (
    select
        members.wave,
        members.classification_id,
        members.group_id,
        count(*) as n_population,
        count(responses.response_key) as n_responses
    from cleaned.cln_organisation_groups as members
    left join cleaned.cln_responses as responses
        on
            members.wave = responses.wave
            and members.organisation_key = responses.organisation_key
    where members.is_leaf
    group by members.wave, members.classification_id, members.group_id
)

select
    parents.wave,
    parents.classification_id,
    parents.group_id
from core.fct_response_rates as parents
inner join core.dim_organisation_groups as groups
    on
        parents.classification_id = groups.classification_id
        and parents.group_id = groups.parent_group_id
inner join core.fct_response_rates as children
    on
        parents.wave = children.wave
        and groups.classification_id = children.classification_id
        and groups.group_id = children.group_id
left join own
    on
        parents.wave = own.wave
        and parents.classification_id = own.classification_id
        and parents.group_id = own.group_id
group by parents.wave, parents.classification_id, parents.group_id
having
    count(children.n_responses) = count(*)
    and count(parents.n_responses) = count(*)
    and (
        sum(children.n_population) + coalesce(max(own.n_population), 0)
        <> max(parents.n_population)
        or sum(children.n_responses) + coalesce(max(own.n_responses), 0)
        <> max(parents.n_responses)
    );

-- expect: the topmost groups of an exhaustive classification add up to all responses
with kept as (
    select
        wave,
        count(*) as n_responses
    from cleaned.cln_responses
    group by wave
)

select
    found.wave,
    found.classification_id,
    sum(found.n_responses) as found,
    max(kept.n_responses) as expected
from core.fct_response_rates as found
inner join core.dim_organisation_groups as groups
    on
        found.classification_id = groups.classification_id
        and found.group_id = groups.group_id
        and groups.parent_group_id is null
inner join core.dim_classifications as classifications
    on
        found.classification_id = classifications.classification_id
        and classifications.is_exhaustive
left join kept on found.wave = kept.wave
group by found.wave, found.classification_id
having
    count(found.n_responses) = count(*)
    and sum(found.n_responses) <> coalesce(max(kept.n_responses), 0);
