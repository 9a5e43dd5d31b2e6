{{ config(alias='types') }}

{{ topic_mart('types') }}
