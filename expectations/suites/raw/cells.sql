-- table: raw.cells
-- grain: cell of a landed file, as text
-- keys: export_id, row_number, column_position
-- not empty
-- refers: export_id, wave -> raw.exports (every cell belongs to a landed file, of the same wave)

-- expect: a current file has a cell for every row and column
with counted as (
    select
        export_id,
        count(*) as cells
    from raw.cells
    group by export_id
)

select
    exports.export_id,
    exports.wave,
    exports.row_count * exports.column_count as expected,
    coalesce(counted.cells, 0) as found
from raw.exports as exports
left join counted on exports.export_id = counted.export_id
where
    exports.superseded_by is null
    and coalesce(counted.cells, 0) <> exports.row_count * exports.column_count;

-- expect: the rows of a current file are numbered from 1 to its row count
with counted as (
    select
        export_id,
        count(distinct row_number) as row_numbers,
        min(row_number) as first_row,
        max(row_number) as last_row
    from raw.cells
    group by export_id
)

select
    exports.export_id,
    exports.wave,
    exports.row_count as expected,
    counted.row_numbers as found
from raw.exports as exports
inner join counted on exports.export_id = counted.export_id
where exports.superseded_by is null and (
    counted.first_row <> 1 or counted.last_row <> exports.row_count
    or counted.row_numbers <> exports.row_count
);

-- expect: every row of a current file has each column once
with counted as (
    select
        export_id,
        row_number,
        count(*) as cells,
        count(distinct column_position) as positions,
        min(column_position) as first_position,
        max(column_position) as last_position
    from raw.cells
    group by export_id, row_number
)

select
    counted.export_id,
    counted.row_number
from counted
inner join raw.exports as exports on counted.export_id = exports.export_id
where exports.superseded_by is null and (
    counted.cells <> exports.column_count
    or counted.positions <> exports.column_count
    or counted.first_position <> 1
    or counted.last_position <> exports.column_count
);

{% if has_treated_columns %}
-- expect: a column that is dropped or pseudonymised holds nothing in clear
select
    cells.export_id,
    cells.wave,
    cells.column_position,
    count(*) as found
from raw.cells as cells
inner join raw.exports as exports on cells.export_id = exports.export_id
inner join raw.export_columns as listed
    on
        cells.export_id = listed.export_id
        and cells.column_position = listed.column_position
inner join {{ treated_columns }} as treated
    on
        exports.wave = treated.wave and exports.kind = treated.kind
        and exports.part = coalesce(treated.part, exports.part)
        and coalesce(
            nullif(trim(regexp_replace(listed.column_name, '\s+', ' ', 'g')), ''),
            '(column ' || listed.column_position || ')'
        ) = trim(regexp_replace(treated.column_name, '\s+', ' ', 'g'))
where
    (treated.treatment = 'drop' and cells.value is not null)
    or (
        treated.treatment = 'pseudonymise'
        and not regexp_full_match(cells.value, '([0-9a-f]{64})?')
    )
group by cells.export_id, cells.wave, cells.column_position;
{% endif %}
