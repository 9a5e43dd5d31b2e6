"""A checked file as the rows of the raw tables, in a workspace, ready to be written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from landing.check import CheckReport, check_table
from landing.checks.correction import correction_finding
from landing.checks.subject import Subject, column_key, known_as
from landing.deliveries import InboxFile, layout_of
from landing.findings.finding import Finding
from landing.known.beside import Beside, DeliveredFile
from landing.personal.treatment import Treatment, treatments
from landing.readers import SourceTable, read_table
from landing.readers.workspace_rows import WorkspaceRows, stripped
from landing.storage.archive import Fingerprint, fingerprint, require_unchanged
from landing.storage.warehouse import CURRENT_EXPORT, Selection
from landing.storage.workspace import Workspace
from registry import Registry
from registry.tables.waves import Delivery

# More branches in one statement take the database more time to plan than to run.
_COLUMNS_PER_STATEMENT = 200


@dataclass(frozen=True)
class PreparedExport:
    """One new file: who it is, what was found, and its rows per raw table.

    Attributes:
        missing_ranges: values of a column that the file itself calls missing.
        multiple_sets: columns that the file itself says are one question.
        delivered: the file as those that are checked after it see it.
        n_forgotten: rows of the file that are left out, of respondents who were forgotten.
    """

    file: InboxFile
    content: Fingerprint
    export_id: str
    report: CheckReport
    columns: pa.Table
    value_labels: pa.Table
    missing_ranges: pa.Table
    multiple_sets: pa.Table
    cells: Selection
    frame: Selection | None
    delivered: DeliveredFile
    n_forgotten: int = 0

    @property
    def findings_to_keep(self) -> tuple[Finding, ...]:
        """What may be kept of the findings: none that may quote who was forgotten."""
        findings = self.report.findings
        return findings[-1:] if self.n_forgotten else findings


def prepare_file(
    file: InboxFile,
    content: Fingerprint,
    export_id: str,
    registry: Registry,
    workspace: Workspace,
    warehouse: Path | None = None,
    treatment: Treatment = Treatment(),  # noqa: B008 - a frozen value
    replaces: str | None = None,
    before: Sequence[PreparedExport] = (),
) -> PreparedExport:
    """Read and check a file; its findings are in the report, errors included.

    Its cells stay in the workspace, and have to be written before that is closed. Where the wave
    before was landed in the warehouse, the file is compared with it, and with the version that it
    replaces, where there is one; so it is with the files that were prepared before it.

    Raises:
        LandingError: the file cannot be read as a table, or changes meanwhile.
    """
    delivery = file.delivery
    table = read_table(
        file.path,
        format=delivery.format,
        sheet=delivery.sheet,
        tool=delivery.tool,
        workspace=workspace,
        layout=layout_of(delivery),
    ).staged_in(workspace)
    require_unchanged(file.path, content)
    report = check_table(
        table,
        file_name=file.path.name,
        wave=delivery.wave,
        kind=delivery.kind,
        part=delivery.part,
        registry=registry,
        warehouse=warehouse,
        beside=Beside(content.sha256, tuple(export.delivered for export in before)),
    )
    # From here on there is nothing of forgotten respondents, nor of what is dropped.
    protected = treatment.apply(table, delivery, registry)
    table = protected.table
    if replaces is not None and warehouse is not None:
        finding = correction_finding(
            table,
            wave=delivery.wave,
            kind=delivery.kind,
            part=delivery.part,
            registry=registry,
            warehouse=warehouse,
            replaces=replaces,
            uncompared=frozenset(treatments(table, delivery, registry)),
        )
        report = replace(report, findings=(*report.findings, finding))
    if protected.n_forgotten:
        report = _without(report, protected.n_forgotten)
    return PreparedExport(
        file=file,
        content=content,
        export_id=export_id,
        report=report,
        columns=_columns(table, export_id),
        value_labels=_value_labels(table, export_id),
        missing_ranges=_missing_ranges(table, export_id),
        multiple_sets=_multiple_sets(table, export_id),
        cells=_cells(table.cells),
        frame=_frame(table, export_id, file, registry),
        delivered=DeliveredFile(
            Subject(table, registry.wave(delivery.wave), delivery.kind, delivery.part, registry),
            file.path.name,
            content.sha256,
        ),
        n_forgotten=protected.n_forgotten,
    )


def _without(report: CheckReport, n_forgotten: int) -> CheckReport:
    """Return the report of a file without the rows of forgotten respondents."""
    finding = Finding(
        "information",
        "forgotten_left_out",
        f"{n_forgotten} row(s) are of respondents who were forgotten; they are not landed, and "
        "the original is not archived. Other findings are not kept: they may quote them.",
        expected="an export without them",
        remedy="Delete the responses in the survey tool and the file from the inbox.",
    )
    return replace(
        report,
        row_count=report.row_count - n_forgotten,
        findings=(*report.findings, finding),
    )


def fingerprint_of(file: InboxFile) -> Fingerprint:
    """Return the fingerprint of a delivered file."""
    return fingerprint(file.path)


def _columns(table: SourceTable, export_id: str) -> pa.Table:
    columns = table.columns
    return pa.table(
        {
            "export_id": _repeat(export_id, len(columns)),
            "column_position": pa.array([c.position for c in columns], pa.int32()),
            "column_name": _text([c.name for c in columns]),
            "column_label": _text([c.label for c in columns]),
            "source_type": _text([c.source_type for c in columns]),
        }
    )


def _value_labels(table: SourceTable, export_id: str) -> pa.Table:
    labels = table.value_labels
    return pa.table(
        {
            "export_id": _repeat(export_id, len(labels)),
            "column_position": pa.array([label.position for label in labels], pa.int32()),
            "raw_value": _text([label.raw_value for label in labels]),
            "label": _text([label.label for label in labels]),
        }
    )


def _missing_ranges(table: SourceTable, export_id: str) -> pa.Table:
    ranges = table.user_missing
    return pa.table(
        {
            "export_id": _repeat(export_id, len(ranges)),
            "column_position": pa.array([missing.position for missing in ranges], pa.int32()),
            "low": _text([missing.low for missing in ranges]),
            "high": _text([missing.high for missing in ranges]),
        }
    )


def _multiple_sets(table: SourceTable, export_id: str) -> pa.Table:
    members = [(one, position) for one in table.multiple_sets for position in one.positions]
    return pa.table(
        {
            "export_id": _repeat(export_id, len(members)),
            "set_name": _text([one.name for one, _ in members]),
            "set_label": _text([one.label for one, _ in members]),
            "counted_value": _text([one.counted_value for one, _ in members]),
            "column_position": pa.array([position for _, position in members], pa.int32()),
        }
    )


def _cells(rows: WorkspaceRows) -> Selection:
    """Return the long form, column after column: so it is written, and compressed, best."""
    selects = [
        f"select {CURRENT_EXPORT} as export_number, {rows.row_number} as row_number, "
        f"{position} as column_position, {rows.cell(position)} as value {rows.source}"
        for position in range(1, len(rows.places) + 1)
    ]
    return Selection(
        tuple(
            " union all ".join(selects[start : start + _COLUMNS_PER_STATEMENT])
            for start in range(0, len(selects), _COLUMNS_PER_STATEMENT)
        )
    )


def _frame(
    table: SourceTable, export_id: str, file: InboxFile, registry: Registry
) -> Selection | None:
    """Return the organisations that the file lists, if this file is a sampling frame."""
    delivery = file.delivery
    frame_source = registry.wave(delivery.wave).frame_source
    if delivery.kind == "export" and frame_source != "export":
        return None
    rows = table.cells
    key = _role_cell(table, delivery, registry, "organisation_key")
    if key is None:
        key = _respondent_key(table, delivery, registry)
    name = _role_cell(table, delivery, registry, "organisation_name") or "null"
    return Selection(
        (
            f"select {_literal(export_id)} as export_id, {_literal(delivery.wave)} as wave, "
            f"{rows.row_number} as row_number, {key} as organisation_key, "
            f"{name} as organisation_name {rows.source}",
        )
    )


def _respondent_key(table: SourceTable, delivery: Delivery, registry: Registry) -> str:
    """Return the keys of respondents who are units themselves: ids count anew in every part.

    A tool that gives them no id leaves them their row in the file.
    """
    cell = _role_cell(table, delivery, registry, "response_id")
    if cell is None:
        return f"{_literal(delivery.part + '-')} || {table.cells.row_number}"
    return f"{_literal(delivery.part + '-')} || nullif({stripped(cell)}, '')"


def _role_cell(table: SourceTable, delivery: Delivery, registry: Registry, role: str) -> str | None:
    """Return the SQL expression of the column with a role, if the file has one."""
    names = {
        column_key(mapping.column_name)
        for mapping in registry.columns_for(delivery.wave, delivery.kind, delivery.part)
        if mapping.role == role
    }
    position = next((c.position for c in table.columns if known_as(c) in names), None)
    return None if position is None else table.cells.cell(position)


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _text(values: Sequence[str | None]) -> pa.Array:
    return pa.array(values, pa.string())


def _repeat(value: str, count: int) -> pa.Array:
    # A dictionary holds the text once, however many rows repeat it.
    indices = pa.repeat(pa.scalar(0, pa.int32()), count)
    return pa.DictionaryArray.from_arrays(indices, pa.array([value], pa.string()))
