{{ config(alias='inspiration_abroad') }}

{{ topic_mart('inspiration_abroad') }}
