"""Every variable of the environment that the project reads: its name, meaning and default, once.

Plain frozen values rather than pydantic-settings, whose import alone takes half a second: more than
a whole refresh that finds nothing changed.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Variable:
    """One variable of the environment.

    Attributes:
        meaning: what it decides, as docs/operations.md tells it.
        default: what holds where it is not set, as docs/operations.md tells it.
    """

    name: str
    meaning: str
    default: str

    def read(self, environment: Mapping[str, str] | None = None) -> str:
        """Return the text it is set to, without white space around it; empty where it is not set.

        Args:
            environment: where to look; the environment of the process when left out.
        """
        return (os.environ if environment is None else environment).get(self.name, "").strip()

    def documented(self) -> str:
        """Return its line in the table of docs/operations.md."""
        return f"| `{self.name}` | {self.meaning} | {self.default} |"


SURVEY = Variable("BAROMETER_SURVEY", "survey, as `--survey`", "`ibo`")
HOME = Variable("BAROMETER_HOME", "folder with one folder per survey, as `--home`", "`warehouse`")
INBOX = Variable(
    "BAROMETER_INBOX", "folder of delivered files, as `--inbox`", "`examples/<survey>`"
)
AUTOMATION = Variable("BAROMETER_AUTOMATION", "`on`: schedule and sensors start switched on", "off")
MAX_RUN_HOURS = Variable(
    "BAROMETER_MAX_RUN_HOURS",
    "after how many hours Dagster ends a run; read by `barometer serve`",
    "6",
)
MEMORY_LIMIT = Variable(
    "BAROMETER_MEMORY_LIMIT",
    "how much memory DuckDB may take, at least 500MB: `4GB`, `1.5GiB`; what does not fit is "
    "spilled to `build.duckdb.tmp` in the home, and needs room there",
    "half of the memory of the machine, or of its cgroup",
)
LOG_LEVEL = Variable(
    "BAROMETER_LOG_LEVEL",
    "from which level on `logs/barometer.jsonl` is written: `debug`, `info`, `warning`, `error`, "
    "`off`",
    "`info`",
)
POSTGRES_URL = Variable(
    "BAROMETER_POSTGRES_URL", "database for `barometer publish`, as `--postgres`", "none"
)
ALERT_WEBHOOK = Variable("BAROMETER_ALERT_WEBHOOK", "address that alerts are posted to", "none")
PSEUDONYM_KEY = Variable(
    "BAROMETER_PSEUDONYM_KEY",
    "secret: the key of [pseudonyms](personal-data.md#rules-in-the-registries), at least 32 "
    "characters",
    "none",
)
ARCHIVE_KEY = Variable(
    "BAROMETER_ARCHIVE_KEY",
    "secret: the key of [encrypted originals](personal-data.md#rules-in-the-registries), at "
    "least 32 characters",
    "none",
)
SHARED_DATA = Variable(
    "BAROMETER_SHARED_DATA", "folder of real survey files for the tests", "`../shared/data`"
)
SUPERSET_TESTS = Variable(
    "BAROMETER_SUPERSET", "`1`: `make thorough` installs Superset where it is not, to try it", "off"
)

VARIABLES = (
    *(SURVEY, HOME, INBOX, AUTOMATION, MAX_RUN_HOURS, MEMORY_LIMIT, LOG_LEVEL, POSTGRES_URL),
    *(ALERT_WEBHOOK, PSEUDONYM_KEY, ARCHIVE_KEY, SHARED_DATA, SUPERSET_TESTS),
)
"""What people set."""

SEEDS = "BAROMETER_SEEDS"
WAREHOUSE = "BAROMETER_WAREHOUSE"
CODE = "BAROMETER_CODE"
FOR_DBT = (SEEDS, WAREHOUSE, CODE)
"""What the pipeline sets for dbt, beside the survey and the memory limit."""
