{% from "_shared.sql" import told_to_readers, trend_keys %}
-- table: groups.trends
-- grain: reader group, {{ trend_keys | join(", ") }}
-- keys: classification_id, group_id, indicator_id, wave

{{ told_to_readers("groups.trends", trend_keys, "core.mart_trends") }}
