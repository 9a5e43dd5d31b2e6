"""One writer per file format; the same table always gives the same bytes."""

from __future__ import annotations

import csv
import io
import re
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import pandas as pd
import pyreadstat
from openpyxl import Workbook

from examples.tables import Cell, Table

LONG_AGO = (1980, 1, 1, 0, 0, 0)
SAV_DATE_AT, SAV_DATE = 92, b"01 Jan 25" + b"00:00:00"
XLSX_DATE = "2023-05-01T00:00:00Z"


def csv_bytes(
    table: Table, *, delimiter: str, encoding: str, quote_all: bool, line_end: str
) -> bytes:
    """Write a delimited text file."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(
        buffer,
        delimiter=delimiter,
        quoting=csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL,
        lineterminator=line_end,
    )
    writer.writerow(table.header)
    writer.writerows([_as_text(cell) for cell in row] for row in table.rows)
    return buffer.getvalue().encode(encoding)


def xlsx_bytes(sheets: Mapping[str, Table]) -> bytes:
    """Write a workbook, with every timestamp inside fixed."""
    book = Workbook()
    del book[book.sheetnames[0]]
    for title, table in sheets.items():
        sheet = book.create_sheet(title)
        sheet.append(table.header)
        for row in table.rows:
            sheet.append([cell if cell != "" else None for cell in row])
    written = io.BytesIO()
    book.save(written)
    result = io.BytesIO()
    with (
        zipfile.ZipFile(written) as source,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in sorted(source.namelist()):
            content = source.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT[\d:]+Z", XLSX_DATE.encode(), content)
            entry = zipfile.ZipInfo(name, LONG_AGO)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, content, compresslevel=9)
    return result.getvalue()


def sav_bytes(
    table: Table,
    *,
    labels: Sequence[str],
    value_labels: Mapping[str, Mapping[int, str]],
    missing_values: Mapping[str, Sequence[int]],
    numeric: frozenset[str],
    title: str,
) -> bytes:
    """Write an SPSS file, with the creation time in its header fixed."""
    frame = pd.DataFrame(list(table.rows), columns=list(table.header))
    for name in table.header:
        if name in numeric:
            frame[name] = pd.to_numeric(frame[name].replace("", None))
        elif frame[name].map(lambda cell: isinstance(cell, datetime)).any():
            frame[name] = pd.to_datetime(frame[name])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.sav"
        pyreadstat.write_sav(
            frame,
            str(path),
            file_label=title,
            column_labels=list(labels),
            variable_value_labels={name: dict(given) for name, given in value_labels.items()},
            missing_ranges={name: list(given) for name, given in missing_values.items()},
            variable_format=dict.fromkeys(numeric, "F8.0"),
            row_compress=True,
        )
        content = path.read_bytes()
    end = SAV_DATE_AT + len(SAV_DATE)
    return content[:SAV_DATE_AT] + SAV_DATE + content[end:]


def _as_text(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return "" if cell is None else str(cell)
