"""Reads suites from SQL files; `../README.md` shows what one looks like."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError

from barometer.errors import BarometerError
from expectations.checks import (
    Between,
    Check,
    InSet,
    NoRows,
    NotEmpty,
    NotNull,
    Suite,
    refers_to,
    unique,
)

LINE = re.compile(r"-- ([a-z ]+)(?:: (.+))?")
HEAD = {"table": r"\w+\.\w+", "grain": r".+", "keys": r"\w+(, \w+)*"}
CHECKS: Mapping[str, tuple[str, Callable[..., Check]]] = {
    "not empty": ("", lambda _: NotEmpty()),
    "not null": (r"(\w+)", lambda _, column: NotNull(column)),
    "one of": (r"(\w+) = (.+)", lambda _, column, values: InSet(column, _names(values))),
    "at least": (r"(\w+) (\S+)", lambda _, column, low: Between(column, float(low))),
    "between": (
        r"(\w+) (\S+) (\S+)",
        lambda _, column, low, high: Between(column, float(low), float(high)),
    ),
    "unique": (
        r"(.+?)(?: where (.+))?",
        lambda table, columns, where: unique(table, *_names(columns), where=where),
    ),
    "refers": (
        r"(.+) -> (\S+)(?: as (.+?))?(?: \((.+)\))?",
        lambda table, columns, target, theirs, description: refers_to(
            table, _names(columns), target, _names(theirs or columns), description=description
        ),
    ),
}
"""The comment lines that are expectations by themselves: what follows the colon, and the check."""


class SuiteFileError(BarometerError):
    """A file of expectations does not say what it must."""


def read_suites(folder: Path, layer: str, parameters: Mapping[str, object]) -> tuple[Suite, ...]:
    """Return the suites of a layer, in the order of their files.

    Raises:
        SuiteFileError: a file does not say what it must.
    """
    environment = Environment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found: list[Suite] = []
    for file in sorted((folder / layer).rglob("*.sql")):
        try:
            template = environment.get_template(file.relative_to(folder).as_posix())
            text = template.render(parameters)
        except TemplateError as error:
            raise SuiteFileError(
                f"A file of expectations cannot be rendered: {error}",
                where=_raised_at(error, file),
                expected="Jinja that names a macro of _shared.sql or a parameter of the survey",
            ) from error
        found.extend(_suites(file, layer, text))
    return tuple(found)


def _suites(file: Path, layer: str, text: str) -> Iterator[Suite]:
    """Yield the suites of a file once rendered: one per line that names a table."""
    before, *parts = re.split(r"^(?=-- table: )", text, flags=re.MULTILINE)
    if before.strip():
        raise _wrong(file, before.strip().splitlines()[0], "the line `-- table: ...` before it")
    for part in parts:
        head: dict[str, str] = {}
        checks: list[Check] = []
        lines = iter([line.rstrip() for line in part.splitlines() if line.strip()])
        for line in lines:
            form, said = found.groups("") if (found := LINE.fullmatch(line)) else ("", "")
            pattern, check = CHECKS.get(form, (HEAD.get(form, ".+"), None))
            values = re.fullmatch(pattern, said)
            if values and form in HEAD:
                head[form] = said
            elif values and form == "expect":
                checks.append(NoRows(said, _query(file, line, lines)))
            elif values and check:
                checks.append(check(head["table"], *values.groups("")))
            else:
                known = ", ".join((*HEAD, *CHECKS, "expect"))
                raise _wrong(file, line, f"a query below `-- expect: ...`, or one of: {known}")
        if len(head) < len(HEAD):
            raise _wrong(file, part.splitlines()[0], "below it its " + " and ".join(HEAD))
        schema, _, table = head["table"].partition(".")
        yield Suite(layer, schema, table, head["grain"], _names(head["keys"]), tuple(checks))


def _query(file: Path, expectation: str, lines: Iterator[str]) -> str:
    query = []
    for line in lines:
        if line.startswith("--"):
            break
        query.append(line)
        if line.endswith(";"):
            return "\n".join(query).removesuffix(";")
    raise _wrong(file, expectation, "below it a query that ends in ';'")


def _names(listed: str) -> tuple[str, ...]:
    return tuple(listed.split(", "))


def _wrong(file: Path, line: str, expected: str) -> SuiteFileError:
    lines = [own.strip() for own in file.read_text(encoding="utf-8").splitlines()]
    # What a macro or a parameter has made stands nowhere in the file itself.
    place = f"{file}, line {lines.index(line) + 1}" if line in lines else str(file)
    return SuiteFileError(
        f"A file of expectations cannot be read: {line}", where=place, expected=expected
    )


def _raised_at(error: TemplateError, file: Path) -> str:
    """Return the line of the file, which Jinja puts where Python has that of a module."""
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{frame.filename}, line {frame.lineno}" for frame in frames]
    return next((place for place in reversed(places) if ".sql, " in place), str(file))
