"""What the files for Superset say, as tests read it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from bi.superset.build import assets
from bi.superset.sources import Names, read_sources
from publication.tables import quote


@dataclass(frozen=True)
class Files:
    """The files of one edition: path and content."""

    release: Path
    content: dict[str, dict[str, Any]]

    def under(self, folder: str) -> dict[str, dict[str, Any]]:
        return {path: said for path, said in self.content.items() if path.startswith(f"{folder}/")}

    def datasets(self) -> dict[str, dict[str, Any]]:
        return {said["uuid"]: said for said in self.under("datasets").values()}

    def charts(self) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
        """Yield path, query and dataset of every chart."""
        datasets = self.datasets()
        for path, said in self.under("charts").items():
            (query,) = json.loads(said["query_context"])["queries"]
            yield path, query, datasets[said["dataset_uuid"]]

    def filtered(self) -> dict[str, list[dict[str, Any]]]:
        """Return per chart (by its id) the filters that the dashboard starts with."""
        with duckdb.connect(str(self.release), read_only=True) as release:
            return {
                chart: found
                for dashboard in self.under("dashboards").values()
                for chart, found in self._filters(dashboard, release)
            }

    def _filters(
        self, dashboard: dict[str, Any], release: duckdb.DuckDBPyConnection
    ) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        datasets = self.datasets()
        columns = {
            said["uuid"]: columns_of(datasets[said["dataset_uuid"]])
            for said in self.under("charts").values()
        }
        placed = [part["meta"] for part in dashboard["position"].values() if is_chart(part)]
        for meta in placed:
            found = []
            for said in dashboard["metadata"]["native_filter_configuration"]:
                (target,) = said["targets"]
                column = target["column"]["name"]
                if (
                    meta["chartId"] in said["scope"]["excluded"]
                    or column not in columns[meta["uuid"]]
                ):
                    continue
                source = datasets[target["datasetUuid"]]
                metrics = {part["metric_name"]: part["expression"] for part in source["metrics"]}
                order = metrics[said["sortMetric"]]
                direction = "asc" if said["controlValues"]["sortAscending"] else "desc"
                first = release.execute(
                    f"select {column} from {source['schema']}.{source['table_name']}"
                    f" group by 1 order by {order} {direction}, 1"
                ).fetchone()
                assert first
                found.append({"col": column, "op": "IN", "val": [first[0]]})
            yield meta["uuid"], found


def files_of(edition: str, release: Path, survey: str = "ibo") -> Files:
    return Files(release, dict(assets(Names(survey, edition), read_sources(survey), release)))


def is_chart(part: object) -> bool:
    return isinstance(part, dict) and part["type"] == "CHART"


def columns_of(dataset: dict[str, Any]) -> dict[str, str]:
    """Return what a dataset calls its columns, each with its SQL."""
    return {
        column["column_name"]: column.get("expression") or quote(column["column_name"])
        for column in dataset["columns"]
    }


def points(query: dict[str, Any], filters: list[dict[str, Any]], dataset: dict[str, Any]) -> str:
    """Return SQL for what a chart shows: its points, how many rows each has, and its metrics."""
    columns = columns_of(dataset)
    metrics = {metric["metric_name"]: metric["expression"] for metric in dataset["metrics"]}
    selected = [
        *(f"{columns[name]} as c{number}" for number, name in enumerate(query["columns"])),
        "count(*) as rows_of_point",
        *(f"{metrics[name]} as m{number}" for number, name in enumerate(query.get("metrics", []))),
    ]
    return (
        f"select {', '.join(selected)}"
        f" from {quote(dataset['schema'])}.{quote(dataset['table_name'])}"
        f" where {' and '.join(map(_condition, [*query['filters'], *filters])) or 'true'}"
        " group by all"
    )


def _condition(part: dict[str, Any]) -> str:
    values = part["val"] if isinstance(part["val"], list) else [part["val"]]
    listed = ", ".join(
        str(value).lower() if isinstance(value, bool) else "'" + str(value).replace("'", "''") + "'"
        for value in values
    )
    return f"{quote(part['col'])} in ({listed})"
