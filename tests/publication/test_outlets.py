"""The same tables as Parquet with a codebook and a data package, and as safe downloads."""

from __future__ import annotations

import csv
import hashlib
import json

import duckdb
import openpyxl
import pyarrow.parquet
import pytest
from frictionless import Package

from barometer.errors import UsageError
from publication.editions import INTERNAL, MARKINGS, edition_of
from publication.errors import PublicationError
from publication.internal.release import publish
from publication.outlets.downloads import download, safe_cell


@pytest.fixture
def release(warehouse):
    return publish(warehouse.settings).path.parent


def test_every_table_of_the_release_is_a_parquet_file_with_the_same_rows(release):
    with duckdb.connect(str(next(release.glob("*.duckdb"))), read_only=True) as connection:
        tables = connection.execute(
            "select table_schema, table_name from information_schema.tables"
        ).fetchall()
        assert len(tables) > 1
        for schema, name in tables:
            path = release / "parquet" / schema / f"{name}.parquet"
            differing = connection.execute(
                f"(from {schema}.{name} except all from '{path}')"
                f" union all (from '{path}' except all from {schema}.{name})"
            ).fetchall()
            assert differing == []
    files = {path.relative_to(release / "parquet") for path in release.rglob("*.parquet")}
    assert {(path.parts[0], path.stem) for path in files} == set(tables)


def test_a_parquet_file_says_what_it_is_and_what_its_columns_mean(release, tmp_path):
    download(next(release.glob("*.duckdb")), "core.estimates", tmp_path / "a.parquet")

    for path in (release / "parquet" / "core" / "estimates.parquet", tmp_path / "a.parquet"):
        said = pyarrow.parquet.read_schema(path).metadata
        assert said[b"description"].decode().startswith(MARKINGS[INTERNAL])
        columns = json.loads(said[b"columns"])
        assert columns["wave"] == "The round of the survey"
        assert list(columns) == pyarrow.parquet.read_schema(path).names


def test_the_descriptor_is_a_valid_data_package(release):
    descriptor = json.loads((release / "datapackage.json").read_text(encoding="utf-8"))

    assert Package.metadata_validate(descriptor) is not None
    assert list(Package.metadata_validate(descriptor)) == []
    package = Package(release / "datapackage.json")
    assert package.name == "ibo-internal"
    assert "core.estimates" in package.resource_names


def test_the_whole_package_is_valid_and_empty_cells_are_empty(warehouse):
    warehouse.execute(
        "create table core.kinds as select * from (values"
        " ('2021', 1, 1::bigint, 0.5::double, true, date '2021-01-01', timestamp '2021-01-01'),"
        " ('nan', null, null, null, null, null, null))"
        " as t (wave, small, whole, share, is_so, day, moment);"
        "create table core.nothing as select * from core.kinds where false"
    )
    warehouse.write_manifest([*warehouse.tables(), ("core", "kinds"), ("core", "nothing")])
    release = publish(warehouse.settings).path.parent

    report = Package(release / "datapackage.json").validate()

    assert report.valid, report.flatten(["name", "rowNumber", "type", "note"])
    read = Package(release / "datapackage.json").get_resource("core.kinds").read_rows()
    assert [row.to_dict() for row in read if row["wave"] == "nan"] == [
        {"wave": "nan", **dict.fromkeys(("small", "whole", "share", "is_so", "day", "moment"))}
    ]


@pytest.mark.parametrize("edition", ["internal", "public"])
def test_the_package_of_the_example_survey_is_valid(example_refresh, edition):
    folder = edition_of(example_refresh, edition).current

    # Every row of every table takes a quarter of an hour: the library reads a row at a time.
    report = Package(folder / "datapackage.json").validate(limit_rows=50)

    assert report.valid, report.flatten(["name", "rowNumber", "type", "note"])
    assert report.stats["tasks"] > 40


def test_the_descriptor_names_hash_types_and_meaning(release):
    descriptor = json.loads((release / "datapackage.json").read_text(encoding="utf-8"))

    resource = next(one for one in descriptor["resources"] if one["name"] == "core.estimates")
    content = (release / resource["path"]).read_bytes()
    assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
    assert resource["description"] == (f"{MARKINGS[INTERNAL]} One row per group")
    fields = {field["name"]: field for field in resource["schema"]["fields"]}
    assert fields["wave"]["description"] == "The round of the survey"
    assert fields["n_answered"]["type"] == "integer"
    assert fields["estimate"]["type"] == "number"


def test_the_codebook_has_a_line_per_table_and_column(release):
    with (release / "codebook.csv").open(encoding="utf-8", newline="") as stream:
        lines = list(csv.DictReader(stream))

    described = {(line["schema"], line["table"], line["column"]): line for line in lines}
    assert described["core", "estimates", ""]["description"] == (
        f"{MARKINGS[INTERNAL]} One row per group"
    )
    assert described["core", "estimates", "wave"]["description"] == "The round of the survey"
    assert described["core", "estimates", "wave"]["type"] == "VARCHAR"


def test_a_type_that_a_data_package_cannot_name_stops_the_release(warehouse):
    warehouse.execute("alter table core.estimates add column parts integer[]")

    with pytest.raises(PublicationError, match=r"no type for INTEGER\[\]"):
        publish(warehouse.settings)

    assert not warehouse.settings.current_release.exists()


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "＝"])
def test_a_text_that_a_spreadsheet_would_run_is_shown_instead(sign):
    assert safe_cell(f"{sign}HYPERLINK(1)") == f"'{sign}HYPERLINK(1)"


def test_numbers_and_plain_texts_stay_as_they_are():
    assert [safe_cell(value) for value in (-0.5, "vaker", None, "3-4")] == [
        -0.5,
        "vaker",
        None,
        "3-4",
    ]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet"])
def test_a_download_holds_every_row_and_no_formula(warehouse, tmp_path, suffix):
    warehouse.execute(
        "update core.estimates set suppression_reason = '=1+1' where group_id = 'waterschappen'"
    )
    database = publish(warehouse.settings).path
    target = tmp_path / f"estimates{suffix}"

    assert download(database, "core.estimates", target) == 3

    if suffix == ".csv":
        text = target.read_text(encoding="utf-8-sig")
        assert ",'=1+1" in text
        _, *rows = text.splitlines()
        assert len(rows) == 3
        assert rows == sorted(rows)
    elif suffix == ".xlsx":
        book = openpyxl.load_workbook(target)
        assert book["about"]["A1"].value.startswith(MARKINGS[INTERNAL])
        sheet = book["estimates"]
        assert sheet.oddHeader.center.text == book["about"]["A1"].value
        (cell,) = [c for row in sheet.iter_rows() for c in row if c.value == "=1+1"]
        assert cell.data_type == "s"
        assert sheet.max_row == 4
    else:
        count = duckdb.sql(f"select count(*) from '{target}'").fetchone()
        assert count == (3,)
        ((said,),) = duckdb.sql(
            f"select decode(value) from parquet_kv_metadata('{target}')"
            " where decode(key) = 'description'"
        ).fetchall()
        assert said.startswith(MARKINGS[INTERNAL])
    beside = [tmp_path / "estimates.csv.txt"] if suffix == ".csv" else []
    assert sorted(tmp_path.glob(f"*estimates*{suffix}*")) == [target, *beside]
    for path in beside:
        assert path.read_text(encoding="utf-8").startswith(MARKINGS[INTERNAL])
        assert path.stat().st_mode & 0o777 == 0o600


def test_an_unknown_table_or_suffix_is_told(warehouse, tmp_path):
    database = publish(warehouse.settings).path

    with pytest.raises(UsageError, match=r"no table 'core\.nothing'"):
        download(database, "core.nothing", tmp_path / "a.csv")
    with pytest.raises(UsageError, match="Nothing can be written to"):
        download(database, "core.estimates", tmp_path / "a.ods")
    assert list(tmp_path.glob("a.*")) == []
