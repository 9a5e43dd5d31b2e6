"""Suites are read from SQL files; a file that cannot be read says where, and what was expected."""

from __future__ import annotations

import configparser
from pathlib import Path

import pytest
from small_suites import REGISTRY

from barometer.settings import PROJECT_ROOT
from expectations.checks import Between, InSet, NoRows, NotEmpty, NotNull, Suite
from expectations.suites.files import SuiteFileError, read_suites
from expectations.suites.parameters import parameters

HEAD = "-- table: core.facts\n-- grain: fact\n-- keys: wave, group_id\n"


def read(folder: Path, text: str, **given: object) -> tuple[Suite, ...]:
    (folder / "marts").mkdir()
    (folder / "marts" / "facts.sql").write_text(text, encoding="utf-8")
    return read_suites(folder, "marts", given)


def test_a_file_holds_the_head_and_the_checks_of_a_suite(tmp_path: Path) -> None:
    text = f"""{HEAD}-- not empty
-- not null: wave
-- one of: kind = share, mean
-- at least: n 1
-- between: share 0 0.5

-- expect: at least {{{{ base }}}} answers
select wave
from core.facts

where n < {{{{ base }}}};
"""
    (suite,) = read(tmp_path, text, base=5)

    assert suite == Suite(
        layer="marts",
        schema="core",
        table="facts",
        grain="fact",
        keys=("wave", "group_id"),
        checks=(
            NotEmpty(),
            NotNull("wave"),
            InSet("kind", ("share", "mean")),
            Between("n", 1),
            Between("share", 0, 0.5),
            NoRows("at least 5 answers", "select wave\nfrom core.facts\nwhere n < 5"),
        ),
    )


@pytest.mark.parametrize(
    ("line", "description", "part"),
    [
        ("unique: wave, n", "one row per wave, n", "group by wave, n"),
        (
            "unique: wave where n > 1",
            "one row per wave (where n > 1)",
            "where n > 1\ngroup by wave",
        ),
        ("refers: wave -> core.waves", "every wave exists in core.waves", "source.wave ="),
        ("refers: a -> core.b as c", "every a exists in core.b", "source.a = target.c"),
        ("refers: a -> core.b (it is known)", "it is known", "source.a = target.a"),
    ],
)
def test_keys_and_references_take_one_line(
    line: str, description: str, part: str, tmp_path: Path
) -> None:
    ((check,),) = (suite.checks for suite in read(tmp_path, f"{HEAD}-- {line}\n"))

    assert isinstance(check, NoRows)
    assert check.description == description
    assert part in check.sql


def test_a_file_may_hold_several_suites_or_none(tmp_path: Path) -> None:
    suite = "-- table: core.{{ name }}\n-- grain: row\n-- keys: wave\n"
    text = f"{{% for name in names %}}\n{suite}{{% endfor %}}"

    assert [suite.name for suite in read(tmp_path, text, names=["a", "b"])] == [
        "marts.core.a",
        "marts.core.b",
    ]
    assert read_suites(tmp_path, "marts", {"names": []}) == ()


@pytest.mark.parametrize(
    ("text", "what", "line"),
    [
        (f"{HEAD}-- expects: a rule\nselect 1;", "-- expects: a rule", 4),
        (f"{HEAD}-- not empty: at all\n", "-- not empty: at all", 4),
        (f"{HEAD}-- between: share 0\n", "-- between: share 0", 4),
        (f"{HEAD}\n\n-- expect: a rule\nselect 1\n", "-- expect: a rule", 6),
        (f"{HEAD}-- expect: a rule\n-- not empty\nselect 1;\n", "-- expect: a rule", 4),
        (f"{HEAD}select 1;\n", "select 1;", 4),
        ("-- not empty\n" + HEAD, "-- not empty", 1),
        ("-- table: core.facts\n-- grain: fact\n", "-- table: core.facts", 1),
        ("-- table: facts\n-- grain: fact\n-- keys: wave\n", "-- table: facts", 1),
        (f"{HEAD}-- at least: n {{{{ base }}}}\n", "'base' is undefined", 4),
        (f"{HEAD}{{% if %}}\n", "Expected an expression", 4),
    ],
)
def test_what_cannot_be_read_is_named_with_its_line(
    text: str, what: str, line: int, tmp_path: Path
) -> None:
    with pytest.raises(SuiteFileError) as caught:
        read(tmp_path, text)

    assert what in caught.value.what
    assert caught.value.where == f"{tmp_path / 'marts' / 'facts.sql'}, line {line}"
    assert caught.value.expected


def test_a_fault_in_what_is_shared_is_named_there(tmp_path: Path) -> None:
    (tmp_path / "_shared.sql").write_text("{% macro wrong() %}\n{{ nothing }}\n{% endmacro %}")

    with pytest.raises(SuiteFileError) as caught:
        read(tmp_path, f'{{% from "_shared.sql" import wrong %}}\n{HEAD}{{{{ wrong() }}}}\n')

    assert caught.value.where == f"{tmp_path / '_shared.sql'}, line 2"


def test_the_linter_knows_every_parameter() -> None:
    lint = configparser.ConfigParser()
    lint.read(PROJECT_ROOT / "expectations" / ".sqlfluff", encoding="utf-8")

    assert set(lint["sqlfluff:templater:jinja:context"]) == set(parameters(REGISTRY))
