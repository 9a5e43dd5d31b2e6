"""The public edition of the example survey by bands: its figures, against what only we know."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import duckdb
import pytest

from barometer.settings import Settings
from protection.ranges.bands import SMALLEST_BASE
from publication.editions import edition_of
from publication.public.audit.edition import audit_public
from publication.public.ledger.ledger import read_ledger
from publication.public.release import read_build
from publication.public.tables.fill import made_public
from publication.public.tables.lookups import KEYS, Lookup, public_lookups
from publication.tables import SOURCE, ReleasedTable, released_tables
from registry import load_registry

pytestmark = pytest.mark.xdist_group("example_refresh")

Row = dict[str, Any]
KEY = ("wave", "classification_id", "group_id", "indicator_id")


def rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[Row]:
    found = connection.execute(sql)
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@pytest.fixture(scope="module")
def public(banded_example: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    edition = edition_of(banded_example, "public")
    with duckdb.connect(str(edition.current / edition.file_name), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def internal(banded_example: Settings) -> dict[tuple[str, ...], Row]:
    path = banded_example.current_release / banded_example.release_file_name
    with duckdb.connect(str(path), read_only=True) as connection:
        found = rows(connection, "select * from core.mart_estimates")
    return {tuple(row[name] for name in KEY): row for row in found}


@pytest.fixture(scope="module")
def same_base(
    banded_example: Settings,
    public: duckdb.DuckDBPyConnection,
    internal: dict[tuple[str, ...], Row],
) -> list[tuple[Row, Row]]:
    """Figures of both editions about the very same respondents: public bases are never larger."""
    (entry,) = read_ledger(banded_example)
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


@dataclass(frozen=True)
class Audited:
    """The file, the build database beside it, and what is agreed about both."""

    connection: duckdb.DuckDBPyConnection
    tables: tuple[ReleasedTable, ...]
    lookups: tuple[Lookup, ...]


@pytest.fixture(scope="module")
def audited(banded_example: Settings) -> Iterator[Audited]:
    (entry,) = read_ledger(banded_example)
    registry = load_registry(banded_example.seeds)
    lookups = public_lookups(entry.waves, read_build(banded_example, registry).rates, registry)
    edition = edition_of(banded_example, "public")
    with duckdb.connect(str(edition.current / edition.file_name), read_only=True) as connection:
        connection.execute(f"attach '{banded_example.warehouse}' as {SOURCE} (read_only)")
        manifest = banded_example.dbt_target / "manifest.json"
        yield Audited(connection, released_tables(connection, registry, manifest), lookups)


def test_a_column_that_nobody_decided_about_is_empty(audited: Audited) -> None:
    """Also where the build has figures: standard errors, p-values, counts of single answers."""
    treated: dict[str, set[str]] = defaultdict(set)
    for each in made_public(audited.connection, audited.tables, audited.lookups):
        for name, column in each.columns.items():
            treated[name].add(column.treatment)
    names = {name for name, how in treated.items() if how == {"empty"}}

    assert names > {"standard_error", "p_value", "odds_ratio", "lower_quartile", "n_dont_know"}
    assert not {name for name in names if name.endswith(("_id", "_label_nl", "_label_en"))} - {
        "precision_label_nl",
        "precision_label_en",
    }


@pytest.mark.parametrize(
    ("table", "lookup"),
    [
        ("core.mart_estimates", "public_figures"),
        ("core.mart_comparisons", "public_comparisons"),
        ("core.mart_trends", "public_trends"),
        ("core.mart_claims", "public_claims"),
    ],
)
def test_which_rows_there_are_follows_from_the_registries_and_never_from_answers(
    audited: Audited, table: str, lookup: str
) -> None:
    """Of every group of the registry that is in the frame, whatever anybody answered."""
    made_public(audited.connection, audited.tables, audited.lookups)
    key = ", ".join(KEYS[lookup])
    in_frame = (
        "(classification_id, group_id) in (select (classification_id, group_id)"
        " from core.mart_response_rates) and (classification_id, group_id) in"
        f" (select (classification_id, group_id) from {SOURCE}.registry.organisation_groups)"
        if "group_id" in KEYS[lookup]
        else "true"
    )
    # The whole of a classification that divides a group is that group.
    repeated = (
        " and (classification_id, group_id) not in (select (g.classification_id, g.group_id)"
        f" from {SOURCE}.registry.organisation_groups as g join"
        f" {SOURCE}.registry.classifications as c using (classification_id)"
        " where c.within_group_id is not null and g.parent_group_id is null)"
        if lookup == "public_trends"
        else ""
    )
    built = f"select {key} from {table} where {in_frame}"
    agreed = f"select {key} from {lookup} where {in_frame}{repeated}"
    for one, other in ((built, agreed), (agreed, built)):
        assert audited.connection.execute(f"({one}) except ({other}) limit 5").fetchall() == []


def test_the_file_passes_the_audit_as_it_stands(banded_example: Settings, audited: Audited) -> None:
    (entry,) = read_ledger(banded_example)
    registry = load_registry(banded_example.seeds)

    assert [wave.wave for wave in entry.waves] == list(registry.wave_ids)
    audit_public(audited.connection, audited.tables, audited.lookups, entry.waves, [])


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
    banded_example: Settings, public: duckdb.DuckDBPyConnection
) -> None:
    path = banded_example.current_release / banded_example.release_file_name
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
        estimate = own["estimate"]
        assert row["range_lower"] - 1e-9 <= estimate <= row["range_upper"] + 1e-9, row
        checked[row["kind"], row["protection"]] += 1  # type: ignore[index]

    assert set(checked) >= {("share", "band"), ("share", "implied"), ("mean", "mean")}
    assert sum(checked.values()) > 200


def test_every_interval_holds_that_of_the_internal_edition_on_the_same_base(
    same_base: list[tuple[Row, Row]],
) -> None:
    shares = [
        (row, own)
        for row, own in same_base
        if row["protection"] == "band" and row["estimate_lower"] is not None
    ]

    assert len(shares) >= 20
    for row, own in shares:
        assert row["estimate_lower"] <= own["estimate_lower"] + 0.0005, (row, own)
        assert row["estimate_upper"] >= own["estimate_upper"] - 0.0005, (row, own)


def test_no_verdict_contradicts_the_internal_edition(
    banded_example: Settings, public: duckdb.DuckDBPyConnection
) -> None:
    path = banded_example.current_release / banded_example.release_file_name
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
