"""The charts of a dashboard, as Superset imports them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bi.superset.datasets import VERSION
from bi.superset.sources import Names, Sources, in_language

_DIMENSIONS = ("x_axis", "groupby", "groupbyRows", "groupbyColumns", "all_columns")
_METRICS = ("metric", "metrics")


def charts(names: Names, sources: Sources, language: str) -> dict[str, dict[str, Any]]:
    """Return the charts in a language, by name."""
    return {
        name: _chart(names, name, in_language(dict(said), language), language)
        for name, said in sources.charts.items()
    }


def query_of(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a chart asks of its dataset, before the filters of the dashboard."""
    query: dict[str, Any] = {
        "columns": _listed(params, _DIMENSIONS),
        "filters": [
            {"col": part["subject"], "op": part["operator"], "val": part["comparator"]}
            for part in params["adhoc_filters"]
        ],
        "orderby": [json.loads(order) for order in params.get("order_by_cols", [])],
        "row_limit": params["row_limit"],
    }
    metrics = _listed(params, _METRICS)
    return query | ({"metrics": metrics} if metrics else {})


def _chart(names: Names, name: str, said: Mapping[str, Any], language: str) -> dict[str, Any]:
    viz_type = said["viz_type"]
    params = {
        "viz_type": viz_type,
        "row_limit": 1,
        "adhoc_filters": [_filter(*part) for part in said.get("where", {}).items()],
        **_of_columns(said.get("columns", {})),
        **said.get("params", {}),
    }
    context = {"form_data": params, "queries": [query_of(params)]}
    context |= {"result_format": "json", "result_type": "full"}
    return {
        "slice_name": said["title"],
        "description": said.get("description"),
        "viz_type": viz_type,
        "params": params,
        "query_context": json.dumps(context),
        "uuid": names.uuid("chart", name, language),
        "dataset_uuid": names.uuid("dataset", said["dataset"]),
        "version": VERSION,
    }


def _of_columns(columns: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters of a table of rows: its columns and what stands above them."""
    if not columns:
        return {}
    return {
        "query_mode": "raw",
        "all_columns": list(columns),
        "show_cell_bars": False,
        "column_config": {
            name: {"customColumnName": said["title"], "d3NumberFormat": said["format"]}
            if isinstance(said, Mapping)
            else {"customColumnName": said}
            for name, said in columns.items()
        },
    }


def _filter(column: str, value: object) -> dict[str, Any]:
    return {
        "clause": "WHERE",
        "expressionType": "SIMPLE",
        "subject": column,
        "operator": "IN" if isinstance(value, list) else "==",
        "comparator": value,
    }


def _listed(params: Mapping[str, Any], keys: tuple[str, ...]) -> list[str]:
    found: list[str] = []
    for key in keys:
        value = params.get(key, [])
        found += value if isinstance(value, list) else [value]
    return found
