"""A layer is checked as a whole, reported, documented, and the file is given back."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from barometer.errors import UsageError
from barometer.settings import Settings
from expectations.checks import Suite
from expectations.report import ExpectationsFailed, LayerReport, WarehouseUnavailableError
from expectations.suites import build_suites
from expectations.validation.runner import run_layer, run_suites
from registry import Registry

Break = Callable[..., Settings]
LayerSuites = Callable[[str], tuple[Suite, ...]]

pytestmark = pytest.mark.filterwarnings("ignore:.schema_name. is deprecated:DeprecationWarning")

WRITE = "import duckdb, sys; duckdb.connect(sys.argv[1]).execute('create table raw.extra(i int)')"


@pytest.fixture(scope="module")
def layers(
    sound_warehouse: Path, tmp_path_factory: pytest.TempPathFactory, registry: Registry
) -> dict[str, LayerReport]:
    """The reports of all layers on the sound warehouse, one run after the other."""
    home = sound_warehouse.parent
    settings = Settings(survey="small", root=home, home=home, inbox=home)
    layers = ("raw", "cleaned", "marts")
    run_suites(settings, "raw", build_suites("raw", registry))
    return {layer: run_suites(settings, layer, build_suites(layer, registry)) for layer in layers}


def test_a_sound_warehouse_passes(layers: dict[str, LayerReport], suites: LayerSuites) -> None:
    for layer, report in layers.items():
        assert report.failures == ()
        assert report.expectations == sum(len(suite.checks) for suite in suites(layer))
        assert [suite.name for suite in report.suites] == [suite.name for suite in suites(layer)]


def test_the_data_docs_show_every_suite_of_every_layer_once(
    layers: dict[str, LayerReport], suites: LayerSuites
) -> None:
    index = layers["marts"].data_docs
    text = index.read_text(encoding="utf-8")
    pages = sorted((index.parent / "validations").glob("**/*.html"))
    names = [suite.name for layer in layers for suite in suites(layer)]

    assert all(f"expectations/{name.replace('.', '/')}.html" in text for name in names)
    assert len(pages) == len(names)


def test_the_data_docs_ask_nothing_of_other_hosts(layers: dict[str, LayerReport]) -> None:
    pages = list(layers["marts"].data_docs.parent.glob("**/*.html"))

    assert pages
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert "http://" not in text
        assert "https://" not in text
        assert "<script" not in text


def test_links_in_the_data_docs_lead_to_pages(layers: dict[str, LayerReport]) -> None:
    import re

    for page in layers["marts"].data_docs.parent.glob("**/*.html"):
        for target in re.findall(r'href="([^"#]+)"', page.read_text(encoding="utf-8")):
            assert (page.parent / target).is_file(), f"{page} leads to {target}"


def test_another_process_can_write_afterwards(broken: Break, suites: LayerSuites) -> None:
    settings = broken()

    run_suites(settings, "raw", suites("raw")[:1])

    command = [sys.executable, "-c", WRITE, str(settings.warehouse)]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_failures_are_told_with_table_rule_and_keys(broken: Break, registry: Registry) -> None:
    settings = broken(
        "update cleaned.cln_answers set numeric_value = 101 where response_key = 'r1'"
    )

    report = run_layer(settings, registry, "cleaned")

    assert not report.succeeded
    message = str(ExpectationsFailed(report))
    assert "cleaned.cln_answers" in message
    assert "a number lies within the limits of its question" in message
    assert "response_key r1" in message
    assert "101" not in message
    assert "index.html" in message


def test_failures_are_returned_to_those_who_only_ask(broken: Break, registry: Registry) -> None:
    settings = broken("update raw.exports set row_count = 9 where kind = 'export'")

    report = run_layer(settings, registry, "raw")

    assert not report.succeeded
    pages = (settings.data_docs / "validations/raw").glob("**/*.html")
    assert any("fa-times" in page.read_text(encoding="utf-8") for page in pages)


def test_no_answer_reaches_the_data_docs(broken: Break, suites: LayerSuites) -> None:
    settings = broken(
        "update raw.cells set column_position = null where value = 'secret'",
        "update raw.frame set organisation_key = null",
    )

    report = run_suites(settings, "raw", suites("raw"))

    written = [*settings.home.glob("**/*.html"), *settings.home.glob("expectations/**/*.json")]
    assert len(report.failures) > 1
    assert len(written) > 1
    assert not any("secret" in path.read_text(encoding="utf-8") for path in written)


def test_an_empty_suite_fails(broken: Break, suites: LayerSuites) -> None:
    empty = replace(suites("raw")[0], checks=())

    report = run_suites(broken(), "raw", (empty,))

    assert [failure.error for failure in report.failures] == ["it is empty"]


def test_a_layer_without_suites_fails(broken: Break) -> None:
    assert not run_suites(broken(), "raw", ()).succeeded


def of_frame(suites: LayerSuites) -> tuple[Suite, ...]:
    return tuple(suite for suite in suites("raw") if suite.table == "frame")


def test_a_missing_table_fails(broken: Break, suites: LayerSuites) -> None:
    report = run_suites(broken("drop table raw.frame"), "raw", of_frame(suites))

    assert [failure.expectation for failure in report.failures] == ["the table exists"]


def test_an_expectation_that_cannot_be_evaluated_fails(broken: Break, suites: LayerSuites) -> None:
    settings = broken("alter table raw.frame drop column organisation_key")

    report = run_suites(settings, "raw", of_frame(suites))

    failed = {failure.expectation: failure.error for failure in report.failures}
    assert "organisation_key" in failed["organisation_key is never empty"]
    assert "organisation_key" in failed["organisation_key is not blank"]


def test_an_example_does_without_a_key_column_that_is_missing(
    broken: Break, suites: LayerSuites
) -> None:
    settings = broken(
        "alter table raw.frame drop column row_number",
        "update raw.frame set organisation_key = null",
    )

    report = run_suites(settings, "raw", of_frame(suites))

    examples = {failure.expectation: failure.example for failure in report.failures}
    assert examples["organisation_key is never empty"].startswith("export_id 2024")


def test_an_expectation_that_was_skipped_fails(suites: LayerSuites) -> None:
    from expectations.validation.adapter import judge

    suite = suites("raw")[0]
    failure = judge(None, suite, suite.checks[0], None)  # type: ignore[arg-type]

    assert failure is not None
    assert failure.error == "it was skipped"


def test_a_published_table_without_a_suite_fails(broken: Break, suites: LayerSuites) -> None:
    settings = broken("create table core.secret_figures(i int)")
    some = tuple(suite for suite in suites("marts") if suite.schema == "core")[:1]

    report = run_suites(settings, "marts", some, schemas=("core",))

    uncovered = {failure.table for failure in report.failures}
    assert "core.secret_figures" in uncovered
    assert some[0].relation not in uncovered


def test_a_table_whose_model_is_gone_needs_no_suite(broken: Break, suites: LayerSuites) -> None:
    settings = broken("create table core.left_behind(i int)")
    settings.dbt_target.mkdir(parents=True)
    (settings.dbt_target / "manifest.json").write_text('{"nodes": {}}', encoding="utf-8")

    assert run_suites(settings, "marts", suites("marts")[:1], schemas=("core",)).succeeded


def test_a_warehouse_that_is_not_there_is_said_so(settings: Settings, suites: LayerSuites) -> None:
    with pytest.raises(WarehouseUnavailableError, match="no warehouse"):
        run_suites(settings, "raw", suites("raw"))


def test_a_warehouse_that_is_being_written_is_said_so(broken: Break, suites: LayerSuites) -> None:
    settings = broken()

    with (
        duckdb.connect(str(settings.warehouse)),
        pytest.raises(WarehouseUnavailableError, match="in use"),
    ):
        run_suites(settings, "raw", suites("raw"))


def test_a_damaged_warehouse_is_said_to_be_damaged(broken: Break, suites: LayerSuites) -> None:
    settings = broken()
    content = settings.warehouse.read_bytes()
    settings.warehouse.write_bytes(content[: len(content) // 2])

    with pytest.raises(WarehouseUnavailableError, match="file of the warehouse is damaged"):
        run_suites(settings, "raw", suites("raw"))


def test_an_unknown_layer_is_a_usage_error(registry: Registry) -> None:
    with pytest.raises(UsageError, match="no layer called 'gold'"):
        build_suites("gold", registry)


def test_asking_for_a_report_does_not_import_great_expectations() -> None:
    code = (
        "import sys, expectations.validation.runner; sys.exit('great_expectations' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
