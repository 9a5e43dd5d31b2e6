{{ config(alias='comparisons') }}

{{ organisation_group_mart('mart_comparisons', 'waterschappen', ['group_a', 'group_b']) }}
