"""Submissions as they reach the survey tool: good ones, and every problem cleaning must find."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial

from examples.model import Answers
from examples.registries import Registries
from examples.survey import WavePopulation
from examples.truth import IndicatorRules

LAST_PAGE = 7
FIRST_RESPONSE_ID = 1001
PAGES = {"organisation": 1, "innovation_types": 2, "latest_innovation": 4, "no_innovation": 5}
UNKNOWN_CODE = {"2021": "A9", "2023": "Misschien", "2025": "77"}
NOT_A_NUMBER = {"2021": "circa 250", "2023": "ongeveer 120"}
OUT_OF_RANGE = ("0", "9999999")
NUMBER_OF = {"test": 4, "no_key": 3, "unknown_key": 4, "partial": 8, "partial_extra": 3}


@dataclass(frozen=True)
class Rejection:
    """One mark that cleaning must reject."""

    question_id: str
    raw_value: str
    reason: str


@dataclass(eq=False)
class Submission:
    """One row of an export, with what cleaning must conclude about it.

    Attributes:
        key: organisation key as filled in.
        organisation_key: key of the frame organisation it stands for; empty if there is none.
        raw: text written instead of the code of an answer, by question.
        ticks: options written for a multiple question instead of the answer, by question.
        excluded: why the response is not kept; empty when it is.
    """

    key: str
    name: str
    organisation_key: str
    answers: Answers
    submitted_at: datetime
    is_submitted: bool = True
    last_page: int = LAST_PAGE
    is_test: bool = False
    raw: dict[str, str] = field(default_factory=dict)
    ticks: dict[str, tuple[str, ...]] = field(default_factory=dict)
    excluded: str = ""
    rejected: list[Rejection] = field(default_factory=list)
    is_touched: bool = False
    response_id: int = 0

    @property
    def is_kept(self) -> bool:
        """Tell whether cleaning must keep it."""
        return not self.excluded


@dataclass(frozen=True)
class WaveSubmissions:
    """All rows of a wave's export in file order, and the rows of the delivery before it.

    Attributes:
        corrections: response id to the answers that an earlier delivery had wrong.
    """

    rows: tuple[Submission, ...]
    corrections: Mapping[int, Submission]


class Planter:
    """Builds the submissions of one wave. Every method plants one kind of problem."""

    def __init__(
        self,
        registries: Registries,
        population: WavePopulation,
        respondents: Sequence[str],
        seed: int,
    ) -> None:
        self.registries = registries
        self.population = population
        self.wave = population.wave
        self.respondents = respondents
        self.rng = random.Random(f"{seed}|submissions|{self.wave}")
        self.rules = IndicatorRules(registries, self.wave)
        self.rows: list[Submission] = []
        row = registries.waves[self.wave]
        self.start = date.fromisoformat(row["fieldwork_start"])
        self.days = (date.fromisoformat(row["fieldwork_end"]) - self.start).days

    def build(self) -> WaveSubmissions:
        """Return every row of the export."""
        for key in self.respondents:
            self.rows.append(self._submission(key, self.population.answers[key]))
        self._merged()
        self._duplicates()
        self._partial()
        self._test_rows()
        self._without_organisation()
        if self.registries.waves[self.wave]["complete_from_page"]:
            self._not_quite_finished()
        self._wrong_marks()
        self.rows.sort(key=lambda row: (row.submitted_at, row.key, row.is_test))
        for number, row in enumerate(self.rows):
            row.response_id = FIRST_RESPONSE_ID + number
        return WaveSubmissions(tuple(self.rows), self._corrections())

    def _submission(self, key: str, answers: Answers, key_used: str = "") -> Submission:
        organisation = self.population.organisations[key]
        return Submission(
            key=key_used or key,
            name=organisation.name,
            organisation_key=key,
            answers=dict(answers),
            submitted_at=self._moment(),
        )

    def _moment(self) -> datetime:
        day = self.start + timedelta(days=self.rng.randrange(3, self.days - 3))
        return datetime.combine(day, time(8)) + timedelta(seconds=self.rng.randrange(36000))

    def _pick(self, number: int, fits: Callable[[Submission], bool]) -> list[Submission]:
        """Choose untouched good rows, and mark them so that problems do not pile up."""
        found = [row for row in self.rows if row.is_kept and not row.is_touched and fits(row)]
        self.rng.shuffle(found)
        for row in found[:number]:
            row.is_touched = True
        return found[:number]

    def _merged(self) -> None:
        """An organisation that merged answers under its old key; one heir answers as well."""
        heirs = [
            (row, old["organisation_key"])
            for row in self.rows
            for old in self.registries.succession
            if old["successor_key"] == row.key
            and old["organisation_key"] not in self.population.organisations
            and old["effective_date"] <= self.start.isoformat()
        ]
        used: set[str] = set()
        for row, old_key in heirs:
            if row.organisation_key in used or len(used) == 3:
                continue
            if not used:
                self._loser(row, days_before=2)
            used.add(row.organisation_key)
            row.key, row.is_touched = old_key, True

    def _loser(self, row: Submission, days_before: int) -> Submission:
        other = self._submission(row.organisation_key, row.answers)
        other.submitted_at = row.submitted_at - timedelta(days=days_before)
        other.excluded = "duplicate"
        self.rows.append(other)
        return other

    def _duplicates(self) -> None:
        for row in self._pick(3, lambda row: self._is_valid(row, "climate_room")):
            self._loser(row, days_before=1).answers["climate_room"] = "neutral"
        climate = ("climate_learning", "climate_safety", "climate_appreciation", "climate_vision")
        complete = self._pick(3, lambda row: all(self._is_valid(row, q) for q in climate))
        for row in complete:
            later = self._loser(row, days_before=-2)
            for question_id in climate:
                del later.answers[question_id]
        # A tie: rows are numbered in a stable order, so the one meant to stay has the lower id.
        for row in self._pick(1, lambda _: True):
            self._loser(row, days_before=0)

    def _is_valid(self, row: Submission, question_id: str) -> bool:
        return self.rules.is_valid(question_id, row.answers.get(question_id))

    def _has_answered(self, question_id: str, row: Submission) -> bool:
        return question_id in row.answers

    def _others(self, number: int) -> list[str]:
        silent = sorted(set(self.population.organisations) - set(self.respondents))
        self.rng.shuffle(silent)
        return silent[:number]

    def _partial(self) -> None:
        keys = self._others(NUMBER_OF["partial"])
        keys += [row.key for row in self._pick(NUMBER_OF["partial_extra"], lambda _: True)]
        has_pages = bool(self.registries.waves[self.wave]["complete_from_page"])
        for key in keys:
            row = self._submission(key, self.population.answers[key])
            row.excluded, row.is_submitted = "incomplete", not has_pages
            row.last_page = self.rng.randrange(2, 6)
            if has_pages:
                self._cut_at_page(row)
            else:
                kept = ("employees", "inn_product", "inn_service")
                row.answers = {q: row.answers[q] for q in kept if q in row.answers}
            self.rows.append(row)

    def _cut_at_page(self, row: Submission) -> None:
        row.answers = {
            question_id: answer
            for question_id, answer in row.answers.items()
            if PAGES.get(self.registries.questions[question_id]["block"], 6) <= row.last_page
        }

    def _not_quite_finished(self) -> None:
        """Reached the page that counts as complete, but never pressed the last button."""
        for row in self._pick(3, lambda _: True):
            row.is_submitted, row.last_page = False, LAST_PAGE - 1
            row.answers.pop("open_example", None)
        for row in self._pick(2, lambda _: True):
            unfinished = self._loser(row, days_before=-1)
            unfinished.is_submitted, unfinished.last_page = False, LAST_PAGE - 1

    def _test_rows(self) -> None:
        keys = self._others(NUMBER_OF["test"])
        for number, key in enumerate(keys):
            row = self._submission(key, self.population.answers[key])
            row.is_test, row.excluded, row.name = True, "test_response", "TEST (synthetisch)"
            # Being a test goes before every other reason.
            row.key = (key, "99999", "", key)[number]
            self.rows.append(row)

    def _without_organisation(self) -> None:
        for key in self._others(NUMBER_OF["no_key"]):
            row = self._submission(key, self.population.answers[key])
            row.key, row.organisation_key, row.excluded = "", "", "no_organisation_key"
            self.rows.append(row)
        for number, key in enumerate(self._others(NUMBER_OF["unknown_key"])):
            row = self._submission(key, self.population.answers[key])
            row.key, row.organisation_key = f"{88001 + number:05d}", ""
            row.name = f"Onbekende organisatie {number + 1} (synthetisch)"
            row.excluded = "organisation_not_in_frame"
            self.rows.append(row)

    def _wrong_marks(self) -> None:
        code = UNKNOWN_CODE[self.wave]
        for question_id in ("technology", "spread", "climate_vision", "factor_culture", "success"):
            for row in self._pick(1, partial(self._has_answered, question_id)):
                self._mark(row, question_id, code, "unknown_code")
        numbers = [(value, "out_of_range") for value in OUT_OF_RANGE]
        if self.wave in NOT_A_NUMBER:
            numbers.append((NOT_A_NUMBER[self.wave], "not_a_number"))
        for value, reason in numbers:
            for row in self._pick(1, partial(self._has_answered, "employees")):
                self._mark(row, "employees", value, reason)
        for row in self._pick(3, lambda row: not self._is_innovator(row)):
            raw = self.registries.raw_value("novelty", self.wave, "inspired")
            self._mark(row, "novelty", raw, "not_asked")
        for row in self._pick(1, self._is_innovator):
            raw = self.registries.raw_value("under_way", self.wave, "yes")
            self._mark(row, "under_way", raw, "not_asked")
        for row in self._pick(2, lambda row: row.answers.get("partners") == ("none",)):
            row.ticks["partners"] = ("none", "companies")
            for option_id in row.ticks["partners"]:
                raw = self._tick_text("partners", option_id)
                row.rejected.append(Rejection("partners", raw, "exclusive_conflict"))

    def _tick_text(self, question_id: str, option_id: str) -> str:
        whole_cell = self.wave == "2023"
        return self.registries.raw_value(
            question_id, self.wave, option_id if whole_cell else "selected"
        )

    def _mark(self, row: Submission, question_id: str, raw: str, reason: str) -> None:
        row.raw[question_id] = raw
        row.rejected.append(Rejection(question_id, raw, reason))

    def _is_innovator(self, row: Submission) -> bool:
        return any(a == "yes" for q, a in row.answers.items() if q.startswith("inn_"))

    def _corrections(self) -> dict[int, Submission]:
        """What an earlier delivery said, by response id; the rows themselves are right."""
        if self.wave != "2021":
            return {}
        result = {}
        swap = {"agree": "disagree", "disagree": "agree", "strongly_agree": "strongly_disagree"}
        for row in self._pick(4, lambda row: row.is_submitted):
            wrong = self._submission(row.organisation_key, row.answers)
            for question_id, answer in row.answers.items():
                if question_id.startswith("climate_"):
                    wrong.answers[question_id] = swap.get(str(answer), answer)
            wrong.raw["employees"] = "45000000"
            for name in ("key", "submitted_at", "last_page", "response_id"):
                setattr(wrong, name, getattr(row, name))
            result[row.response_id] = wrong
        return result
