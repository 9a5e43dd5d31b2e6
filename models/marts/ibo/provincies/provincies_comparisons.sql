{{ config(alias='comparisons') }}

{{ organisation_group_mart('mart_comparisons', 'provincies', ['group_a', 'group_b']) }}
