"""One mistake in the minimal survey, and the assertion that it is told well."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from registry import RegistryErrors, load_registry


@dataclass(frozen=True)
class Mistake:
    """One edit of the minimal survey and where it must be reported.

    `old` None appends `new` as a row; otherwise `old` becomes `new`.
    """

    name: str
    table: str
    old: str | None
    new: str
    place: tuple[str, int | None, str]
    says: str
    remedy: str = ""


def assert_told_once(survey, mistake: Mistake) -> None:
    """Make the mistake and check that one error names its place and remedy."""
    if mistake.old is None:
        survey.append(mistake.table, mistake.new)
    else:
        survey.replace(mistake.table, mistake.old, mistake.new)

    with pytest.raises(RegistryErrors) as caught:
        load_registry(survey.path)

    assert len(caught.value.errors) == 1, str(caught.value)
    error = caught.value.errors[0]
    table, line, column = mistake.place
    assert (error.file, error.line, error.column) == (survey.file(table), line, column)
    assert mistake.says in error.what
    assert mistake.remedy in error.remedy
    assert error.expected
    assert error.remedy
    where = str(survey.file(table))
    where += f", line {line}" if line is not None else ""
    where += f", column {column}" if column else ""
    assert error.where == where
