{#- `group_id` is the group that is divided: null where a classification has several topmost groups,
    which together divide everybody. -#}
with

scores as (

    select * from {{ ref('est_scale_scores') }}

),

organisation_groups as (

    select * from {{ ref('cln_organisation_groups') }}

),

leaves as (

    select
        wave,
        organisation_key,
        classification_id,
        group_id as leaf_group_id
    from organisation_groups
    where is_leaf

),

undivided as (

    select classification_id
    from {{ ref('organisation_groups') }}
    where parent_group_id is null
    group by classification_id
    having count(*) > 1

),

divided as (

    select
        leaves.wave,
        leaves.organisation_key,
        leaves.classification_id,
        organisation_groups.group_id,
        leaves.leaf_group_id
    from leaves
    inner join organisation_groups
        on
            leaves.wave = organisation_groups.wave
            and leaves.organisation_key = organisation_groups.organisation_key
            and leaves.classification_id = organisation_groups.classification_id

    union all

    select
        leaves.wave,
        leaves.organisation_key,
        leaves.classification_id,
        cast(null as {{ dbt.type_string() }}) as group_id,
        leaves.leaf_group_id
    from leaves
    inner join undivided
        on leaves.classification_id = undivided.classification_id

),

-- A group of one has no variance of its own.
counted as (

    select
        scores.wave,
        scores.scale_id,
        divided.classification_id,
        divided.group_id,
        divided.leaf_group_id,
        scores.score,
        count(*) over (
            partition by
                scores.wave,
                scores.scale_id,
                divided.classification_id,
                divided.group_id,
                divided.leaf_group_id
        ) as n_scores
    from scores
    inner join divided
        on
            scores.wave = divided.wave
            and scores.organisation_key = divided.organisation_key

),

final as (

    select
        wave,
        scale_id,
        classification_id,
        group_id,
        leaf_group_id,
        score
    from counted
    where n_scores > 1

)

select * from final
