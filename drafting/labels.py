"""What labels and tick marks mean, as far as that is the same in every survey."""

from __future__ import annotations

from collections.abc import Mapping

from barometer.labels import normalise_label
from drafting.context import LANGUAGES, Context, in_language
from drafting.similarity import label_score, slug
from registry.tables.questionnaire import Option

_TICKED = frozenset(
    (
        "1",
        "y",
        "yes",
        "j",
        "ja",
        "x",
        "true",
        "waar",
        "selected",
        "checked",
        "gekozen",
        "aangevinkt",
    )
)
_UNTICKED = frozenset(
    ("0", "n", "no", "nee", "false", "onwaar", "not selected", "unchecked", "niet gekozen")
)

_MISSING: Mapping[str, str] = {
    "geen antwoord": "no_answer",
    "no answer": "no_answer",
    "n/a": "not_applicable",
    "weet niet": "dont_know",
    "weet ik niet": "dont_know",
    "don't know": "dont_know",
    "niet van toepassing": "not_applicable",
    "n.v.t.": "not_applicable",
    "nvt": "not_applicable",
    "not applicable": "not_applicable",
    "niet gesteld": "not_asked",
    "not asked": "not_asked",
}


def tick_mark(raw: str, texts: Mapping[str, str]) -> bool | None:
    """Whether a value of a tick box says ticked or not; None when that is not known."""
    for text in (*texts.values(), raw):
        mark = normalise_label(text)
        if mark in _UNTICKED:
            return False
        if mark in _TICKED:
            return True
    return None


def missing_reason(texts: Mapping[str, str]) -> str:
    """Return the reason that a label of a missing answer states, empty for other labels."""
    return next(
        (found for text in texts.values() if (found := _MISSING.get(normalise_label(text)))), ""
    )


def best_option(texts: Mapping[str, str], options: list[Option]) -> tuple[float, Option | None]:
    """Return the option whose label is most like any of the texts, and how much."""
    best: tuple[float, Option | None] = (0.0, None)
    for option in options:
        for label in (option.label_nl, option.label_en):
            for text in texts.values():
                score = label_score(text, label)
                if score > best[0]:
                    best = score, option
    return best


def option_labels(context: Context, texts: Mapping[str, str], unknown: str) -> dict[str, str]:
    """Return the label in each language; a translation used elsewhere fills a missing one."""
    labels = {name: in_language(texts, name, unknown) for name in LANGUAGES}
    known = next(
        (
            option
            for text in labels.values()
            if text and (option := context.translations.get(normalise_label(text)))
        ),
        None,
    )
    if known is not None:
        labels["nl"] = labels["nl"] or known.label_nl
        labels["en"] = labels["en"] or known.label_en
    return labels


def option_id(context: Context, labels: Mapping[str, str], taken: set[str]) -> str:
    """Return an id for a new option: one used elsewhere for the same label, else the label."""
    text = labels["en"] or labels["nl"] or "new option"
    known = context.translations.get(normalise_label(text))
    found = known.option_id if known is not None else slug(text)
    if found in taken or found == "selected":
        found = slug(text)
    number = 2
    base = found
    while found in taken or found == "selected":
        found = f"{base}_{number}"
        number += 1
    return found


def fill_in(labels: Mapping[str, str], prefix: str) -> str:
    """Return what a person must fill in, empty when every language has its text."""
    empty = [f"{prefix}_{name}" for name in LANGUAGES if not labels[name]]
    return f" Fill {' and '.join(empty)}." if empty else ""
