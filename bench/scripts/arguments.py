"""The arguments that the scripts share."""

from __future__ import annotations

import argparse
from pathlib import Path


def read_arguments(about: str, arguments: list[str] | None) -> argparse.Namespace:
    """Return the folder of files, the file to write, and the number of questions."""
    parser = argparse.ArgumentParser(description=about.splitlines()[0])
    parser.add_argument("inbox", type=Path)
    parser.add_argument("result", type=Path)
    parser.add_argument("--questions", type=int, default=120)
    return parser.parse_args(arguments)
