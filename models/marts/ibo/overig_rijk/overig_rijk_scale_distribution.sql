{{ config(alias='scale_distribution') }}

{{ organisation_group_mart('mart_scale_distribution', 'overig_rijk') }}
