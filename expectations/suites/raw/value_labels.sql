-- table: raw.value_labels
-- grain: value that a file labels itself
-- keys: export_id, column_position
-- refers: export_id, column_position -> raw.export_columns

-- expect: a value of a column is labelled once
select
    export_id,
    column_position
from raw.value_labels
group by export_id, column_position, raw_value
having count(*) > 1;
