"""The public edition of the example survey: what is in its file, against what only we know."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest
from frictionless import Package

from barometer.settings import Settings
from protection.ranges.bands import SMALLEST_BASE
from publication.editions import edition_of
from publication.public.audit.edition import audit_public
from publication.public.ledger.ledger import read_ledger
from publication.public.release import read_build
from publication.public.tables.columns import COLUMNS, meanings
from publication.public.tables.tables import public_tables
from registry import load_registry

pytestmark = pytest.mark.xdist_group("example_refresh")

Row = dict[str, Any]
KEY = ("wave", "classification_id", "group_id", "indicator_id")


def rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[Row]:
    found = connection.execute(sql)
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@pytest.fixture(scope="module")
def public(example_refresh: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    edition = edition_of(example_refresh, "public")
    with duckdb.connect(str(edition.current / edition.file_name), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def internal(example_refresh: Settings) -> dict[tuple[str, ...], Row]:
    path = example_refresh.current_release / example_refresh.release_file_name
    with duckdb.connect(str(path), read_only=True) as connection:
        found = rows(connection, "select * from core.mart_estimates")
    return {tuple(row[name] for name in KEY): row for row in found}


@pytest.fixture(scope="module")
def same_base(
    example_refresh: Settings,
    public: duckdb.DuckDBPyConnection,
    internal: dict[tuple[str, ...], Row],
) -> list[tuple[Row, Row]]:
    """Figures of both editions about the very same respondents: public bases are never larger."""
    (entry,) = read_ledger(example_refresh)
    found = []
    for row in rows(public, "select * from core.mart_estimates where protection <> 'withheld'"):
        wave = next(each for each in entry.waves if each.wave == row["wave"])
        questions = {rule.indicator_id: rule.question_id for rule in wave.rules.plan.indicators}
        questions |= {each.rule.indicator_id: each.rule.question_id for each in wave.rules.means}
        question = questions.get(row["indicator_id"])
        group = f"{row['classification_id']}.{row['group_id']}"
        base = sum(
            wave.bases.get((wave.wave, atom.atom_id, question or ""), 0)
            for atom in wave.edition.constants.members(wave.wave, group)
        )
        own = internal[tuple(row[name] for name in KEY)]
        if own["suppression_status"] == "published" and own["n_answered"] == base:
            found.append((row, own))
    return found


def test_only_agreed_columns_of_the_agreed_types_are_in_the_file(
    public: duckdb.DuckDBPyConnection,
) -> None:
    columns = public.execute(
        "select column_name, data_type from information_schema.columns"
    ).fetchall()

    assert len(columns) > 400
    assert {(name, kind) for name, kind in columns} <= {
        (name, kind) for name, kind in COLUMNS.items()
    }


def test_every_column_says_what_it_means(public: duckdb.DuckDBPyConnection) -> None:
    silent = public.execute(
        "select distinct column_name from duckdb_columns()"
        " where database_name = current_database() and not internal and comment is null"
    ).fetchall()

    assert silent == []
    assert set(meanings()) == set(COLUMNS)


def test_the_file_passes_the_audit_as_it_stands(
    example_refresh: Settings, public: duckdb.DuckDBPyConnection
) -> None:
    (entry,) = read_ledger(example_refresh)
    registry = load_registry(example_refresh.seeds)
    build = read_build(example_refresh, registry)

    assert [wave.wave for wave in entry.waves] == list(registry.wave_ids)
    audit_public(public, public_tables(entry.waves, build.constants, registry), entry.waves, [])


def test_no_figure_rests_on_less_than_the_smallest_base(
    public: duckdb.DuckDBPyConnection, internal: dict[tuple[str, ...], Row]
) -> None:
    shown = rows(public, "select * from core.mart_estimates where protection <> 'withheld'")

    assert len(shown) > 500
    for row in shown:
        own = internal[tuple(row[name] for name in KEY)]
        assert own["n_answered"] is None or own["n_answered"] >= SMALLEST_BASE, row
        if row["protection"] in ("band", "mean"):
            assert row["smallest_base"] >= SMALLEST_BASE
            assert row["n_responses"] > row["smallest_base"]


def test_the_size_of_a_very_small_group_is_not_told(
    example_refresh: Settings, public: duckdb.DuckDBPyConnection
) -> None:
    path = example_refresh.current_release / example_refresh.release_file_name
    with duckdb.connect(str(path), read_only=True) as connection:
        known = rows(connection, "select * from core.mart_response_rates")
    small = {
        tuple(row[name] for name in KEY[:3]) for row in known if row["n_population"] < SMALLEST_BASE
    }
    for row in rows(public, "select * from core.mart_response_rates"):
        if tuple(row[name] for name in KEY[:3]) in small:
            assert (row["n_population"], row["n_responses"]) == (None, None)


def test_every_range_holds_the_figure_of_the_internal_edition_on_the_same_base(
    same_base: list[tuple[Row, Row]],
) -> None:
    checked: dict[str, int] = defaultdict(int)
    for row, own in same_base:
        estimate = own["weighted_estimate"]
        if row["kind"] == "share":
            assert row["band_lower"] <= 100 * estimate + 1e-9, row
            assert 100 * estimate - 1e-9 <= row["band_upper"], row
        else:
            assert row["mean_lower"] - 1e-9 <= estimate <= row["mean_upper"] + 1e-9, row
        checked[row["kind"], row["protection"]] += 1  # type: ignore[index]

    assert set(checked) >= {("share", "band"), ("share", "implied"), ("mean", "mean")}
    assert sum(checked.values()) > 200


def test_every_interval_holds_that_of_the_internal_edition_on_the_same_base(
    same_base: list[tuple[Row, Row]],
) -> None:
    shares = [
        (row, own)
        for row, own in same_base
        if row["protection"] == "band" and row["interval_lower"] is not None
    ]

    assert len(shares) >= 20
    for row, own in shares:
        assert row["interval_lower"] <= 100 * own["weighted_lower"] + 0.05, (row, own)
        assert row["interval_upper"] >= 100 * own["weighted_upper"] - 0.05, (row, own)


def test_no_verdict_contradicts_the_internal_edition(
    example_refresh: Settings, public: duckdb.DuckDBPyConnection
) -> None:
    path = example_refresh.current_release / example_refresh.release_file_name
    key = ("wave", "comparison_id", "group_a", "group_b", "indicator_id")
    with duckdb.connect(str(path), read_only=True) as connection:
        known = {
            tuple(row[name] for name in key): row
            for row in rows(connection, "select * from core.mart_comparisons")
        }
    said = 0
    for row in rows(public, "select * from core.mart_comparisons"):
        own = known.get(tuple(row[name] for name in key))
        if own is None or own["difference"] is None:
            continue
        if row["order_of_ranges"] is not None:
            said += 1
            assert (row["order_of_ranges"] == "a_higher") == (own["difference"] > 0)
        if row["verdict"] not in ("withheld", None):
            assert row["verdict"] == own["verdict"]
    assert said > 0


def test_no_name_or_key_of_an_organisation_is_in_the_file(
    example_warehouse: Any, public: duckdb.DuckDBPyConnection
) -> None:
    with duckdb.connect(str(example_warehouse), read_only=True) as connection:
        frame = connection.execute(
            "select organisation_key, organisation_name, register_id from cleaned.cln_organisations"
        ).fetchall()
    groups = {
        label
        for row in rows(public, "select * from core.dim_organisation_groups")
        for label in (row["label_nl"], row["label_en"], row["group_id"])
    }
    private = {value for row in frame for value in row if value} - groups
    texts = public.execute(
        "select table_schema, table_name, column_name from information_schema.columns"
        " where data_type = 'VARCHAR'"
    ).fetchall()

    assert len(private) > 2000
    for schema, table, column in texts:
        values = public.execute(f'select distinct "{column}" from "{schema}"."{table}"').fetchall()
        assert not {value for (value,) in values} & private, f"{schema}.{table}.{column}"


def test_parquet_files_and_descriptor_hold_the_same_tables(
    example_refresh: Settings, public: duckdb.DuckDBPyConnection
) -> None:
    folder = edition_of(example_refresh, "public").current
    descriptor = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    tables = public.execute(
        "select table_schema, table_name from information_schema.tables"
    ).fetchall()

    assert list(Package.metadata_validate(descriptor)) == []
    package = Package(folder / "datapackage.json")
    names = {f"{schema}.{name}" for schema, name in tables}
    assert set(package.resource_names) == names | {"quality_report"}
    for resource in descriptor["resources"]:
        if resource["name"] == "quality_report":
            continue
        names = [field["name"] for field in resource["schema"]["fields"]]
        assert set(names) <= set(COLUMNS)
        assert all(field["description"] for field in resource["schema"]["fields"])
        path = folder / resource["path"]
        differing = public.execute(
            f"(from {resource['name']} except all from '{path}')"
            f" union all (from '{path}' except all from {resource['name']})"
        ).fetchall()
        assert differing == [], resource["name"]
