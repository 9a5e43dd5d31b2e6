"""What the exports of the research software engineer survey say, counted without the pipeline."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from rse_questionnaire import FILES, QUESTIONS, Asked

from barometer.settings import PROJECT_ROOT

REGISTRIES = PROJECT_ROOT / "surveys" / "rse"

# Answers that nobody can place, and no answer at all.
REJECTED = {"bus_factor": {"0.5": 1, "1.2": 1, "1.5": 2}}
NO_ANSWER = {"prefer not to say"}

# Columns with more different values than any list of options has, and texts that nobody else has.
MANY = 60
LONG = 20


def plain(text: str) -> str:
    """Return a text without the marks and spaces that nobody sees."""
    return " ".join(text.replace("\ufeff", "").split()).lower()


@cache
def table(folder: Path, wave: str, part: str) -> tuple[list[str], list[list[str]]]:
    """Return the wordings of the columns, without their codes, and the rows."""
    path = folder / FILES[wave, part][0]
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    return [plain(re.sub(r"^\S*?(\._\.|\. )", "", name)) for name in header], rows


def columns(folder: Path, place: tuple[str, str], asked: Asked) -> dict[int, str]:
    """Return the columns of a question: the option each stands for, if it stands for one."""
    wordings, rows = table(folder, *place)
    found = [index for index, text in enumerate(wordings) if _matches(asked, text)]
    if asked.is_in_versions(place):
        known = {"", *asked.answers}
        found = [index for index in found if {plain(row[index]) for row in rows} <= known]
        assert len(found) > 1
        assert max(sum(row[index] != "" for index in found) for row in rows) == 1
        return dict.fromkeys(found, "")
    if not asked.is_multiple:
        (index,) = found
        return {index: ""}
    brackets = {index: wordings[index].partition("[")[2].removesuffix("]") for index in found}
    return {index: asked.answers[bracket] for index, bracket in brackets.items()}


def _matches(asked: Asked, wording: str) -> bool:
    # Statements of a grid stand in brackets, after what the whole grid is about.
    return any(re.search(asked.wording, text) for text in (wording, wording.lstrip("[ ")))


def counts(
    folder: Path, question: str, place: tuple[str, str]
) -> tuple[dict[str | None, int], float]:
    """Count the answers per option; add up those that are numbers, counted without option."""
    asked = QUESTIONS[question]
    _, rows = table(folder, *place)
    counted: Counter[str | None] = Counter()
    total = 0.0
    for index, option in columns(folder, place, asked).items():
        for row in rows:
            value = plain(row[index])
            if option:
                assert value in {"yes", "no", ""}
                counted[option] += value == "yes"
            elif not value or value in NO_ANSWER or value in REJECTED.get(question, ()):
                continue
            elif asked.answers:
                counted[asked.answers[value]] += 1
            elif asked.largest is None or float(value) <= asked.largest:
                counted[None] += 1
                total += float(value)
    return {option: count for option, count in counted.items() if count}, total


def group_counts(folder: Path, place: tuple[str, str], wording: str) -> Counter[str]:
    """Count the answers in every column with this wording together: everybody filled one."""
    wordings, rows = table(folder, *place)
    found = [index for index, text in enumerate(wordings) if re.match(wording, text)]
    return Counter(plain(row[index]) for row in rows for index in found if row[index])


def free_texts(folder: Path) -> set[str]:
    """Return what people wrote in their own words, where it is long enough to be theirs alone."""
    written = set()
    for place in FILES:
        wordings, rows = table(folder, *place)
        for index in range(1, len(wordings)):
            values = {plain(row[index]) for row in rows}
            if len(values) > MANY:
                written |= {value for value in values if len(value) > LONG}
    return written


def comparisons() -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield every question with every wave and part that has it."""
    for question, asked in QUESTIONS.items():
        for place in asked.places:
            yield question, place
