"""Reads one SPSS file in a process of its own and hands the table over on standard output.

Values are verbatim, never replaced by labels; user-missing values are values.
"""

from __future__ import annotations

import datetime as dt
import math
import pickle
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import pyreadstat

from landing.findings.errors import LandingError
from landing.readers.detect import POR
from landing.readers.table import (
    Cell,
    MultipleSet,
    Notice,
    SourceColumn,
    SourceTable,
    UserMissing,
    ValueLabel,
    make_table,
)
from landing.readers.values import cell_text

# SPSS counts seconds from the first day of its calendar.
_ORIGIN = dt.datetime(1582, 10, 14)
_PERIODS = ("QYR", "MOYR", "WKYR")


class _Metadata(Protocol):
    """The part of the library's untyped metadata that is used here."""

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
        if format == POR:
            data, metadata = pyreadstat.read_por(str(path), output_format="dict")
        else:
            data, metadata = pyreadstat.read_sav(str(path), output_format="dict", user_missing=True)
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
    texts = [_texts(data[name], _type(metadata, name)) for name in names]
    table = make_table(
        path,
        columns,
        list(zip(*texts, strict=True)),
        format=format,
        value_labels=_value_labels(metadata, names),
        encoding=metadata.file_encoding,
        notices=_notices(format, metadata),
    )
    return replace(
        table,
        user_missing=_user_missing(metadata, names),
        multiple_sets=_multiple_sets(metadata, names),
    )


def _type(metadata: _Metadata, name: str) -> str:
    """Return the SPSS print format (F8.2, DATE11, A40), else the storage type."""
    return str(
        metadata.original_variable_types.get(name) or metadata.readstat_variable_types.get(name)
    )


def _texts(values: Sequence[object], print_format: str) -> list[Cell]:
    if print_format.startswith(_PERIODS):
        return [cell_text(_first_day(value)) for value in values]
    return [cell_text(value) for value in values]


def _first_day(value: object) -> object:
    """Return the day a quarter, month or week begins on, which the library leaves a number."""
    if not isinstance(value, float | int) or not math.isfinite(value):
        return value
    try:
        return (_ORIGIN + dt.timedelta(seconds=value)).date()
    except OverflowError:
        return value


def _value_labels(metadata: _Metadata, names: list[str]) -> tuple[ValueLabel, ...]:
    return tuple(
        ValueLabel(position=position, raw_value=cell_text(value) or "", label=str(label))
        for position, name in enumerate(names, start=1)
        for value, label in metadata.variable_value_labels.get(name, {}).items()
    )


def _user_missing(metadata: _Metadata, names: list[str]) -> tuple[UserMissing, ...]:
    return tuple(
        UserMissing(position, cell_text(missing["lo"]) or "", cell_text(missing["hi"]) or "")
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


def _notices(format: str, metadata: _Metadata) -> tuple[Notice, ...]:
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
