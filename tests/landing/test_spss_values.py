"""Values of SPSS files that the library underneath gets wrong, or gives up on."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from landing.readers import SourceTable, read_table


def saved(
    path: Path, data: Mapping[str, list[object]], formats: Mapping[str, str], **more: object
) -> Path:
    pyreadstat.write_sav(pd.DataFrame(data), str(path), variable_format=dict(formats), **more)
    return path


def read(tmp_path: Path, values: list[object], print_format: str) -> SourceTable:
    return read_table(saved(tmp_path / "a.sav", {"v": values}, {"v": print_format}))


DURATIONS = {
    0.0: "00:00:00",
    3600.0: "01:00:00",
    86399.0: "23:59:59",
    97500.0: "27:05:00",
    -60.0: "-00:01:00",
    -97500.0: "-27:05:00",
    1_000_000.0: "277:46:40",
    12.5: "00:00:12.5",
    0.1 + 0.2: "00:00:00.3",
}


@pytest.mark.parametrize("print_format", ["TIME8", "TIME11.2", "DTIME12", "DTIME20.2"])
def test_durations_are_as_long_as_they_are(tmp_path: Path, print_format: str) -> None:
    table = read(tmp_path, [None, *DURATIONS], print_format)

    assert table.column_values(1) == [None, *DURATIONS.values()]


@pytest.mark.parametrize(
    ("print_format", "text"),
    [
        ("DATE11", "2025-01-14"),
        ("ADATE10", "2025-01-14"),
        ("SDATE10", "2025-01-14"),
        ("DATETIME20", "2025-01-14T00:00:00"),
        ("MOYR8", "2025-01-14"),
    ],
)
def test_impossible_dates_are_reported_and_the_others_are_read(
    tmp_path: Path, print_format: str, text: str
) -> None:
    good = 13956192000.0
    table = read(tmp_path, [good, 589_093_452_000.0, None, -1e11, good], print_format)

    assert table.column_values(1) == [text, None, None, None, text]
    (notice,) = table.notices
    assert notice.code == "date_out_of_range"
    assert notice.where == "column 'v', data row 2 (the year 20250), 4 (the year -1587)"


NUMBERS = {0.1 + 0.2: "0.3", 1.1 * 3: "3.3", 100 * 1.1: "110", 1 / 3: "0.333333333333333"}


@pytest.mark.parametrize("print_format", ["F8.2", "COMMA8.2"])
def test_what_a_double_adds_to_a_number_is_left_out(tmp_path: Path, print_format: str) -> None:
    assert read(tmp_path, list(NUMBERS), print_format).column_values(1) == list(NUMBERS.values())


def test_labels_and_missing_values_of_dates_are_dates(tmp_path: Path) -> None:
    day = 13956192000.0
    table = read_table(
        saved(
            tmp_path / "a.sav",
            {"v": [day, 0.1 + 0.2]},
            {"v": "DATE11"},
            variable_value_labels={"v": {day: "onbekend"}},
            missing_ranges={"v": [day]},
        )
    )

    assert [label.raw_value for label in table.value_labels] == ["2025-01-14"]
    assert [(one.low, one.high) for one in table.user_missing] == [("2025-01-14", "2025-01-14")]


def damaged(path: Path, old: bytes, new: bytes) -> Path:
    content = path.read_bytes()
    assert content.count(old) == 1
    assert len(old) == len(new)
    path.write_bytes(content.replace(old, new))
    return path


def test_one_stray_byte_in_an_answer_is_reported_and_the_rest_is_read(tmp_path: Path) -> None:
    data: dict[str, list[object]] = {"naam": ["één", "twee", "über"], "n": [1.0, 2.0, 3.0]}
    path = saved(tmp_path / "a.sav", data, {}, column_labels={"naam": "Wélke?"})

    table = read_table(damaged(path, b"twee", b"tw\xebe"))

    assert table.rows == (("één", "1"), ("tw\ufffde", "2"), ("über", "3"))
    assert table.columns[0].label == "Wélke?"
    assert table.encoding == "UTF-8"
    (notice,) = table.notices
    assert notice.code == "stray_bytes"
    assert notice.where == "column 'naam', data row 2"


def test_one_stray_byte_in_a_label_is_reported(tmp_path: Path) -> None:
    path = saved(
        tmp_path / "a.sav",
        {"n": [1.0, 2.0]},
        {},
        column_labels={"n": "coordinatie"},
        variable_value_labels={"n": {1.0: "éénmaal", 2.0: "nogmaals"}},
    )
    damaged(path, b"coordinatie", b"co\xf6rdinatie")

    table = read_table(damaged(path, b"nogmaals", b"nogm\xe1als"))

    assert table.rows == (("1",), ("2",))
    assert [label.label for label in table.value_labels] == ["éénmaal", "nogm\ufffdals"]
    assert table.notices[0].where == "the label of column 1; a value label of column 1"
