"""What `dbt_project.yml` declares for SQL and Python alike."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import yaml

from barometer.settings import PROJECT_ROOT


@lru_cache
def variable(name: str) -> Any:  # noqa: ANN401 - as YAML has it
    """Return a variable of dbt's project file."""
    project = yaml.safe_load((PROJECT_ROOT / "dbt_project.yml").read_text(encoding="utf-8"))
    return project["vars"][name]


def known_flags() -> tuple[str, ...]:
    """Return every value that says whether a response is a test, as `normalise_label` writes it."""
    return (*variable("test_flag_yes"), *variable("test_flag_no"))
