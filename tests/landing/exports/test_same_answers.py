"""The same answers as CSV, TSV and XLSX come out the same, from landing to cleaned."""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from built_survey import build_survey
from r_community import (
    FORMATS,
    LABELS,
    NUMBERS,
    SEPARATED,
    SINGLE,
    STARTED,
    STEM,
    WAVES,
    inbox,
    registries,
)
from registry_folder import write_registries

from barometer.labels import collapse_white_space
from barometer.settings import PROJECT_ROOT, Settings
from landing.readers import SourceTable, read_table

pytestmark = [
    pytest.mark.thorough,
    pytest.mark.shared_data,
    pytest.mark.xdist_group("same_answers"),
]

N_ROWS, N_COLUMNS = 1838, 52


@pytest.fixture(scope="module")
def tables(shared_data: Path) -> dict[str, SourceTable]:
    folder = shared_data / "exports" / "google-forms"
    return {name: read_table(folder / f"{STEM}.{name}") for name in FORMATS}


@pytest.fixture(scope="module")
def warehouse(
    shared_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[duckdb.DuckDBPyConnection]:
    folder = tmp_path_factory.mktemp("r_community")
    settings = Settings(
        survey="r_community",
        root=PROJECT_ROOT,
        home=folder / "home",
        inbox=inbox(folder / "inbox", shared_data),
        registries=write_registries(folder / "registries", registries()),
    )
    build_survey(settings, "path:models/cleaned")
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def independent(shared_data: Path) -> list[dict[str, str]]:
    """The CSV read by other means than the project's."""
    path = shared_data / "exports" / "google-forms" / f"{STEM}.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_all_three_are_of_the_same_size_and_tool(tables: dict[str, SourceTable]) -> None:
    for table in tables.values():
        assert (table.tool, len(table.rows), len(table.columns)) == (
            "google_forms", N_ROWS, N_COLUMNS,
        )  # fmt: skip
        assert [c.name for c in table.columns] == [c.name for c in tables["csv"].columns]


@pytest.mark.parametrize("other", ["tsv", "xlsx"])
def test_all_columns_but_the_timestamp_are_equal(
    tables: dict[str, SourceTable], other: str
) -> None:
    """Up to white space (the TSV has blanks for line breaks) and empty against absent."""
    for position in range(2, N_COLUMNS + 1):
        one, two = (
            [collapse_white_space(cell or "") for cell in tables[name].column_values(position)]
            for name in ("csv", other)
        )
        assert one == two, tables["csv"].columns[position - 1].name


def test_the_timestamp_of_the_workbook_is_that_of_the_text_rounded(
    tables: dict[str, SourceTable],
) -> None:
    texts = [cell or "" for cell in tables["csv"].column_values(1)]
    assert texts == tables["tsv"].column_values(1)
    for text, cell in zip(texts, tables["xlsx"].column_values(1), strict=True):
        typed = dt.datetime.fromisoformat(cell or "")
        rounded = (typed + dt.timedelta(milliseconds=500)).replace(microsecond=0)
        assert dt.datetime.strptime(text, "%m/%d/%Y %H:%M:%S") == rounded


def test_every_response_of_every_format_is_kept(warehouse: duckdb.DuckDBPyConnection) -> None:
    kept = warehouse.execute(
        "select wave, count(*) from cleaned.cln_responses group by 1"
    ).fetchall()

    assert dict(kept) == dict.fromkeys(WAVES.values(), N_ROWS)
    assert warehouse.execute("select count(*) from cleaned.cln_excluded_responses").fetchall() == [
        (0,)
    ]


@pytest.mark.parametrize("other", ["tsv", "xlsx"])
@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("cln_answers", "question_id, option_id, numeric_value, date_value"),
        ("cln_rejected_answers", "question_id, raw_value, rejection_reason"),
        ("cln_response_questions", "question_id, status"),
        ("cln_responses", "submitted_on"),
    ],
)
def test_cleaned_tables_are_equal(
    warehouse: duckdb.DuckDBPyConnection, other: str, table: str, columns: str
) -> None:
    select = f"""
        select organisation_key, {columns}
        from cleaned.{table} inner join cleaned.cln_responses using (wave, response_key)
        where wave = ?
    """ if table != "cln_responses" else (
        f"select organisation_key, {columns} from cleaned.cln_responses where wave = ?"
    )  # fmt: skip
    one, two = (
        Counter(warehouse.execute(select, [WAVES[name]]).fetchall()) for name in ("csv", other)
    )

    assert one == two
    assert one.total() > 0


@pytest.mark.parametrize("question", SEPARATED)
def test_chosen_options_agree_with_an_independent_count(
    warehouse: duckdb.DuckDBPyConnection, independent: list[dict[str, str]], question: str
) -> None:
    """Counted by looking for the whole label in the cell, which knows of no separator."""
    expected = {
        option: sum(_holds(row[SEPARATED[question]], label) for row in independent)
        for option, label in LABELS[question].items()
    }

    assert _counts(warehouse, question) == expected
    assert min(expected.values()) > 0


@pytest.mark.parametrize("question", SINGLE)
def test_single_answers_agree_with_an_independent_count(
    warehouse: duckdb.DuckDBPyConnection, independent: list[dict[str, str]], question: str
) -> None:
    expected = {
        option: sum(row[SINGLE[question]] == label for row in independent)
        for option, label in LABELS[question].items()
    }

    assert _counts(warehouse, question) == {o: n for o, n in expected.items() if n}


@pytest.mark.parametrize("question", NUMBERS)
def test_numbers_agree_with_an_independent_sum(
    warehouse: duckdb.DuckDBPyConnection, independent: list[dict[str, str]], question: str
) -> None:
    numbers = [float(cell) for row in independent if _is_number(cell := row[NUMBERS[question]])]

    assert warehouse.execute(
        """
        select count(*), sum(numeric_value) from cleaned.cln_answers
        where question_id = ? and wave = ?
        """,
        [question, WAVES["csv"]],
    ).fetchall() == [(len(numbers), sum(numbers))]


def test_dates_agree_with_an_independent_reading(
    warehouse: duckdb.DuckDBPyConnection, independent: list[dict[str, str]]
) -> None:
    days = Counter(
        dt.datetime.strptime(row[STARTED], "%m/%d/%Y %H:%M:%S").date() for row in independent
    )

    found = warehouse.execute(
        """
        select date_value, count(*) from cleaned.cln_answers
        where question_id = 'started' and wave = ? group by 1
        """,
        [WAVES["xlsx"]],
    ).fetchall()
    assert dict(found) == days


def _counts(warehouse: duckdb.DuckDBPyConnection, question: str) -> dict[str, int]:
    return dict(
        warehouse.execute(
            """
            select option_id, count(*) from cleaned.cln_answers
            where question_id = ? and wave = ? group by 1
            """,
            [question, WAVES["csv"]],
        ).fetchall()
    )


def _holds(cell: str, label: str) -> bool:
    return f", {label}, " in f", {cell}, "


def _is_number(cell: str) -> bool:
    return cell.strip().replace(".", "", 1).isdecimal()
