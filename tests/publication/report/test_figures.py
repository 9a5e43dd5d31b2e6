"""How one figure is written: number, interval, base, range, and what is withheld."""

from __future__ import annotations

import pytest

from publication.quality.words import Text
from publication.report.content.figures import amount, figure_of, measure_of, signed

SCALE = {"kind": "mean", "unit": "score", "scale_minimum": 1, "scale_maximum": 5}


def shown(**line: object) -> Text:
    return figure_of({"kind": "share", "suppression_status": "published", **line}).display


def test_a_figure_stands_with_its_interval_and_its_base():
    whole = {"estimate": 0.934, "estimate_lower": 0.85, "estimate_upper": 0.97, "n_answered": 1060}

    assert shown(**whole) == Text("93 % (85–97), n = 1.060", "93 % (85–97), n = 1,060")


def test_a_mean_has_the_decimal_sign_of_its_language():
    mean = {**SCALE, "estimate": 3.66, "estimate_lower": 3.6, "estimate_upper": 3.7}

    assert shown(**mean, n_answered=9) == Text("3,7 (3,6–3,7), n = 9", "3.7 (3.6–3.7), n = 9")


def test_a_share_is_one_whatever_its_unit_is_called():
    line = {"unit": "%", "unit_label_nl": "procent", "unit_label_en": "per cent"}

    assert shown(**line, estimate=0.89).en == "89 %"
    assert figure_of({**line, "kind": "ratio", "estimate": 0.89}).value.en == "0.89"


def test_between_negative_ends_no_dash_is_taken_for_a_sign():
    line = {"kind": "mean", "unit": "score", "scale_minimum": -2, "scale_maximum": 2}

    figure = figure_of({**line, "estimate": -0.5, "estimate_lower": -1, "estimate_upper": 0.2})
    assert figure.interval.en == "−1.0 … 0.2"


@pytest.mark.parametrize(
    ("ends", "said"),
    [((0.0, 0.05), "≤ 5 %"), ((0.85, 1.0), "≥ 85 %"), ((0.8, 0.9), "80–90 %")],
)
def test_where_only_a_range_is_public_the_range_is_said_and_never_its_middle(ends, said):
    figure = figure_of({"kind": "share", "range_lower": ends[0], "range_upper": ends[1]})

    assert figure.value.en == said
    assert figure.estimate is None
    assert figure.place == ends[0]


def test_a_rounded_figure_is_itself_and_not_its_range():
    figure = figure_of({"kind": "share", "estimate": 0.8, "range_lower": 0.75, "range_upper": 0.85})

    assert (figure.value.en, figure.has_range_only) == ("80 %", False)


def test_what_is_withheld_says_nothing_more():
    line = {"estimate": 0.8, "n_answered": 9, "suppression_status": "suppressed"}

    assert shown(**line) == Text("·", "·")


def test_low_precision_is_marked():
    assert shown(estimate=0.5, precision_status="low").nl == "50 %*"


def test_a_base_that_is_not_public_is_said_as_what_it_is_at_least():
    assert shown(estimate=0.5, smallest_base=200).en == "50 %, n ≥ 200"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (12_345_678_901_234.0, Text("12.345,7 miljard", "12,345.7 billion")),
        (1_250_000.0, Text("1,2 miljoen", "1.2 million")),
        (123_456.0, Text("123.456", "123,456")),
        (12.34, Text("12,3", "12.3")),
        (1.234, Text("1,23", "1.23")),
    ],
)
def test_an_amount_has_as_many_digits_as_a_reader_takes_in(value, said):
    assert amount(value) == said


def test_a_difference_has_a_sign_unless_it_is_nothing():
    share, scale = measure_of({"kind": "share"}), measure_of(SCALE)

    assert signed(share, 0.1).en == "+10 percentage points"
    assert signed(share, -0.001).nl == "0 procentpunt"
    assert signed(scale, -0.31).nl == "−0,3"
