{{ config(alias='scale_associations') }}

{{ organisation_group_mart('mart_scale_associations', 'provincies') }}
