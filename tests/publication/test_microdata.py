"""What analysts inside get of single responses: not who gave them, and nobody else reads it."""

from __future__ import annotations

import csv
import stat
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from barometer.errors import UsageError
from orchestration.cli import app
from publication.outlets import microdata
from publication.outlets.microdata import write_microdata

ANSWERS = {"r1": ("o1", 3.5, 1.0), "r2": ("o2", None, 1.0), "r3": ("o3", 5.0, 4.0)}


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "build.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("""
            create schema registry; create schema cleaned;
            create table registry.waves as select '2024' as wave union all select '2025';
            create table registry.classifications as select 'layer' as classification_id;
            create table registry.publication_rules as
                select 'minimum_base' as rule_id, '7' as value;
            create table cleaned.cln_weighting_margins (wave varchar);
            create table cleaned.cln_weights (wave varchar, response_key varchar,
                organisation_key varchar, stratum_id varchar, cluster_id varchar,
                sampled_fraction double, weight double);
            create table cleaned.cln_organisation_groups (wave varchar, organisation_key varchar,
                classification_id varchar, group_id varchar, is_leaf boolean);
            create table cleaned.cln_wave_indicators as
                select '2024' as wave, * from (values ('mood', 'mean'), ('rate', 'ratio'))
                as listed(indicator_id, kind);
            create table cleaned.cln_indicator_values (wave varchar, response_key varchar,
                indicator_id varchar, status varchar, value double, denominator double);
        """)
        for key, (organisation, value, below) in ANSWERS.items():
            connection.execute(
                "insert into cleaned.cln_weights values ('2024', ?, ?, 's', null, 0.25, 4)",
                [key, organisation],
            )
            connection.execute(
                "insert into cleaned.cln_organisation_groups values"
                " ('2024', $1, 'layer', $2, true), ('2024', $1, 'layer', 'all', false),"
                " ('2024', $1, 'layer_x_size', 'crossed', true)",
                [organisation, f"group_of_{organisation}"],
            )
            for name, denominator in (("mood", 1.0), ("rate", below)):
                connection.execute(
                    "insert into cleaned.cln_indicator_values values ('2024', ?, ?, ?, ?, ?)",
                    [
                        key,
                        name,
                        "no_answer" if value is None else "answered",
                        value,
                        None if value is None else denominator,
                    ],
                )
    return path


def rows(folder: Path, name: str = "responses.csv") -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_a_response_has_its_groups_values_and_weights_and_no_name(database, tmp_path) -> None:
    folder = tmp_path / "given"
    written = write_microdata(database, "toy", "2024", folder)

    assert (written.n_responses, written.n_replicates) == (3, 3)
    found = rows(folder)
    assert list(found[0]) == [
        *("row", "group_layer", "mood", "rate", "rate_denominator", "weight"),
        *("replicate_1", "replicate_2", "replicate_3"),
    ]
    by_group = {row["group_layer"]: row for row in found}
    assert {row["row"] for row in found} == {"1", "2", "3"}
    for organisation, value, below in ANSWERS.values():
        row = by_group[f"group_of_{organisation}"]
        assert row["mood"] == ("" if value is None else str(value))
        assert row["rate_denominator"] == ("" if value is None else str(below))
        assert float(row["weight"]) == 4
    factors = rows(folder, "replicates.csv")
    assert [float(row["rscale"]) for row in factors] == pytest.approx([0.75 * 2 / 3] * 3)
    replicates = {tuple(float(row[f"replicate_{n}"]) for row in found) for n in (1, 2, 3)}
    assert replicates == {(0.0, 6.0, 6.0), (6.0, 0.0, 6.0), (6.0, 6.0, 0.0)}


def test_no_key_of_a_response_or_an_organisation_is_in_any_file(database, tmp_path) -> None:
    folder = tmp_path / "given"
    with duckdb.connect(str(database)) as connection:
        connection.execute(
            "update cleaned.cln_organisation_groups set group_id = 'agencies' where is_leaf"
        )
    write_microdata(database, "toy", "2024", folder)
    for path in folder.iterdir():
        text = path.read_text(encoding="utf-8")
        for key, (organisation, *_) in ANSWERS.items():
            assert key not in text.replace("read", "")
            assert organisation not in text


def test_the_files_are_their_owners_alone_and_say_that_they_are_confidential(
    database, tmp_path
) -> None:
    folder = tmp_path / "given"
    write_microdata(database, "toy", "2024", folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    names = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert names == dict.fromkeys(
        ("responses.csv", "replicates.csv", "read.R", "README.txt"), 0o600
    )
    note = (folder / "README.txt").read_text(encoding="utf-8")
    assert note.startswith("CONFIDENTIAL")
    assert "fewer than 7 answers" in note


def test_rows_stand_in_an_order_that_the_seed_gives(database, tmp_path) -> None:
    orders = set()
    for seed in range(12):
        folder = tmp_path / f"given{seed}"
        write_microdata(database, "toy", "2024", folder, seed=seed)
        orders.add(tuple(row["group_layer"] for row in rows(folder)))
    assert len(orders) > 3
    again = tmp_path / "again"
    write_microdata(database, "toy", "2024", again, seed=3)
    for name in ("responses.csv", "replicates.csv", "read.R"):
        assert (again / name).read_bytes() == (tmp_path / "given3" / name).read_bytes()


def test_bootstrap_weights_have_one_scale(database, tmp_path) -> None:
    folder = tmp_path / "given"
    written = write_microdata(database, "toy", "2024", folder, method="bootstrap", replicates=20)
    assert written.n_replicates == 20
    assert {row["rscale"] for row in rows(folder, "replicates.csv")} == {"1.0"}
    read = (folder / "read.R").read_text(encoding="utf-8")
    assert 'type = "bootstrap", scale = 0.05' in read


def test_what_cannot_be_given_is_refused(database, tmp_path, monkeypatch) -> None:
    with pytest.raises(UsageError, match="no response of wave '2026'"):
        write_microdata(database, "toy", "2026", tmp_path / "given")
    with pytest.raises(UsageError, match="no method 'guess'"):
        write_microdata(database, "toy", "2024", tmp_path / "given", method="guess")
    with pytest.raises(UsageError, match="cannot be made"):
        write_microdata(database, "toy", "2024", tmp_path)
    monkeypatch.setattr(microdata, "MOST_UNITS", 2)
    with pytest.raises(UsageError, match="has 3 units"):
        write_microdata(database, "toy", "2024", tmp_path / "given")
    with duckdb.connect(str(database)) as connection:
        connection.execute("insert into cleaned.cln_weighting_margins values ('2024')")
    with pytest.raises(UsageError, match="add up to margins"):
        write_microdata(database, "toy", "2024", tmp_path / "given", method="bootstrap")
    assert not (tmp_path / "given").exists()


@pytest.mark.xdist_group("example_refresh")
def test_the_command_writes_a_wave_of_the_example(example_refresh, tmp_path) -> None:
    folder = tmp_path / "given"
    home = example_refresh.home.parent
    done = CliRunner().invoke(app, ["microdata", "2025", str(folder), "--home", str(home)])
    assert done.exit_code == 0, done.output
    assert done.output.startswith("CONFIDENTIAL: ")
    found = rows(folder)
    with duckdb.connect(str(example_refresh.warehouse), read_only=True) as connection:
        (counted,) = connection.execute(
            "select count(*), sum(weight) from cleaned.cln_weights where wave = '2025'"
        ).fetchall()
        names = connection.execute(
            "select organisation_key, organisation_name from cleaned.cln_organisations"
            " where wave = '2025'"
        ).fetchall()
    assert len(found) == counted[0]
    assert sum(float(row["weight"]) for row in found) == pytest.approx(counted[1])
    cells = {cell for row in found for cell in row.values()}
    assert not cells.intersection(name for pair in names for name in pair)
