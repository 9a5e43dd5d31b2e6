"""The one order of the steps, with stand-ins for the steps themselves."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import dagster as dg
import pytest
from rich.console import Console

from barometer.errors import BarometerError
from barometer.settings import load_settings
from landing.findings.finding import Finding
from landing.kept_findings import DeliveryFindings
from orchestration.assets.landing import findings_result, landed_files
from orchestration.commands import report
from orchestration.dbt.process import DbtReport
from orchestration.flow import steps
from orchestration.flow.progress import PlainProgress
from orchestration.flow.refresh import landing_summary, refresh, release_summary
from orchestration.state.checked_layers import NotCheckedError, mark_checked
from orchestration.state.lock import AlreadyRunningError, writer_lock

ORDER = [
    "registry",
    "land",
    "check raw",
    "dbt cleaned",
    "check cleaned",
    "dbt marts",
    "check marts",
    "publish",
]


class NoDbt:
    """Stands in for dbt's process, which nothing is asked of."""

    def __init__(self, _settings):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def parse_ahead(self):
        pass


@pytest.fixture
def settings(tmp_path):
    return load_settings("ibo", home=tmp_path)


@pytest.fixture
def progress():
    return PlainProgress(Console(file=io.StringIO()))


def landed(name="IBO2025_synthetic_export.sav", superseded=None, superseded_by=None):
    return SimpleNamespace(
        file_name=name,
        wave="2025",
        kind="export",
        row_count=377,
        column_count=80,
        superseded=superseded,
        superseded_by=superseded_by,
        chosen=None,
    )


@pytest.fixture
def calls(monkeypatch, settings):
    done: list[str] = []
    registry = steps.read_registry(settings)

    def stand_in(name, result):
        def step(_settings, *arguments, **_):
            done.append(" ".join([name, *(a for a in arguments if isinstance(a, str))]))
            return result

        return step

    layer = SimpleNamespace(expectations=7, suites=(1, 2))
    release = SimpleNamespace(
        release_id="r1",
        path=Path("/r/ibo_release.duckdb"),
        labels=("Confidential.", "Synthetic."),
        tables=(("a", 1),),
        unchanged=False,
        public=None,
    )
    landing = SimpleNamespace(
        landed=(landed(),),
        landed_again=(landed("IBO2021_v3.csv", superseded="2021-export-main-b"),),
        unchanged=(landed("IBO2023_copy.xlsx", superseded_by="2023-export-main-c"),),
        checks=(),
        unrecognised=("notes.txt",),
    )
    monkeypatch.setattr(steps, "read_registry", stand_in("registry", registry))
    monkeypatch.setattr(steps, "land_inbox", stand_in("land", landing))
    monkeypatch.setattr(steps, "run_dbt", stand_in("dbt", DbtReport("x", {"model": 3}, (), 1.0)))
    monkeypatch.setattr(steps, "run_expectations", stand_in("check", layer))
    monkeypatch.setattr(steps, "publish_release", stand_in("publish", release))
    monkeypatch.setattr(steps, "count_unmatched", lambda _settings: {})
    finding = Finding("warning", "code_unmapped", "One answer has no code.", where="column 'a'")
    found = (
        DeliveryFindings(
            "2025", "export", "main", "IBO2025_synthetic_export.sav", (finding, finding)
        ),
    )
    monkeypatch.setattr(steps, "delivery_findings", lambda _settings, _registry: found)
    monkeypatch.setattr("orchestration.flow.refresh.DbtProcess", NoDbt)
    return done


def test_every_layer_is_checked_before_the_next_is_built(settings, progress, calls):
    done = refresh(settings, progress)

    assert calls == ORDER
    assert len(done.steps) == len(ORDER)
    assert done.seconds >= 0


@pytest.mark.parametrize("failing", ["land_inbox", "run_dbt", "run_expectations"])
def test_nothing_is_published_after_a_step_that_failed(
    settings, progress, calls, monkeypatch, failing
):
    def fail(*_: object) -> None:
        raise BarometerError("no")

    monkeypatch.setattr(steps, failing, fail)

    with pytest.raises(BarometerError):
        refresh(settings, progress)

    assert "publish" not in calls


def test_a_second_refresh_at_the_same_time_touches_nothing(settings, progress, calls):
    with writer_lock(settings.lock_file), pytest.raises(AlreadyRunningError):
        refresh(settings, progress)

    assert calls == ["registry"]


def test_a_release_needs_every_layer_checked(settings):
    mark_checked(settings, "raw")
    mark_checked(settings, "cleaned")

    with pytest.raises(NotCheckedError, match="marts"):
        steps.publish_release(settings, steps.read_registry(settings))


def test_the_closing_table_shows_steps_files_release_and_query(settings, progress, calls):
    done = refresh(settings, progress)
    console = Console(file=io.StringIO(), width=120)

    report.print_refresh(console, settings, done)

    text = console.file.getvalue()
    for expected in (
        "Check cleaned",
        "7 expectations on 2 tables hold",
        "3 models",
        "Landed IBO2025_synthetic_export.sav: wave 2025, export, 377 rows, 80 columns",
        "Landed again IBO2021_v3.csv: wave 2025, export, 377 rows, 80 columns, replaces "
        "2021-export-main-b",
        "Not in force IBO2023_copy.xlsx: an earlier version, as landed before; "
        "2023-export-main-c stays",
        "2 open findings in IBO2025_synthetic_export.sav (wave 2025, export):",
        "warning code_unmapped: One answer has no code. (column 'a'); and 1 more like it",
        "barometer status --home",
        "Release:   r1\n           Confidential.\n           Synthetic.\n           /r/",
        "/r/ibo_release.duckdb",
        "barometer open --home",
        "  # reports, codebook and checks, in the browser",
        "docs/bi.md",
        "barometer query",
        "indicator_id = 'innovated'",
        "Left aside, no pattern in deliveries.csv fits: notes.txt",
    ):
        assert expected in text


def test_dagster_warns_of_what_nobody_accepted():
    open_one = Finding("warning", "code_unmapped", "One answer has no code.", where="column 'a'")
    accepted = Finding("information", "response_change", "Fewer.", acceptance="by somebody: so")
    found = [DeliveryFindings("2021", "export", "main", "x.csv", (open_one, accepted))]

    result = findings_result(found)
    nothing = findings_result([replace(found[0], findings=(accepted,))])

    assert (result.passed, result.severity) == (False, dg.AssetCheckSeverity.WARN)
    assert result.metadata["open"].value == 1
    assert result.metadata["accepted"].value == 1
    assert result.metadata["findings"].value == (
        "- `x.csv`: warning code_unmapped: One answer has no code. (column 'a')"
    )
    assert nothing.passed


def test_dagster_tells_which_file_is_in_force_again():
    landing = SimpleNamespace(
        landed=(), landed_again=(landed("v3.csv", superseded="2021-export-main-b"),), unchanged=()
    )

    found = landed_files(landing)

    assert found["files_landed_again"].value == 1
    assert found["files"].value == "- landed `v3.csv` again: it replaces `2021-export-main-b`"


def test_summaries_say_what_happened():
    one = SimpleNamespace(landed=(landed(),), landed_again=(), unchanged=(landed(),))
    again = SimpleNamespace(landed=(), landed_again=(landed(),), unchanged=(landed(),))
    none = SimpleNamespace(landed=(), landed_again=(), unchanged=(landed(), landed()))
    release = SimpleNamespace(
        release_id="r1", tables=(("a", 1), ("b", 2)), unchanged=True, public=None
    )

    assert landing_summary(one) == "1 file landed (377 rows), 1 unchanged"
    assert landing_summary(again) == "1 landed again, 1 unchanged"
    assert landing_summary(none) == "nothing new, 2 unchanged"
    assert release_summary(release) == "r1 stays: same figures, 2 tables"
