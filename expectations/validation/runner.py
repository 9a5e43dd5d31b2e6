"""Validates one layer of the warehouse and reports what does not hold."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from barometer.settings import Settings
from expectations.checks import Suite
from expectations.report import Failure, LayerReport, SuiteReport
from expectations.suites import build_suites, checked_schemas
from expectations.validation.coverage import unchecked
from registry import Registry


def run_layer(
    settings: Settings,
    registry: Registry,
    layer: str,
    remarks: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> LayerReport:
    """Run every expectation of a layer, write the Data Docs, and report what does not hold.

    Args:
        settings: where the survey is.
        registry: its registries.
        layer: which tables.
        remarks: what else is to be read on the page of a table, by schema and table.
    """
    suites = tuple(
        replace(suite, remarks=tuple(remarks.get(suite.relation, ())))
        for suite in build_suites(layer, registry)
    )
    return run_suites(settings, layer, suites, checked_schemas(layer, registry))


def run_suites(
    settings: Settings, layer: str, suites: tuple[Suite, ...], schemas: Collection[str] = ()
) -> LayerReport:
    """Run suites of one layer.

    A layer without suites fails, and so does one with a table in `schemas` that has no suite.
    """
    # Importing Great Expectations takes seconds; who only needs the report should not pay.
    from expectations.validation import adapter, data_docs

    started = time.monotonic()
    data_docs.forget_layer(settings, layer)
    context = data_docs.make_context(settings)
    reports = []
    documented = []
    with adapter.open_warehouse(context, settings.warehouse) as warehouse:
        tables = warehouse.columns
        for suite in suites:
            suite_started = time.monotonic()
            expectations, failures = 0, _unfit(suite, tables)
            if not failures:
                expectations, failures = adapter.validate(context, warehouse, suite)
                documented.append(suite)
            reports.append(
                SuiteReport(
                    name=suite.name,
                    table=suite.relation,
                    expectations=expectations,
                    failures=failures,
                    seconds=time.monotonic() - suite_started,
                )
            )
        reports.extend(unchecked(settings, layer, schemas, tables, suites))
    if not suites:
        nothing = Failure(layer, "the layer has suites", error="there is none")
        reports.append(SuiteReport(layer, layer, 0, (nothing,), 0.0))
    return LayerReport(
        layer=layer,
        suites=tuple(reports),
        data_docs=data_docs.build(context, settings, documented),
        seconds=time.monotonic() - started,
    )


def _unfit(suite: Suite, tables: Collection[str]) -> tuple[Failure, ...]:
    """Return why a suite cannot run at all."""
    if not suite.checks:
        return (Failure(suite.relation, "the suite has expectations", error="it is empty"),)
    if suite.relation not in tables:
        return (Failure(suite.relation, "the table exists", error="there is no such table"),)
    return ()
