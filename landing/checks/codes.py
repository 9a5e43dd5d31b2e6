"""The codes that apply to a question of a wave, by normalised value."""

from __future__ import annotations

from barometer.labels import normalise_label
from registry import Registry
from registry.tables.questionnaire import Code


def codes_for(registry: Registry, question_id: str, wave: str) -> dict[str, Code]:
    """Return the codes of a question: its own before general ones, this wave's before all."""
    fitting = [
        code
        for code in registry.codes
        if code.question_id in (None, question_id) and code.wave in (None, wave)
    ]
    fitting.sort(key=lambda code: (code.question_id is not None, code.wave is not None))
    return {normalise_label(code.raw_value): code for code in fitting}
