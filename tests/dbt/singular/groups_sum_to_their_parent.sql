-- In an exhaustive classification the leaf groups below a group add up to it, in organisations and
-- in responses. A row is a group that does not add up.
with

group_sizes as (

    select * from {{ ref('est_group_sizes') }}

),

ancestors as (

    select * from {{ ref('stg_group_ancestors') }}

),

parents as (

    select distinct
        classification_id,
        parent_group_id as group_id
    from {{ ref('stg_organisation_groups') }}
    where parent_group_id is not null

),

exhaustive as (

    select classification_id
    from {{ ref('stg_classifications') }}
    where is_exhaustive

),

leaf_sums as (

    select
        group_sizes.wave,
        ancestors.classification_id,
        ancestors.ancestor_group_id as group_id,
        sum(group_sizes.n_population) as n_population,
        sum(group_sizes.n_responses) as n_responses
    from group_sizes
    inner join exhaustive
        on group_sizes.classification_id = exhaustive.classification_id
    inner join ancestors
        on
            group_sizes.classification_id = ancestors.classification_id
            and group_sizes.group_id = ancestors.group_id
            and ancestors.distance > 0
    left join parents
        on
            group_sizes.classification_id = parents.classification_id
            and group_sizes.group_id = parents.group_id
    where parents.group_id is null
    group by
        group_sizes.wave,
        ancestors.classification_id,
        ancestors.ancestor_group_id

)

select
    leaf_sums.wave,
    leaf_sums.classification_id,
    leaf_sums.group_id
from leaf_sums
left join group_sizes
    on
        leaf_sums.wave = group_sizes.wave
        and leaf_sums.classification_id = group_sizes.classification_id
        and leaf_sums.group_id = group_sizes.group_id
where
    group_sizes.group_id is null
    or leaf_sums.n_population <> group_sizes.n_population
    or leaf_sums.n_responses <> group_sizes.n_responses
