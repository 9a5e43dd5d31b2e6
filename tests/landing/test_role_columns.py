"""What decides which responses count is read, or the file is refused; nothing in it is guessed."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from toy_survey import EXPORT_HEADER, answers, column, fingerprint, run

from barometer.settings import PROJECT_ROOT, Settings
from landing.check import check_file
from landing.findings.errors import LandingError
from landing.findings.finding import CheckReport, Finding
from registry import Registry, load_registry

HEADER = [*EXPORT_HEADER, "page", "test", "weight"]
EXAMPLE = PROJECT_ROOT / "examples" / "ibo" / "IBO2021_synthetic_export_v2.csv"
Check = Callable[[str, list[str]], list[Finding]]


@pytest.fixture
def with_roles(registry: Registry) -> Registry:
    more = (
        column("2023", "export", "page", "last_page"),
        column("2023", "export", "test", "test_flag"),
        column("2023", "export", "weight", "weight"),
    )
    return replace(registry, columns=(*registry.columns, *more))


@pytest.fixture
def errors(deliver: Callable[..., Path], with_roles: Registry) -> Check:
    """The errors of a file in which one column holds these values, row by row."""

    def found(name: str, values: list[str]) -> list[Finding]:
        rows = [[*row, "7", "", "1"] for row in answers(len(values))]
        for row, value in zip(rows, values, strict=True):
            row[HEADER.index(name)] = value
        path = deliver("toy2023_export.csv", rows, HEADER)
        return list(check_file(path, wave="2023", registry=with_roles).errors)

    return found


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("test", ["1", "Y", "j", "Yes", "JA ", "TRUE", "0", "N", "no", "Nee", "false", "", " "]),
        ("page", ["7", "0", "7.0", "12", "", "\u00a0"]),
        ("when", ["2023-03-01", "2023-03-01 12:00:00", "2023-03-01T12:00:00Z", "45000", ""]),
        ("weight", ["3", "1.513", "1,5", "0.75", "33.846996307373", "1e1", ""]),
    ],
)
def test_known_and_blank_values_are_no_error(errors: Check, name: str, values: list[str]) -> None:
    assert errors(name, values) == []


@pytest.mark.parametrize(
    ("name", "values", "where", "remedy"),
    [
        (
            "test",
            ["ONWAAR", "onwaar", "WAAR", "", "Y"],
            "'ONWAAR' (1×, first in data row 1), 'onwaar' (1×, first in data row 2), "
            "'WAAR' (1×, first in data row 3)",
            "dbt_project.yml",
        ),
        ("page", ["7", "pagina 7", "pagina 7"], "'pagina 7' (2×, first in data row 2)", "ignore"),
        ("page", ["1.513"], "'1.513' (1×, first in data row 1)", "ignore"),
        (
            "weight",
            ["1.5", "high", "-"],
            "'high' (1×, first in data row 2), '-' (1×, first in data row 3)",
            "ignore",
        ),
        (
            "when",
            ["2023-03-01", "31-03-2023", "gisteren", "31-03-2023"],
            "'31-03-2023' (2×, first in data row 2), 'gisteren' (1×, first in data row 3)",
            "date_order",
        ),
    ],
)
def test_one_unknown_value_is_an_error_that_names_column_values_and_rows(
    errors: Check, name: str, values: list[str], where: str, remedy: str
) -> None:
    (error,) = errors(name, values)

    assert error.where == f"column '{name}': {where}"
    assert error.expected
    assert remedy in error.remedy


def test_a_file_with_an_unknown_test_flag_is_named_and_does_not_land(
    settings: Settings, with_roles: Registry, deliver: Callable[..., Path]
) -> None:
    deliver("toy2023_export.csv", [[*row, "7", "N", ""] for row in answers(3)], HEADER)
    run(settings, with_roles)
    before = fingerprint(settings)
    deliver("toy2023_export_v2.csv", [[*row, "7", "WAAR", ""] for row in answers(3)], HEADER)

    with pytest.raises(LandingError, match=r"toy2023_export_v2\.csv, column 'test': 'WAAR'"):
        run(settings, with_roles)

    assert fingerprint(settings) == before


def altered(folder: Path, name: str, change: Callable[[str], str]) -> CheckReport:
    """The check of the example export with one column changed."""
    with EXAMPLE.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = list(csv.reader(file))
    place = next(at for at, heading in enumerate(header) if re.match(rf"{name}\b", heading))
    for row in rows:
        row[place] = change(row[place])
    path = folder / EXAMPLE.name
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return check_file(path, wave="2021", registry=load_registry(PROJECT_ROOT / "seeds"))


def test_the_example_is_fit_to_land(tmp_path: Path) -> None:
    assert altered(tmp_path, "G01Q01", str).errors == ()


def test_test_flags_of_a_dutch_spreadsheet_stop_the_example(tmp_path: Path) -> None:
    report = altered(tmp_path, "testrespons", lambda cell: "WAAR" if cell else "ONWAAR")

    (error,) = report.errors
    assert error.code == "test_flag_unreadable"
    assert "'ONWAAR' (394×" in error.where
    assert "'WAAR' (4×" in error.where


def test_points_between_thousands_stop_the_example_as_commas_do(tmp_path: Path) -> None:
    def grouped(sign: str) -> Callable[[str], str]:
        return lambda cell: f"{int(cell):,}".replace(",", sign) if cell.isdecimal() else cell

    (point,) = altered(tmp_path, "G01Q01", grouped(".")).errors
    (comma,) = altered(tmp_path, "G01Q01", grouped(",")).errors

    assert point.code == "number_unreadable"
    assert "'1.116' (2×)" in point.where
    assert "a thousand or one and a bit" in point.remedy
    assert point.message == comma.message
    assert point.where.replace(".", ",") == comma.where.replace(".", ",")
