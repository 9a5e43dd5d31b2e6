"""The published state totals of the Public Libraries Survey, and sums made without the pipeline."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from barometer.settings import PROJECT_ROOT

REGISTRIES = PROJECT_ROOT / "surveys" / "pls"

PUBLISHED_FILES = {
    "1996": "PUSUM96.csv",
    "1997": "PUSUM97.csv",
    "1998": "PUSUM98.csv",
    "2016": "PLS_FY2016_State_pusum16a.csv",
    "2017": "PLS_FY17_State_pud17i.csv",
}

# Column of each question in the files of totals of 1996-97, 1998 and 2016-17. Apart from the
# registries, so that a question mapped to the wrong column there does not pass unseen.
PUBLISHED_COLUMNS: dict[str, tuple[str | None, str | None, str | None]] = {
    "population_served": ("POPU", "POPU_LSA", "POPU_LSA"),
    "central_libraries": ("CENTLIB", "CENTLIB", "CENTLIB"),
    "branches": ("BRANLIB", "BRANLIB", "BRANLIB"),
    "bookmobiles": ("BKMOB", "BKMOB", "BKMOB"),
    "librarians_mls": ("MASTER", "MASTER", None),
    "librarians": ("LIBRARIAN", "LIBRARIA", None),
    "other_paid_staff": ("OTHPAID", "OTHPAID", None),
    "paid_staff": ("TOTPEMP", "TOTSTAFF", "TOTSTAFF"),
    "income_local": ("LOCGVT", "LOCGVT", None),
    "income_state": ("STGVT", "STGVT", None),
    "income_federal": ("FEDGVT", "FEDGVT", None),
    "income_other": ("OTHINCM", "OTHINCM", None),
    "operating_income": ("TOTINCM", "TOTINCM", None),
    "collection_expenditure": ("TOTEXPCOL", "TOTEXPCO", None),
    "operating_expenditure": ("TOTOPEXP1", "TOTOPEXP", None),
    "capital_outlay": ("CAPITAL", "CAPITAL", None),
    "electronic_materials_expenditure": ("ELMATEXP", "ELMATEXP", None),
    "electronic_access_expenditure": ("ELACCEXP", "ELACCEXP", None),
    "print_volumes": ("BKVOL", "BKVOL", "BKVOL"),
    "e_books": (None, None, "EBOOK"),
    "audio_materials": ("AUDIO", "AUDIO", None),
    "audio_physical": (None, None, "AUDIO_PH"),
    "audio_downloads": (None, None, "AUDIO_DL"),
    "video_materials": ("VIDEO", "VIDEO", None),
    "video_physical": (None, None, "VIDEO_PH"),
    "video_downloads": (None, None, "VIDEO_DL"),
    "electronic_materials": ("ELMATS", "ELMATS", None),
    "electronic_collections": (None, None, "EC_LO_OT"),
    "subscriptions": ("SUBSCRIPT", "SUBSCRIP", "SUBSCRIP"),
    "hours_open": ("DUPLI", "HRS_OPEN", "HRS_OPEN"),
    "visits": ("ATTEND", "VISITS", "VISITS"),
    "reference_questions": ("REFERENCE", "REFERENC", "REFERENC"),
    "registered_users": (None, None, "REGBOR"),
    "circulation": ("TOTCIR", "TOTCIR", "TOTCIR"),
    "childrens_circulation": ("KIDCIRCL", "KIDCIRCL", "KIDCIRCL"),
    "interlibrary_loans_provided": ("LOANTO", "LOANTO", None),
    "interlibrary_loans_received": ("LOANFM", "LOANFM", None),
    "childrens_programme_attendance": ("KIDATTEND", "KIDATTEN", None),
    "programmes": (None, None, "TOTPRO"),
    "staff_internet_terminals": (None, "STFTERMS", None),
    "public_internet_computers": (None, "GPTERMS", "GPTERMS"),
    "internet_computer_uses": (None, None, "PITUSR"),
    "wifi_sessions": (None, None, "WIFISESS"),
}
_PERIOD = {"1996": 0, "1997": 0, "1998": 1, "2016": 2, "2017": 2}

# State totals that the source did not publish: no organisation there reported the number.
WITHOUT_TOTAL = {
    "1996": {
        "electronic_materials_expenditure": {"AZ", "NC", "RI", "VA"},
        "electronic_access_expenditure": {"AZ", "NC", "RI", "VA"},
        "electronic_materials": {"AZ", "HI", "RI", "VA"},
    },
    "1998": {
        "staff_internet_terminals": {"GA", "MD", "OH", "VA", "WA", "WY"},
        "public_internet_computers": {"GA", "MD", "WY"},
    },
    "2016": {
        "e_books": {"CT"},
        "audio_downloads": {"CT"},
        "video_downloads": {"CT"},
        "electronic_collections": {"WI"},
    },
}

# Questions of the five waves with published totals, times the states of each.
N_COMPARISONS = 31 * 51 + 31 * 52 + 33 * 53 + 23 * 53 + 23 * 54

NOT_PUBLISHED = frozenset({"", "-1", "M"})


@dataclass(frozen=True)
class PublishedTotal:
    """One published figure; `value` is None where the source has no total for the state."""

    wave: str
    question_id: str
    state: str
    value: Decimal | None


@dataclass(frozen=True)
class StateSum:
    """Sum over the organisations of one state that reported a number, and how many did."""

    value: Decimal
    n_reported: int


@cache
def registry(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of one registry of this survey."""
    return _rows(REGISTRIES / f"{name}.csv")


@cache
def answer_columns(wave: str) -> dict[str, str]:
    """Return question id → source column of one wave."""
    return {
        row["question_id"]: row["column_name"]
        for row in registry("columns")
        if row["wave"] == wave and row["role"] == "answer"
    }


def waves() -> tuple[str, ...]:
    """Return the waves in order."""
    return tuple(row["wave"] for row in registry("waves"))


def organisations(folder: Path, wave: str) -> tuple[dict[str, str], ...]:
    """Return the rows of the file of organisations of one wave."""
    delivery = next(row for row in registry("deliveries") if row["wave"] == wave)
    return _rows(folder / delivery["file_pattern"])


def published_totals(folder: Path) -> Iterator[PublishedTotal]:
    """Return every published total of the questions above."""
    for wave, file_name in PUBLISHED_FILES.items():
        for row in _rows(folder / file_name):
            for question_id, columns in PUBLISHED_COLUMNS.items():
                column = columns[_PERIOD[wave]]
                if column is None:
                    continue
                text = row[column].strip()
                value = None if text in NOT_PUBLISHED else Decimal(text)
                yield PublishedTotal(wave, question_id, row["STABR"], value)


def state_sums(folder: Path, wave: str) -> dict[tuple[str, str], StateSum]:
    """Return (question id, state) → sum, straight from the file of organisations.

    A cell counts when it is not a missing code of the registry; no other value is judged here.
    """
    missing = missing_codes(wave)
    values: dict[tuple[str, str], list[Decimal]] = defaultdict(list)
    for row in organisations(folder, wave):
        for question_id, column in answer_columns(wave).items():
            reported = values[question_id, row["STABR"]]
            if row[column].strip() not in missing:
                reported.append(Decimal(row[column]))
    return {key: StateSum(sum(cells, Decimal(0)), len(cells)) for key, cells in values.items()}


def missing_codes(wave: str) -> frozenset[str]:
    """Return the raw values that are no answer in a wave."""
    return frozenset(row["raw_value"] for row in registry("codes") if row["wave"] in ("", wave))


@cache
def _rows(path: Path) -> tuple[dict[str, str], ...]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return tuple(csv.DictReader(file))
