"""Reads one SPSS file in a process of its own and hands the table over on standard output.

Values are verbatim, never replaced by labels; user-missing values are values.
"""

from __future__ import annotations

import pickle
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import pyreadstat

from landing.findings.errors import LandingError
from landing.readers.detect import POR
from landing.readers.sav_values import StrayBytes, column_texts, value_text
from landing.readers.table import (
    MultipleSet,
    Notice,
    SourceColumn,
    SourceTable,
    UserMissing,
    ValueLabel,
    make_table,
)
from landing.readers.values import cell_text

# Every byte is a character in it, so that one that should not be there stops nothing.
_ANY_BYTE = "LATIN1"


class _Metadata(Protocol):
    """The part of the library's untyped metadata that is used here."""

    column_names: Sequence[str]
    column_names_to_labels: Mapping[str, str | None]
    file_encoding: str | None
    original_variable_types: Mapping[str, str]
    readstat_variable_types: Mapping[str, str]
    variable_value_labels: Mapping[str, Mapping[object, str]]
    missing_ranges: Mapping[str, Sequence[Mapping[str, object]]]
    mr_sets: Mapping[str, Any]


def parse_spss(path: Path, format: str) -> SourceTable:
    """Read an SPSS system (.sav, .zsav) or portable (.por) file.

    Raises:
        LandingError: the file is damaged.
    """
    try:
        data, metadata, stray = _read(path, format)
    except (
        pyreadstat.ReadstatError,
        pyreadstat.PyreadstatError,
        UnicodeError,
        ValueError,
        OverflowError,
    ) as error:
        raise LandingError(
            f"The SPSS file cannot be read ({error}).",
            where=path.name,
            expected="a complete SPSS data file",
            remedy="Save it again in SPSS as .sav (Unicode), or export it as CSV.",
        ) from error
    names: list[str] = list(metadata.column_names)
    columns = tuple(
        SourceColumn(
            position=position,
            name=name,
            label=metadata.column_names_to_labels.get(name) or None,
            source_type=_type(metadata, name),
        )
        for position, name in enumerate(names, start=1)
    )
    texts = [column_texts(data[name], _type(metadata, name), name) for name in names]
    table = make_table(
        path,
        columns,
        list(zip(*(cells for cells, _ in texts), strict=True)),
        format=format,
        value_labels=_value_labels(metadata, names),
        encoding=stray.encoding if stray else metadata.file_encoding,
        notices=_notices(format),
    )
    found = [notice for _, notices in texts for notice in notices]
    table = replace(
        table,
        notices=(*table.notices, *found),
        user_missing=_user_missing(metadata, names),
        multiple_sets=_multiple_sets(metadata, names),
    )
    return _mended(table, stray) if stray else table


def _read(
    path: Path, format: str
) -> tuple[Mapping[str, Sequence[object]], _Metadata, StrayBytes | None]:
    """Read a file with numbers as they are: the library's dates wrap around and give up."""
    plain = {"output_format": "dict", "disable_datetime_conversion": True}
    if format == POR:
        return (*pyreadstat.read_por(str(path), **plain), None)
    try:
        return (*pyreadstat.read_sav(str(path), user_missing=True, **plain), None)
    except (pyreadstat.ReadstatError, UnicodeError) as error:
        if isinstance(error, pyreadstat.ReadstatError) and "byte sequence" not in str(error):
            raise
    data, metadata = pyreadstat.read_sav(str(path), user_missing=True, encoding=_ANY_BYTE, **plain)
    return data, metadata, StrayBytes(_stated_encoding(path))


def _stated_encoding(path: Path) -> str:
    try:
        _, metadata = pyreadstat.read_sav(str(path), metadataonly=True)
    except (pyreadstat.ReadstatError, UnicodeError):
        return "utf-8"
    return str(metadata.file_encoding or "utf-8")


def _mended(table: SourceTable, stray: StrayBytes) -> SourceTable:
    """Return a table that was read byte by byte with its texts in their encoding."""

    def mend(text: str | None, where: str) -> str | None:
        return text if text is None or text.isascii() else stray.mended(text, where)

    columns = tuple(
        replace(
            column,
            name=mend(column.name, f"the name of column {column.position}") or "",
            label=mend(column.label, f"the label of column {column.position}"),
        )
        for column in table.columns
    )
    rows = tuple(
        tuple(
            mend(cell, f"column '{column.name}', data row {number}")
            for column, cell in zip(columns, row, strict=True)
        )
        for number, row in enumerate(table.rows, start=1)
    )
    labels = tuple(
        replace(
            label,
            raw_value=mend(label.raw_value, "a labelled value") or "",
            label=mend(label.label, f"a value label of column {label.position}") or "",
        )
        for label in table.value_labels
    )
    sets = tuple(
        replace(
            one,
            name=mend(one.name, "the name of a multiple-response set") or "",
            label=mend(one.label, "the label of a multiple-response set"),
            counted_value=mend(one.counted_value, "a counted value"),
        )
        for one in table.multiple_sets
    )
    return replace(
        table,
        columns=columns,
        rows=rows,
        value_labels=labels,
        multiple_sets=sets,
        notices=(*table.notices, *stray.notices()),
    )


def _type(metadata: _Metadata, name: str) -> str:
    """Return the SPSS print format (F8.2, DATE11, A40), else the storage type."""
    return str(
        metadata.original_variable_types.get(name) or metadata.readstat_variable_types.get(name)
    )


def _value_labels(metadata: _Metadata, names: list[str]) -> tuple[ValueLabel, ...]:
    return tuple(
        ValueLabel(position, value_text(value, _type(metadata, name)) or "", str(label))
        for position, name in enumerate(names, start=1)
        for value, label in metadata.variable_value_labels.get(name, {}).items()
    )


def _user_missing(metadata: _Metadata, names: list[str]) -> tuple[UserMissing, ...]:
    return tuple(
        UserMissing(
            position,
            value_text(missing["lo"], _type(metadata, name)) or "",
            value_text(missing["hi"], _type(metadata, name)) or "",
        )
        for position, name in enumerate(names, start=1)
        for missing in metadata.missing_ranges.get(name, ())
    )


def _multiple_sets(metadata: _Metadata, names: list[str]) -> tuple[MultipleSet, ...]:
    """Return the multiple-response sets, in which a name may be written in other case."""
    places = {name.casefold(): position for position, name in enumerate(names, start=1)}
    sets = []
    for name, found in metadata.mr_sets.items():
        counted = found["counted_value"] if found["is_dichotomy"] else None
        positions = (places.get(column.casefold()) for column in found["variable_list"])
        sets.append(
            MultipleSet(
                name=name,
                label=found["label"] or None,
                counted_value=cell_text(counted),
                positions=tuple(position for position in positions if position is not None),
            )
        )
    return tuple(sets)


def _notices(format: str) -> tuple[Notice, ...]:
    """Say what the library cannot keep of a portable file: values that the file calls missing."""
    if format != POR:
        return ()
    return (
        Notice(
            "por_user_missing",
            "Values that this portable file declares as user-missing, if any, are read as empty.",
            "the whole file",
            "Save it as .sav if don't know and no answer are to be told apart.",
        ),
    )


def main(path: str, format: str) -> None:
    """Write the table, or the error that stands for it, to standard output."""
    try:
        outcome: SourceTable | LandingError = parse_spss(Path(path), format)
    except LandingError as error:
        outcome = error
    pickle.dump(outcome, sys.stdout.buffer, protocol=pickle.HIGHEST_PROTOCOL)


if __name__ == "__main__":
    main(*sys.argv[1:])
