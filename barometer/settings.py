"""Where things are: one immutable value, made once at the edge and passed down."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from barometer import environment
from barometer.errors import UsageError
from barometer.memory import memory_limit

PROJECT_ROOT = Path(__file__).resolve().parent.parent
DEFAULT_SURVEY = "ibo"


@dataclass(frozen=True)
class Settings:
    """The paths of one survey.

    Attributes:
        survey: survey id, `ibo` or the name of a folder under `surveys/`.
        root: the project's own folder (code, models, registries).
        home: where this survey's warehouse, archive and releases are written.
        inbox: folder in which export and frame files are delivered.
        registries: folder with the registries, where it is not the project's own.
    """

    survey: str
    root: Path
    home: Path
    inbox: Path
    registries: Path | None = None

    @property
    def seeds(self) -> Path:
        """Folder with the registries of this survey."""
        return self.registries or survey_seeds(self.root, self.survey)

    @property
    def warehouse(self) -> Path:
        """The build database; only the pipeline opens it."""
        return self.home / "build.duckdb"

    @property
    def archive(self) -> Path:
        """Original bytes of every landed file, by content hash."""
        return self.home / "archive"

    @property
    def releases(self) -> Path:
        """Folder with one folder per release."""
        return self.home / "releases"

    @property
    def current_release(self) -> Path:
        """Link to the folder of the release that consumers read."""
        return self.home / "current"

    @property
    def release_file_name(self) -> str:
        """File name of a released database; differs from every schema name in it."""
        return f"{self.survey}_release.duckdb"

    @property
    def data_docs(self) -> Path:
        """Folder with the Great Expectations Data Docs."""
        return self.home / "data_docs"

    @property
    def dbt_target(self) -> Path:
        """dbt's artefacts for this survey."""
        return self.home / "dbt" / "target"

    @property
    def docs_page(self) -> Path:
        """dbt's documentation as one web page, once `barometer docs` has written it."""
        return self.dbt_target / "static_index.html"

    @property
    def dbt_logs(self) -> Path:
        """dbt's log files for this survey."""
        return self.home / "dbt" / "logs"

    @property
    def log_file(self) -> Path:
        """What runs did, as lines of JSON."""
        return self.home / "logs" / "barometer.jsonl"

    @property
    def lock_file(self) -> Path:
        """Lock held by whoever writes the warehouse or a release."""
        return self.home / ".lock"

    @property
    def workers_lock_file(self) -> Path:
        """Lock shared by the processes that work on a run of Dagster."""
        return self.home / "dagster" / ".workers.lock"

    def dbt_environment(self) -> dict[str, str]:
        """Environment variables that `dbt_project.yml` and `profiles.yml` read."""
        return {
            environment.SURVEY.name: self.survey,
            environment.SEEDS: os.path.relpath(self.seeds, self.root),
            environment.WAREHOUSE: str(self.warehouse),
            environment.MEMORY_LIMIT.name: memory_limit(),
            "DBT_TARGET_PATH": str(self.dbt_target),
            "DBT_LOG_PATH": str(self.dbt_logs),
            "DBT_PROFILES_DIR": str(self.root),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        }


def known_surveys(root: Path = PROJECT_ROOT) -> list[str]:
    """Return the ids of the surveys this project describes."""
    others = sorted(path.parent.name for path in (root / "surveys").glob("*/waves.csv"))
    return [DEFAULT_SURVEY, *others]


def survey_option(survey: str) -> str:
    """Return what a command line needs to name a survey, with a blank before it."""
    return "" if survey == DEFAULT_SURVEY else f" --survey {survey}"


def survey_seeds(root: Path, survey: str) -> Path:
    """Return the registry folder of a survey."""
    return root / "seeds" if survey == DEFAULT_SURVEY else root / "surveys" / survey


def load_settings(
    survey: str | None = None,
    *,
    inbox: Path | None = None,
    home: Path | None = None,
    root: Path = PROJECT_ROOT,
) -> Settings:
    """Make the settings from arguments, then the environment, then defaults.

    `BAROMETER_SURVEY`, `BAROMETER_INBOX` and `BAROMETER_HOME` (a folder that holds one
    folder per survey) stand in for arguments that are not given.

    Raises:
        UsageError: the survey has no registries here, or the memory limit is none.
    """
    memory_limit()
    chosen = survey or environment.SURVEY.read() or DEFAULT_SURVEY
    if chosen not in known_surveys(root):
        raise UsageError(
            f"There is no survey called '{chosen}'.",
            where=str(root / "surveys"),
            expected="one of: " + ", ".join(known_surveys(root)),
            remedy="Check the spelling, or describe the survey in surveys/<name>/.",
        )
    base = (home or Path(environment.HOME.read() or root / "warehouse")).expanduser()
    if inbox is None:
        inbox = Path(environment.INBOX.read() or root / "examples" / chosen)
    return Settings(
        survey=chosen,
        root=root,
        home=(base / chosen).resolve(),
        inbox=inbox.expanduser().resolve(),
    )
