{{ config(alias='findings') }}

{{ organisation_group_mart('mart_findings', 'gemeenschappelijke_regelingen') }}
