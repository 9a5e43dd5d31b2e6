"""The steps of a refresh, used alike by the command line and by Dagster.

A step reads what the step before it wrote and nothing else. Whoever calls a step holds
`orchestration.state.lock.writer_lock`. Libraries that take seconds to import are imported by the
step that needs them.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from barometer.errors import UsageError
from barometer.home_probe import probe_home
from barometer.logs import note
from barometer.private import close_home
from barometer.settings import Settings
from orchestration.dbt.process import (
    DbtNode,
    DbtProcess,
    DbtReport,
    DbtTally,
    build_arguments,
    finished_node,
    stream_dbt,
)
from orchestration.state.checked_layers import forget_checked, mark_checked, require_checked

if TYPE_CHECKING:
    from expectations.report import LayerReport
    from landing.kept_findings import DeliveryFindings
    from landing.loader import LandingReport
    from landing.personal.forgotten import Forgotten
    from publication.internal.release import ReleaseReport
    from registry import Registry

DELIVERED = "raw.exports"
NodeCallback = Callable[[DbtNode], None]


def read_registry(settings: Settings) -> Registry:
    """Return the registries of the survey; every mistake in them is one error."""
    from registry import load_registry

    registry = load_registry(settings.seeds)
    if registry.survey.survey_id != settings.survey:
        raise UsageError(
            f"The registries of survey '{settings.survey}' say they are of another survey.",
            where=str(settings.seeds / "surveys.csv"),
            expected=f"survey_id {settings.survey}",
            remedy="Correct the id in surveys.csv, or the name of the folder.",
        )
    return registry


def land_inbox(
    settings: Settings,
    registry: Registry,
    waves: Collection[str] | None = None,
    tell: Callable[[str], None] | None = None,
) -> LandingReport:
    """Land the delivered files of the inbox, of all waves or of the waves given.

    `tell` is told of every file that is read.
    """
    from landing.completeness import require_complete_waves
    from landing.deliveries import find_deliveries
    from landing.loader import land

    _prepare_home(settings)
    listing = find_deliveries(settings.inbox, registry)
    files = [file for file in listing.files if waves is None or file.delivery.wave in waves]
    require_complete_waves(settings, registry, files)
    forget_checked(settings, "raw")
    report = land(settings, registry, files, tell)
    for checked in report.checks:
        for finding in checked.warnings:
            note(
                "delivery_finding",
                logging.WARNING,
                wave=checked.wave,
                kind=checked.kind,
                part=checked.part,
                file=checked.file_name,
                finding=finding.code,
            )
    for file in (*report.landed, *report.landed_again):
        note(
            "file_landed",
            wave=file.wave,
            kind=file.kind,
            part=file.part,
            file=file.file_name,
            rows=file.row_count,
            again=file in report.landed_again,
        )
    return replace(report, unrecognised=tuple(path.name for path in listing.unrecognised))


def erase_response(
    settings: Settings, registry: Registry, wave: str, response_id: str, part: str | None = None
) -> Forgotten | None:
    """Take a respondent out of the warehouse and the archive; None where that was done before.

    Raises:
        UsageError: nobody has this id.
    """
    from landing.personal.erasure import remove_traces
    from landing.personal.forgetting import erase, plan
    from landing.storage.workspace import remove_left_behind

    plan(settings, registry, wave, response_id, part)
    _prepare_home(settings)
    remove_traces(settings.home, settings.warehouse)
    remove_left_behind(settings.home)
    forget_checked(settings, "raw")
    # Nothing that was made with the respondent may stay because it seems unchanged.
    build_in_full(settings)
    return erase(settings, registry, wave, response_id, part)


def _prepare_home(settings: Settings) -> None:
    """Close to others what an earlier version left open, and see that a release can be made."""
    close_home(settings.home, open_folders(settings))
    probe_home(settings.home, settings.warehouse)


def open_folders(settings: Settings) -> tuple[Path, ...]:
    """Return the folders of which others may have rights: the public edition and the inbox."""
    from publication.editions import PUBLIC, edition_of

    return edition_of(settings, PUBLIC).folder, settings.inbox


def build_in_full(settings: Settings) -> None:
    """Let the next build make every table anew, whatever it was made from."""
    from landing.storage.warehouse import open_warehouse

    if settings.warehouse.exists():
        with open_warehouse(settings.warehouse) as connection:
            connection.execute("drop schema if exists build_state cascade")


def run_dbt(
    settings: Settings, layer: str, dbt: DbtProcess, on_node: NodeCallback | None = None
) -> DbtReport:
    """Build and test one layer of the dbt project, telling `on_node` of every node."""
    forget_checked(settings, layer)
    tally = DbtTally(layer)
    for event in dbt.run(build_arguments(layer)):
        node = finished_node(event)
        if node is None:
            continue
        tally.add(node)
        note_node(node.unique_id, node.status, seconds=node.seconds, ok=node.ok)
        if on_node is not None:
            on_node(node)
    return tally.report()


def note_node(unique_id: str, status: str, *, ok: bool, **facts: object) -> None:
    """Log a node that dbt has finished; not what it says of a failed one, which quotes answers."""
    if ok:
        note("dbt_node_finished", logging.DEBUG, node=unique_id, status=status, **facts)
    else:
        note("dbt_node_failed", logging.ERROR, node=unique_id, status=status, **facts)


def inspect_layer(settings: Settings, registry: Registry, layer: str) -> LayerReport:
    """Validate one layer and return what does and does not hold."""
    from expectations.validation.runner import run_layer

    remarks = {DELIVERED: _remarks(settings, registry)} if layer == "raw" else {}
    report = run_layer(settings, registry, layer, remarks)
    for failure in report.failures:
        note(
            "expectation_failed",
            logging.ERROR,
            layer=layer,
            table=failure.table,
            expectation=failure.expectation,
            rows=failure.unexpected_count,
        )
    note("layer_checked", layer=layer, expectations=report.expectations, tables=len(report.suites))
    if report.succeeded:
        mark_checked(settings, layer)
    return report


def _remarks(settings: Settings, registry: Registry) -> list[str]:
    """Return what was found in the deliveries, for the page of the table that lists them."""
    return [
        f"{file.file_name}: {line}"
        for file in delivery_findings(settings, registry)
        for line in file.lines()
    ]


def run_expectations(settings: Settings, registry: Registry, layer: str) -> LayerReport:
    """Validate one layer; raises when an expectation does not hold."""
    from expectations.report import ExpectationsFailed

    report = inspect_layer(settings, registry, layer)
    if not report.succeeded:
        raise ExpectationsFailed(report)
    return report


def delivery_findings(settings: Settings, registry: Registry) -> tuple[DeliveryFindings, ...]:
    """Return what was found in the files in force, with what of it was accepted."""
    from landing.kept_findings import kept_findings

    return kept_findings(settings.warehouse, registry)


def count_unmatched(settings: Settings) -> dict[str, int]:
    """Return per wave how many responses could not be matched to the frame."""
    from landing.frames.matching import unmatched_counts

    return unmatched_counts(settings)


def publish_release(settings: Settings, registry: Registry) -> ReleaseReport:
    """Prepare and audit both editions, make both current, and finish what was forgotten.

    Provided every layer passed its expectations as it is now. Where respondents were forgotten,
    what is left of them in earlier releases goes after it.

    Raises:
        PublicationError: an edition may not be published; both stay as they were.
    """
    from landing.personal.finishing import finish, unfinished
    from orchestration.flow.start_page import write_start_page
    from publication.internal.release import prepared_internal
    from publication.public.release import forget_in_ledger, prepared_public
    from publication.store.swap import make_current

    require_checked(settings)
    with (
        prepared_internal(settings, registry) as internal,
        prepared_public(settings, registry) as public,
    ):
        report, *others = make_current(*(one for one in (internal, public) if one is not None))
    for edition, one in zip(("internal", "public"), (report, *others), strict=False):
        note(
            "published",
            edition=edition,
            release=one.release_id,
            tables=len(one.tables),
            rows=sum(rows for _, rows in one.tables),
            unchanged=one.unchanged,
        )
    if unfinished(settings):
        forget_in_ledger(settings, registry)
    finish(settings)
    write_start_page(settings, registry)
    return replace(report, public=next(iter(others), None))


def generate_docs(settings: Settings) -> Path:
    """Write dbt's documentation as one web page that needs no server; return its path."""
    from orchestration.flow.start_page import write_start_page
    from registry import load_registry

    for _ in stream_dbt(settings, ["docs", "generate", "--static"]):
        pass
    write_start_page(settings, load_registry(settings.seeds))
    return settings.docs_page
