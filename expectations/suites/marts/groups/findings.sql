{% from "_shared.sql" import estimate_keys, told_to_readers %}
-- table: groups.findings
-- grain: reader group, {{ estimate_keys | join(", ") }}
-- keys: wave, classification_id, group_id, indicator_id

{{ told_to_readers("groups.findings", estimate_keys, "core.mart_findings") }}
