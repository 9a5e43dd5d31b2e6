{% from "_shared.sql" import group_keys, told_to_readers %}
-- table: groups.response_rates
-- grain: reader group, {{ group_keys | join(", ") }}
-- keys: wave, classification_id, group_id

{{ told_to_readers("groups.response_rates", group_keys, "core.mart_response_rates") }}
