{{ config(alias='comparisons') }}

{{ organisation_group_mart('mart_comparisons', 'gemeenschappelijke_regelingen', ['group_a', 'group_b']) }}
