{{ config(alias='comparisons') }}

{{ organisation_group_mart('mart_comparisons', 'rechtswezen', ['group_a', 'group_b']) }}
