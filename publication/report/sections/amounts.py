"""Amounts: totals and ratios, each in a unit of its own and without an end to its scale."""

from __future__ import annotations

from collections.abc import Iterator

from publication.quality.words import Text
from publication.report.content.blocks import Block, Chart, Mark, Row, slug
from publication.report.content.figures import Figure, figure_of, measure_of
from publication.report.content.material import Lines, Material, Topic
from publication.report.sections.labels import base_of, captioned, indicator_label
from publication.report.sections.waves import before_break

MOST_WAVES = 4


def amounts_by_wave(material: Material, topic: Topic, lines: Lines, anchor: str) -> Iterator[Block]:
    """Return the amounts of a topic over the last waves, for the group in focus.

    Args:
        material: of the page.
        topic: that they are of.
        lines: the amounts in the last wave.
        anchor: of the section.
    """
    known = {
        (line["indicator_id"], line["wave"]): line
        for line in topic.lines
        if line["group_id"] == material.focus.group_id
    }
    waves = [wave for wave, _ in material.waves][-MOST_WAVES:][::-1]
    rows = []
    for line in lines:
        found = [known.get((line["indicator_id"], wave)) for wave in waves]
        figures = [figure_of(one) if one else Figure(measure_of(line), None) for one in found]
        apart = before_break(material, (line,))
        marks = tuple(
            Mark(place, figure, is_apart=wave in apart)
            for place, (wave, figure) in enumerate(zip(waves, figures, strict=True))
        )
        rows.append(Row(indicator_label(line), marks, measure_of(line).label))
    if not any(mark.figure.is_shown for row in rows for mark in row.marks):
        return
    first = rows[0].marks[0].figure
    note = Text(
        "Elke rij heeft haar eigen schaal, vanaf 0.", "Every row has a scale of its own, from 0."
    )
    if any(mark.is_apart for row in rows for mark in row.marks):
        note = Text(
            f"{note.nl} Een open teken met gestreepte lijn: de vraag was toen anders, dus niet"
            " vergelijkbaar.",
            f"{note.en} An open mark with a dashed line: the question was another one then, so"
            " not comparable.",
        )
    yield Chart(
        slug(anchor, "amounts-by-wave"),
        "amounts",
        Text(
            f"{rows[0].label.nl}: {first.value.nl} {first.measure.label.nl}",
            f"{rows[0].label.en}: {first.value.en} {first.measure.label.en}",
        )
        if first.is_shown
        else topic.label,
        captioned(material.focus.label, base_of(lines[0])),
        tuple(rows),
        tuple(material.wave_label(wave) for wave in waves),
        note=note,
        note_head=Text("Eenheid", "Unit"),
    )
