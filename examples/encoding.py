"""From submissions to the cells of an export, as the wave's survey tool writes them."""

from __future__ import annotations

import random
from collections.abc import Iterable

from examples.model import Answer
from examples.registries import Registries
from examples.submissions import LAST_PAGE, Submission

NO_BREAK_SPACE = "\u00a0"


class Encoder:
    """Writes the answers of one wave with that wave's codes."""

    def __init__(self, registries: Registries, wave: str, seed: int) -> None:
        self.registries = registries
        self.wave = wave
        self.seed = seed
        self.columns = registries.wave_columns(wave, "export")

    def answer_cells(self, row: Submission) -> dict[str, str]:
        """Return the text of every answer column by column name."""
        rng = random.Random(f"{self.seed}|cells|{self.wave}|{row.response_id}")
        chosen = {q: a for q, a in row.answers.items() if isinstance(a, str)}
        cells = {}
        for column in self.columns:
            if column["role"] != "answer":
                continue
            question_id = column["question_id"]
            if question_id in row.raw:
                text = row.raw[question_id]
            else:
                answer = row.ticks.get(question_id, row.answers.get(question_id))
                is_complete = row.last_page == LAST_PAGE and "climate_room" in row.answers
                if answer is None and is_complete and self.registries.is_asked(question_id, chosen):
                    text = self._skipped(question_id, rng)
                else:
                    text = self._text(column, answer)
                text = self._as_typed(question_id, text, rng)
            cells[column["column_name"]] = text
        return cells

    def _text(self, column: dict[str, str], answer: Answer | None) -> str:
        question_id, option_id = column["question_id"], column["option_id"]
        if answer is None:
            return ""
        if isinstance(answer, tuple):
            return self._ticks(question_id, option_id, column["separator"], answer)
        kind = self.registries.questions[question_id]["answer_type"]
        if kind in ("number", "text"):
            return str(answer)
        return self.registries.raw_value(question_id, self.wave, str(answer))

    def _ticks(
        self, question_id: str, option_id: str, separator: str, answer: tuple[str, ...]
    ) -> str:
        if separator:
            # Microsoft Forms ends the list with a separator too.
            labels = self._labels(question_id, answer)
            return "".join(f"{label}{separator}" for label in labels)
        if option_id in answer:
            return self.registries.raw_value(question_id, self.wave, "selected")
        if self.wave == "2025":
            return self.registries.raw_value(question_id, self.wave, "not_selected")
        return ""

    def _labels(self, question_id: str, answer: Iterable[str]) -> list[str]:
        return [self.registries.raw_value(question_id, self.wave, option) for option in answer]

    def _skipped(self, question_id: str, rng: random.Random) -> str:
        """Write an asked but unanswered question; SPSS sometimes has a code for it."""
        kind = self.registries.questions[question_id]["answer_type"]
        if self.wave == "2025" and kind in ("single", "scale", "number") and rng.random() < 0.5:
            return "-99"
        if self.wave == "2023" and kind in ("single", "scale") and rng.random() < 0.3:
            return "Geen antwoord"
        return ""

    def _as_typed(self, question_id: str, text: str, rng: random.Random) -> str:
        """Vary the spaces and capitals of labels the way copied forms do."""
        kind = self.registries.questions[question_id]["answer_type"]
        if self.wave != "2023" or kind not in ("single", "scale") or " " not in text:
            return text
        draw = rng.random()
        if draw < 0.01:
            return text.replace(" ", NO_BREAK_SPACE, 1)
        if draw < 0.02:
            return f"{text} "
        return text.upper() if draw < 0.025 else text
