-- In an exhaustive classification, crossings included, the leaf groups below a group add up to it
-- and all of them to the wave: in answers, in those asked, and in weighted values. A group and the
-- rest of another group add up to that group. A row is a sum that does not come out.
with

points as (

    select
        wave,
        classification_id,
        group_id,
        indicator_id,
        n_asked,
        n_answered,
        n_not_asked,
        coalesce(sum_value, 0) as value_sum,
        coalesce(sum_weights, 0) as weight_sum,
        case
            when kind = 'total' then coalesce(weighted_estimate, 0)
            else coalesce(weighted_estimate * weighted_denominator, 0)
        end as weighted_sum
    from {{ ref('est_points') }}

),

ancestors as (

    select * from {{ ref('stg_group_ancestors') }}

),

complements as (

    select * from {{ ref('est_complements') }}

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

leaves as (

    select points.*
    from points
    inner join exhaustive
        on points.classification_id = exhaustive.classification_id
    left join parents
        on
            points.classification_id = parents.classification_id
            and points.group_id = parents.group_id
    where parents.group_id is null and points.group_id not like '~%'

),

whole_wave as (

    select
        indicator_values.wave,
        indicator_values.indicator_id,
        sum(case when indicator_values.status <> 'not_asked' then 1 else 0 end) as n_asked,
        sum(case when indicator_values.status = 'answered' then 1 else 0 end) as n_answered,
        sum(case when indicator_values.status = 'not_asked' then 1 else 0 end) as n_not_asked,
        coalesce(sum(indicator_values.value), 0) as value_sum,
        coalesce(sum(case when indicator_values.status = 'answered' then weights.weight end), 0)
            as weight_sum,
        coalesce(sum(weights.weight * indicator_values.value), 0) as weighted_sum
    from {{ ref('cln_indicator_values') }} as indicator_values
    inner join {{ ref('cln_weights') }} as weights
        on
            indicator_values.wave = weights.wave
            and indicator_values.response_key = weights.response_key
    group by
        indicator_values.wave,
        indicator_values.indicator_id

),

-- What should be equal: a sum of parts beside the whole, under one name.
parts as (

    select
        leaves.wave,
        leaves.classification_id,
        ancestors.ancestor_group_id as whole_id,
        leaves.indicator_id,
        leaves.n_asked,
        leaves.n_answered,
        leaves.n_not_asked,
        leaves.value_sum,
        leaves.weight_sum,
        leaves.weighted_sum
    from leaves
    inner join ancestors
        on
            leaves.classification_id = ancestors.classification_id
            and leaves.group_id = ancestors.group_id
            and ancestors.distance > 0

    union all

    select
        wave,
        classification_id,
        'all responses' as whole_id,
        indicator_id,
        n_asked,
        n_answered,
        n_not_asked,
        value_sum,
        weight_sum,
        weighted_sum
    from leaves

    union all

    select
        points.wave,
        points.classification_id,
        concat(complements.complement_group_id, ' and its group') as whole_id,
        points.indicator_id,
        points.n_asked,
        points.n_answered,
        points.n_not_asked,
        points.value_sum,
        points.weight_sum,
        points.weighted_sum
    from complements
    inner join points
        on
            complements.classification_id = points.classification_id
            and points.group_id in (complements.group_id, complements.complement_group_id)

),

wholes as (

    select
        wave,
        classification_id,
        group_id as whole_id,
        indicator_id,
        n_asked,
        n_answered,
        n_not_asked,
        value_sum,
        weight_sum,
        weighted_sum
    from points

    union all

    select
        whole_wave.wave,
        exhaustive.classification_id,
        'all responses' as whole_id,
        whole_wave.indicator_id,
        whole_wave.n_asked,
        whole_wave.n_answered,
        whole_wave.n_not_asked,
        whole_wave.value_sum,
        whole_wave.weight_sum,
        whole_wave.weighted_sum
    from whole_wave
    cross join exhaustive

    union all

    select
        points.wave,
        points.classification_id,
        concat(complements.complement_group_id, ' and its group') as whole_id,
        points.indicator_id,
        points.n_asked,
        points.n_answered,
        points.n_not_asked,
        points.value_sum,
        points.weight_sum,
        points.weighted_sum
    from complements
    inner join points
        on
            complements.classification_id = points.classification_id
            and complements.rest_of_group_id = points.group_id

),

summed as (

    select
        wave,
        classification_id,
        whole_id,
        indicator_id,
        sum(n_asked) as n_asked,
        sum(n_answered) as n_answered,
        sum(n_not_asked) as n_not_asked,
        sum(value_sum) as value_sum,
        sum(weight_sum) as weight_sum,
        sum(weighted_sum) as weighted_sum
    from parts
    group by
        wave,
        classification_id,
        whole_id,
        indicator_id

)

select
    summed.wave,
    summed.classification_id,
    summed.whole_id,
    summed.indicator_id
from summed
left join wholes
    on
        summed.wave = wholes.wave
        and summed.classification_id = wholes.classification_id
        and summed.whole_id = wholes.whole_id
        and summed.indicator_id = wholes.indicator_id
where
    wholes.wave is null
    or summed.n_asked <> wholes.n_asked
    or summed.n_answered <> wholes.n_answered
    or summed.n_not_asked <> wholes.n_not_asked
    or abs(summed.value_sum - wholes.value_sum) > 1e-9 * greatest(1.0, abs(wholes.value_sum))
    or abs(summed.weight_sum - wholes.weight_sum) > 1e-9 * greatest(1.0, abs(wholes.weight_sum))
    or abs(summed.weighted_sum - wholes.weighted_sum) > 1e-9 * greatest(1.0, abs(wholes.weighted_sum))
