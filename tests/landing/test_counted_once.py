"""Columns of few values are counted once, for the proof of the reading and for the checks."""

from __future__ import annotations

import csv
import itertools
from collections import Counter
from pathlib import Path

import pytest

from landing.drift.source import FileSource
from landing.readers import delimited, read_table
from landing.readers import workspace_rows as staged
from landing.readers.workspace_rows import WorkspaceRows

HEADER = ["id", 'kop "met" é', "few", "late", "tick"]
LABELS = ["", 'ja, "zeker"', "né", "nvt\nregel"]


@pytest.fixture(autouse=True)
def every_table_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "LARGE_BYTES", 0)
    monkeypatch.setattr(staged, "_LONG_TABLE", 0)


def rows_of(count: int) -> list[list[str]]:
    return [
        [
            str(number),
            f'toelichting {number} "x"',
            LABELS[number % 4],
            # One value in the rows that are looked at, and another in each row after them.
            "same" if number < 2 * staged._FEW_IN_SAMPLE else f"other {number}",
            "Y" if number % 3 else "",
        ]
        for number in range(count)
    ]


def read(tmp_path: Path, rows: list[list[str]]) -> WorkspaceRows:
    path = tmp_path / "export.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([HEADER, *rows])
    found = read_table(path).rows
    assert isinstance(found, WorkspaceRows)
    # The careful reader, to which a reading that does not add up is left, keeps no nulls.
    assert found.null_is_empty
    return found


def test_a_long_table_is_read_verbatim_and_proved_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staged, "_SAMPLE_CELLS", 0)
    rows = rows_of(3_000)

    found = read(tmp_path, rows)

    assert found.positions_of_few_values() == [3, 4, 5]
    assert [list(row) for row in found] == rows


def test_counts_are_those_of_the_cells(tmp_path: Path) -> None:
    rows = rows_of(3_000)
    found = read(tmp_path, rows)

    columns = list(zip(*rows, strict=True))
    for position in (3, 4, 5):
        assert found.value_counts(position) == Counter(columns[position - 1])
    assert list(found.value_counts(3)) == LABELS
    assert found.filled_counts() == [sum(map(bool, column)) for column in columns]


def test_what_was_counted_once_is_not_read_again(tmp_path: Path) -> None:
    found = read(tmp_path, rows_of(200))
    known = found.few_value_counts(3, remembered=True)

    assert known == Counter(LABELS * 50)
    assert found.few_value_counts(1, remembered=True) is None


def test_a_column_of_many_values_is_not_remembered(tmp_path: Path) -> None:
    found = read(tmp_path, rows_of(3_000))

    assert found.few_value_counts(1) is None
    assert found.few_value_counts(1, remembered=True) is None


@pytest.mark.parametrize("repeated", [[], [[4, 9]], [[4, 9], [0, 30]]])
def test_repeated_rows_are_found_whatever_tells_the_others_apart(
    tmp_path: Path, repeated: list[list[int]]
) -> None:
    rows = rows_of(1_500)
    for first, again in repeated:
        rows[again] = rows[first]
    found = read(tmp_path, rows)

    numbers = FileSource(found).repeated_rows([1, 2, 3, 4, 5], 3)

    assert numbers == sorted(again + 1 for _, again in repeated)


def test_rows_of_few_values_repeat_each_other(tmp_path: Path) -> None:
    rows = [["same", "text", *pair] for pair in itertools.product("abc", repeat=3)] * 2
    path = tmp_path / "export.csv"
    with path.open("w", newline="") as stream:
        csv.writer(stream).writerows([["w", "v", "x", "y", "z"], *rows])

    found = read_table(path).rows

    assert isinstance(found, WorkspaceRows)
    assert FileSource(found).repeated_rows([1, 2, 3, 4, 5], 3) == list(range(28, 55))
