-- A decision names an organisation of the frame of its wave; otherwise it would decide nothing.
-- It looks at a registry too; Dagster shows it as a check of the table.
{{ config(meta={'dagster': {'ref': {'name': 'cln_listed_organisations'}}}) }}

with

decisions as (

    select * from {{ ref('organisation_matches') }}
    where organisation_key is not null

),

organisations as (

    select * from {{ ref('cln_listed_organisations') }}

),

landed as (

    select distinct wave
    from organisations

)

select
    decisions.wave,
    decisions.organisation_key
from decisions
inner join landed
    on decisions.wave = landed.wave
left join organisations
    on
        decisions.wave = organisations.wave
        and decisions.organisation_key = organisations.organisation_key
where organisations.organisation_key is null
