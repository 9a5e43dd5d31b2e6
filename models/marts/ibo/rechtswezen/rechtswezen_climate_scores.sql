{{ config(alias='climate_scores') }}

{{ organisation_group_mart('mart_scale_scores', 'rechtswezen') }}
