"""One wide file of answers: written, landed, and read by DuckDB alone.

    python -m bench.landing {write,land,read} FOLDER [--rows 200000] [--columns 100]

Landing and DuckDB's own reader both end with every cell in a database file. DuckDB reads the file
as text into one wide table; landing also takes the fingerprint, detects encoding and dialect,
proves that no byte was lost, checks header, rows and answers against a registry, keeps the original
in the archive, and writes one row per cell to `raw.cells`.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import duckdb

from barometer.settings import PROJECT_ROOT, Settings
from bench.survey import FILE_NAME, wide_registry, write_wide_file
from landing.deliveries import find_deliveries
from landing.loader import land


def main(arguments: list[str] | None = None) -> int:
    """Do one of the three."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("part", choices=("write", "land", "read"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--columns", type=int, default=100)
    asked = parser.parse_args(arguments)
    inbox: Path = asked.folder / "inbox"
    if asked.part == "write":
        inbox.mkdir(exist_ok=True)
        write_wide_file(inbox / FILE_NAME, asked.rows, asked.columns)
    elif asked.part == "read":
        with duckdb.connect(str(asked.folder / "read.duckdb")) as connection:
            connection.execute(
                "create table answers as"
                f" select * from read_csv('{inbox / FILE_NAME}', all_varchar = true)"
            )
    else:
        home = asked.folder / "home"
        settings = Settings(survey="wide", root=PROJECT_ROOT, home=home, inbox=inbox)
        registry = wide_registry(asked.columns)
        (landed,) = land(settings, registry, find_deliveries(inbox, registry).files).landed
        if (landed.row_count, landed.column_count) != (asked.rows, asked.columns):
            raise SystemExit(f"landed {landed.row_count} rows of {landed.column_count} columns")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
