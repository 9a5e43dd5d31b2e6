"""Compute every table of the methodology page anew and write them into it.

python -m simulations [--page docs/methodology.md]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from barometer.errors import BarometerError
from barometer.settings import PROJECT_ROOT
from simulations.page import replace_table
from simulations.tables import ENUMERATED, SIMULATED, SLOW


def main(arguments: list[str] | None = None) -> int:
    """Rewrite the page; return 1 where it has no place for a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--page", type=Path, default=PROJECT_ROOT / "docs" / "methodology.md")
    path = parser.parse_args(arguments).page
    tables = {name: table() for name, table in (ENUMERATED | SIMULATED | SLOW).items()}
    try:
        page = path.read_text(encoding="utf-8")
        for name, table in tables.items():
            page = replace_table(page, name, table)
    except BarometerError as error:
        print(error, file=sys.stderr)
        return 1
    path.write_text(page, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
