{{ config(alias='scale_cross') }}

{{ organisation_group_mart('mart_scale_cross', 'overig_rijk') }}
