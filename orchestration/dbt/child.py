"""dbt in a process of its own: one parse, then the commands that its parent writes, one by one.

A command is a line of JSON with dbt's arguments on standard input. dbt's events go to standard
output, and after them one line that says how the command ended. Between commands the warehouse
is closed, so that others can open it.

The process ends when its parent does: killing a refresh would otherwise leave dbt writing the
warehouse for another minute, in the way of the next refresh. The parent holds the other end of
standard input; when it dies, for whatever reason, the read below returns nothing.
"""

from __future__ import annotations

import json
import os
import queue
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

ENDED = "barometer_ended"
"""Key of the line that tells how a command ended."""

PARSE = ("parse", "--no-write-json")
"""The command whose result the commands after it go by."""

_BUILDS = frozenset({"build", "run", "seed", "test"})
FAILED = frozenset({"error", "fail", "runtime error"})
"""What dbt calls a node that failed."""


def _read_commands(commands: queue.SimpleQueue[list[str]]) -> None:
    # The bare descriptor: Python's own stdin object cannot be waited on while Python ends.
    unread = b""
    while received := os.read(0, 65536):
        *lines, unread = (unread + received).split(b"\n")
        for line in lines:
            commands.put(json.loads(line))
    os._exit(70)


class _Project:
    """The dbt project, parsed when the first command needs it and kept for the others."""

    def __init__(self, shared: Sequence[str]) -> None:
        from dbt.cli.main import dbtRunner

        self._runner = dbtRunner
        self._shared = shared
        self._manifest: Any = None

    def run(self, arguments: Sequence[str]) -> dict[str, Any]:
        """Run one command and return how it ended."""
        if arguments[0] in _BUILDS and self._manifest is None:
            parsed = self.run(PARSE)
            if not parsed[ENDED]:
                return parsed
        try:
            ended = self._runner(manifest=self._manifest).invoke([*arguments, *self._shared])
        finally:
            close_warehouse()
        if arguments[0] == "parse" and ended.success:
            self._manifest = ended.result
            self._write_manifest()
        return {
            ENDED: ended.success,
            "failed": list(_failed_nodes(ended.result)),
            "problem": str(ended.exception or ""),
        }

    def _write_manifest(self) -> None:
        """Write it in one piece, which dbt does not: others read it meanwhile."""
        target = Path(self._shared[self._shared.index("--target-path") + 1])
        draft = target / ".manifest.json"
        self._manifest.write(str(draft))
        draft.replace(target / "manifest.json")


def _failed_nodes(result: Any) -> Iterator[str]:  # noqa: ANN401 - dbt's results differ by command
    for node in getattr(result, "results", ()):
        if str(node.status) in FAILED:
            yield f"{node.node.unique_id}: {' '.join(str(node.message or '').split())}"


def close_warehouse() -> None:
    """Let go of the file: dbt-duckdb keeps it open until the process ends."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager as Connections

    if Connections._ENV is not None:
        Connections.env().close()
    Connections.close_all_connections()  # type: ignore[no-untyped-call]


def main() -> None:
    """Run the commands of the parent, with the arguments of this process added to each."""
    commands: queue.SimpleQueue[list[str]] = queue.SimpleQueue()
    threading.Thread(target=_read_commands, args=(commands,), daemon=True).start()
    project = _Project(sys.argv[1:])
    while True:
        ended = project.run(commands.get())
        print(json.dumps(ended), flush=True)


if __name__ == "__main__":
    main()
