{{ config(alias='comparisons') }}

{{ organisation_group_mart('mart_comparisons', 'overig_rijk', ['group_a', 'group_b']) }}
