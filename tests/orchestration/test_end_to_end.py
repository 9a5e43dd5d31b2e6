"""The example survey from inbox to release, through the command line."""

from __future__ import annotations

import hashlib
import json
import re
import shlex
import shutil
import signal
import stat
import subprocess
import sys
from pathlib import Path

import dagster as dg
import duckdb
import openpyxl
import pytest
from sample_sizes import cases

from barometer.settings import load_settings
from orchestration.assets.landing import FINDINGS_CHECK
from publication.internal.release import current_manifest, publish
from publication.store.contents import same_figures
from publication.tables import ReleasedTable

# One worker runs them all, so that the refresh they share happens once.
pytestmark = pytest.mark.xdist_group("example_refresh")

EXPORT_2021 = "IBO2021_synthetic_export_v1.csv"
CORRECTION_2021 = "IBO2021_synthetic_export_v2.csv"
EXPORT_2023 = "IBO2023_synthetic_export.xlsx"


def release_file(settings) -> Path:
    return settings.current_release / settings.release_file_name


def state(settings) -> dict[str, str]:
    """Return what must not change when a refresh is refused."""
    files = [settings.warehouse, release_file(settings), settings.current_release / "manifest.json"]
    hashes = {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    archived = sorted(path.name for path in settings.archive.rglob("*") if path.is_file())
    return {
        **hashes,
        "archive": " ".join(archived),
        "link": str(settings.current_release.readlink()),
    }


@pytest.fixture
def inbox(tmp_path):
    """A copy of the example inbox to spoil."""
    folder = tmp_path / "inbox"
    shutil.copytree(load_settings("ibo").inbox, folder)
    return folder


def test_the_refresh_prints_what_it_did(example_refresh):
    output = example_refresh.output

    for step in ("Land exports", "Check raw", "Check cleaned", "Check marts", "Publish release"):
        assert step in output
    assert "7 files landed" in output
    assert "seeds" in output
    assert "data tests" in output
    assert "unit tests" not in output
    assert str(example_refresh.settings.releases) in output


def test_nobody_but_the_owner_can_read_anything_but_the_public_edition(example_home):
    """Under the usual umask, with which the command line is started in tests."""
    home = load_settings("ibo", home=example_home).home
    found = [path for path in (home, *home.rglob("*")) if not path.is_symlink()]
    rights = {path: stat.S_IMODE(path.stat().st_mode) for path in found}
    public = home / "public"
    shown = {path for path in found if path.is_relative_to(public)}

    assert rights[home] == 0o711
    assert [path for path in found if rights[path] & 0o077 and path not in {home, *shown}] == []
    assert {rights[path] for path in shown if path.is_dir()} == {0o755}
    assert {rights[path] for path in shown if path.is_file()} == {0o444}
    assert (public / "current" / "ibo_public.duckdb").is_file()


def test_the_log_tells_every_step_and_file_and_nobody(example_home):
    settings = load_settings("ibo", home=example_home)
    text = settings.log_file.read_text(encoding="utf-8")
    found = [json.loads(line) for line in text.splitlines()]
    steps = [line["step"] for line in found if line["event"] == "step_finished"]
    landed = [line for line in found if line["event"] == "file_landed"]

    assert (found[0]["event"], found[-1]["event"]) == ("run_started", "run_finished")
    assert steps[:3] == ["Validate registries", "Land exports", "Check raw"]
    assert steps[-1] == "Publish release"
    assert len(landed) == 7
    assert all(line["rows"] > 0 and line["wave"] for line in landed)
    assert [line["edition"] for line in found if line["event"] == "published"] == [
        "internal",
        "public",
    ]
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        people = connection.execute(
            "select response_key from cleaned.cln_responses where length(response_key) > 5"
        ).fetchall()
    assert [name for (name,) in people if name in text] == []


def test_the_printed_query_works_as_it_stands(example_refresh, cli):
    command = next(
        line for line in example_refresh.output.splitlines() if "barometer query" in line
    )
    program, *arguments = shlex.split(command)

    done = cli(*arguments)

    assert program == ".venv/bin/barometer"
    assert done.returncode == 0
    assert '\n2021,Executive agencies,"100 % (95–100), n = 63"' in done.stdout
    assert "\n2021,Judiciary," in done.stdout


def test_the_release_holds_no_organisation_and_is_labelled_synthetic(example_refresh):
    with duckdb.connect(str(release_file(example_refresh.settings)), read_only=True) as release:
        columns = release.execute(
            "select count(*) from information_schema.columns"
            " where column_name in ('organisation_key', 'organisation_name', 'response_key')"
        ).fetchone()
        label = release.execute("select label from core.about_release").fetchone()

    assert columns == (0,)
    assert "Synthetic" in label[0]


def test_every_organisation_group_can_be_given_on_its_own(example_refresh):
    with duckdb.connect(str(release_file(example_refresh.settings)), read_only=True) as release:
        groups = release.execute(
            "select distinct classification_id, group_id from rechtswezen.findings"
        ).fetchall()

    # Itself, what divides it, and itself crossed with the sizes of organisations.
    assert {group for classification, group in groups if classification == "overheidslaag"} == {
        "rechtswezen"
    }
    assert {classification for classification, _ in groups} == {
        "overheidslaag",
        "rw_taak",
        "overheidslaag_x_organisatiegrootte",
    }
    crossed = {group for classification, group in groups if "_x_" in classification}
    assert {group.split("_x_")[0] for group in crossed} == {"rechtswezen"}


def test_the_current_release_can_be_read_by_its_path_alone(example_refresh, cli):
    done = cli("status", "--home", example_refresh.home)

    assert done.returncode == 0
    assert "synthetic example data" in done.stdout
    assert current_manifest(example_refresh.settings)["release_id"] in done.stdout
    assert len(done.stdout.splitlines()) <= 24
    assert "IBO2025_synthetic_export.sav" not in done.stdout
    listed = cli("status", "--files", "--home", example_refresh.home)
    assert "IBO2025_synthetic_export.sav" in listed.stdout


def test_what_was_found_in_the_deliveries_is_told_wherever_somebody_looks(example_refresh, cli):
    status = cli("status", "--home", example_refresh.home)
    everything = cli("status", "--findings", "--home", example_refresh.home)
    pages = (example_refresh.settings.data_docs / "expectations").rglob("*.html")
    page = next(path for path in pages if "exports" in path.name).read_text(encoding="utf-8")

    assert "warning code_unmapped: 1 answer(s) to technology" in page
    assert "25 open findings in 3 files:" in status.stdout
    assert "barometer status" in status.stdout
    assert "Add the values to codes.csv" in everything.stdout


def test_query_can_print_csv(example_refresh, cli):
    sql = "select 1 as one, null as nothing, 'a,b' as text"
    done = cli("query", "--format", "csv", sql, "--home", example_refresh.home)
    assert done.stdout == 'one,nothing,text\n1,,"a,b"\n'


def test_a_query_cannot_change_the_release(example_refresh, cli):
    done = cli("query", "drop table core.dim_waves", "--home", example_refresh.home)

    assert done.returncode == 2
    assert "read-only" in done.stderr


def kill_while_building(home: Path) -> None:
    """Start a refresh and kill it, with no chance to tidy up, while dbt writes."""
    with subprocess.Popen(
        [sys.executable, "-u", "-m", "orchestration.cli", "refresh", "--home", str(home)],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if re.search(r"[0-9]+ of [0-9]+", line):
                break
        process.kill()
    assert process.returncode == -signal.SIGKILL


@pytest.mark.thorough
def test_after_a_kill_the_next_refresh_recovers_lands_nothing_and_shows_the_same_figures(
    example_refresh, cli
):
    before = current_manifest(example_refresh.settings)
    kill_while_building(example_refresh.home)
    assert current_manifest(example_refresh.settings) == before

    done = cli("refresh", "--home", example_refresh.home)

    assert done.returncode == 0, done.stderr
    assert "nothing new, 7 unchanged" in done.stdout
    assert "same figures" in done.stdout
    assert current_manifest(example_refresh.settings) == before
    assert len(list(example_refresh.settings.releases.iterdir())) == 1


@pytest.mark.thorough
def test_dagster_publishes_the_same_figures(example_refresh, ibo_definitions, ibo_settings):
    with dg.DagsterInstance.ephemeral() as instance:
        result = ibo_definitions.resolve_job_def("refresh").execute_in_process(
            instance=instance, raise_on_error=False
        )

    assert result.success, [event.message for event in result.all_events if event.is_failure]
    failed = [each for each in result.get_asset_check_evaluations() if not each.passed]
    # The example has planted mistakes that nobody accepted: that warns and stops nothing.
    assert {each.check_name for each in failed} == {FINDINGS_CHECK}
    assert {each.severity for each in failed} == {dg.AssetCheckSeverity.WARN}
    tables = [
        ReleasedTable(*table["name"].split("."))
        for table in current_manifest(example_refresh.settings)["tables"]
    ]
    with duckdb.connect(str(release_file(ibo_settings)), read_only=True) as release:
        assert same_figures(release, release_file(example_refresh.settings), tables)


def spoil_empty(inbox: Path) -> None:
    (inbox / EXPORT_2023).write_bytes(b"")


def spoil_format(inbox: Path) -> None:
    (inbox / EXPORT_2023).write_bytes(b"%PDF-1.7 a report instead of the export")


def spoil_key_column(inbox: Path) -> None:
    book = openpyxl.load_workbook(inbox / EXPORT_2023)
    sheet = book.active
    key = next(cell for cell in sheet[1] if "organisat" in str(cell.value).lower())
    sheet.delete_cols(key.column)
    book.save(inbox / EXPORT_2023)


def spoil_unlisted_column(inbox: Path) -> None:
    book = openpyxl.load_workbook(inbox / EXPORT_2023)
    sheet = book.active
    sheet.cell(1, sheet.max_column + 1).value = "Een nieuwe vraag"
    book.save(inbox / EXPORT_2023)


def spoil_count(inbox: Path) -> None:
    book = openpyxl.load_workbook(inbox / EXPORT_2023)
    sheet = book.active
    sheet.delete_rows(50, sheet.max_row)
    book.save(inbox / EXPORT_2023)


def spoil_everything(inbox: Path) -> None:
    for path in inbox.iterdir():
        path.rename(path.with_suffix(".docx"))


@pytest.mark.parametrize(
    ("named", "spoil"),
    cases(
        [
            (EXPORT_2023, spoil_empty),
            (EXPORT_2023, spoil_format),
            (EXPORT_2023, spoil_key_column),
            ("Een nieuwe vraag", spoil_unlisted_column),
            (EXPORT_2023, spoil_count),
            ("IBO2023_synthetic_export*.xlsx", spoil_everything),
        ],
        everyday=["spoil_key_column"],
    ),
)
def test_bad_input_stops_before_anything_is_written(example_refresh, cli, inbox, named, spoil):
    before = state(example_refresh.settings)
    spoil(inbox)

    done = cli("refresh", "--home", example_refresh.home, "--inbox", inbox)

    assert done.returncode == 2, done.stdout
    assert named in done.stderr
    assert "to do:" in done.stderr
    assert "Traceback" not in done.stderr
    assert state(example_refresh.settings) == before


def test_a_missing_frame_stops_before_anything_is_written(cli, inbox, tmp_path):
    (inbox / "IBO2023_synthetic_frame.xlsx").unlink()

    done = cli("refresh", "--home", tmp_path / "home", "--inbox", inbox)

    assert done.returncode == 2
    assert "2023" in done.stderr
    assert not (tmp_path / "home" / "ibo" / "build.duckdb").exists()


def test_check_shows_the_problem_and_exits_with_one(cli, inbox):
    good = cli("check", inbox / EXPORT_2023, "--wave", "2023")
    spoil_unlisted_column(inbox)
    bad = cli("check", inbox / EXPORT_2023, "--wave", "2023")

    assert good.returncode == 0, good.stdout
    assert bad.returncode == 1
    assert "Een nieuwe vraag" in bad.stdout


def test_a_release_is_refused_after_a_landing_that_was_not_checked(example_refresh, tmp_path):
    from orchestration.flow.steps import publish_release, read_registry
    from orchestration.state.checked_layers import NotCheckedError, mark_checked

    copied = tmp_path / "home"
    shutil.copytree(example_refresh.home, copied, symlinks=True)
    settings = load_settings("ibo", home=copied)
    (settings.home / "checked.json").unlink(missing_ok=True)
    mark_checked(settings, "marts")

    with pytest.raises(NotCheckedError, match="raw, cleaned"):
        publish_release(settings, read_registry(settings))
    assert json.loads((settings.current_release / "manifest.json").read_text())
    assert publish(settings).unchanged
