"""What a survey's folder says about its dashboard, as read from YAML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import yaml

from barometer.errors import BarometerError

LANGUAGES = ("en", "nl")
FOLDER = Path(__file__).resolve().parent
_LANGUAGE_OF_NAME = re.compile(r"_en\b")


class DashboardError(BarometerError):
    """A dashboard cannot be made from its sources and a release."""


@dataclass(frozen=True)
class Sources:
    """The dashboard of one survey.

    Attributes:
        survey: survey id.
        datasets: `tables`, per table (`schema.table`) its calculated `columns`, `metrics` and
            `orders`; `names` of columns.
        charts: per name what one file of `charts/` says.
        dashboard: title, filters and rows.
    """

    survey: str
    datasets: Mapping[str, Mapping[str, Any]]
    charts: Mapping[str, Mapping[str, Any]]
    dashboard: Mapping[str, Any]


@dataclass(frozen=True)
class Names:
    """The ids of one edition of a survey in Superset.

    They are the same every time, so that a second import replaces what the first made.

    Attributes:
        survey: survey id.
        edition: `internal` or `public`.
    """

    survey: str
    edition: str

    def uuid(self, *parts: str) -> str:
        """Return the id of a thing of this edition."""
        return str(uuid5(NAMESPACE_URL, "/".join((self.survey, self.edition, *parts))))

    def slug(self, language: str) -> str:
        """Return how the dashboard is called in its address."""
        return f"{self.survey}-{self.edition}-{language}"


def read_sources(survey: str, folder: Path = FOLDER) -> Sources:
    """Read the folder of a survey.

    Raises:
        DashboardError: the survey has none, or two charts have one name.
    """
    home = folder / survey
    if not (home / "dashboard.yaml").is_file():
        raise DashboardError(
            f"Survey '{survey}' has no dashboard for Superset.",
            where=str(home),
            expected="datasets.yaml, dashboard.yaml and charts/",
            remedy=f"Copy {folder / 'ibo'} and change it; README.md beside it says how.",
        )
    charts: dict[str, Mapping[str, Any]] = {}
    for path in sorted((home / "charts").glob("*.yaml")):
        found = _read(path)
        if twice := sorted(charts.keys() & found.keys()):
            raise DashboardError(
                f"More than one chart is called {', '.join(twice)}.",
                where=str(path),
                expected="a name of its own for every chart",
                remedy="Rename one.",
            )
        charts.update(found)
    return Sources(survey, _read(home / "datasets.yaml"), charts, _read(home / "dashboard.yaml"))


def in_language(value: Any, language: str) -> Any:  # noqa: ANN401 - any part of a YAML file
    """Return a part of a source in a language: its texts, and `…_nl` for columns called `…_en`."""
    if isinstance(value, Mapping):
        if value and set(value) == set(LANGUAGES):
            return value[language]
        return {
            in_language(key, language): in_language(part, language) for key, part in value.items()
        }
    if isinstance(value, list):
        return [in_language(part, language) for part in value]
    return _LANGUAGE_OF_NAME.sub(f"_{language}", value) if isinstance(value, str) else value


def _read(path: Path) -> dict[str, Any]:
    found = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(found, dict):
        raise DashboardError(
            "A source of the dashboard is no mapping.",
            where=str(path),
            expected="names with what belongs to them",
            remedy="See the same file of ibo.",
        )
    return found
