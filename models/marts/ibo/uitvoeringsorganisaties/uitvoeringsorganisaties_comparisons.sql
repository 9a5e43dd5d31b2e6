{{ config(alias='comparisons') }}

{{ organisation_group_mart('mart_comparisons', 'uitvoeringsorganisaties', ['group_a', 'group_b']) }}
