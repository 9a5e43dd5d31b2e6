"""One figure of a release: what is known of it, and how it is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP
from typing import Any

from publication.quality.words import MINUS, Text, between, number, percent, same

NOT_SHOWN = "·"
LOW_PRECISION = "*"
SHARE = "share"
"""Kind of a figure that is a part of a whole, whatever its unit is called."""

_MILLION, _BILLION = 1e6, 1e9


@dataclass(frozen=True)
class Measure:
    """In what a figure is expressed, so that figures of one measure share an axis.

    Attributes:
        unit: `share` (0 to 1), `score` (on a scale), or the unit of an amount.
        minimum: lowest value there can be, None for amounts without one.
        maximum: highest value there can be, likewise.
        label: the unit in words, for amounts.
    """

    unit: str
    minimum: float | None
    maximum: float | None
    label: Text

    @property
    def is_share(self) -> bool:
        """Whether figures are percentages."""
        return self.unit == SHARE

    @property
    def is_signed(self) -> bool:
        """Whether zero lies inside the scale, so that figures diverge from it."""
        return self.minimum is not None and self.minimum < 0

    @property
    def has_scale(self) -> bool:
        """Whether figures lie between two ends that are known."""
        return self.minimum is not None and self.maximum is not None

    @property
    def length(self) -> float:
        """From one end of the scale to the other; 0 where an end is not known."""
        if self.minimum is None or self.maximum is None:
            return 0.0
        return self.maximum - self.minimum

    def written(self, value: float | None, rounding: str = ROUND_HALF_UP) -> Text:
        """Return a value of this measure as each language writes it."""
        if value is None:
            return same("–")
        if self.is_share:
            return percent(value, 0, rounding)
        return number(value, 1, rounding) if self.has_scale else amount(value, rounding)

    def bare(self, value: float, rounding: str = ROUND_HALF_UP) -> Text:
        """Return a value without its unit, for the ends of an interval."""
        if self.is_share:
            return number(100 * value, 0, rounding)
        return self.written(value, rounding)


@dataclass(frozen=True)
class Figure:
    """One figure of a release, or the place where one is withheld.

    Attributes:
        measure: in what it is expressed.
        estimate: the figure; None where only a range is public, or nothing.
        lower, upper: its interval.
        range_lower, range_upper: between what it lies; all that is public where the estimate is
            not.
        n: how many answered, None where that is not public.
        at_least: at least so many answered.
        is_low: it is imprecise by the rules of the survey.
    """

    measure: Measure
    estimate: float | None
    lower: float | None = None
    upper: float | None = None
    range_lower: float | None = None
    range_upper: float | None = None
    n: int | None = None
    at_least: int | None = None
    is_low: bool = False

    @property
    def has_range_only(self) -> bool:
        """Whether a range is all that is known."""
        return (
            self.estimate is None and self.range_lower is not None and self.range_upper is not None
        )

    @property
    def is_shown(self) -> bool:
        """Whether anything is known."""
        return self.estimate is not None or self.has_range_only

    @property
    def place(self) -> float | None:
        """Where it is sorted: a range by its lower end, never by its middle."""
        return self.estimate if self.estimate is not None else self.range_lower

    @property
    def reach(self) -> tuple[float, float] | None:
        """Between what it lies for sure: its range, or itself twice; None where it is withheld."""
        if self.range_lower is not None and self.range_upper is not None:
            return self.range_lower, self.range_upper
        return None if self.estimate is None else (self.estimate, self.estimate)

    @property
    def value(self) -> Text:
        """Return the figure alone, marked where it is imprecise."""
        if self.estimate is not None:
            text = self.measure.written(self.estimate)
        elif self.range_lower is not None and self.range_upper is not None:
            text = self._range(self.range_lower, self.range_upper)
        else:
            return same(NOT_SHOWN)
        mark = LOW_PRECISION if self.is_low else ""
        return Text(text.nl + mark, text.en + mark)

    @property
    def interval(self) -> Text:
        """Return the interval; nothing where there is none."""
        if self.lower is None or self.upper is None or not self.is_shown:
            return same("")
        ends = self.measure.bare(self.lower), self.measure.bare(self.upper)
        return _joined(*ends, has_sign=self.lower < 0)

    @property
    def base(self) -> Text:
        """Return how many answered; nothing where that is not public."""
        if not self.is_shown:
            return same("")
        if self.n is not None:
            found = number(self.n)
            return Text(f"n = {found.nl}", f"n = {found.en}")
        if self.at_least is not None:
            found = number(self.at_least)
            return Text(f"n ≥ {found.nl}", f"n ≥ {found.en}")
        return same("")

    @property
    def display(self) -> Text:
        """Return figure, interval and number of answers in one line."""
        return Text(self._line("nl"), self._line("en"))

    def _line(self, language: str) -> str:
        value, interval, base = (
            str(getattr(text, language)) for text in (self.value, self.interval, self.base)
        )
        first = f"{value} ({interval})" if interval else value
        return f"{first}, {base}" if base else first

    def _range(self, lower: float, upper: float) -> Text:
        # Outward: what is said holds for every value in the range.
        measure = self.measure
        if measure.minimum is not None and lower <= measure.minimum:
            end = measure.written(upper, ROUND_CEILING)
            return Text(f"≤ {end.nl}", f"≤ {end.en}")
        if measure.maximum is not None and upper >= measure.maximum:
            end = measure.written(lower, ROUND_FLOOR)
            return Text(f"≥ {end.nl}", f"≥ {end.en}")
        ends = measure.bare(lower, ROUND_FLOOR), measure.written(upper, ROUND_CEILING)
        return _joined(*ends, has_sign=lower < 0)


def figure_of(row: Mapping[str, Any], suffix: str = "") -> Figure:
    """Return the figure that a row holds; with a suffix that of one side of a difference."""
    measure = measure_of(row)
    side = "" if not suffix else f"_{suffix}"
    estimate = row.get(f"estimate{side}")
    n = row.get(f"n_answered{side}")
    withheld = row.get("suppression_status") == "suppressed"
    if withheld:
        return Figure(measure, None)
    return Figure(
        measure,
        estimate,
        row.get("estimate_lower") if not suffix else None,
        row.get("estimate_upper") if not suffix else None,
        row.get(f"range_lower{side}"),
        row.get(f"range_upper{side}"),
        n,
        row.get("smallest_base") if n is None and not suffix else None,
        row.get("precision_status") == "low",
    )


def measure_of(row: Mapping[str, Any]) -> Measure:
    """Return in what the figure of a row is expressed."""
    if row.get("kind") == SHARE:
        return Measure(SHARE, 0.0, 1.0, same(""))
    unit = str(row.get("unit") or row.get("kind"))
    label = Text(str(row.get("unit_label_nl") or unit), str(row.get("unit_label_en") or unit))
    return Measure(unit, row.get("scale_minimum"), row.get("scale_maximum"), label)


def amount(value: float, rounding: str = ROUND_HALF_UP) -> Text:
    """Return an amount with as many digits as a reader takes in."""
    size = abs(value)
    if size >= _BILLION:
        found = number(value / _BILLION, 1, rounding)
        return Text(f"{found.nl} miljard", f"{found.en} billion")
    if size >= _MILLION:
        found = number(value / _MILLION, 1, rounding)
        return Text(f"{found.nl} miljoen", f"{found.en} million")
    known = ((100, 0), (10, 1), (0.1, 2))
    digits = next((digits for least, digits in known if size >= least), 4 if size else 0)
    return number(value, digits, rounding)


def size(measure: Measure, value: float) -> Text:
    """Return a difference without its direction; of shares in points."""
    found = measure.bare(abs(value))
    if measure.is_share:
        return Text(f"{found.nl} procentpunt", f"{found.en} percentage points")
    return found


def signed(measure: Measure, value: float) -> Text:
    """Return a difference with its sign; of shares in points."""
    found = size(measure, value)
    is_nothing = not any(digit in found.en for digit in "123456789")
    sign = "" if is_nothing else "+" if value > 0 else MINUS
    return Text(sign + found.nl, sign + found.en)


def _joined(lower: Text, upper: Text, *, has_sign: bool) -> Text:
    # Between negative numbers a dash would be read as a sign.
    if has_sign:
        return between(lower, upper)
    return Text(f"{lower.nl}–{upper.nl}", f"{lower.en}–{upper.en}")
