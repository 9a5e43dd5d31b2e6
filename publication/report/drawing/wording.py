"""Texts inside charts: one place per text, filled in the reader's language by page and script."""

from __future__ import annotations

import html
import re
import textwrap
from dataclasses import dataclass, field

from publication.quality.words import LANGUAGES, Text

_TOKEN = re.compile("⟦([0-9]+)⟧")
LINE = 38
"""Characters of a label that fit on one line of a chart on a small screen."""


@dataclass
class Wording:
    """The texts of one page's charts, each known by its number.

    A chart is laid out once with numbers in place of its texts, so that both languages have the
    same drawing and the drawing is made once.
    """

    texts: list[Text] = field(default_factory=list)
    _places: dict[Text, int] = field(default_factory=dict)

    def token(self, text: Text) -> str:
        """Return what stands for a text inside a chart; nothing for nothing."""
        if not text.nl and not text.en:
            return ""
        if text not in self._places:
            self._places[text] = len(self.texts)
            self.texts.append(text)
        return f"⟦{self._places[text]}⟧"

    def spelt_out(self, drawing: str) -> str:
        """Return a drawing (SVG) with its texts in both languages, of which the page shows one."""

        def spell(match: re.Match[str]) -> str:
            text = self.texts[int(match.group(1))]
            if text.nl == text.en:
                return html.escape(text.nl)
            return "".join(
                f'<tspan lang="{language}">{html.escape(getattr(text, language))}</tspan>'
                for language in LANGUAGES
            )

        return _TOKEN.sub(spell, drawing)


def wrapped(text: Text) -> tuple[Text, ...]:
    """Return a label as lines, as many as the longer of its languages needs."""
    words = [getattr(text, language) for language in LANGUAGES]
    height = max(len(textwrap.wrap(each, LINE)) for each in words)
    nl, en = (_in_lines(each, height) for each in words)
    return tuple(Text(*pair) for pair in zip(nl, en, strict=True))


def _in_lines(words: str, height: int) -> list[str]:
    """Return words over so many lines; where they are too few, they stand on the last ones."""
    lines = textwrap.wrap(words, LINE)
    for width in range(LINE, 0, -1):
        narrower = textwrap.wrap(words, width, break_long_words=False)
        if len(narrower) > height or max(map(len, narrower), default=0) > LINE:
            break
        lines = narrower
    return [""] * (height - len(lines)) + lines
