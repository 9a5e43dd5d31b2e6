{{ config(alias='comparisons') }}

{{ organisation_group_mart('mart_comparisons', 'gemeenten', ['group_a', 'group_b']) }}
