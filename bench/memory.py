"""How much memory landing one large CSV file takes: the peak of the whole process.

python -m bench.memory [--megabytes 1000] [--limit 1024]
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from barometer.settings import PROJECT_ROOT, Settings
from bench.survey import FILE_NAME, wide_registry, write_wide_file
from landing.deliveries import find_deliveries
from landing.loader import land

_COLUMNS = 100
_BYTES_PER_ROW = 1105


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, and return 1 where landing takes more than the limit."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--megabytes", type=int, default=1000)
    parser.add_argument("--limit", type=int, default=1024)
    parser.add_argument("--land", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.land is not None:
        return _land(asked.land, asked.limit)
    with tempfile.TemporaryDirectory(prefix="barometer-bench-") as name:
        folder = Path(name)
        (folder / "inbox").mkdir()
        path = folder / "inbox" / FILE_NAME
        write_wide_file(path, asked.megabytes * 1_000_000 // _BYTES_PER_ROW, _COLUMNS)
        print(f"{path.stat().st_size / 1e6:,.0f} MB of CSV, {_COLUMNS} columns")
        # A process of its own: writing the file must not count.
        command = [sys.executable, "-m", "bench.memory", "--land", name]
        return subprocess.run([*command, "--limit", str(asked.limit)], check=False).returncode


def _land(folder: Path, limit: int) -> int:
    settings = Settings(
        survey="wide", root=PROJECT_ROOT, home=folder / "home", inbox=folder / "inbox"
    )
    registry = wide_registry(_COLUMNS)
    before = time.perf_counter()
    (landed,) = land(settings, registry, find_deliveries(settings.inbox, registry).files).landed
    taken = time.perf_counter() - before
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{landed.row_count:,} rows landed in {taken:.0f} s")
    print(f"peak memory: {peak:,.0f} MiB, limit {limit}: {'kept' if peak < limit else 'EXCEEDED'}")
    return 0 if peak < limit else 1


if __name__ == "__main__":
    sys.exit(main())
