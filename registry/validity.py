"""In which waves a question or an option exists."""

from __future__ import annotations

from registry.tables.questionnaire import Option, Question


def within(wave: str, first: str | None, last: str | None) -> bool:
    """Whether a wave lies between two others, both included; None is open.

    Waves compare as text, as in the SQL; that this is their order in time is checked apart. A
    range that ends before it begins is reported by itself, and holds every wave here.
    """
    if first is not None and last is not None and last < first:
        return True
    return (first is None or wave >= first) and (last is None or wave <= last)


def asked_in(question: Question, wave: str) -> bool:
    """Whether the question was asked in the wave."""
    return within(wave, question.first_wave or None, question.last_wave)


def offered_in(option: Option, question: Question, wave: str) -> bool:
    """Whether the question was asked in the wave with this option."""
    return asked_in(question, wave) and within(wave, option.first_wave, option.last_wave)


def widened(wave: str, first: str | None) -> str:
    """Return in words which end of a range to move so that it holds a wave outside it."""
    return f"set first_wave to {wave}" if first and wave < first else "empty last_wave"


def described(first: str | None, last: str | None) -> str:
    """Return a range of waves in words."""
    if first and last:
        return f"{first} to {last}"
    if first:
        return f"from {first} on"
    return f"until {last}" if last else "all waves"
