{% if all_columns_listed %}
-- table: staging.stg_unmapped_columns
-- grain: delivered column that the registry does not list
-- keys: export_id, column_position

-- expect: every column of a delivery is listed in the registry
select
    export_id,
    wave,
    kind,
    column_position
from staging.stg_unmapped_columns;
{% endif %}
