"""The constants of the method, from `dbt_project.yml`, where the SQL has them from too."""

from __future__ import annotations

from barometer.project_file import variable

LEVEL = float(variable("confidence_level"))
"""Level of every interval, two-sided."""

WILSON_FROM = int(variable("wilson_from"))
"""From this many answers on, a weighted share has Wilson's interval, below it a beta interval."""

EXACT_BELOW = int(variable("exact_below"))
"""Below this many answers on a side nothing is tested by an approximation for many."""
