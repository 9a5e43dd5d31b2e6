"""What it costs, in one run: `make bench`, or `python -m bench --only ibo-cold,ibo-same`.

Every scenario is a whole process in a temporary home. The table, chart and profile go to
`warehouse/bench`, and with --keep into `docs/benchmarks.md` and the chart beside it.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from barometer.errors import BarometerError, UsageError
from barometer.settings import PROJECT_ROOT
from bench import report
from bench.measuring import NotMeasuredError, measured
from bench.scenarios import CHAINS, ONLY_WHEN_ASKED, Plan, Row, Skipped
from bench.workspace import PYTHON

DOCUMENT = PROJECT_ROOT / "docs" / "benchmarks.md"
PROFILE = "profile"
_BEGIN, _END = "<!-- measured: begin -->", "<!-- measured: end -->"
_KNOWN = (*(name for names in CHAINS.values() for name in names), PROFILE)


def main(arguments: list[str] | None = None) -> int:
    """Measure what was asked for, and print and write the results."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=(__doc__ or "").strip())
    parser.add_argument("--only", default="", help=f"some of: {', '.join(_KNOWN)}")
    parser.add_argument("--memory-limit", default="4GB", help="what DuckDB may take")
    parser.add_argument("--folder", type=Path, help="where temporary homes are made")
    parser.add_argument("--output", type=Path, default=PROJECT_ROOT / "warehouse" / "bench")
    parser.add_argument("--keep", action="store_true", help="put the results into docs, too")
    asked = parser.parse_args(arguments)
    try:
        chosen = choose(asked.only)
        with tempfile.TemporaryDirectory(prefix="barometer-bench-", dir=asked.folder) as folder:
            text, chart = run(Plan(chosen, Path(folder), asked.memory_limit))
    except BarometerError as error:
        print(error, file=sys.stderr)
        return 2
    print(text)
    asked.output.mkdir(parents=True, exist_ok=True)
    (asked.output / "results.md").write_text(text, encoding="utf-8")
    (asked.output / "results.svg").write_text(chart, encoding="utf-8")
    if asked.keep:
        keep(text, chart)
    return 0


def choose(only: str) -> frozenset[str]:
    """Return the scenarios that were named, or all that are measured unasked.

    Raises:
        UsageError: there is none of this name.
    """
    named = frozenset(name.strip() for name in only.split(",") if name.strip())
    if unknown := sorted(named.difference(_KNOWN)):
        raise UsageError(
            f"There is no scenario called '{unknown[0]}'.",
            where="--only",
            expected=", ".join(_KNOWN),
            remedy="Check the spelling.",
        )
    return named or frozenset(_KNOWN) - ONLY_WHEN_ASKED


def run(plan: Plan) -> tuple[str, str]:
    """Return the results as Markdown, and the chart."""
    on = report.machine(plan.memory_limit)
    imports = measured(
        (PYTHON, "-c", "import great_expectations, dbt.cli.main, duckdb"), plan.folder
    )
    version = measured(
        (PYTHON, "-c", "from dbt.cli.main import cli; cli()", "--version"), plan.folder
    )
    rows: list[Row] = []
    skipped: list[Skipped] = []
    for chain, names in CHAINS.items():
        if plan.chosen.isdisjoint(names):
            continue
        try:
            for found in chain(plan):
                (rows if isinstance(found, Row) else skipped).append(found)  # type: ignore[arg-type]
                print(f"  {found.scenario}", file=sys.stderr, flush=True)
        except NotMeasuredError as error:
            print(error, file=sys.stderr)
            missing = plan.chosen.intersection(names) - {row.scenario for row in rows}
            skipped.extend(Skipped(name, error.what) for name in sorted(missing))
        except KeyboardInterrupt:
            measured_so_far = {row.scenario for row in rows}
            left = sorted(plan.chosen - measured_so_far - {PROFILE})
            skipped.extend(Skipped(name, "stopped by hand before it was done") for name in left)
            plan = replace(plan, chosen=frozenset(measured_so_far))
            break
    refresh = profile_of_example(plan) if PROFILE in plan.chosen else None
    lines = [
        f"Measured on {on}",
        "",
        *report.table(imports, version, rows, skipped),
        "",
        *report.profile(rows, refresh),
    ]
    return "\n".join(lines) + "\n", report.chart(imports, version, rows)


def profile_of_example(plan: Plan) -> dict[str, object]:
    """Return where the time of a cold refresh of the example goes."""
    work = plan.workspace("ibo", PROFILE)
    result = work.folder / "profile.json"
    inbox = PROJECT_ROOT / "examples" / "ibo"
    places = ("--survey", "ibo", "--inbox", str(inbox), "--home", str(work.folder / "home"))
    work.run("-m", "bench.profiling", str(result), *places)
    found: dict[str, object] = json.loads(result.read_text(encoding="utf-8"))
    work.remove()
    return found


def keep(text: str, chart: str) -> None:
    """Put the results in the place of the last ones in the documentation."""
    before, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(_BEGIN)
    _, _, after = rest.partition(_END)
    drawn = DOCUMENT.with_suffix(".svg")
    image = f"![Seconds of processor per scenario]({drawn.name})"
    measured_part = f"{_BEGIN}\n\n{text}\n{image}\n\n{_END}"
    DOCUMENT.write_text(f"{before}{measured_part}{after}", encoding="utf-8")
    drawn.write_text(chart, encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
