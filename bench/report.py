"""The table, the chart and the profile that a run of measurements ends in."""

from __future__ import annotations

import importlib.metadata
import math
import os
import platform
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from typing import Any

from barometer.memory import available_memory
from bench.measuring import Taken
from bench.scenarios import Row, Skipped
from bench.workspace import Bare

_VERSIONS = ("duckdb", "dbt-core", "great-expectations", "pandas", "polars")
_COLUMNS = (
    *("", "processor s", "wall s", "peak MB", "build file MB", "release MB"),
    *("× imports + bare SQL", "× `dbt --version`", "× pandas", "× polars"),
)
_COSTLY = 8


def machine(memory_limit: str) -> str:
    """Return what the figures were measured on: no names, no paths."""
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in _VERSIONS)
    return (
        f"{_processor()}, {os.cpu_count()} cores, {available_memory() / 1e9:.0f} GB of memory,"
        f" {platform.system()} {platform.machine()}; Python {platform.python_version()},"
        f" {versions}; DuckDB within {memory_limit};"
        f" {os.getloadavg()[0]:.1f} processes were at work when it began."
    )


def _processor() -> str:
    described = Path("/proc/cpuinfo")
    if described.exists():
        for line in described.read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine()


def table(
    imports: Taken, version: Taken, rows: Sequence[Row], skipped: Sequence[Skipped]
) -> Iterator[str]:
    """Yield the one table, in Markdown."""
    yield _line(_COLUMNS)
    yield _line(("---", *("---:",) * (len(_COLUMNS) - 1)))
    yield _line(("importing Great Expectations, dbt, DuckDB", *_figures(imports)))
    yield _line(("`dbt --version`", *_figures(version)))
    for row, earlier in zip(rows, (None, *rows), strict=False):
        floor = imports.processor + row.bare.sql if row.bare else None
        rivals = [row.rivals.get(name) for name in ("pandas", "polars")]
        yield _line(
            (
                f"**{row.words}**",
                *_figures(row.taken, row.build_mb, row.release_mb),
                _ratio(row.taken.processor, floor),
                _ratio(row.taken.processor, version.processor),
                *(_ratio(row.taken.processor, each.processor if each else None) for each in rivals),
            )
        )
        for words, taken in beside(row, earlier):
            yield _line((f"↳ {words}", *_figures(taken)))
    for each in skipped:
        yield ""
        yield f"Not measured: {each.scenario}: {each.reason}"


def beside(row: Row, earlier: Row | None) -> Iterator[tuple[str, Taken]]:
    """Yield what stands beside a scenario, with its name, and not beside the one before already."""
    if row.bare and (earlier is None or row.bare is not earlier.bare):
        apart = row.bare.taken.processor - row.bare.sql
        yield f"bare, of which {apart:,.1f} s are Python", row.bare.taken
    yield from ((name, taken) for name, taken in row.rivals.items())


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join((*cells, *("",) * (len(_COLUMNS) - len(cells)))) + " |"


def _figures(taken: Taken, *sizes: float | None) -> tuple[str, ...]:
    shown = ("" if size is None else f"{size:,.1f}" for size in sizes)
    return f"{taken.processor:,.1f}", f"{taken.wall:,.1f}", f"{taken.peak_mb:,.0f}", *shown


def _ratio(mine: float, theirs: float | None) -> str:
    return f"{mine / theirs:,.2f}" if theirs else ""


def profile(rows: Sequence[Row], refresh: dict[str, Any] | None) -> Iterator[str]:
    """Yield where the time goes: the steps of a refresh, and the costliest models."""
    if refresh:
        yield "| step of a cold refresh of the example | own | its processes | most of its own |"
        yield "| --- | ---: | ---: | --- |"
        for label, step in refresh["steps"].items():
            packages = sorted(refresh["packages"].get(label, {}).items(), key=lambda p: -p[1])
            most = ", ".join(f"{name} {seconds:.1f}" for name, seconds in packages[:5])
            yield f"| {label} | {step['own']:.1f} | {step['others']:.1f} | {most} |"
        yield ""
    told: list[Bare] = []
    for row in rows:
        if row.bare is None or row.bare in told:
            continue
        told.append(row.bare)
        costly = sorted(row.bare.nodes, key=lambda node: -node.processor)[:_COSTLY]
        listed = ", ".join(f"{node.name} {node.processor:.1f}" for node in costly)
        yield f"- {row.words}, bare, the costliest of {len(row.bare.nodes)}: {listed}."


def chart(imports: Taken, version: Taken, rows: Sequence[Row]) -> str:
    """Return seconds of processor as bars on a logarithmic scale, as SVG."""
    bars = [("imports", imports, "#888"), ("dbt --version", version, "#888")]
    for row, earlier in zip(rows, (None, *rows), strict=False):
        bars.append((row.words, row.taken, "#1f5fa8"))
        bars.extend((f"· {words}", taken, "#b8651b") for words, taken in beside(row, earlier))
    left, width, height = 430, 520, 22
    bottom = 30 + height * len(bars)
    low, high = -1, max(2, math.ceil(math.log10(max(bar[1].processor for bar in bars))))
    lines = []
    for power in range(low, high + 1):
        x = left + width * (power - low) / (high - low)
        lines.append(
            f'<line x1="{x:.0f}" y1="24" x2="{x:.0f}" y2="{bottom}" stroke="#ddd"/>'
            f'<text x="{x:.0f}" y="16" text-anchor="middle">{10.0**power:g} s</text>'
        )
    for at, (words, taken, colour) in enumerate(bars):
        y = 30 + height * at
        share = (math.log10(max(taken.processor, 10.0**low)) - low) / (high - low)
        end = width * share
        lines.append(
            f'<text x="{left - 8}" y="{y + 14}" text-anchor="end">{escape(words)}</text>'
            f'<rect x="{left}" y="{y + 3}" width="{end:.1f}" height="15" fill="{colour}"/>'
            f'<text x="{left + end + 5:.1f}" y="{y + 14}">{taken.processor:,.1f}</text>'
        )
    size = f'width="{left + width + 80}" height="{bottom + 10}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="12">'
        '<rect width="100%" height="100%" fill="white"/>' + "\n".join(lines) + "</svg>\n"
    )
