"""The R community survey 2019 (Google Forms) as a small registry: one wave per format.

The three files hold the same 1,838 answers, so that whatever differs between the waves is a fault
of reading. Google Forms gives no ids: the responses are the units, by their row.
"""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from barometer.settings import PROJECT_ROOT
from registry import TABLES

FORMATS = ("csv", "tsv", "xlsx")
WAVES = {name: str(2001 + place) for place, name in enumerate(FORMATS)}
STEM = "2019 English R Community Survey Responses"

EXPERIENCE = "How would you rate your level of experience using R?"
TIDYVERSE = "Do you use tidyverse packages when you use R now?"
FIRST_YEAR = "What year did you first start learning R?"
RECOMMEND = "How likely are you to recommend R to a colleague, friend, or family member?"
PROBLEMS = "When you have problems in R, where do you go for help?"
DISCOVER = "How do you discover new packages or packages that are unfamiliar to you?"
SHARE = "How do you share the results that you create in R? Check all that apply."
TOOLS = "Which tools do you use with your R applications? (please check all that apply)"
STARTED = "Timestamp"

# The options as the form offers them; several hold the separator, one two blanks in a row.
LABELS: dict[str, dict[str, str]] = {
    "experience": {
        "none": "None",
        "beginner": "Beginner",
        "intermediate": "Intermediate",
        "expert": "Expert",
    },
    "tidyverse": {
        "never": "Never",
        "occasionally": "Occasionally",
        "usually": "Usually",
        "rarely": "Rarely",
    },
    "problems": {
        "general_search": "General search websites such as Google and Yahoo",
        "questions": "Question and answer sites such as Stack Overflow and Quora",
        "social_media": "Social media such as blogs, R-bloggers, Twitter, Slack, or GitHub "
        "contacts",
        "network": "Your personal network, such as colleagues and professors",
        "rstudio": "community.rstudio.com",
        "r_search": "R-specific search websites such as METACRAN or Rdocumentation",
        "lists": "Email lists such as r-help",
    },
    "discover": {
        "lists": "Email lists such as r-help, r-packages, or r-pkg-devel",
        "conferences": "Conferences, meet-ups, or seminars",
        "books": "Books, textbooks, or journal articles (JSS, JOSS, R-Journal)",
        "network": "Your personal network, such as colleagues and professors",
    },
    "share": {
        "email": "Email",
        "public_site": "Public web sites such as Github or Netlify",
        "papers": "Embedding results in research papers submitted to publications",
        "internal_site": "Other internal web site or portal run by my organization "
        "(for example,  Sharepoint)",
        "own_site": "Personal blog or web site owned by you",
        "shinyapps": "Shinyapps.io",
        "rpubs": "RPubs.com",
        "connect": "RStudio Connect site run by my organization",
    },
    "tools": {
        "desktop": "RStudio Desktop (IDE)",
        "excel": "Microsoft Excel",
        "command_line": "R Command Line (i.e., the native R terminal interface)",
        "python": "Python",
    },
}
SEPARATED = {"problems": PROBLEMS, "discover": DISCOVER, "share": SHARE, "tools": TOOLS}
NUMBERS = {"first_year": FIRST_YEAR, "recommend": RECOMMEND}
SINGLE = {"experience": EXPERIENCE, "tidyverse": TIDYVERSE}


def _lines(rows: Sequence[Sequence[object]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _table(registry: str, rows: Sequence[Mapping[str, object]]) -> str:
    """Rows in the declared order of columns; those not given are empty."""
    header = TABLES[registry].header
    return _lines([[row.get(column, "") for column in header] for row in rows])


def _lenient_rules() -> str:
    """The usual rules, but for answers without a code: only some of the options are listed."""
    rules = (PROJECT_ROOT / "seeds" / "drift_rules.csv").read_text(encoding="utf-8")
    lines = rules.splitlines(keepends=True)[1:]
    return "".join(re.sub(r"^(code_unmapped,[^,]*),[^,]*,", r"\1,,", line) for line in lines)


def registries() -> dict[str, str]:
    """The registries, by name, without their header lines."""
    types = (
        dict.fromkeys(SINGLE, "single")
        | dict.fromkeys(SEPARATED, "multiple")
        | dict.fromkeys(NUMBERS, "number")
        | {"started": "date"}
    )
    columns: list[list[str]] = []
    for wave in WAVES.values():
        columns.append([wave, "export", STARTED, "submitted_at", "", "", "", "", "", ""])
        columns.append([wave, "export", EXPERIENCE, "attribute", "", "", "experience", "", "", ""])
        for question, name in (SINGLE | NUMBERS | {"started": STARTED}).items():
            columns.append([wave, "export", name, "answer", question, "", "", "", "", ""])
        for question, name in SEPARATED.items():
            columns.append([wave, "export", name, "answer", question, "", "", ", ", "", ""])
    return {
        "surveys": "r_community,R,R,mensen,people,report,rstudio/r-community-survey,Apache-2.0",
        "waves": _lines(
            [
                [wave, wave, wave, f"{wave}-01-01", f"{wave}-12-31", "", "", 1838, 1838, "",
                 "export", ""]
                for wave in WAVES.values()
            ]
        ),
        "deliveries": _table(
            "deliveries",
            [
                {
                    "wave": wave,
                    "kind": "export",
                    "part": "main",
                    "file_pattern": f"{STEM}.{name}",
                    "format": name,
                    "tool": "google_forms",
                    "date_order": "month_first",
                    "is_synthetic": "false",
                    "archive": "plain",
                }
                for name, wave in WAVES.items()
            ],
        ),
        "columns": _lines(columns),
        "questions": _lines(
            [
                [name, "all", place, kind, name, name, "2001", "", "", "", "", "false", "false", "",
                 "", ""]
                for place, (name, kind) in enumerate(types.items(), start=1)
            ]
        ),
        "options": _lines(
            [
                [question, option, place, label, label, "", "false", "", "false", "", ""]
                for question, options in LABELS.items()
                for place, (option, label) in enumerate(options.items(), start=1)
            ]
        ),
        "codes": _lines(
            [
                [question, "", label, option, ""]
                for question, options in LABELS.items()
                for option, label in options.items()
            ]
        ),
        "classifications": "everybody,Allen,All,1,false,",
        "organisation_groups": "everybody,all_people,,Allen,All,1,false",
        "organisation_membership": _lines(
            [
                ["everybody", "all_people", "experience", label, "", "", "", "", 10, ""]
                for label in LABELS["experience"].values()
            ]
        ),
        "strata_design": _lines([[wave, 1, "everybody"] for wave in WAVES.values()]),
        "drift_rules": _lenient_rules(),
        "publication_rules": "minimum_base,1,Public data.\n"
        "minimum_stratum_responses,1,A census.\nminimum_answered_questions,0,All count.",
    }  # fmt: skip


def inbox(folder: Path, shared_data: Path) -> Path:
    """A folder with the three files, which lie beside others where they come from."""
    folder.mkdir()
    for name in FORMATS:
        source = shared_data / "exports" / "google-forms" / f"{STEM}.{name}"
        shutil.copyfile(source, folder / source.name)
    return folder
