{{ config(alias='scale_reliability') }}

{{ organisation_group_mart('mart_scale_reliability', 'gemeenten') }}
