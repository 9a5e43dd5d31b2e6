{{ config(alias='findings') }}

{{ organisation_group_mart('mart_findings', 'overig_rijk') }}
