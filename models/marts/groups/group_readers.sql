{#- Which groups a reader group may be told about, in one place: the group itself, the groups below
    it, the classifications that divide nothing but these, and crossings of them. -#}
{{ config(alias='readers') }}

with

ancestors as (

    select * from {{ ref('stg_group_ancestors') }}

),

classifications as (

    select * from {{ ref('stg_classifications') }}

),

organisation_groups as (

    select * from {{ ref('stg_organisation_groups') }}

),

readers as (

    select group_id as reader_group_id
    from {{ ref('organisation_groups') }}
    where own_schema

),

inside as (

    select
        readers.reader_group_id,
        ancestors.classification_id,
        ancestors.group_id
    from readers
    inner join ancestors
        on readers.reader_group_id = ancestors.ancestor_group_id

),

uncrossed as (

    select
        reader_group_id,
        classification_id,
        group_id
    from inside

    union distinct

    select
        inside.reader_group_id,
        organisation_groups.classification_id,
        organisation_groups.group_id
    from inside
    inner join classifications
        on inside.group_id = classifications.within_group_id
    inner join organisation_groups
        on classifications.classification_id = organisation_groups.classification_id

),

final as (

    select
        reader_group_id,
        classification_id,
        group_id
    from uncrossed

    union distinct

    select
        uncrossed.reader_group_id,
        organisation_groups.classification_id,
        organisation_groups.group_id
    from uncrossed
    inner join organisation_groups
        on
            uncrossed.classification_id = organisation_groups.divided_classification_id
            and uncrossed.group_id = organisation_groups.divided_group_id

)

select * from final
