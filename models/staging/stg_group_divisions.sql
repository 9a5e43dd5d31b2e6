{#- What lies within a group by the registries alone: its children, its crossings, and the
    classifications that divide it or everybody. Parts of one division do not overlap. -#}
with

organisation_groups as (

    select * from {{ ref('stg_organisation_groups') }}

),

classifications as (

    select * from {{ ref('stg_classifications') }}

),

children as (

    select
        classification_id,
        parent_group_id as group_id,
        classification_id as division_id,
        classification_id as part_classification_id,
        group_id as part_group_id
    from organisation_groups
    where parent_group_id is not null

),

tops as (

    select
        classification_id,
        group_id
    from organisation_groups
    where parent_group_id is null

),

crossed as (

    select
        organisation_groups.classification_id,
        organisation_groups.group_id,
        organisation_groups.divided_classification_id,
        organisation_groups.divided_group_id,
        classifications.dividing_classification_id,
        organisation_groups.dividing_group_id,
        dividing.parent_group_id as dividing_parent_group_id,
        organisation_groups.parent_group_id is null as is_top_of_divided
    from organisation_groups
    inner join classifications
        on organisation_groups.classification_id = classifications.classification_id
    inner join organisation_groups as dividing
        on
            classifications.dividing_classification_id = dividing.classification_id
            and organisation_groups.dividing_group_id = dividing.group_id

),

-- A crossed group lies in both groups it is made of.
crossings as (

    select
        divided_classification_id as classification_id,
        divided_group_id as group_id,
        classification_id as division_id,
        classification_id as part_classification_id,
        group_id as part_group_id
    from crossed
    where dividing_parent_group_id is null

    union all

    select
        dividing_classification_id as classification_id,
        dividing_group_id as group_id,
        classification_id as division_id,
        classification_id as part_classification_id,
        group_id as part_group_id
    from crossed
    where is_top_of_divided

    union all

    select
        above.classification_id,
        above.group_id,
        above.dividing_classification_id as division_id,
        below.classification_id as part_classification_id,
        below.group_id as part_group_id
    from crossed as above
    inner join crossed as below
        on
            above.classification_id = below.classification_id
            and above.divided_group_id = below.divided_group_id
            and above.dividing_group_id = below.dividing_parent_group_id

),

-- A classification that divides one group lies within it.
within_groups as (

    select
        divided.classification_id,
        divided.group_id,
        tops.classification_id as division_id,
        tops.classification_id as part_classification_id,
        tops.group_id as part_group_id
    from classifications
    inner join organisation_groups as divided
        on classifications.within_group_id = divided.group_id
    inner join tops
        on classifications.classification_id = tops.classification_id
    where
        classifications.divided_classification_id is null
        and divided.divided_group_id is null

),

-- The one topmost group of an exhaustive classification holds everybody. Where several do, the first.
everybody as (

    select
        classifications.classification_id,
        max(tops.group_id) as group_id,
        row_number() over (order by classifications.position, classifications.classification_id)
            as preference
    from classifications
    inner join tops
        on classifications.classification_id = tops.classification_id
    where
        classifications.is_exhaustive
        and classifications.divided_classification_id is null
    group by
        classifications.classification_id,
        classifications.position
    having count(*) = 1

),

whole as (

    select
        everybody.classification_id,
        everybody.group_id,
        tops.classification_id as division_id,
        tops.classification_id as part_classification_id,
        tops.group_id as part_group_id
    from everybody
    inner join tops
        on everybody.classification_id <> tops.classification_id
    inner join classifications
        on tops.classification_id = classifications.classification_id
    where
        everybody.preference = 1
        and classifications.within_group_id is null
        and classifications.divided_classification_id is null

),

final as (

    select * from children

    union all

    select * from crossings

    union all

    select * from within_groups

    union all

    select * from whole

)

select * from final
