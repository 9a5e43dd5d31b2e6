-- table: raw.export_columns
-- grain: column of a landed file
-- keys: export_id, column_position
-- not empty
-- unique: export_id, column_position
-- refers: export_id -> raw.exports

-- expect: a column name occurs once in a file
select
    export_id,
    min(column_position) as column_position
from raw.export_columns
group by export_id, column_name
having count(*) > 1;

-- expect: the columns of a file are numbered from 1 to its column count
select
    exports.export_id,
    exports.wave,
    max(exports.column_count) as expected,
    count(listed.column_position) as found
from raw.exports as exports
left join raw.export_columns as listed on exports.export_id = listed.export_id
group by exports.export_id, exports.wave
having
    count(listed.column_position) <> max(exports.column_count)
    or min(listed.column_position) <> 1
    or max(listed.column_position) <> max(exports.column_count);

-- expect: a current file has the column with the organisation's key
select
    exports.export_id,
    exports.wave,
    exports.kind
from raw.exports as exports
inner join {{ organisation_keys }} as mapped
    on
        exports.wave = mapped.wave and exports.kind = mapped.kind
        and exports.part = coalesce(mapped.part, exports.part)
left join raw.export_columns as listed
    on
        exports.export_id = listed.export_id
        and trim(mapped.column_name) = trim(listed.column_name)
where exports.superseded_by is null
group by exports.export_id, exports.wave, exports.kind
having count(listed.column_position) = 0;
