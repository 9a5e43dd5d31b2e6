"""Charts: the specification, the drawing in both languages, the table and the download."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from urllib.parse import unquote

import altair
import pytest

from publication.quality.words import Text, same
from publication.report.content.blocks import Chart, Mark, Row
from publication.report.content.figures import Figure, measure_of
from publication.report.drawing.charts import KINDS, ORDERED, STEPS, domain, palette, specification
from publication.report.drawing.svg import drawn, script
from publication.report.drawing.tabular import csv_address, header_of, rows_of, tint
from publication.report.drawing.wording import LINE, Wording, wrapped
from publication.report.page import sections_of

ROW = Text("row", "row")
SHARE = measure_of({"kind": "share"})
SIGNED = measure_of({"unit": "score", "scale_minimum": -2, "scale_maximum": 2})


def chart(form: str = "bars", *figures: Figure, label: Text = ROW) -> Chart:
    series = tuple(Text(f"reeks {n}", f"series {n}") for n in range(len(figures)))
    row = Row(label, tuple(Mark(place, figure) for place, figure in enumerate(figures)))
    return Chart("anchor", form, same("Seen"), same("Figures"), (row,), series)


def values(spec: dict, mark: str) -> list[dict]:
    return [v for la in spec["layer"] if la["mark"]["type"] == mark for v in la["data"]["values"]]


def contrast(colour: str) -> float:
    """Return how much a colour stands out from white (WCAG 2.1)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 1.05 / (sum(p * w for p, w in zip(linear, (0.2126, 0.7152, 0.0722), strict=True)) + 0.05)


def test_every_chart_of_a_page_is_sound_vega_lite(material):
    charts = [b for s in sections_of(material) for b in s.blocks if isinstance(b, Chart)]

    assert {one.form for one in charts} == {"bars", "dots", "amounts", "pairs", "parts"}
    for one in charts:
        altair.Chart.from_dict(specification(one, Wording()))


def test_a_range_is_drawn_from_end_to_end_and_not_as_a_point():
    ranged = Figure(SHARE, None, range_lower=0.8, range_upper=0.9)

    spec = specification(chart("dots", ranged), Wording())
    assert [(bar["x"], bar["e"]) for bar in values(spec, "bar")] == [(0.8, 0.9)]
    assert values(spec, "point") == []


def test_what_is_withheld_is_a_mark_and_no_figure():
    wording = Wording()

    spec = specification(chart("bars", Figure(SHARE, None)), wording)
    assert values(spec, "bar") == []
    assert same("·") in wording.texts


def test_bars_of_a_signed_scale_begin_at_nothing_and_differ_by_side():
    rows = [Row(same(str(v)), (Mark(0, Figure(SIGNED, v)),)) for v in (-1.0, 1.0)]
    one = Chart("a", "bars", same("s"), same("f"), tuple(rows))

    bars = values(specification(one, Wording()), "bar")
    assert [bar["x"] for bar in bars] == [0.0, 0.0]
    assert bars[0]["c"] != bars[1]["c"]
    assert domain(one) == (-2, 2)


def test_both_languages_share_one_drawing_and_texts_are_escaped():
    wording = Wording()
    label = Text("<b>nl</b>", "<b>en</b>")

    svg = wording.spelt_out(
        drawn(specification(chart("bars", Figure(SHARE, 0.5), label=label), wording))
    )
    assert '<tspan lang="nl">&lt;b&gt;nl&lt;/b&gt;</tspan><tspan lang="en">' in svg
    assert "⟦" not in svg


def test_a_label_has_as_many_lines_as_its_longer_language():
    lines = wrapped(Text("kort", "much longer " * 8))

    assert len(lines) == 3
    assert [line.nl for line in lines] == ["", "", "kort"]
    assert max(len(line.en) for line in lines) <= LINE


def test_no_line_is_blank_where_the_shorter_language_has_words_enough():
    lines = wrapped(
        Text("Een label dat op één regel past", "A label that is longer, so that it wraps")
    )

    assert len(lines) == 2
    assert all(line.nl and line.en for line in lines)


def test_the_same_description_gives_the_same_drawing():
    one = chart("dots", Figure(SHARE, 0.5, 0.4, 0.6, n=9))

    assert drawn(specification(one, Wording())) == drawn(specification(one, Wording()))


@pytest.mark.parametrize("colour", [colour for colour, _ in (*KINDS, *ORDERED, *STEPS)])
def test_colours_stand_out_and_shapes_say_the_same(colour):
    assert contrast(colour) >= 3
    figures = [Figure(SHARE, 0.5)] * 3
    assert len({shape for _, shape in palette(chart("dots", *figures))}) == 3


def test_the_table_says_what_the_chart_says():
    one = chart("dots", Figure(SHARE, 0.5, 0.4, 0.6, n=9), Figure(SHARE, None))

    assert [head.en for head in header_of(one)] == [
        "Row",
        "Series",
        "Figure",
        "Interval",
        "Answers",
    ]
    assert [[cell.en for cell in row] for row in rows_of(one)] == [
        ["row", "series 0", "50 %", "40–60", "n = 9"],
        ["row", "series 1", "·", "", ""],
    ]


def test_the_download_is_plain_csv_that_no_spreadsheet_runs():
    one = chart("bars", Figure(SHARE, 1 / 3, n=9), label=Text("=1+1", "naïve, “quoted”"))

    address = csv_address(one)
    assert address.startswith("data:text/csv;charset=utf-8,%EF%BB%BF")
    text = unquote(address.split(",", 1)[1]).removeprefix("\ufeff")
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["label_nl"], row["label_en"]) == ("'=1+1", "naïve, “quoted”")
    assert (row["estimate"], row["n_answered"]) == ("0.333333", "9")
    assert (row["is_withheld"], row["range_lower"]) == ("False", "")


def test_cells_are_darker_the_higher_the_figure_and_blank_without_one():
    assert [tint(Figure(SHARE, value)) for value in (None, 0.0, 0.5, 1.0)] == [0, 1, 3, 5]
    assert tint(Figure(SHARE, None, range_lower=0.8, range_upper=0.9)) == 0


def test_a_note_is_a_column_under_its_own_name_and_none_without_one():
    one = replace(chart("bars", Figure(SHARE, 0.5)), note_head=Text("Eenheid", "Unit"))
    noted = replace(one, rows=(replace(one.rows[0], note=same("euro")),))

    assert (header_of(noted)[-1].en, rows_of(noted)[0][-1].en) == ("Unit", "euro")
    bare = replace(noted, note_head=same(""))
    assert header_of(bare)[-1].en == "Answers"
    assert len(rows_of(bare)[0]) == len(header_of(bare))


def test_how_many_answered_stands_once_below_the_label_of_a_pair():
    pair = chart("pairs", Figure(SHARE, 0.5, n=1200), Figure(SHARE, 0.7, n=21))
    wording = Wording()

    specification(pair, wording)
    said = [text.en for text in wording.texts if "n =" in text.en.replace("\u00a0", " ")]
    assert said[0] == "n = 1,200 and 21".replace(" ", "\u00a0")
    assert [row[-1].en for row in rows_of(pair)] == ["n = 1,200", "n = 21"]


def test_a_wave_that_stands_apart_is_open_dashed_and_marked_in_table_and_download():
    plain = chart("dots", Figure(SHARE, 0.5, 0.4, 0.6), Figure(SHARE, 0.7, 0.6, 0.8))
    marks = (plain.rows[0].marks[0], replace(plain.rows[0].marks[1], is_apart=True))
    one = replace(plain, rows=(replace(plain.rows[0], marks=marks),))

    spec = specification(one, Wording())
    assert [point["f"] for point in values(spec, "point")] == [KINDS[0][0], "#ffffff"]
    dashes = [la["mark"]["strokeDash"] for la in spec["layer"] if "strokeDash" in la["mark"]]
    assert dashes == [[1, 0], [4, 3]]
    assert [row[1].en for row in rows_of(one)] == ["series 0", "series 1: not comparable"]
    rows = csv.DictReader(io.StringIO(unquote(csv_address(one).split(",", 1)[1])))
    assert [row["is_comparable"] for row in rows] == ["True", "False"]


def test_the_script_ends_nowhere_but_at_its_end():
    assert "</script" not in script()
    assert len(json.dumps(script())) < 1_200_000
