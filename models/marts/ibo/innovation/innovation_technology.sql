{{ config(alias='technology') }}

{{ topic_mart('technology') }}
