"""dbt in a process of its own that ends when the process that started it ends.

Without this, killing a refresh would leave dbt writing the warehouse for another minute,
in the way of the next refresh. The parent holds the other end of standard input; when it
dies, for whatever reason, the read below returns.
"""

from __future__ import annotations

import os
import threading


def _end_with_parent() -> None:
    # The bare descriptor: Python's own stdin object cannot be waited on while Python ends.
    while os.read(0, 1024):
        pass
    os._exit(70)


def main() -> None:
    """Run dbt with the arguments of this process."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    from dbt.cli.main import cli

    cli(prog_name="dbt")


if __name__ == "__main__":
    main()
