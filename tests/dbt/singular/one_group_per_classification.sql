-- An organisation has one leaf group per classification, and in an exhaustive one it has one.
with

organisations as (

    select
        wave,
        organisation_key
    from {{ ref('cln_organisations') }}

),

classifications as (

    select * from {{ ref('stg_classifications') }}

),

leaf_groups as (

    select
        wave,
        organisation_key,
        classification_id,
        count(*) as n_groups
    from {{ ref('cln_organisation_groups') }}
    where is_leaf
    group by
        wave,
        organisation_key,
        classification_id

)

select
    organisations.wave,
    organisations.organisation_key,
    classifications.classification_id,
    leaf_groups.n_groups
from organisations
cross join classifications
left join leaf_groups
    on
        organisations.wave = leaf_groups.wave
        and organisations.organisation_key = leaf_groups.organisation_key
        and classifications.classification_id = leaf_groups.classification_id
where
    leaf_groups.n_groups > 1
    or (classifications.is_exhaustive and leaf_groups.n_groups is null)
