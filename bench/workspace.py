"""A copy of the project with an inbox and a home of its own, to change and measure."""

from __future__ import annotations

import json
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from barometer.environment import MEMORY_LIMIT
from barometer.settings import PROJECT_ROOT, Settings, survey_seeds
from bench.measuring import Taken, measured, megabytes
from orchestration.state.last_refresh import PROJECT_FILES, ROOMS

_COPIED = (*ROOMS, *PROJECT_FILES, "bench", "drafting", "pyproject.toml", "seeds", "surveys")
# No name of an interpreter's folder: it is the same one that measures.
PYTHON = sys.executable


@dataclass(frozen=True)
class Node:
    """What one seed or model took, in seconds of processor and of the clock.

    Attributes:
        kind: `seed`, `sql` or `python`.
        peak_mb: most memory that the process had held by then.
        rows: of a table; a view has none.
    """

    name: str
    kind: str
    processor: float
    wall: float
    peak_mb: float
    rows: int | None


@dataclass(frozen=True)
class Bare:
    """The compiled statements of a project, run without dbt.

    Attributes:
        taken: the whole process.
        sql: seconds of processor that seeds and SQL took.
        nodes: per seed and model what it took, in the order in which they ran.
    """

    taken: Taken
    sql: float
    nodes: tuple[Node, ...]


@dataclass(frozen=True)
class Workspace:
    """One survey in a folder of its own.

    Attributes:
        survey: its id.
        folder: holds `project`, `inbox` and `home`.
        memory_limit: what DuckDB may take.
    """

    survey: str
    folder: Path
    memory_limit: str

    @property
    def project(self) -> Path:
        """The copy of the project; what is changed here changes nothing elsewhere."""
        return self.folder / "project"

    @property
    def inbox(self) -> Path:
        """Files to land."""
        return self.folder / "inbox"

    @property
    def settings(self) -> Settings:
        """Where things are in this workspace."""
        home = self.folder / "home" / self.survey
        return Settings(self.survey, self.project, home=home, inbox=self.inbox)

    @property
    def registries(self) -> Path:
        """The registries of the survey in the copy."""
        return survey_seeds(self.project, self.survey)

    def make(self) -> Workspace:
        """Copy the project, with its compiled files, and make an empty inbox."""
        self.inbox.mkdir(parents=True)
        for name in _COPIED:
            source, target = PROJECT_ROOT / name, self.project / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target)
            else:
                shutil.copy2(source, target)
        return self

    def run(self, *command: str) -> Taken:
        """Measure a command of Python in the copy of the project."""
        return measured(
            (PYTHON, *command), self.project, environment={MEMORY_LIMIT.name: self.memory_limit}
        )

    def refresh(self) -> Taken:
        """Measure `barometer refresh`."""
        command = "import sys; from orchestration.cli import main; sys.exit(main())"
        places = ("--inbox", str(self.inbox), "--home", str(self.folder / "home"))
        return self.run("-c", command, "refresh", "--survey", self.survey, *places)

    def bare(self) -> Bare:
        """Measure the compiled statements on the raw tables of this home, in a copy of its file."""
        home = self.folder / "bare"
        warehouse = home / self.survey / self.settings.warehouse.name
        warehouse.parent.mkdir(parents=True)
        shutil.copy2(self.settings.warehouse, warehouse)
        places = ("--survey", self.survey, "--home", str(home))
        try:
            self.run("-m", "bench.bare", "compile", *places)
            taken = self.run("-m", "bench.bare", "run", *places)
            found = json.loads((home / "profile.json").read_text(encoding="utf-8"))
        finally:
            shutil.rmtree(home)
        nodes = tuple(Node(**node) for node in found)
        return Bare(taken, sum(n.processor for n in nodes if n.kind != "python"), nodes)

    def build_mb(self) -> float | None:
        """Return the size of the build file."""
        return megabytes(self.settings.warehouse)

    def release_mb(self) -> float | None:
        """Return the size of the release file that readers open."""
        return megabytes(self.settings.current_release / self.settings.release_file_name)

    def remove(self) -> None:
        """Remove everything; releases are read-only until their folders are opened."""
        for path, _, _ in os.walk(self.folder):
            Path(path).chmod(0o700)
        shutil.rmtree(self.folder)
