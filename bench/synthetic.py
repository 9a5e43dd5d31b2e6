"""A made-up survey of any size: registries, sampling frame and export, and nothing of it in memory.

    python -m bench.synthetic FOLDER [--organisations 10000] [--questions 120]

One wave. Organisations are of twelve kinds and three sizes; the sample is stratified by both, and
how many answer differs per stratum, so that weights do. Of twelve questions eight are yes or no, of
which two are asked only after a yes to the first question, three are scales of 1 to 5 and one is a
number; each may be answered with don't know, or not at all. Every question is one indicator.
"""

from __future__ import annotations

import argparse
import csv
import shutil
from collections.abc import Iterable
from pathlib import Path

import duckdb

from barometer.settings import PROJECT_ROOT

SURVEY = "synthetic"
WAVE = "2025"
EXPORT, FRAME = "synthetic_export.csv", "synthetic_frame.csv"
KINDS = tuple(f"kind_{number:02d}" for number in range(1, 13))
SIZES = {"small": (None, 100), "medium": (100, 500), "large": (500, None)}
DONT_KNOW = "9"
# Registries that say nothing about a survey, and are the same in all of them.
_TEMPLATE = PROJECT_ROOT / "surveys" / "pls"
_SAME = ("drift_rules", "frame_rules")

Rows = Iterable[tuple[object, ...]]


def main(arguments: list[str] | None = None) -> int:
    """Write registries and files below a folder."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--organisations", type=int, default=10_000)
    parser.add_argument("--questions", type=int, default=120)
    asked = parser.parse_args(arguments)
    write_registries(asked.folder / "registries", asked.organisations, asked.questions)
    write_files(asked.folder / "inbox", asked.organisations, asked.questions)
    return 0


def kind_of_question(number: int) -> str:
    """Return `scale`, `number` or `single` for the question with this number."""
    if number % 4 == 0:
        return "scale"
    return "number" if number % 12 == 6 else "single"


def is_routed(number: int) -> bool:
    """Return whether a question is asked only of those who said yes to the first."""
    return number % 6 == 5


def question_id(number: int) -> str:
    """Return the id of a question, of its indicator and of its column."""
    return f"q{number:03d}"


def write_registries(folder: Path, organisations: int, questions: int) -> None:
    """Write all registries of the survey into a new folder."""
    folder.mkdir(parents=True)
    numbers = range(1, questions + 1)
    tables = _survey_tables(organisations, numbers) | _question_tables(numbers)
    for path in sorted(_TEMPLATE.glob("*.csv")):
        if path.stem in _SAME:
            shutil.copy(path, folder)
            continue
        with path.open(encoding="utf-8", newline="") as file:
            header = next(csv.reader(file))
        with (folder / path.name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(header)
            writer.writerows(tables.get(path.stem, ()))


def _survey_tables(organisations: int, numbers: range) -> dict[str, Rows]:
    columns = {
        "export": (("id", "response_id"), ("org", "organisation_key"), ("at", "submitted_at")),
        "frame": (("org", "organisation_key"), ("name", "organisation_name")),
    }
    attributes = ("kind", "fte")
    return {
        "surveys": [(SURVEY, SURVEY, SURVEY, "organisaties", "organisations", "error", "", "")],
        "waves": [
            (
                *(WAVE, WAVE, WAVE, "2023-01-01", "2024-12-31", "2025-02-03", "2025-04-30"),
                *(1, organisations, "2025-11-17", "file", ""),
            )
        ],
        "deliveries": [
            (WAVE, kind, "main", name, "csv", "generic", *[""] * 7, "true", "plain")
            for kind, name in (("export", EXPORT), ("frame", FRAME))
        ],
        "columns": [
            *(
                (WAVE, kind, name, role, "", "", "", "", "", "")
                for kind, roles in columns.items()
                for name, role in roles
            ),
            *((WAVE, "frame", name, "attribute", "", "", name, "", "", "") for name in attributes),
            *(
                (WAVE, "export", question_id(n), "answer", question_id(n), "", "", "", "", "")
                for n in numbers
            ),
        ],
        "classifications": [
            ("kind", "Soort", "Kind", 1, "true", ""),
            ("size", "Grootte", "Size", 2, "true", ""),
        ],
        "organisation_groups": [
            ("kind", "all", "", "Alle", "All", 1, "false"),
            *(("kind", kind, "all", kind, kind, at, "false") for at, kind in enumerate(KINDS, 2)),
            *(("size", size, "", size, size, at, "false") for at, size in enumerate(SIZES, 1)),
        ],
        "organisation_membership": [
            *(("kind", kind, "kind", kind, "", "", "", "", 10, "") for kind in KINDS),
            *(
                ("size", size, "fte", "", low or "", high or "", "", "", 10, "")
                for size, (low, high) in SIZES.items()
            ),
        ],
        "strata_design": [(WAVE, 1, "kind"), (WAVE, 2, "size")],
        "publication_rules": [
            ("minimum_base", 5, "for measurements"),
            ("minimum_stratum_responses", 2, "for measurements"),
            ("minimum_answered_questions", 1, "for measurements"),
            ("public_edition", 0, "for measurements"),
        ],
    }


def _question_tables(numbers: range) -> dict[str, Rows]:
    ids = {number: question_id(number) for number in numbers}
    kinds = {number: kind_of_question(number) for number in numbers}
    coded = {"single": ("yes", "no"), "scale": tuple(f"score_{score}" for score in range(1, 6))}
    options = [
        (number, position, option, position if kinds[number] == "scale" else "")
        for number in numbers
        for position, option in enumerate(coded.get(kinds[number], ()), 1)
    ]
    return {
        "questions": [
            (
                *(ids[n], "answers", n, kinds[n], ids[n], ids[n], WAVE),
                *("", "", "", "", "false", "false", "wie is gevraagd", "who was asked", ""),
            )
            for n in numbers
        ],
        "options": [
            (ids[n], option, at, option, option, score, "false", "", "false", "", "")
            for n, at, option, score in options
        ],
        "codes": [
            *((ids[n], "", at, option, "") for n, at, option, _ in options),
            ("", "", DONT_KNOW, "", "dont_know"),
        ],
        "routing": [(ids[n], "any_of", ids[1], "yes") for n in numbers if is_routed(n)],
        "topics": [("answers", 1, "antwoorden", "answers")],
        "indicators": [
            (
                *(ids[n], "answers", n, "share" if kinds[n] == "single" else "mean"),
                *(ids[n], ids[n], "wie antwoordde", "who answered"),
                *(1, "neutral", "", "", "", "", "", "false"),
            )
            for n in numbers
        ],
        "indicator_items": [
            (ids[n], "numerator", ids[n], "yes" if kinds[n] == "single" else "") for n in numbers
        ],
    }


def write_files(folder: Path, organisations: int, questions: int) -> None:
    """Write an export of so many organisations, and a frame of a half more."""
    folder.mkdir(parents=True, exist_ok=True)
    listed = organisations * 3 // 2
    with duckdb.connect() as connection:
        connection.execute(f"""
            create view organisations as
            select
                printf('%07d', number) as org,
                'Organisation ' || number as name,
                printf('kind_%02d', 1 + hash(number * 7 + 1) % {len(KINDS)}) as kind,
                cast(exp(2 + 6 * (hash(number * 7 + 2) % 1000 / 1000.0)) as integer) as fte,
                number
            from range({listed}) as numbers(number)
        """)
        # The larger an organisation and the later its kind in the list, the sooner it answers.
        connection.execute(f"""
            create view answering as
            select org, number from organisations
            order by
                hash(number * 7 + 3) % 1000
                    / (1 + right(kind, 2)::integer / 12.0 + (fte > 500)::integer),
                org
            limit {organisations}
        """)
        cells = ", ".join(f"{_cell(n)} as {question_id(n)}" for n in range(1, questions + 1))
        copies = {
            FRAME: "select org, name, kind, fte from organisations order by org",
            EXPORT: f"""
                select org as id, org, '2025-03-01 12:00:00' as at, {cells}
                from answering order by org
            """,
        }
        for name, query in copies.items():
            connection.execute(f"copy ({query}) to '{folder / name}' (header)")


def _cell(number: int) -> str:
    """Return SQL for an answer: 3 % do not know, 4 % leave it open."""
    chance = f"(hash(number * 1009 + {number}) >> 8)"
    answer = {
        "single": f"case when {chance} % 7919 < {700 * (1 + number % 10)} then '1' else '2' end",
        "scale": f"(1 + ({chance} % 7919) % (4 + {number} % 2))::text",
        "number": f"(({chance} % 7919) * (1 + number % 50) / 10.0)::decimal(12, 1)::text",
    }[kind_of_question(number)]
    cell = (
        f"case when {chance} % 100 < 3 then '{DONT_KNOW}'"
        f" when {chance} % 100 < 7 then '' else {answer} end"
    )
    if is_routed(number):
        return f"case when {_cell(1)} = '1' then {cell} else '' end"
    return cell


if __name__ == "__main__":
    raise SystemExit(main())
