{{ config(alias='response_rates') }}

{{ organisation_group_mart('mart_response_rates', 'waterschappen') }}
