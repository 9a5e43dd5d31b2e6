{{ config(alias='trends') }}

{{ organisation_group_mart('mart_trends', 'rechtswezen') }}
