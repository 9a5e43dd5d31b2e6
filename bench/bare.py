"""The project's own compiled SQL, bare: every seed and model in one DuckDB process, without dbt.

    python -m bench.bare compile --survey ibo --home FOLDER
    python -m bench.bare run --survey ibo --home FOLDER

`compile` has dbt write the statements, `run` runs them on the raw tables of a build file: seeds
are read and models built in the order of their dependencies, as dbt would materialise them. Models
in Python are called as dbt calls them, and counted apart. FOLDER/profile.json gets one line per
node: processor, wall, peak memory so far, rows.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from barometer.memory import bounded
from barometer.settings import PROJECT_ROOT, Settings, load_settings

Node = dict[str, Any]


class Handle:
    """What dbt hands to a model in Python: the tables that it reads, by name."""

    def __init__(self, nodes: dict[str, Node], connection: duckdb.DuckDBPyConnection) -> None:
        self._nodes = {node["name"]: node for node in nodes.values()}
        self._connection = connection

    def ref(self, name: str) -> duckdb.DuckDBPyRelation:
        """Return a table that another node made."""
        return self._connection.sql(f"from {relation(self._nodes[name])}")


def main(arguments: list[str] | None = None) -> int:
    """Compile, or build everything and write the profile as it grows."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("part", choices=("compile", "run"))
    parser.add_argument("--survey", required=True)
    parser.add_argument("--home", type=Path, required=True)
    asked = parser.parse_args(arguments)
    settings = load_settings(asked.survey, home=asked.home)
    if asked.part == "compile":
        compile_project(settings)
    else:
        build_all(settings, asked.home / "profile.json")
    return 0


def compile_project(settings: Settings) -> None:
    """Have dbt write the manifest with the compiled statements."""
    command = [sys.executable, "-c", "from dbt.cli.main import cli; cli()", "--quiet", "compile"]
    environment = {**os.environ, **settings.dbt_environment()}
    subprocess.run(command, cwd=settings.root, env=environment, check=True)


def build_all(settings: Settings, profile: Path) -> None:
    """Build every seed and model, and write what each took."""
    manifest = json.loads((settings.dbt_target / "manifest.json").read_text(encoding="utf-8"))
    kinds = {"seed", "model"}
    nodes = {key: n for key, n in manifest["nodes"].items() if n["resource_type"] in kinds}
    lines = []
    with duckdb.connect(str(settings.warehouse), config=bounded()) as connection:
        connection.execute("set TimeZone = 'UTC'")
        for node in in_order(nodes):
            processor, wall = time.process_time(), time.perf_counter()
            rows = build(node, nodes, connection)
            lines.append(
                {
                    "name": node["name"],
                    "kind": "seed" if node["resource_type"] == "seed" else node["language"],
                    "processor": time.process_time() - processor,
                    "wall": time.perf_counter() - wall,
                    "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6,
                    "rows": rows,
                }
            )
    profile.write_text(json.dumps(lines), encoding="utf-8")


def in_order(nodes: dict[str, Node]) -> Iterator[Node]:
    """Yield every node after all those that it reads."""
    done: set[str] = set()

    def visit(key: str) -> Iterator[Node]:
        if key in done or key not in nodes:
            return
        done.add(key)
        for other in nodes[key].get("depends_on", {}).get("nodes", ()):
            yield from visit(other)
        yield nodes[key]

    for key in sorted(nodes):
        yield from visit(key)


def relation(node: Node) -> str:
    """Return schema and name of what a node makes."""
    return f"{node['schema']}.{node['alias']}"


def build(node: Node, nodes: dict[str, Node], connection: duckdb.DuckDBPyConnection) -> int | None:
    """Make the table or view of a node; return the rows of a table."""
    name = relation(node)
    connection.execute(f"create schema if not exists {node['schema']}")
    if node["resource_type"] == "seed":
        types = node["config"]["column_types"]
        listed = ", ".join(f"'{column}': '{kind}'" for column, kind in types.items())
        path = Path(node["root_path"]) / node["original_file_path"]
        connection.execute(
            f"create or replace table {name} as"
            f" from read_csv('{path}', header = true, all_varchar = {not types},"
            f" delim = ',', quote = '\"', escape = '\"'"
            + (f", types = {{{listed}}}" if types else "")
            + ")"
        )
    elif node["language"] == "python":
        path = PROJECT_ROOT / node["original_file_path"]
        spec = importlib.util.spec_from_file_location(node["name"], path)
        if spec is None or spec.loader is None:
            raise FileNotFoundError(path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        connection.register("built", module.model(Handle(nodes, connection), connection))
        connection.execute(f"create or replace table {name} as select * from built")
        connection.unregister("built")
    elif node["config"]["materialized"] == "view":
        connection.execute(f"create or replace view {name} as {node['compiled_code']}")
        return None
    else:
        connection.execute(f"create or replace table {name} as {node['compiled_code']}")
    ((rows,),) = connection.execute(f"select count(*) from {name}").fetchall()
    return int(rows)


if __name__ == "__main__":
    raise SystemExit(main())
