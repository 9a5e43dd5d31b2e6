"""What a column that marks test responses may say; declared in dbt_project.yml."""

from __future__ import annotations

from functools import lru_cache

import yaml

from barometer.settings import PROJECT_ROOT


@lru_cache
def known_flags() -> tuple[str, ...]:
    """Return every value that says whether a response is a test, as `normalise_label` writes it."""
    project = yaml.safe_load((PROJECT_ROOT / "dbt_project.yml").read_text(encoding="utf-8"))
    return (*project["vars"]["test_flag_yes"], *project["vars"]["test_flag_no"])
