"""What a draft is made from: the registries, the wave that is copied, and the new wave's id."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from barometer.labels import normalise_label
from drafting.seedfiles import SeedFile
from registry import Registry
from registry.tables.questionnaire import Code, Option, Question
from registry.validity import within

_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")

LANGUAGES = ("nl", "en")


@dataclass(frozen=True)
class Context:
    """The registries and the two waves.

    Attributes:
        registry: the registries as they are.
        files: the same as text.
        source: the wave that is copied; a later one where the new wave comes before all others.
        wave: the wave that is drafted.
        last_count: responses landed for the source wave, where known.
    """

    registry: Registry
    files: Mapping[str, SeedFile]
    source: str
    wave: str
    last_count: int | None = None

    @cached_property
    def distance(self) -> int | None:
        """Years between the waves, None when their ids hold no year."""
        source, wave = _YEAR.search(self.source), _YEAR.search(self.wave)
        return int(wave.group()) - int(source.group()) if source and wave else None

    @cached_property
    def waves_before(self) -> tuple[str, ...]:
        """Waves before the new one, the latest last."""
        return tuple(sorted(w for w in self.registry.wave_ids if w < self.wave))

    @cached_property
    def waves_after(self) -> tuple[str, ...]:
        """Waves after the new one, the earliest first; none unless a gap is filled."""
        return tuple(sorted(w for w in self.registry.wave_ids if w > self.wave))

    @cached_property
    def nearest_waves(self) -> tuple[str, ...]:
        """All other waves in the order in which they are looked at: the nearest earlier first."""
        return (*reversed(self.waves_before), *self.waves_after)

    @property
    def until(self) -> str:
        """The last wave of what only the new wave has; empty where no wave comes after it."""
        return self.wave if self.waves_after else ""

    @cached_property
    def _asked(self) -> Mapping[str, frozenset[tuple[str, str]]]:
        asked: dict[str, set[tuple[str, str]]] = {}
        for column in self.registry.columns:
            if column.question_id:
                used = column.wave, column.option_id or ""
                asked.setdefault(column.question_id, set()).add(used)
        return {question: frozenset(used) for question, used in asked.items()}

    def asked_waves(self, question_id: str, option_id: str = "") -> tuple[str, ...]:
        """Return the waves with a column for a question, and for an option of it if one is named.

        An option without a column of its own is offered wherever it is valid.
        """
        option = self.options.get((question_id, option_id))
        found = {
            wave
            for wave, box in self._asked.get(question_id, ())
            if not option_id or box in {"", option_id}
        }
        if option is not None:
            found = {w for w in found if within(w, option.first_wave, option.last_wave)}
        return tuple(sorted(found))

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        """Questions by id."""
        return {question.question_id: question for question in self.registry.questions}

    @cached_property
    def options(self) -> Mapping[tuple[str, str], Option]:
        """Options by question and id."""
        return {(option.question_id, option.option_id): option for option in self.registry.options}

    @cached_property
    def translations(self) -> Mapping[str, Option]:
        """Any option with a label, by each of its labels as they compare."""
        known: dict[str, Option] = {}
        for option in self.registry.options:
            for label in (option.label_nl, option.label_en):
                known.setdefault(normalise_label(label), option)
        return known

    def rows(self, table: str, wave: str | None = None) -> list[dict[str, str]]:
        """Return the rows of a registry as text, of one wave or of all."""
        rows = self.files[table].rows
        return [dict(row) for row in rows if wave is None or row["wave"] == wave]

    def codes_of(self, question_id: str, wave: str) -> dict[str, Code]:
        """Return the codes that count for a question in a wave, by value as it compares."""
        fitting = [
            code
            for code in self.registry.codes
            if code.question_id in (None, question_id) and code.wave in (None, wave)
        ]
        fitting.sort(key=lambda code: (code.question_id is not None, code.wave is not None))
        return {normalise_label(code.raw_value): code for code in fitting}

    def offered(self, option: Option) -> bool:
        """Whether the option is offered in the new wave, if its question is asked."""
        return within(self.wave, option.first_wave, option.last_wave)

    def begins_later(self, option: Option) -> bool:
        """Whether an option was added to its question after the new wave."""
        first = option.first_wave or ""
        return first > self.wave and first > self.questions[option.question_id].first_wave

    def has_ended(self, row: Option | Question) -> bool:
        """Whether a question or an option ended before the new wave."""
        return row.last_wave is not None and row.last_wave < self.wave

    def shift_years(self, text: str) -> str:
        """Return a text with every year in it moved by the distance between the waves."""
        distance = self.distance
        if not distance:
            return text
        return _YEAR.sub(lambda match: str(int(match.group()) + distance), text)


def in_language(texts: Mapping[str, str], language: str, unknown: str) -> str:
    """Return the text in a language; `unknown` is the language of texts that do not say."""
    for name, text in texts.items():
        if (name.partition("-")[0].lower() or unknown) == language:
            return text
    return ""
