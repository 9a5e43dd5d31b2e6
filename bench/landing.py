"""Landing against DuckDB's own reader: one file, one run, and the ratio of the two.

    python -m bench.landing [--rows 200000] [--columns 100] [--rounds 5] [--limit 2.5]

Both sides end with every cell in a database file. DuckDB reads the file as text into one wide
table; landing also takes the fingerprint, detects encoding and dialect, proves that no byte was
lost, checks header, rows and answers against a registry, keeps the original in the archive, and
writes one row per cell to `raw.cells`. The two alternate, and each round has its ratio, so that a
machine that is busy with something else slows both; the middle ratio counts.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import duckdb

from barometer.settings import PROJECT_ROOT, Settings
from bench.survey import FILE_NAME, wide_registry, write_wide_file
from landing.deliveries import find_deliveries
from landing.loader import land


@dataclass(frozen=True)
class Taken:
    """What one round took, in seconds."""

    wall: float
    processor: float


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, and return 1 where landing is slower than the limit."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--columns", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--limit", type=float, default=2.5)
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="barometer-bench-") as folder:
        inbox = Path(folder) / "inbox"
        inbox.mkdir()
        path = inbox / FILE_NAME
        write_wide_file(path, asked.rows, asked.columns)
        size = path.stat().st_size / 1e6
        print(f"{asked.rows:,} rows x {asked.columns} columns, {size:,.0f} MB of CSV")
        reading: list[Taken] = []
        landing: list[Taken] = []
        for number in range(asked.rounds):
            home = Path(folder) / f"home-{number}"
            reading.append(_timed(partial(_read_csv, path, home.with_suffix(".duckdb"))))
            landing.append(_timed(partial(_land, inbox, home, asked.columns)))
            _check(home, asked.rows, asked.columns)
            print(
                f"round {number + 1}: read_csv {_shown(reading[-1])}, landing {_shown(landing[-1])}"
            )
    rounds = list(zip(landing, reading, strict=True))
    ratios = [mine.wall / theirs.wall for mine, theirs in rounds]
    ratio = statistics.median(ratios)
    work = statistics.median(mine.processor / theirs.processor for mine, theirs in rounds)
    print(
        f"ratio landing / read_csv: {ratio:.2f} in time ({min(ratios):.2f} to {max(ratios):.2f}), "
        f"{work:.2f} in processor time"
    )
    print(f"limit {asked.limit}: {'kept' if ratio <= asked.limit else 'EXCEEDED'}")
    return 0 if ratio <= asked.limit else 1


def _timed(work: Callable[[], None]) -> Taken:
    wall, before = time.perf_counter(), os.times()
    work()
    after = os.times()
    processor = after.user + after.system - before.user - before.system
    return Taken(time.perf_counter() - wall, processor)


def _shown(taken: Taken) -> str:
    return f"{taken.wall:.2f} s ({taken.processor:.2f} s of processor)"


def _read_csv(path: Path, database: Path) -> None:
    with duckdb.connect(str(database)) as connection:
        connection.execute(
            f"create table answers as select * from read_csv('{path}', all_varchar = true)"
        )


def _land(inbox: Path, home: Path, columns: int) -> None:
    settings = Settings(survey="wide", root=PROJECT_ROOT, home=home, inbox=inbox)
    registry = wide_registry(columns)
    land(settings, registry, find_deliveries(inbox, registry).files)


def _check(home: Path, rows: int, columns: int) -> None:
    with duckdb.connect(str(home / "build.duckdb"), read_only=True) as connection:
        ((count,),) = connection.execute("select count(*) from raw.cells").fetchall()
    if count != rows * columns:
        raise SystemExit(f"landing wrote {count:,} cells instead of {rows * columns:,}")


if __name__ == "__main__":
    sys.exit(main())
