from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from landing.findings.errors import LandingError
from landing.readers import ValueLabel, read_table


@pytest.mark.parametrize(("suffix", "compressed"), [("sav", False), ("zsav", True)])
def test_values_stay_values_and_labels_stand_apart(
    tmp_path: Path, suffix: str, compressed: bool
) -> None:
    path = tmp_path / f"export.{suffix}"
    frame = pd.DataFrame(
        {
            "org": ["0012", "Ünï", ""],
            "v1": [1.0, 9.0, None],
            "v2": [0.5, -1.25, 3.0],
            "v3": [1.513, 0.125, 12.5],
            "when": [dt.date(2025, 3, 1), dt.date(2025, 3, 2), None],
        }
    )
    pyreadstat.write_sav(
        frame,
        str(path),
        column_labels={"v1": "Innoveerde u?"},
        variable_value_labels={"v1": {1.0: "Ja", 9.0: "Weet niet"}},
        missing_ranges={"v1": [9.0]},
        compress=compressed,
    )

    table = read_table(path)

    assert table.format == suffix
    assert [column.name for column in table.columns] == ["org", "v1", "v2", "v3", "when"]
    assert table.columns[1].label == "Innoveerde u?"
    assert table.rows == (
        # 1.513 in a text may be a thousand; in a file of numbers it is not.
        ("0012", "1", "0.5", "1.5130", "2025-03-01"),
        ("Ünï", "9", "-1.25", "0.125", "2025-03-02"),
        ("", None, "3", "12.5", None),
    )
    assert table.value_labels == (ValueLabel(2, "1", "Ja"), ValueLabel(2, "9", "Weet niet"))


def test_a_cut_off_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "export.sav"
    pyreadstat.write_sav(pd.DataFrame({"a": [1.0, 2.0]}), str(path))
    path.write_bytes(path.read_bytes()[:150])

    with pytest.raises(LandingError, match="The SPSS file cannot be read") as caught:
        read_table(path)

    assert caught.value.where == "export.sav"


def test_a_crash_of_the_reader_is_an_error_and_not_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "export.sav"
    pyreadstat.write_sav(pd.DataFrame({"a": [1.0, 2.0]}), str(path))
    crash = tmp_path / "sitecustomize.py"
    crash.write_text("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    monkeypatch.syspath_prepend(str(tmp_path))

    with pytest.raises(LandingError, match="its structure is broken"):
        read_table(path)


def test_a_file_without_rows_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "export.sav"
    pyreadstat.write_sav(pd.DataFrame({"a": pd.Series([], dtype=float)}), str(path))

    with pytest.raises(LandingError, match="no data rows"):
        read_table(path)


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("hebrews.sav", (99, 1)),
        ("missing_test.sav", (2, 1)),
        ("ordered_category.sav", (4, 1)),
        ("sample.por", (5, 7)),
        ("sample.sav", (5, 7)),
        ("sample.zsav", (5, 7)),
        ("sample_missing.sav", (7, 7)),
        ("simple_alltypes.sav", (6, 12)),
    ],
)
def test_samples_of_every_kind_are_read(
    shared_data: Path, name: str, shape: tuple[int, int]
) -> None:
    table = read_table(shared_data / "exports" / "spss" / name)

    assert (len(table.rows), len(table.columns)) == shape


@pytest.mark.shared_data
def test_user_missing_values_of_a_sample_are_kept(shared_data: Path) -> None:
    table = read_table(shared_data / "exports" / "spss" / "sample_missing.sav")
    by_name = {column.name: column.position for column in table.columns}

    assert table.column_values(by_name["mylabl"]) == ["1", "2", "1", "2", "1", "-1", None]
    assert table.column_values(by_name["mynum"])[5:] == ["-1", "2500"]
    assert table.column_values(by_name["mydate"])[1] == "1880-05-06"
    assert table.column_values(by_name["mytime"])[1] == "23:10:10"
