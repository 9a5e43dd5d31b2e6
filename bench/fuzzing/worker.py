"""A process that lands one broken file after another, and is replaced when it dies or hangs."""

from __future__ import annotations

import contextlib
import multiprocessing
import re
import resource
import shutil
import subprocess
import sys
import traceback
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from types import SimpleNamespace

import duckdb

from barometer.errors import BarometerError
from barometer.settings import PROJECT_ROOT, Settings
from bench.survey import wide_registry
from landing import intake as staging
from landing.checks.subject import column_key
from landing.deliveries import InboxFile
from landing.loader import land
from landing.readers import SourceTable, delimited, read_table, sav
from landing.readers.workspace_rows import WorkspaceRows
from registry import Registry

LONGEST_SECONDS = 60
# More than any file of this size may take; what asks for more ends in an error, not in a swap.
_MOST_BYTES = 6 * 1024**3
_ROLES = ("response_id", "organisation_key", "submitted_at", "answer", "answer")


@dataclass(frozen=True)
class Mutant:
    """A broken file, and how it is to be landed."""

    path: Path
    kind: str
    tool: str | None
    as_large: bool
    with_drift: bool


@dataclass(frozen=True)
class Outcome:
    """What became of a mutant.

    Attributes:
        result: `landed`, `refused`, `hang`, `crash`, `error` or `half-landed`.
        kind: class and words of the refusal, without what differs from file to file.
        detail: what a person needs to look into it.
    """

    result: str
    kind: str = ""
    detail: str = ""


class Worker:
    """A process that lands; `run` never takes long and never raises."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._start()

    def run(self, mutant: Mutant) -> Outcome:
        """Land one file and return what became of it."""
        try:
            self._pipe.send(mutant)
            if not self._pipe.poll(LONGEST_SECONDS):
                self.stop()
                self._start()
                return Outcome("hang", detail=f"more than {LONGEST_SECONDS} seconds")
            outcome = self._pipe.recv()
            assert isinstance(outcome, Outcome)
        except (EOFError, BrokenPipeError, ConnectionResetError):
            self._process.join()
            code = self._process.exitcode
            self._start()
            return Outcome("crash", detail=f"exit code {code}")
        return outcome

    def stop(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.join()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, other = context.Pipe()
        self._process = context.Process(target=_serve, args=(other, self._folder))
        self._process.start()
        other.close()


def _serve(pipe: Connection, folder: Path) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_BYTES, _MOST_BYTES))
    _read_spss_in_forks()
    home = folder / "home"
    while True:
        try:
            mutant = pipe.recv()
        except EOFError:
            return
        shutil.rmtree(home, ignore_errors=True)
        delimited.LARGE_BYTES = 0 if mutant.as_large else 8 * 1024 * 1024
        pipe.send(_outcome(mutant, home))


def _read_spss_in_forks() -> None:
    """Start the process that reads an SPSS file as a fork: importing the library takes a second.

    It is ended, and its words are taken, as in landing itself.
    """
    real = subprocess.run
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["bench.fuzz_readers", "bench.fuzzing.spss_fork"])

    def run(command: list[str], **options: object) -> object:
        if "landing.readers.sav_worker" not in command:
            return real(command, **options)  # type: ignore[call-overload]
        from bench.fuzzing.spss_fork import read_into

        mine, other = context.Pipe(duplex=False)
        process = context.Process(target=read_into, args=(other, *command[-2:]))
        process.start()
        other.close()
        output = b""
        with contextlib.suppress(EOFError):
            output = mine.recv_bytes()
        process.join()
        return SimpleNamespace(returncode=process.exitcode, stdout=output, stderr=output)

    sav.subprocess = SimpleNamespace(  # type: ignore[assignment]
        run=run, DEVNULL=subprocess.DEVNULL, TimeoutExpired=subprocess.TimeoutExpired
    )


def _outcome(mutant: Mutant, home: Path) -> Outcome:
    settings = Settings(survey="wide", root=PROJECT_ROOT, home=home, inbox=mutant.path.parent)
    try:
        table = read_table(mutant.path, tool=mutant.tool)
        registry = _registry(mutant, table)
        if not isinstance(table.rows, WorkspaceRows):
            # Read again it would be the same; only one in a workspace must be in the right one.
            staging.read_table = lambda *_, **__: table
        landed = land(settings, registry, [InboxFile(mutant.path, registry.deliveries[0])]).landed
    except BarometerError as error:
        return _refused(error, settings)
    except BaseException as error:  # noqa: BLE001 - whatever else comes out is what is looked for
        return Outcome("error", type(error).__name__, traceback.format_exc())
    finally:
        staging.read_table = read_table
    return _landed(landed[0].row_count, landed[0].column_count, settings)


def _registry(mutant: Mutant, table: SourceTable) -> Registry:
    """Return a registry under which any file with two named columns is fit to land."""
    base = wide_registry(6)
    names = [column_key(column.name) for column in table.columns]
    once = [name for name in names if name and names.count(name) == 1]
    roles = list(zip(once, _ROLES, strict=False))
    if mutant.kind == "frame":
        frame_roles = ("organisation_key", "organisation_name", "valid_from", "valid_until")
        roles = list(zip(once, frame_roles, strict=False))
    if len(once) == 1:
        roles = [(once[0], role) for role in _ROLES[:2]]
    types = iter((("q4", "number"), ("q5", "date")))
    columns, questions = [], []
    for name, role in roles:
        question = None
        if role == "answer":
            question, kind = next(types)
            questions.append(replace(base.questions[0], question_id=question, answer_type=kind))
        columns.append(
            replace(
                base.columns[0],
                kind=mutant.kind,
                column_name=name,
                role=role,
                question_id=question,
                separator=None,
            )
        )
    delivery = replace(base.deliveries[0], kind=mutant.kind, tool=mutant.tool, archive="plain")
    return replace(
        base,
        survey=replace(base.survey, unlisted_columns="report"),
        deliveries=(delivery,),
        columns=tuple(columns),
        questions=tuple(questions),
        codes=(),
        waves=(replace(base.waves[0], expected_responses_low=0),),
        drift_rules=base.drift_rules if mutant.with_drift else (),
    )


def _refused(error: BarometerError, settings: Settings) -> Outcome:
    left = [path.name for path in settings.home.iterdir()] if settings.home.exists() else []
    if left:
        return Outcome("half-landed", detail=f"refused ({error}), yet there is {left}")
    if "to do:" not in str(error):
        return Outcome("error", "no clear word", repr(error))
    first = next(iter(getattr(error, "errors", ())), error)
    words = re.sub(r"'.*'|\d[\d,.]*", "…", str(first).split("\n")[0])
    return Outcome("refused", f"{type(first).__name__}: {words[:100]}", str(error))


def _landed(n_rows: int, n_columns: int, settings: Settings) -> Outcome:
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        found = connection.execute(
            "select (select count(*) from raw.cells), (select count(*) from raw.export_columns), "
            "(select sum(row_count) from raw.exports)"
        ).fetchone()
    if found != (n_rows * n_columns, n_columns, n_rows):
        return Outcome("half-landed", detail=f"{found} of {n_rows} rows x {n_columns} columns")
    return Outcome("landed")


if __name__ == "__main__":
    sys.exit("run bench.fuzz_readers")
