"""The keys that a release declares: where they come from, that they hold, who says them."""

from __future__ import annotations

import json

import duckdb
import pytest

from publication.editions import EDITIONS, edition_of
from publication.errors import PublicationError
from publication.internal.release import publish
from publication.keys import Keys, Reference, keys_of, parents_first
from publication.tables import ReleasedTable, quote

WAVE = Reference(("wave",), "core.dim_waves")
GROUP = Reference(("group_id",), "core.dim_organisation_groups")
CLASSIFICATION = Reference(("classification_id",), "core.dim_classifications")
DIMENSIONS = (
    ReleasedTable("core", "dim_waves", ("wave",)),
    ReleasedTable("core", "dim_classifications", ("classification_id",)),
    ReleasedTable("core", "dim_organisation_groups", ("group_id",)),
)
COLUMNS = {
    "core.dim_waves": ["wave", "label"],
    "core.dim_classifications": ["classification_id"],
    "core.dim_organisation_groups": ["group_id", "classification_id"],
}


def keys_with(table: ReleasedTable, *columns: str) -> Keys:
    found = keys_of([*DIMENSIONS, table], COLUMNS | {table.full_name: columns})
    return found[table.full_name]


def test_a_table_refers_to_a_dimension_whose_key_it_has():
    fact = ReleasedTable("core", "fct_a", ("wave", "group_id"))

    assert keys_with(fact, "wave", "group_id", "n") == Keys(("wave", "group_id"), (WAVE, GROUP))
    assert keys_with(fact, "group_id") == Keys(("wave", "group_id"), (GROUP,))


def test_what_a_dimension_says_is_not_said_again():
    fact = ReleasedTable("core", "fct_a", ("group_id",))

    assert keys_with(fact, "group_id", "classification_id").references == (GROUP,)
    assert keys_with(fact, "classification_id").references == (CLASSIFICATION,)


def test_columns_of_a_key_that_can_be_blank_are_no_key():
    table = ReleasedTable("core", "mart_a", ("wave", "group_id"), nullable=("group_id",))

    assert keys_with(table, "wave", "group_id") == Keys((), (WAVE,))


def test_a_wave_that_is_not_only_one_of_the_registry_refers_to_nothing():
    table = ReleasedTable("core", "mart_verdicts", ("wave",))

    assert keys_with(table, "wave").references == ()


def test_dimensions_come_before_what_refers_to_them():
    fact = ReleasedTable("core", "fct_a", ("wave", "group_id"))
    tables = [fact, *DIMENSIONS[::-1]]

    order = parents_first(keys_of(tables, COLUMNS | {"core.fct_a": ["wave", "group_id"]}))

    assert order.index("core.dim_classifications") < order.index("core.dim_organisation_groups")
    assert order[-1] == "core.fct_a"


def test_keys_come_back_from_a_manifest():
    keys = Keys(("wave", "group_id"), (WAVE, GROUP))

    assert Keys.from_json(json.loads(json.dumps(keys.as_json()))) == keys
    assert Keys.from_json({"name": "core.estimates", "key": ["wave"]}) == Keys()


def test_the_database_the_manifest_and_the_data_package_say_the_same(star):
    release = publish(star.settings).path

    with duckdb.connect(str(release), read_only=True) as connection:
        declared = connection.execute(
            "select table_name, constraint_text from duckdb_constraints()"
            " where constraint_type in ('PRIMARY KEY', 'FOREIGN KEY') order by all"
        ).fetchall()
    assert declared == [
        ("dim_indicators", "PRIMARY KEY(indicator_id)"),
        ("dim_waves", "PRIMARY KEY(wave)"),
        (
            "fct_numbers",
            "FOREIGN KEY (indicator_id) REFERENCES core.dim_indicators(indicator_id)",
        ),
        ("fct_numbers", "FOREIGN KEY (wave) REFERENCES core.dim_waves(wave)"),
    ]
    package = json.loads((release.parent / "datapackage.json").read_text(encoding="utf-8"))
    schemas = {one["name"]: one["schema"] for one in package["resources"] if "schema" in one}
    assert schemas["core.fct_numbers"]["primaryKey"] == ["wave", "indicator_id"]
    assert {
        "fields": ["wave"],
        "reference": {"resource": "core.dim_waves", "fields": ["wave"]},
    } in schemas["core.fct_numbers"]["foreignKeys"]
    assert "primaryKey" not in schemas["core.estimates"]
    manifest = json.loads((release.parent / "manifest.json").read_text(encoding="utf-8"))
    numbers = next(one for one in manifest["tables"] if one["name"] == "core.fct_numbers")
    assert Keys.from_json(numbers).primary == ("wave", "indicator_id")


@pytest.mark.parametrize(
    "wrong",
    [
        "insert into core.fct_numbers values ('2099', 'innovated', 5)",
        "insert into core.dim_waves values ('2021')",
    ],
)
def test_rows_that_break_a_key_stop_the_release(star, wrong):
    star.execute(wrong)

    with pytest.raises(PublicationError, match="break its keys"):
        publish(star.settings)

    assert not star.settings.current_release.exists()


@pytest.mark.parametrize("name", EDITIONS)
def test_every_key_of_the_example_holds(example_refresh, name):
    edition = edition_of(example_refresh, name)
    package = json.loads((edition.current / "datapackage.json").read_text(encoding="utf-8"))
    schemas = {one["name"]: one["schema"] for one in package["resources"] if "schema" in one}

    star = {name for name in schemas if name.startswith(("core.dim_", "core.fct_"))}
    assert len(star) > 8
    assert all("primaryKey" in schemas[name] for name in star)
    assert all("foreignKeys" in schemas[name] for name in star if ".fct_" in name)
    with duckdb.connect(str(edition.current / edition.file_name), read_only=True) as connection:
        for table, schema in schemas.items():
            place = ".".join(quote(part) for part in table.split("."))
            if key := schema.get("primaryKey"):
                listed = ", ".join(quote(column) for column in key)
                wrong = connection.execute(
                    f"select {listed} from {place} group by {listed} having count(*) > 1"
                    f" or {' or '.join(f'{quote(column)} is null' for column in key)}"
                )
                assert wrong.fetchall() == [], table
            for one in schema.get("foreignKeys", ()):
                listed = ", ".join(quote(column) for column in one["fields"])
                parent = ".".join(quote(part) for part in one["reference"]["resource"].split("."))
                wrong = connection.execute(
                    f"select distinct {listed} from {place} as t anti join {parent}"
                    f" using ({listed})"
                    f" where not ({' and '.join(f't.{quote(c)} is null' for c in one['fields'])})"
                )
                assert wrong.fetchall() == [], (table, one)
