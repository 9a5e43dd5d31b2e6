{{ config(alias='triggers') }}

{{ topic_mart('triggers') }}
