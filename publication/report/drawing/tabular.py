"""The figures of a chart or grid as rows: for the table below it and for its download."""

from __future__ import annotations

import io
from collections.abc import Iterator
from urllib.parse import quote

from publication.outlets.downloads import write_csv
from publication.quality.words import Text, same
from publication.report.content.blocks import Chart, Grid, Mark
from publication.report.content.figures import Figure

_COLUMNS = (
    *("label_nl", "label_en", "series_nl", "series_en", "estimate", "estimate_lower"),
    *("estimate_upper", "range_lower", "range_upper", "n_answered", "smallest_base"),
    *("is_low_precision", "is_withheld", "is_comparable"),
)


def header_of(chart: Chart) -> tuple[Text, ...]:
    """Return the heads of the table of a chart."""
    series = [Text("Reeks", "Series")] if chart.series[0].nl else []
    note = [chart.note_head] if chart.note_head.nl else []
    return (
        Text("Rij", "Row"),
        *series,
        Text("Cijfer", "Figure"),
        Text("Interval", "Interval"),
        Text("Antwoorden", "Answers"),
        *note,
    )


def rows_of(chart: Chart) -> list[tuple[Text, ...]]:
    """Return the rows of the table of a chart, one per mark."""
    return [
        (
            row.label,
            *([_series(chart, mark)] if chart.series[0].nl else []),
            mark.figure.value,
            mark.figure.interval,
            mark.figure.base,
            *([row.note] if chart.note_head.nl else []),
        )
        for row in chart.rows
        for mark in row.marks
    ]


def _series(chart: Chart, mark: Mark) -> Text:
    name = chart.series[mark.series]
    if not mark.is_apart:
        return name
    return Text(f"{name.nl}: niet vergelijkbaar", f"{name.en}: not comparable")


TINTS = 5


def tint(figure: Figure) -> int:
    """Return how dark the cell of a figure is, from 0 (no figure is known) to `TINTS`."""
    measure, place = figure.measure, figure.estimate
    if place is None or measure.minimum is None or measure.maximum is None:
        return 0
    part = (place - measure.minimum) / (measure.maximum - measure.minimum)
    return min(TINTS, max(1, 1 + int(part * TINTS)))


def csv_address(block: Chart | Grid) -> str:
    """Return the data of a chart or grid as an address that holds the CSV itself."""
    stream = io.StringIO()
    write_csv(stream, _COLUMNS, _cells(block))
    # With a mark for the encoding, without which spreadsheets misread accents.
    return "data:text/csv;charset=utf-8,%EF%BB%BF" + quote(stream.getvalue(), safe=",;:()+-/'!*@")


def _cells(block: Chart | Grid) -> Iterator[tuple[object, ...]]:
    if isinstance(block, Chart):
        for row in block.rows:
            for mark in row.marks:
                series = block.series[mark.series]
                yield _cell(row.label, series, mark.figure, is_comparable=not mark.is_apart)
        return
    for label, figures in block.rows:
        for column, figure in zip(block.columns, figures, strict=True):
            yield _cell(label, column, figure)


def _cell(
    label: Text, series: Text, figure: Figure, *, is_comparable: bool = True
) -> tuple[object, ...]:
    series = series if series.nl else same("")
    return (
        *(label.nl, label.en, series.nl, series.en, _plain(figure.estimate)),
        *(_plain(figure.lower), _plain(figure.upper)),
        *(_plain(figure.range_lower), _plain(figure.range_upper)),
        *(figure.n, figure.at_least, figure.is_low, not figure.is_shown, is_comparable),
    )


def _plain(value: float | None) -> float | None:
    """Return a value with the digits that mean something."""
    return None if value is None else float(f"{value:.6g}")
