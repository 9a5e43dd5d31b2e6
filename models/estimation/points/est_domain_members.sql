{{ config(materialized='view') }}

with

organisation_groups as (

    select * from {{ ref('cln_organisation_groups') }}

),

complements as (

    select * from {{ ref('est_complements') }}

),

-- The group that a complement is the rest of, without the organisations of the group itself.
rests as (

    select
        wholes.wave,
        wholes.classification_id,
        complements.complement_group_id as group_id,
        wholes.organisation_key
    from complements
    inner join organisation_groups as wholes
        on
            complements.classification_id = wholes.classification_id
            and complements.rest_of_group_id = wholes.group_id
    left join organisation_groups as members
        on
            wholes.wave = members.wave
            and wholes.organisation_key = members.organisation_key
            and complements.classification_id = members.classification_id
            and complements.group_id = members.group_id
    where members.organisation_key is null

),

final as (

    select
        wave,
        classification_id,
        group_id,
        organisation_key
    from organisation_groups

    union all

    select
        wave,
        classification_id,
        group_id,
        organisation_key
    from rests

)

select * from final
