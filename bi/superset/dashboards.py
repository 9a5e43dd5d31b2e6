"""Where the charts of a dashboard stand and what filters them, as Superset imports it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bi.superset.datasets import VERSION
from bi.superset.sources import Names, Sources, in_language

FILTERED = "core.mart_findings"
"""The dataset that the values of filters are read from."""


def dashboard(
    names: Names, sources: Sources, charts: Mapping[str, Mapping[str, Any]], language: str
) -> dict[str, Any]:
    """Return the dashboard in a language.

    Args:
        names: ids of the survey's edition.
        sources: what is to be shown.
        charts: the charts in that language, by name.
        language: `en` or `nl`.
    """
    said = in_language(dict(sources.dashboard), language)
    numbers = {name: number for number, name in enumerate(charts, start=1)}
    return {
        "dashboard_title": f"{said['title']} ({names.edition})",
        "slug": names.slug(language),
        "published": True,
        "uuid": names.uuid("dashboard", language),
        "position": dict(_position(said["rows"], charts, numbers)),
        "metadata": {
            "native_filter_configuration": list(_filters(names, said["filters"], numbers)),
            "cross_filters_enabled": False,
            "color_scheme": "supersetColors",
        },
        "version": VERSION,
    }


def _position(
    rows: Sequence[Mapping[str, Any]],
    charts: Mapping[str, Mapping[str, Any]],
    numbers: Mapping[str, int],
) -> Iterator[tuple[str, Any]]:
    ids = [f"ROW-{number}" for number in range(len(rows))]
    yield "DASHBOARD_VERSION_KEY", "v2"
    yield "ROOT_ID", {"type": "ROOT", "id": "ROOT_ID", "children": ["GRID_ID"]}
    yield _placed("GRID", "GRID_ID", ["ROOT_ID"], ids)
    above = ["ROOT_ID", "GRID_ID"]
    for row_id, row in zip(ids, rows, strict=True):
        if "heading" in row:
            meta = {"text": row["heading"], "headerSize": "MEDIUM_HEADER"}
            yield _placed("HEADER", row_id, above, [], meta)
            continue
        children = [f"CHART-{name}" for name in row["charts"]]
        yield _placed("ROW", row_id, above, children, {"background": "BACKGROUND_TRANSPARENT"})
        for chart_id, (name, width) in zip(children, row["charts"].items(), strict=True):
            meta = {
                "width": width,
                "height": row["height"],
                "chartId": numbers[name],
                "uuid": charts[name]["uuid"],
                "sliceName": charts[name]["slice_name"],
            }
            yield _placed("CHART", chart_id, [*above, row_id], [], meta)


def _placed(
    kind: str,
    name: str,
    parents: Sequence[str],
    children: Sequence[str],
    meta: Mapping[str, Any] | None = None,
) -> tuple[str, dict[str, Any]]:
    placed = {"type": kind, "id": name, "parents": [*parents], "children": [*children]}
    return name, placed | {"meta": dict(meta or {})}


def _filters(
    names: Names, filters: Sequence[Mapping[str, Any]], numbers: Mapping[str, int]
) -> Iterator[dict[str, Any]]:
    for said in filters:
        above = [_filter_id(said["below"])] if "below" in said else []
        yield {
            "id": _filter_id(said["column"]),
            "name": said["name"],
            "type": "NATIVE_FILTER",
            "filterType": "filter_select",
            "targets": [
                {
                    "datasetUuid": names.uuid("dataset", FILTERED),
                    "column": {"name": said["column"]},
                }
            ],
            "controlValues": {
                "multiSelect": False,
                "defaultToFirstItem": True,
                "enableEmptyFilter": True,
                "inverseSelection": False,
                "searchAllOptions": False,
                "sortAscending": not said.get("latest_first", False),
            },
            "requiredFirst": True,
            "sortMetric": said["sort"],
            "cascadeParentIds": above,
            "defaultDataMask": {"extraFormData": {}, "filterState": {}, "ownState": {}},
            "scope": {
                "rootPath": ["ROOT_ID"],
                "excluded": [numbers[name] for name in said.get("not_for", [])],
            },
        }


def _filter_id(column: str) -> str:
    return f"NATIVE_FILTER-{column}"
