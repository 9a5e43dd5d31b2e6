{% from "_shared.sql" import comparison_keys, told_to_readers %}
-- table: groups.comparisons
-- grain: reader group, {{ comparison_keys | join(", ") }}
-- keys: wave, indicator_id

{{ told_to_readers("groups.comparisons", comparison_keys, "core.mart_comparisons", ["group_a", "group_b"]) }}
