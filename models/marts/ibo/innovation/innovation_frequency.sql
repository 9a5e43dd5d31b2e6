{{ config(alias='frequency') }}

{{ topic_mart('frequency') }}
