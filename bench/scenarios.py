"""What is measured: chains of scenarios that share a home, each a whole process."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow.parquet as pq

from barometer.databases import BUILD_FILE, opened
from barometer.environment import SHARED_DATA
from barometer.settings import PROJECT_ROOT
from bench import repeated_waves, synthetic
from bench.measuring import NotMeasuredError, Taken
from bench.workspace import Bare, Workspace

SHARED = Path(SHARED_DATA.read() or PROJECT_ROOT.parent / "shared" / "data")
TOLERANCE = 1e-9
PLS_REPEATS = {"pls-6": 1, "pls-12": 2, "pls-30": 5}
ORGANISATIONS = {"synthetic-10k": 10_000, "synthetic-100k": 100_000, "synthetic-1m": 1_000_000}
ROOM = {"synthetic-1m": 60e9}
"""Bytes of disk that a scenario is not begun without."""
QUESTIONS = 120
RIVALS = ("pandas", "polars")


@dataclass(frozen=True)
class Row:
    """One line of the table: a scenario, and what stands beside it to compare with."""

    scenario: str
    words: str
    taken: Taken
    build_mb: float | None = None
    release_mb: float | None = None
    bare: Bare | None = None
    rivals: dict[str, Taken] = field(default_factory=dict)


@dataclass(frozen=True)
class Skipped:
    """A scenario, or something beside it, that was not measured, and why."""

    scenario: str
    reason: str


@dataclass(frozen=True)
class Plan:
    """What was asked for."""

    chosen: frozenset[str]
    folder: Path
    memory_limit: str

    def workspace(self, survey: str, name: str) -> Workspace:
        """Return a new workspace for a survey."""
        return Workspace(survey, self.folder / name, self.memory_limit).make()


Chain = Callable[[Plan], Iterator[Row | Skipped]]


def ibo(plan: Plan) -> Iterator[Row | Skipped]:
    """Measure the example survey: cold, unchanged, and after a change of one label."""
    work = plan.workspace("ibo", "ibo")
    for file in (PROJECT_ROOT / "examples" / "ibo").iterdir():
        shutil.copy(file, work.inbox)
    taken = work.refresh()
    bare = work.bare()
    if "ibo-cold" in plan.chosen:
        yield _row("ibo-cold", "example survey, cold", taken, work, bare)
    if "ibo-same" in plan.chosen:
        yield _row("ibo-same", "the same, nothing changed", work.refresh(), work, bare)
    if "ibo-label" in plan.chosen:
        _change_label(work.registries / "indicators.csv")
        yield _row("ibo-label", "the same, a label changed", work.refresh(), work, bare)
    work.remove()


def ibo_deliveries(plan: Plan) -> Iterator[Row | Skipped]:
    """Measure what a new wave costs, and then a corrected export of the first one."""
    work = plan.workspace("ibo", "ibo-deliveries")
    held: list[Path] = []
    for file in sorted((PROJECT_ROOT / "examples" / "ibo").iterdir()):
        if "2025" in file.name or "_v2" in file.name:
            held.append(file)
        else:
            shutil.copy(file, work.inbox)
    work.refresh()
    for scenario, words, mark in (
        ("ibo-wave", "the same, a wave added to two", "2025"),
        ("ibo-corrected", "the same, a wave corrected", "_v2"),
    ):
        for file in held:
            if mark in file.name:
                shutil.copy(file, work.inbox)
        taken = work.refresh()
        if scenario in plan.chosen:
            yield _row(scenario, words, taken, work, work.bare())
    work.remove()


def _change_label(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        header, rows = list(reader.fieldnames or []), list(reader)
    rows[0]["label_en"] += ", as measured"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def pls(plan: Plan) -> Iterator[Row | Skipped]:
    """Measure the libraries survey with its six waves, and with these repeated."""
    for scenario, times in PLS_REPEATS.items():
        if scenario not in plan.chosen:
            continue
        source = SHARED / "pls"
        if not source.is_dir():
            yield Skipped(scenario, "the files of the libraries survey are not there")
            continue
        work = plan.workspace(repeated_waves.SURVEY, scenario)
        repeated_waves.repeat_waves(work.registries, source, work.inbox, times)
        yield from _cold(scenario, f"libraries survey, {6 * times} waves, cold", work)


def synthetics(plan: Plan) -> Iterator[Row | Skipped]:
    """Measure surveys of any size, beside scripts that give the same estimates."""
    for scenario, organisations in ORGANISATIONS.items():
        if scenario not in plan.chosen:
            continue
        if shutil.disk_usage(plan.folder).free < ROOM.get(scenario, 0):
            yield Skipped(scenario, f"less than {ROOM[scenario] / 1e9:.0f} GB of disk are free")
            continue
        work = plan.workspace(synthetic.SURVEY, scenario)
        synthetic.write_registries(work.registries, organisations, QUESTIONS)
        synthetic.write_files(work.inbox, organisations, QUESTIONS)
        words = f"made-up survey, {organisations:,} organisations × {QUESTIONS} questions, cold"
        yield from _cold(scenario, words, work, RIVALS)


def _cold(
    scenario: str, words: str, work: Workspace, rivals: tuple[str, ...] = ()
) -> Iterator[Row | Skipped]:
    try:
        taken = work.refresh()
        bare = work.bare()
        beside: dict[str, Taken] = {}
        for rival in rivals:
            result = work.folder / f"{rival}.parquet"
            module = f"bench.scripts.{rival}_estimates"
            places = (str(work.inbox), str(result), "--questions", str(QUESTIONS))
            try:
                beside[rival] = work.run("-m", module, *places)
                require_same_estimates(work, result)
            except NotMeasuredError as error:
                beside.pop(rival, None)
                yield Skipped(f"{scenario} beside {rival}", error.what)
        yield _row(scenario, words, taken, work, bare, beside)
    except NotMeasuredError as error:
        yield Skipped(scenario, error.what)
    finally:
        work.remove()


def require_same_estimates(work: Workspace, result: Path) -> None:
    """See that a script found what the mart holds.

    Raises:
        NotMeasuredError: a row or a figure differs.
    """
    names = pq.read_schema(result).names
    keys = [name for name in names if name.endswith("_id")]
    figures = [name for name in names if name not in keys and name != "wave"]
    differs = " or ".join(
        f"(mine.{name} is null) <> (theirs.{name} is null) or"
        f" abs(mine.{name} - theirs.{name}) > {TOLERANCE} * greatest(abs(mine.{name}), 1e-300)"
        for name in figures
    )
    with opened(NotMeasuredError, BUILD_FILE, work.settings.warehouse) as connection:
        ((n_different,),) = connection.execute(
            f"select count(*) from core.mart_estimates as mine full join"
            f" read_parquet('{result}') as theirs using (wave, {', '.join(keys)})"
            f" where mine.kind is null or theirs.n_answered is null or {differs}"
        ).fetchall()
    if n_different:
        raise NotMeasuredError(
            f"{n_different} estimates of the script are not those of the mart.",
            where=result.name,
            expected=f"all equal to {TOLERANCE} of themselves",
            remedy="Correct the script; its time does not count.",
        )


def landing(plan: Plan) -> Iterator[Row | Skipped]:
    """Measure the landing of one wide file beside DuckDB's own reader."""
    work = plan.workspace("ibo", "landing")
    work.run("-m", "bench.landing", "write", str(work.folder))
    reading = work.run("-m", "bench.landing", "read", str(work.folder))
    taken = work.run("-m", "bench.landing", "land", str(work.folder))
    rivals = {"read_csv": reading}
    yield Row("landing", "landing 200,000 rows × 100 columns", taken, rivals=rivals)
    work.remove()


def disclosure(plan: Plan) -> Iterator[Row | Skipped]:
    """Measure the protection and the audit of many figures."""
    work = plan.workspace("ibo", "disclosure")
    words = "protecting and auditing 6 waves × 10 groups × 200 indicators"
    yield Row("disclosure", words, work.run("-m", "bench.disclosure"))
    work.remove()


def _row(
    scenario: str,
    words: str,
    taken: Taken,
    work: Workspace,
    bare: Bare,
    rivals: dict[str, Taken] | None = None,
) -> Row:
    sizes = work.build_mb(), work.release_mb()
    return Row(scenario, words, taken, *sizes, bare, rivals or {})


CHAINS: dict[Chain, tuple[str, ...]] = {
    ibo: ("ibo-cold", "ibo-same", "ibo-label"),
    ibo_deliveries: ("ibo-wave", "ibo-corrected"),
    pls: tuple(PLS_REPEATS),
    synthetics: tuple(ORGANISATIONS),
    landing: ("landing",),
    disclosure: ("disclosure",),
}
ONLY_WHEN_ASKED = frozenset(ROOM)
