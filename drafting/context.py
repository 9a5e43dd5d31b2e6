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
from registry.validity import offered_in

_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")

LANGUAGES = ("nl", "en")


@dataclass(frozen=True)
class Context:
    """The registries and the two waves.

    Attributes:
        registry: the registries as they are.
        files: the same as text.
        source: the wave that is copied.
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
        """Whether the option would be offered in the new wave if nothing changes."""
        return offered_in(option, self.questions[option.question_id], self.wave)

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
