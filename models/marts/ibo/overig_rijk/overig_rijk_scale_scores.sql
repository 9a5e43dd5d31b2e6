{{ config(alias='scale_scores') }}

{{ organisation_group_mart('mart_scale_scores', 'overig_rijk') }}
