"""Expectations on what was landed: nothing lost, nothing twice, every file expected."""

from __future__ import annotations

from expectations.checks import (
    Between,
    InSet,
    NoRows,
    NotEmpty,
    Suite,
    not_null,
    refers_to,
    unique,
    values_table,
)
from registry import Registry


def suites(registry: Registry) -> tuple[Suite, ...]:
    """Return the suites of the raw layer."""
    return (
        _exports(registry),
        _export_columns(registry),
        _value_labels(),
        _cells(registry),
        _frame(registry),
    )


def _waves(registry: Registry) -> str:
    return values_table(
        [
            (
                wave.wave,
                wave.frame_source,
                wave.expected_responses_low,
                wave.expected_responses_high,
            )
            for wave in registry.waves
        ],
        {"wave": "text", "frame_source": "text", "low": "bigint", "high": "bigint"},
    )


def _exports(registry: Registry) -> Suite:
    relation = "raw.exports"
    waves = _waves(registry)
    deliveries = values_table(
        [(delivery.wave, delivery.kind, delivery.part) for delivery in registry.deliveries],
        {"wave": "text", "kind": "text", "part": "text"},
    )
    return Suite(
        layer="raw",
        schema="raw",
        table="exports",
        grain="landed file, superseded ones included",
        keys=("export_id", "wave", "kind", "part"),
        checks=(
            NotEmpty(),
            InSet("survey", (registry.survey.survey_id,)),
            InSet("kind", ("export", "frame")),
            InSet("wave", tuple(wave.wave for wave in registry.waves)),
            Between("row_count", minimum=1),
            Between("column_count", minimum=1),
            NoRows(
                "content_sha256 is a SHA-256 hash in lower-case hexadecimal",
                f"select export_id, wave from {relation}\n"
                "where not regexp_full_match(content_sha256, '[0-9a-f]{64}')",
            ),
            refers_to(
                relation,
                ("wave", "kind", "part"),
                deliveries,
                description="every wave, kind and part is a delivery that the registry lists",
            ),
            unique(relation, "wave", "kind", "part", where="superseded_by is null"),
            NoRows(
                "a superseded file points at another file of the same delivery, and says when",
                "select old.export_id, old.wave, old.kind, old.part\n"
                f"from {relation} as old\n"
                f"left join {relation} as new\n"
                "    on old.superseded_by = new.export_id\n"
                "    and old.wave = new.wave and old.kind = new.kind and old.part = new.part\n"
                "where (old.superseded_by is null) <> (old.superseded_at is null)\n"
                "    or (old.superseded_by is not null and new.export_id is null)\n"
                "    or old.superseded_by = old.export_id\n"
                "    or old.superseded_at < old.landed_at",
            ),
            NoRows(
                "the current exports of a wave hold as many responses as the registry expects",
                "select exports.wave, sum(exports.row_count) as found\n"
                f"from {relation} as exports\n"
                f"inner join {waves} as waves on exports.wave = waves.wave\n"
                "where exports.kind = 'export' and exports.superseded_by is null\n"
                "group by exports.wave\n"
                "having sum(exports.row_count) not between min(waves.low) and max(waves.high)",
            ),
            NoRows(
                "a wave with an export has its sampling frame, where that is a file",
                f"select distinct exports.wave from {relation} as exports\n"
                f"inner join {waves} as waves on exports.wave = waves.wave\n"
                "where exports.kind = 'export' and waves.frame_source = 'file'\n"
                f"    and not exists (\n"
                f"        select 1 from {relation} as frames\n"
                "        where frames.wave = exports.wave and frames.kind = 'frame'\n"
                "            and frames.superseded_by is null\n"
                "    )",
            ),
            NoRows(
                "the current files of a wave are all synthetic or all real",
                f"select wave from {relation} where superseded_by is null\n"
                "group by wave having count(distinct is_synthetic) > 1",
            ),
        ),
    )


def _export_columns(registry: Registry) -> Suite:
    relation = "raw.export_columns"
    keys = values_table(
        [
            (column.wave, column.kind, column.part, column.column_name)
            for column in registry.columns
            if column.role == "organisation_key"
        ],
        {"wave": "text", "kind": "text", "part": "text", "column_name": "text"},
    )
    return Suite(
        layer="raw",
        schema="raw",
        table="export_columns",
        grain="column of a landed file",
        keys=("export_id", "column_position"),
        checks=(
            NotEmpty(),
            unique(relation, "export_id", "column_position"),
            NoRows(
                "a column name occurs once in a file",
                f"select export_id, min(column_position) as column_position from {relation}\n"
                "group by export_id, column_name having count(*) > 1",
            ),
            refers_to(relation, ("export_id",), "raw.exports"),
            NoRows(
                "the columns of a file are numbered from 1 to its column count",
                "select exports.export_id, exports.wave, max(exports.column_count) as expected,\n"
                "    count(listed.column_position) as found\n"
                "from raw.exports as exports\n"
                f"left join {relation} as listed on exports.export_id = listed.export_id\n"
                "group by exports.export_id, exports.wave\n"
                "having count(listed.column_position) <> max(exports.column_count)\n"
                "    or min(listed.column_position) <> 1\n"
                "    or max(listed.column_position) <> max(exports.column_count)",
            ),
            NoRows(
                "a current file has the column with the organisation's key",
                "select exports.export_id, exports.wave, exports.kind\n"
                "from raw.exports as exports\n"
                f"inner join {keys} as mapped\n"
                "    on exports.wave = mapped.wave and exports.kind = mapped.kind\n"
                "    and exports.part = coalesce(mapped.part, exports.part)\n"
                f"left join {relation} as listed\n"
                "    on exports.export_id = listed.export_id\n"
                "    and trim(mapped.column_name) = trim(listed.column_name)\n"
                "where exports.superseded_by is null\n"
                "group by exports.export_id, exports.wave, exports.kind\n"
                "having count(listed.column_position) = 0",
            ),
        ),
    )


def _value_labels() -> Suite:
    relation = "raw.value_labels"
    return Suite(
        layer="raw",
        schema="raw",
        table="value_labels",
        grain="value that a file labels itself",
        keys=("export_id", "column_position"),
        checks=(
            NoRows(
                "a value of a column is labelled once",
                f"select export_id, column_position from {relation}\n"
                "group by export_id, column_position, raw_value having count(*) > 1",
            ),
            refers_to(relation, ("export_id", "column_position"), "raw.export_columns"),
        ),
    )


def _cells(registry: Registry) -> Suite:
    relation = "raw.cells"
    per_row = (
        "select export_id, row_number, count(*) as cells,\n"
        "    count(distinct column_position) as positions,\n"
        "    min(column_position) as first_position, max(column_position) as last_position\n"
        f"from {relation} group by export_id, row_number"
    )
    per_export = (
        "select export_id, count(*) as cells, count(distinct row_number) as row_numbers,\n"
        "    min(row_number) as first_row, max(row_number) as last_row\n"
        f"from {relation} group by export_id"
    )
    return Suite(
        layer="raw",
        schema="raw",
        table="cells",
        grain="cell of a landed file, as text",
        keys=("export_id", "row_number", "column_position"),
        checks=(
            NotEmpty(),
            refers_to(
                relation,
                ("export_id", "wave"),
                "raw.exports",
                description="every cell belongs to a landed file, of the same wave",
            ),
            NoRows(
                "a current file has a cell for every row and column",
                "select exports.export_id, exports.wave,\n"
                "    exports.row_count * exports.column_count as expected,\n"
                "    coalesce(counted.cells, 0) as found\n"
                "from raw.exports as exports\n"
                f"left join ({per_export}) as counted on exports.export_id = counted.export_id\n"
                "where exports.superseded_by is null\n"
                "    and coalesce(counted.cells, 0) <> exports.row_count * exports.column_count",
            ),
            NoRows(
                "the rows of a current file are numbered from 1 to its row count",
                "select exports.export_id, exports.wave, exports.row_count as expected,\n"
                "    counted.row_numbers as found\n"
                "from raw.exports as exports\n"
                f"inner join ({per_export}) as counted on exports.export_id = counted.export_id\n"
                "where exports.superseded_by is null and (\n"
                "    counted.first_row <> 1 or counted.last_row <> exports.row_count\n"
                "    or counted.row_numbers <> exports.row_count\n"
                ")",
            ),
            NoRows(
                "every row of a current file has each column once",
                "select counted.export_id, counted.row_number\n"
                f"from ({per_row}) as counted\n"
                "inner join raw.exports as exports on counted.export_id = exports.export_id\n"
                "where exports.superseded_by is null and (\n"
                "    counted.cells <> exports.column_count\n"
                "    or counted.positions <> exports.column_count\n"
                "    or counted.first_position <> 1\n"
                "    or counted.last_position <> exports.column_count\n"
                ")",
            ),
            *_treated(registry),
        ),
    )


def _treated(registry: Registry) -> tuple[NoRows, ...]:
    rows = [
        (column.wave, column.kind, column.part, column.column_name, column.treatment)
        for column in registry.columns
        if column.treatment is not None
    ]
    if not rows:
        return ()
    treated = values_table(
        rows,
        dict.fromkeys(("wave", "kind", "part", "column_name", "treatment"), "text"),
    )
    return (
        NoRows(
            "a column that is dropped or pseudonymised holds nothing in clear",
            "select cells.export_id, cells.wave, cells.column_position, count(*) as found\n"
            "from raw.cells as cells\n"
            "inner join raw.exports as exports on cells.export_id = exports.export_id\n"
            "inner join raw.export_columns as listed\n"
            "    on cells.export_id = listed.export_id\n"
            "    and cells.column_position = listed.column_position\n"
            f"inner join {treated} as treated\n"
            "    on exports.wave = treated.wave and exports.kind = treated.kind\n"
            "    and exports.part = coalesce(treated.part, exports.part)\n"
            "    and coalesce(\n"
            "        nullif(trim(regexp_replace(listed.column_name, '\\s+', ' ', 'g')), ''),\n"
            "        '(column ' || listed.column_position || ')'\n"
            "    ) = trim(regexp_replace(treated.column_name, '\\s+', ' ', 'g'))\n"
            "where (treated.treatment = 'drop' and cells.value is not null)\n"
            "    or (treated.treatment = 'pseudonymise'\n"
            "        and not regexp_full_match(cells.value, '([0-9a-f]{64})?'))\n"
            "group by cells.export_id, cells.wave, cells.column_position",
        ),
    )


def _frame(registry: Registry) -> Suite:
    relation = "raw.frame"
    waves = _waves(registry)
    framed = (
        "exports.superseded_by is null and (\n"
        "    (exports.kind = 'frame' and waves.frame_source = 'file')\n"
        "    or (exports.kind = 'export' and waves.frame_source = 'export')\n"
        ")"
    )
    has_frame = any(wave.frame_source != "registry" for wave in registry.waves)
    return Suite(
        layer="raw",
        schema="raw",
        table="frame",
        grain="row of a landed sampling frame",
        keys=("export_id", "row_number"),
        checks=(
            *((NotEmpty(),) if has_frame else ()),
            *not_null("organisation_key"),
            NoRows(
                "organisation_key is not blank",
                f"select export_id, wave, row_number from {relation}\n"
                "where trim(organisation_key) = ''",
            ),
            unique(relation, "export_id", "row_number"),
            refers_to(
                relation,
                ("export_id", "wave"),
                "raw.exports",
                description="every row belongs to a landed file, of the same wave",
            ),
            NoRows(
                "every row of a current frame is an organisation, and no other file is a frame",
                "select exports.export_id, exports.wave, count(frame.row_number) as found,\n"
                f"    max(case when {framed} then exports.row_count else 0 end) as expected\n"
                "from raw.exports as exports\n"
                f"inner join {waves} as waves on exports.wave = waves.wave\n"
                f"left join {relation} as frame on exports.export_id = frame.export_id\n"
                "where exports.superseded_by is null\n"
                "group by exports.export_id, exports.wave\n"
                "having count(frame.row_number)\n"
                f"    <> max(case when {framed} then exports.row_count else 0 end)",
            ),
        ),
    )
