"""A chart as a Vega-Lite specification: the layout is counted in pixels here, not left to chance.

Labels stand above their rows, so that long ones need no margin and the chart fits a small screen;
values stand at the right, so that nobody needs to read them from an axis. The width is free.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from publication.quality.words import MINUS, Text, number
from publication.report.content.blocks import Chart, Mark, Row
from publication.report.content.figures import Figure, Measure
from publication.report.drawing.wording import Wording, wrapped

WIDTH = 640
"""Of the drawing that is read without a script."""
INSET = 12
INK, SOFT, LINE, ACCENT, WARM = "#1d2733", "#55606e", "#d9dee5", "#14569b", "#b4531a"
# Of bars: light enough for the interval to be seen on them, dark enough against the page.
BAR, WARM_BAR = "#4a86c8", "#d07a3c"
# Told apart by people who do not see red and green, each 3 : 1 or more against white; the shape
# says the same once more.
KINDS = ((ACCENT, "circle"), (WARM, "square"), ("#00795c", "diamond"), ("#7a4b8a", "triangle-up"))
ORDERED = (("#6f8fb5", "triangle-up"), ("#3f73ac", "square"), ("#0b3a6e", "circle"))
# Of five steps from one end to the other, as marks of their own and as parts that touch.
STEPS = (
    *(("#b4531a", "triangle-down"), ("#96694a", "diamond"), ("#6b7280", "circle")),
    *(("#4f7fb5", "square"), ("#14569b", "triangle-up")),
)
PARTS = ("#b4531a", "#d9906a", "#c3c9d1", "#7fa6d3", "#14569b")
_TOP, _LABEL, _LANE, _GAP = 24, 16, 20, 10
_CHARACTER = 6.7
_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', Arial, sans-serif"


@dataclass
class _Layout:
    """Where everything stands, in pixels from the top and in values from the left."""

    lines: list[dict[str, Any]] = field(default_factory=list)
    texts: list[dict[str, Any]] = field(default_factory=list)
    values: list[dict[str, Any]] = field(default_factory=list)
    bars: list[dict[str, Any]] = field(default_factory=list)
    ranges: list[dict[str, Any]] = field(default_factory=list)
    intervals: list[dict[str, Any]] = field(default_factory=list)
    dashed: list[dict[str, Any]] = field(default_factory=list)
    joins: list[dict[str, Any]] = field(default_factory=list)
    points: list[dict[str, Any]] = field(default_factory=list)
    ticks: list[dict[str, Any]] = field(default_factory=list)
    height: float = _TOP
    longest: int = 0


def specification(chart: Chart, wording: Wording) -> dict[str, Any]:
    """Return a chart as Vega-Lite, `WIDTH` pixels wide, with numbers for its texts."""
    layout = _Layout()
    measure = chart.rows[0].marks[0].figure.measure
    low, high = domain(chart)
    for row in chart.rows:
        _place_row(layout, chart, row, wording)
    layout.height -= _GAP / 2
    for value in () if _has_own_scales(chart) else ticks(measure, low, high):
        layout.ticks.append({"x": value, "label": _tick_label(measure, value)})
    return _vega_lite(layout, low, high, measure)


def palette(chart: Chart) -> tuple[tuple[str, str], ...]:
    """Return colour and shape of each series of a chart."""
    count = len(chart.series)
    if chart.form == "parts":
        return tuple((PARTS[_spread(place, count)], "square") for place in range(count))
    if chart.is_ordered and count > len(ORDERED):
        return tuple(STEPS[_spread(place, count)] for place in range(count))
    if chart.is_ordered and count > 1:
        return tuple(ORDERED[max(0, len(ORDERED) - count + place)] for place in range(count))
    return tuple(KINDS[place % len(KINDS)] for place in range(count))


def _spread(place: int, count: int) -> int:
    """Return which of the colours from one end to the other a part has."""
    return round(place * (len(PARTS) - 1) / max(1, count - 1))


def domain(chart: Chart) -> tuple[float, float]:
    """Return the ends of the axis: of the scale, or of what is drawn where there is none."""
    figures = [mark.figure for row in chart.rows for mark in row.marks]
    measure = figures[0].measure
    if chart.form == "parts" or _has_own_scales(chart):
        return 0.0, 1.0
    if measure.minimum is not None and measure.maximum is not None:
        return measure.minimum, measure.maximum
    known = [
        value
        for figure in figures
        for value in (figure.estimate, figure.lower, figure.upper, figure.range_upper)
        if value is not None
    ]
    low, high = min(0.0, *known, 0.0), max(*known, 0.0, 0.0)
    return low, high if high > low else low + 1


def _measures(chart: Chart) -> set[Measure]:
    return {mark.figure.measure for row in chart.rows for mark in row.marks}


def _has_own_scales(chart: Chart) -> bool:
    return chart.form == "amounts" or len(_measures(chart)) > 1


def _own_scale(chart: Chart, row: Row) -> tuple[float, float]:
    """Return the ends that the figures of a row are put between, where rows differ in scale."""
    if not _has_own_scales(chart):
        return 0.0, 1.0
    measure = row.marks[0].figure.measure
    if measure.minimum is not None and measure.maximum is not None:
        return measure.minimum, measure.maximum
    ends = [mark.figure.upper or mark.figure.estimate or 0.0 for mark in row.marks]
    return 0.0, max(ends) or 1.0


def ticks(measure: Measure, low: float, high: float) -> tuple[float, ...]:
    """Return the values at which the axis has a line."""
    if measure.is_share:
        return (0.0, 0.25, 0.5, 0.75, 1.0)
    if measure.has_scale and high - low <= 10:
        return tuple(float(value) for value in range(round(low), round(high) + 1))
    return (low, high) if measure.has_scale else ()


def _tick_label(measure: Measure, value: float) -> str:
    plain = f"{100 * value:.0f} %" if measure.is_share else f"{value:g}"
    return plain.replace("-", MINUS)


def _place_row(layout: _Layout, chart: Chart, row: Row, wording: Wording) -> None:
    for line in wrapped(row.label):
        layout.texts.append({"y": layout.height + 6, "t": wording.token(line), "c": INK, "s": 13})
        layout.height += _LABEL
    below = _below(chart, row)
    if below.nl:
        for line in wrapped(below):
            layout.texts.append(
                {"y": layout.height + 6, "t": wording.token(line), "c": SOFT, "s": 12}
            )
            layout.height += _LABEL
    colours = palette(chart)
    scale = _own_scale(chart, row)
    if chart.form in ("pairs", "parts"):
        _place_together(layout, chart, row, wording)
        layout.height += _LANE
    else:
        for mark in row.marks:
            colour, shape = colours[mark.series]
            y = layout.height + _LANE / 2
            _place_mark(layout, chart, mark, (colour, shape), y, scale, wording, row)
            _place_value(layout, y, wording.token(mark.figure.display), mark.figure.display.nl)
            layout.height += _LANE - 2
    layout.height += _GAP


def _below(chart: Chart, row: Row) -> Text:
    """Return what is said below a label: the note, and how many answered where no value says so."""
    counts = [mark.figure.n for mark in row.marks]
    if chart.form == "parts":
        base = row.marks[-1].figure.base
    elif chart.form == "pairs" and None not in counts:
        first, second = (number(count) for count in counts)
        # On one line: a count alone says nothing.
        base = Text(
            f"n = {first.nl} en {second.nl}".replace(" ", "\u00a0"),
            f"n = {first.en} and {second.en}".replace(" ", "\u00a0"),
        )
    else:
        return row.note
    said = [text for text in (row.note, base) if text.nl]
    return Text("; ".join(text.nl for text in said), "; ".join(text.en for text in said))


def _place_value(layout: _Layout, y: float, token: str, text: str) -> None:
    layout.values.append({"y": y, "t": token})
    layout.longest = max(layout.longest, len(text))


def _place_together(layout: _Layout, chart: Chart, row: Row, wording: Wording) -> None:
    """Place the marks of a row on one line: two that are joined, or the parts of a whole."""
    y = layout.height + _LANE / 2
    colours = palette(chart)
    start = 0.0
    for mark in row.marks:
        colour, shape = colours[mark.series]
        if chart.form == "pairs":
            scale = _own_scale(chart, row)
            # Two ranges would hide each other; two points are seen beside each other.
            beside = (2 * mark.series - 1) * 5 if mark.figure.has_range_only else 0
            _place_mark(layout, chart, mark, (colour, shape), y + beside, scale, wording, row)
        elif mark.figure.estimate is not None:
            tip = wording.token(_tip(chart, row, mark))
            end = min(1.0, start + mark.figure.estimate)
            layout.bars.append({"y": y, "x": start, "e": end, "c": colour, "h": 14, "tip": tip})
            start = end
    shown = [mark.figure for mark in row.marks if mark.figure.estimate is not None]
    if chart.form == "pairs":
        if len(shown) == len(row.marks) == 2:
            ends = [_scaled(figure.estimate, _own_scale(chart, row)) for figure in shown]
            layout.joins.append({"y": y, "x": ends[0], "e": ends[1]})
        text = _texts([mark.figure.value for mark in row.marks])
        _place_value(layout, y, wording.token(text), text.nl)


def _texts(values: Sequence[Text]) -> Text:
    return Text(" | ".join(each.nl for each in values), " | ".join(each.en for each in values))


def _tip(chart: Chart, row: Row, mark: Mark) -> Text:
    """Return what is said of a mark that is pointed at."""
    series = chart.series[mark.series]
    shown = mark.figure.display
    parts = [row.label, series] if series.nl else [row.label]
    return Text(
        f"{' · '.join(each.nl for each in parts)}: {shown.nl}",
        f"{' · '.join(each.en for each in parts)}: {shown.en}",
    )


def _place_mark(
    layout: _Layout,
    chart: Chart,
    mark: Mark,
    look: tuple[str, str],
    y: float,
    scale: tuple[float, float],
    wording: Wording,
    row: Row,
) -> None:
    figure, (colour, shape) = mark.figure, look
    if not figure.is_shown:
        return
    tip = wording.token(_tip(chart, row, mark))
    fill = "#ffffff" if figure.is_low or mark.is_apart else colour
    if figure.has_range_only:
        layout.ranges.append(
            {
                **{"y": y, "c": colour, "tip": tip, "x": _scaled(figure.range_lower, scale)},
                "e": _scaled(figure.range_upper, scale),
                "f": fill,
            }
        )
        return
    value = _scaled(figure.estimate, scale)
    start = _start(figure)
    if chart.form == "bars":
        warm = figure.measure.is_signed and value is not None and value < 0
        shade = WARM_BAR if warm else BAR
        layout.bars.append({"y": y, "x": start, "e": value, "c": shade, "h": 10, "tip": tip})
    else:
        layout.points.append(
            {
                **{"y": y, "x": value, "c": colour, "shape": shape, "tip": tip},
                "f": fill,
            }
        )
    if chart.form != "pairs" and figure.lower is not None and figure.upper is not None:
        ends = {"x": _scaled(figure.lower, scale), "e": _scaled(figure.upper, scale)}
        lines = layout.dashed if mark.is_apart else layout.intervals
        lines.append({"y": y, **ends, "c": INK if chart.form == "bars" else colour})


def _scaled(value: float | None, scale: tuple[float, float]) -> float | None:
    return None if value is None else (value - scale[0]) / (scale[1] - scale[0])


def _start(figure: Figure) -> float:
    if figure.measure.is_signed:
        return 0.0
    return figure.measure.minimum or 0.0


def _vega_lite(layout: _Layout, low: float, high: float, measure: Measure) -> dict[str, Any]:
    # Room for half of the last label of the axis at least.
    margin = max(24, round(layout.longest * _CHARACTER) + 14)
    height = round(layout.height)
    x_scale = {"domain": [low, high], "range": [INSET, {"expr": f"width - {margin}"}]}
    x = {
        "field": "x",
        "type": "quantitative",
        "axis": None,
        "scale": {**x_scale, "nice": False, "zero": False, "clamp": True},
    }
    y_scale = {"domain": [0, height], "range": [0, height], "nice": False, "zero": False}
    y = {"field": "y", "type": "quantitative", "axis": None, "scale": y_scale}

    def layers() -> Iterator[dict[str, Any]]:
        both = {"x": x, "y": y, "x2": {"field": "e"}}
        colour = {"field": "c", "type": "nominal", "scale": None, "legend": None}
        filled = {"field": "f", "type": "nominal", "scale": None}
        tip = {"field": "tip", "type": "nominal"}
        start = {"y": {"datum": _TOP - 8, **_without_field(y)}, "x": x}
        if layout.ticks:
            yield _layer(
                layout.ticks,
                {"type": "rule", "stroke": LINE},
                {"x": x, "y": {"value": _TOP - 6}, "y2": {"value": height}},
            )
            yield _layer(
                layout.ticks,
                {"type": "text", "fill": SOFT, "fontSize": 11, "baseline": "bottom"},
                {**start, "y": {"value": _TOP - 9}, "text": {"field": "label"}},
            )
        if measure.is_signed:
            rule = {"type": "rule", "stroke": SOFT}
            ends = {"y": {"value": _TOP - 6}, "y2": {"value": height}}
            yield _layer([{"x": 0}], rule, {"x": x, **ends})
        if layout.bars:
            mark = {"type": "bar", "height": layout.bars[0]["h"], "orient": "horizontal"}
            yield _layer(layout.bars, mark, {**both, "color": colour, "tooltip": tip})
        if layout.ranges:
            mark = {
                **{"type": "bar", "height": 8, "orient": "horizontal", "fillOpacity": 0.25},
                **{"strokeWidth": 1.5, "strokeDash": [3, 2]},
            }
            look = {"fill": filled, "stroke": colour, "tooltip": tip}
            yield _layer(layout.ranges, mark, {**both, **look})
        if layout.joins:
            yield _layer(layout.joins, {"type": "rule", "stroke": SOFT, "strokeWidth": 2}, both)
        for lines, dash in ((layout.intervals, [1, 0]), (layout.dashed, [4, 3])):
            if lines:
                mark = {"type": "rule", "strokeWidth": 1.5, "strokeDash": dash}
                yield _layer(lines, mark, {**both, "stroke": colour})
        if layout.points:
            look = {
                "fill": filled,
                "stroke": colour,
                "shape": {"field": "shape", "type": "nominal", "scale": None, "legend": None},
                "tooltip": tip,
            }
            mark = {"type": "point", "size": 75, "strokeWidth": 1.75, "opacity": 1}
            yield _layer(layout.points, mark, {"x": x, "y": y, **look})
        mark = {"type": "text", "align": "left", "baseline": "middle"}
        look = {
            "color": colour,
            "size": {"field": "s", "type": "quantitative", "scale": None, "legend": None},
        }
        yield _layer(
            layout.texts, mark, {"x": {"value": 0}, "y": y, "text": {"field": "t"}, **look}
        )
        mark = {"type": "text", "align": "right", "baseline": "middle", "fontSize": 12}
        place = {"x": {"value": "width"}, "y": y, "text": {"field": "t"}}
        if layout.values:
            yield _layer(layout.values, {**mark, "fill": INK}, place)

    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": WIDTH,
        "height": height,
        "padding": 0,
        "autosize": {"type": "none"},
        "background": "transparent",
        "config": {
            "aria": False,
            "font": _FONT,
            "view": {"stroke": None},
        },
        "layer": list(layers()),
    }


def _without_field(encoding: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in encoding.items() if name != "field"}


def _layer(
    values: list[dict[str, Any]], mark: dict[str, Any], encoding: dict[str, Any]
) -> dict[str, Any]:
    return {"data": {"values": values}, "mark": mark, "encoding": encoding}
