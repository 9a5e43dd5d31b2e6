"""How one figure is written: number, interval, base, range, and what is withheld."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from jinja2 import Template

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
    assert figure.interval.en == "−1.0 to 0.2"


@pytest.mark.parametrize(
    ("ends", "said"),
    [((0.0, 0.05), "≤ 5 %"), ((0.85, 1.0), "≥ 85 %"), ((0.8, 0.9), "80–90 %")],
)
def test_where_only_a_range_is_public_the_range_is_said_and_never_its_middle(ends, said):
    figure = figure_of({"kind": "share", "range_lower": ends[0], "range_upper": ends[1]})

    assert figure.value.en == said
    assert figure.estimate is None
    assert figure.place == ends[0]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({"kind": "share", "range_lower": 0.0, "range_upper": 0.0612}, "≤ 7 %"),
        ({"kind": "share", "range_lower": 0.857, "range_upper": 1.0}, "≥ 85 %"),
        ({"kind": "share", "range_lower": 0.127, "range_upper": 0.131}, "12–14 %"),
        ({"kind": "share", "range_lower": 0.29, "range_upper": 0.57}, "29–57 %"),
        ({**SCALE, "range_lower": 2.37, "range_upper": 3.11}, "2.3–3.2"),
        ({**SCALE, "scale_minimum": -2, "range_lower": -0.31, "range_upper": 0.11}, "−0.4 to 0.2"),
        (
            {"kind": "total", "range_lower": 1_260_000.0, "range_upper": 1_310_000.0},
            "1.2 million–1.4 million",
        ),
    ],
)
def test_the_ends_of_a_range_are_rounded_away_from_each_other(line, said):
    assert figure_of(line).value.en == said


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
        (1_250_000.0, Text("1,3 miljoen", "1.3 million")),
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


VALUES = (0.125, 0.375, 0.005, 0.995, 2.25, 2.35, 10.05, 0.1 + 0.2, -0.25, -0.04, 0.0)
AMOUNTS = (0.02345, 99.95, 1234.5, 1_250_000.0, 7_350_000_000.0)
DASHES = str.maketrans({"−": "-"})


@pytest.mark.parametrize(
    "line",
    [
        *({"kind": "share", "estimate": value} for value in VALUES if 0 <= value <= 1),
        *({**SCALE, "scale_minimum": -2, "estimate": value} for value in VALUES),
        *({"kind": "total", "estimate": value} for value in (*VALUES, *AMOUNTS)),
    ],
)
def test_a_figure_is_written_as_the_tables_of_a_release_write_it(line):
    line = {**line, "estimate_lower": -0.5, "estimate_upper": 0.625}
    said = displayed({**line, "n_answered": 60, "suppression_status": "published"})

    text = shown(**line, n_answered=60)
    assert text.en.replace(",", "").translate(DASHES) == said["en"].replace(",", "")
    assert text.nl.replace(".", "").translate(DASHES) == said["nl"].replace(".", "")


def displayed(line: dict[str, object]) -> dict[str, str]:
    """Return what the macro of the marts makes of a row, with the minus sign of a keyboard."""
    words = Path("macros/display.sql").read_text(encoding="utf-8")
    names = ("kind", "scale_minimum", "scale_maximum", "estimate", "estimate_lower")
    names += ("estimate_upper", "n_answered", "suppression_status", "suppression_reason")
    textual = {"kind", "suppression_status", "suppression_reason"}
    columns = ", ".join(
        f"cast(? as {'varchar' if name in textual else 'double'}) as {name}" for name in names
    ).replace("cast(? as double) as n_answered", "cast(? as bigint) as n_answered")
    found = {}
    for language in ("nl", "en"):
        sql = Template(f"{words}{{{{ display_words('{language}') }}}}").render()
        row = duckdb.execute(
            f"select {sql} from (select {columns})", [line.get(name) for name in names]
        ).fetchone()
        assert row is not None
        found[language] = str(row[0]).translate(DASHES)
    return found
