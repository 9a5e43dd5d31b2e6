"""Which clients open a released file: the version of its storage is pinned and said."""

from __future__ import annotations

import json
import shutil
import subprocess
import venv
from pathlib import Path

import duckdb
import pytest

from publication.editions import INTERNAL, MARKINGS, edition_of
from publication.internal.release import publish
from publication.outlets.files import PARQUET, write_outlets
from publication.outlets.handouts import write_handout
from publication.store.clean_copy import rewrite_database
from publication.tables import STORAGE

OLDEST = "v1.2.0"
NOTE = "verschil −0,5 één"


def storage_of(path: Path) -> str:
    with duckdb.connect() as connection:
        connection.execute(f"attach '{path}' as released (read_only)")
        found = connection.execute(
            "select tags['storage_version'] from duckdb_databases()"
            " where database_name = 'released'"
        ).fetchone()
    # DuckDB names a range of versions by its first.
    return str(found[0]).removesuffix("+").split(" ")[0] if found else ""


def test_every_file_for_readers_has_the_pinned_version_and_the_manifest_says_it(
    warehouse, tmp_path
):
    warehouse.execute("alter table groups.estimates rename to response_rates")
    warehouse.write_manifest(
        [("core", "estimates"), ("innovation", "estimates"), ("groups", "response_rates")]
    )
    release = publish(warehouse.settings).path
    handout = tmp_path / "rechtswezen.duckdb"
    write_handout(release, "rechtswezen", handout)

    manifest = json.loads((release.parent / "manifest.json").read_text(encoding="utf-8"))

    assert manifest["duckdb_storage"] == STORAGE["storage_compatibility_version"] == OLDEST
    assert [storage_of(path) for path in (release, handout)] == [OLDEST, OLDEST]


def test_a_database_written_anew_keeps_its_version_and_its_words_in_any_terminal(
    warehouse, monkeypatch, tmp_path
):
    edition = edition_of(warehouse.settings)
    warehouse.execute(f"comment on table core.estimates is '{NOTE}'")
    shutil.copy(publish(warehouse.settings).path, tmp_path)
    tables = write_outlets(tmp_path, edition, "release", None)
    monkeypatch.setenv("PYTHONIOENCODING", "cp1252")

    rewrite_database(tmp_path, edition.file_name, PARQUET, tables)

    database = tmp_path / edition.file_name
    assert storage_of(database) == OLDEST
    with duckdb.connect(str(database), read_only=True) as connection:
        said = connection.execute(
            "select comment from duckdb_tables() where schema_name = 'core'"
            " and table_name = 'estimates'"
        ).fetchone()
    assert said == (f"{MARKINGS[INTERNAL]} {NOTE}",)


@pytest.mark.thorough
def test_a_client_of_the_pinned_version_reads_every_table(warehouse, tmp_path):
    release = publish(warehouse.settings).path
    old = tmp_path / "old"
    venv.create(old, with_pip=True)
    python = old / "bin" / "python"
    installed = subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "duckdb==1.2.*"],
        capture_output=True,
        check=False,
    )
    if installed.returncode != 0:
        pytest.skip("no DuckDB 1.2 to be had from the package index")
    program = (
        "import duckdb, sys\n"
        "connection = duckdb.connect(sys.argv[1], read_only=True)\n"
        "tables = connection.execute('select schema_name, table_name from duckdb_tables()')"
        ".fetchall()\n"
        "for schema, name in tables:\n"
        '    connection.execute(f\'from "{schema}"."{name}"\').fetchall()\n'
        "print(duckdb.__version__, len(tables))\n"
    )

    read = subprocess.run(
        [python, "-c", program, release], capture_output=True, text=True, check=False
    )

    assert read.returncode == 0, read.stderr
    version, tables = read.stdout.split()
    assert version.startswith("1.2.")
    assert int(tables) > 1
