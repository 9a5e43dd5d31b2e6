"""A scale and its statements: who scores how, what was answered, and what goes with it."""

from __future__ import annotations

from collections.abc import Iterator

from publication.quality.words import Text
from publication.report.content.blocks import Block, Chart, Mark, Row, Section, slug
from publication.report.content.figures import SHARE, Figure, figure_of
from publication.report.content.material import Line, Lines, Material
from publication.report.sections.seen import rests_on_enough

_PRECISION = Text(
    "Of een cijfer nauwkeurig is, is hier niet aangegeven: let op het aantal antwoorden (n).",
    "Whether a figure is precise is not marked here: mind the number of answers (n).",
)


def scale_section(material: Material) -> Section | None:
    """Return the section of the scales of a survey; None where it has none."""
    blocks: list[Block] = []
    for scale, lines in _by_scale(_latest(material, material.bands)):
        blocks += _bands(material, scale, lines)
    for scale, lines in _by_scale(_of_focus(material, material.answers)):
        blocks += _answers(material, scale, lines)
    for scale, lines in _by_scale(_of_focus(material, material.outcomes)):
        blocks += _outcomes(material, scale, lines)
    title = Text("Schaal en stellingen", "Scale and statements")
    labels = list(dict.fromkeys(_label(line, "scale") for line in material.bands))
    if len(labels) == 1:
        title = Text(f"{labels[0].nl} in klassen", f"{labels[0].en} in bands")
    return Section("scales", title, tuple(blocks)) if blocks else None


def _latest(material: Material, lines: Lines) -> Lines:
    return tuple(line for line in lines if line["wave"] == material.latest)


def _of_focus(material: Material, lines: Lines) -> Lines:
    focus = material.focus.group_id
    return tuple(line for line in _latest(material, lines) if line["group_id"] == focus)


def _by_scale(lines: Lines) -> Iterator[tuple[str, Lines]]:
    for scale in dict.fromkeys(str(line["scale_id"]) for line in lines):
        yield scale, tuple(line for line in lines if line["scale_id"] == scale)


def _label(line: Line, name: str) -> Text:
    return Text(str(line[f"{name}_label_nl"]), str(line[f"{name}_label_en"]))


def _band_order(lines: Lines) -> dict[str, Text]:
    ordered = sorted(lines, key=lambda line: line["band_position"])
    return {str(line["band_id"]): _label(line, "band") for line in ordered}


def _figure(line: Line | None) -> Figure:
    """Return a share; one that is not in the release is withheld."""
    return figure_of({**(line or {"suppression_status": "suppressed"}), "kind": SHARE})


def _bands(material: Material, scale: str, lines: Lines) -> Iterator[Block]:
    """Return the share of every group in each band of scores."""
    order = _band_order(lines)
    known = {(line["group_id"], line["band_id"]): line for line in lines}
    groups = [
        group
        for group in material.side_by_side
        if any((group.group_id, band) in known for band in order)
    ]
    rows = tuple(
        Row(
            group.label,
            tuple(
                Mark(place, _figure(known.get((group.group_id, band))))
                for place, band in enumerate(order)
            ),
        )
        for group in groups
    )
    if not any(mark.figure.is_shown for row in rows for mark in row.marks):
        return
    last, first = list(order.values())[-1], rows[0].marks[-1].figure
    label = _label(lines[0], "scale")
    seen = Text(
        f"{rows[0].label.nl}: {first.value.nl} in “{last.nl}”",
        f"{rows[0].label.en}: {first.value.en} in “{last.en}”",
    )
    yield Chart(
        slug("bands", scale),
        "dots",
        seen if rests_on_enough(first) else label,
        Text(
            f"{label.nl}: aandeel per klasse en groep, {material.wave_label(material.latest).nl}",
            f"{label.en}: share by band and group, {material.wave_label(material.latest).en}",
        ),
        rows,
        tuple(order.values()),
        is_ordered=True,
        note=_PRECISION,
    )


def _answers(material: Material, scale: str, lines: Lines) -> Iterator[Block]:
    """Return how the answers to every statement are divided."""
    scores = sorted({line["answer_score"] for line in lines})
    statements = dict.fromkeys(str(line["question_id"]) for line in lines)
    known = {(line["question_id"], line["answer_score"]): line for line in lines}
    rows = []
    for statement in statements:
        some = [known.get((statement, score)) for score in scores]
        first = next(line for line in some if line)
        marks = tuple(Mark(place, _figure(line)) for place, line in enumerate(some))
        if any(mark.figure.is_shown for mark in marks):
            words = Text(str(first["wording_nl"]), str(first["wording_en"]))
            rows.append(Row(words, marks))
    if not rows:
        yield Text(
            "Hoe de antwoorden op de stellingen verdeeld zijn, is in deze uitgave niet openbaar.",
            "How the answers to the statements are divided is not public in this edition.",
        )
        return
    # Where a part is withheld or a range, the parts do not make up a whole that can be drawn.
    whole = all(mark.figure.estimate is not None for row in rows for mark in row.marks)
    names = tuple(
        _label(next(line for line in lines if line["answer_score"] == score), "answer")
        for score in scores
    )
    rows.sort(key=lambda row: -_high(row))
    what = Text("Antwoorden op de stellingen", "Answers to the statements")
    seen = Text(
        f"Hoogste antwoorden: “{rows[0].label.nl}”", f"Highest answers: “{rows[0].label.en}”"
    )
    is_clear = whole and len(rows) > 1 and _high(rows[0]) > _high(rows[1])
    has_enough = all(rests_on_enough(row.marks[-1].figure) for row in rows)
    yield Chart(
        slug("answers", scale),
        "parts" if whole else "dots",
        seen if is_clear and has_enough else what,
        Text(
            f"{what.nl}, {material.focus.label.nl}, {material.wave_label(material.latest).nl}",
            f"{what.en}, {material.focus.label.en}, {material.wave_label(material.latest).en}",
        ),
        tuple(rows),
        names,
        is_ordered=True,
        note=_PRECISION,
    )


def _high(row: Row) -> float:
    """Return what share gave one of the two highest answers."""
    return sum(mark.figure.place or 0.0 for mark in row.marks[-2:])


def _outcomes(material: Material, scale: str, lines: Lines) -> Iterator[Block]:
    """Return how often each outcome goes with each band of scores."""
    order = _band_order(lines)
    known = {(line["outcome_indicator_id"], line["band_id"]): line for line in lines}
    outcomes = {str(line["outcome_indicator_id"]): _label(line, "outcome") for line in lines}
    rows = tuple(
        Row(
            label,
            tuple(
                Mark(place, _figure(known.get((outcome, band)))) for place, band in enumerate(order)
            ),
        )
        for outcome, label in outcomes.items()
    )
    if not any(mark.figure.is_shown for row in rows for mark in row.marks):
        name = _label(lines[0], "scale")
        yield Text(
            f"Wat samengaat met “{name.nl}” is in deze uitgave niet openbaar.",
            f"What goes with “{name.en}” is not public in this edition.",
        )
        return
    ends = [rows[0].marks[0].figure, rows[0].marks[-1].figure]
    low, high = (figure.value for figure in ends)
    names = tuple(order.values())
    seen = Text(
        f"{rows[0].label.nl}: {low.nl} bij “{names[0].nl}”, {high.nl} bij “{names[-1].nl}”",
        f"{rows[0].label.en}: {low.en} at “{names[0].en}”, {high.en} at “{names[-1].en}”",
    )
    yield Chart(
        slug("outcomes", scale),
        "dots",
        seen if all(rests_on_enough(figure) for figure in ends) else rows[0].label,
        Text(
            f"Wat samengaat met “{_label(lines[0], 'scale').nl}”,"
            f" {material.focus.label.nl}, {material.wave_label(material.latest).nl}",
            f"What goes with “{_label(lines[0], 'scale').en}”,"
            f" {material.focus.label.en}, {material.wave_label(material.latest).en}",
        ),
        rows,
        names,
        is_ordered=True,
        note=Text(
            f"Samengaan is geen oorzaak en gevolg. {_PRECISION.nl}",
            f"Going together is not cause and effect. {_PRECISION.en}",
        ),
    )
