"""dbt's own command line as Dagster starts it: one that never outlives the process it works for.

Dagster's library starts dbt by the name of a program and cannot be told to end it: of a worker
that is killed, dbt would go on writing the warehouse for a minute, in the way of the next run.
"""

from __future__ import annotations

import importlib.metadata
import os
import sys
import threading
import time
from pathlib import Path

PROGRAM = "barometer-dbt"
_LOOKS_EVERY = 0.5


def executable() -> Path:
    """Return where this command is installed: beside the Python that runs us."""
    return Path(sys.executable).with_name(PROGRAM)


def main() -> None:
    """Run dbt with the arguments of this process."""
    # The library asks before every command; dbt's own answer takes seconds to import.
    if sys.argv[1:] == ["--version"]:
        print(f"Core: {importlib.metadata.version('dbt-core')}")
        return
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    from dbt.cli.main import cli

    cli(prog_name="dbt")


def _end_with(parent: int) -> None:
    """End this process when its parent has: it is then given to another one."""
    while os.getppid() == parent:
        time.sleep(_LOOKS_EVERY)
    os._exit(70)


if __name__ == "__main__":
    main()
