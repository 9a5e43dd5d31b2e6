{{ config(alias='value_and_success') }}

{{ topic_mart('value_and_success') }}
