{% from "_shared.sql" import comparison_figures, comparison_keys, tested_differences, two_sided_differences %}
-- table: core.fct_comparisons
-- grain: wave, comparison_id, indicator_id
-- keys: wave, indicator_id
{{ "-- not empty" if has_comparisons }}
-- refers: comparison_id -> registry.comparisons

{{ tested_differences("core.fct_comparisons", comparison_keys, comparison_figures) }}
{{ two_sided_differences(
    "core.fct_comparisons", comparison_keys, ["n_answered_a", "n_answered_b"],
    minimum_base, significance_level, "a_higher", "a_lower"
) }}

-- expect: every row of registry.comparisons is there
select listed.comparison_id as expected from registry.comparisons as listed
left join core.fct_comparisons as found on listed.comparison_id = found.comparison_id
where found.comparison_id is null;
