{{ config(alias='estimates') }}

{{ organisation_group_mart('mart_estimates', 'provincies') }}
