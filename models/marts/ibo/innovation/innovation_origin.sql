{{ config(alias='origin') }}

{{ topic_mart('origin') }}
