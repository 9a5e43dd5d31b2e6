"""What stands at the top of a page: what it is about, who may read it, and its headline figures."""

from __future__ import annotations

from publication.quality.words import Text, same
from publication.report.content.blocks import Card
from publication.report.content.figures import figure_of, measure_of
from publication.report.content.material import Line, Lines, Material
from publication.report.sections.labels import base_of, indicator_label

MOST_CARDS = 8


def heading(material: Material) -> dict[str, Text]:
    """Return title, wave, edition and warnings of a page."""
    about = material.about
    survey = Text(
        str(about.get("survey_label_nl") or str(about["survey"]).upper()),
        str(about.get("survey_label_en") or str(about["survey"]).upper()),
    )
    wave = material.wave_label(material.latest)
    who = (
        Text("Publieke uitgave: voor iedereen.", "Public edition: for everybody.")
        if material.is_public
        else Text(
            "Vertrouwelijk: interne uitgave, alleen voor bevoegde analisten.",
            "Confidential: internal edition, for authorised analysts only.",
        )
    )
    made_up = Text(
        "Verzonnen voorbeelddata: geen enkele organisatie gaf deze antwoorden.",
        "Synthetic example data: no organisation gave these answers.",
    )
    return {
        "survey": survey,
        "title": survey if material.group is None else material.focus.label,
        "wave": wave,
        "who": who,
        "made_up": made_up if about["is_synthetic"] else same(""),
        "release": same(str(about["release_id"])),
    }


def headline(material: Material) -> tuple[Card, ...]:
    """Return the headline figures of the last wave, for the group that the page is about."""
    return tuple(_card(material, line) for line in _chosen(material)[:MOST_CARDS])


def _chosen(material: Material) -> Lines:
    """Return the headlines; where none are marked, the first indicator of every topic."""
    found: dict[str, Line] = {}
    for topic in material.topics:
        of_focus = [
            line
            for line in topic.lines
            if line["wave"] == material.latest and line["group_id"] == material.focus.group_id
        ]
        marked = [line for line in of_focus if line.get("is_headline")]
        some = marked if any("is_headline" in line for line in of_focus) else of_focus[:1]
        for line in some:
            if figure_of(line).is_shown:
                found.setdefault(str(line["indicator_id"]), line)
    return tuple(found.values())


def _card(material: Material, line: Line) -> Card:
    figure = figure_of(line)
    unit = measure_of(line)
    value = figure.value
    if not unit.is_share and not unit.has_scale and unit.unit not in ("number", "score"):
        value = Text(f"{value.nl} {unit.label.nl}", f"{value.en} {unit.label.en}")
    said = [text for text in (_interval(figure.interval), figure.base, base_of(line)) if text.nl]
    return Card(
        indicator_label(line),
        value,
        Text("; ".join(text.nl for text in said), "; ".join(text.en for text in said)),
        _change(material, line),
    )


def _interval(interval: Text) -> Text:
    if not interval.nl:
        return interval
    return Text(f"interval {interval.nl}", f"interval {interval.en}")


def _change(material: Material, line: Line) -> Text:
    """Return how a figure stands against the wave before, in words."""
    before = line.get("previous_wave")
    if not before or not line.get("change_verdict_nl"):
        return Text(
            "Geen eerdere meting om mee te vergelijken.", "No earlier wave to compare with."
        )
    wave = material.wave_label(str(before))
    earlier = figure_of(
        {**line, "n_answered_previous": None, "suppression_status": "published"}, "previous"
    )
    verdict = Text(line["change_verdict_nl"], line["change_verdict_en"])
    if not earlier.is_shown:
        return Text(f"Tegenover {wave.nl}: {verdict.nl}.", f"Against {wave.en}: {verdict.en}.")
    return Text(
        f"{earlier.value.nl} in {wave.nl}: {verdict.nl}.",
        f"{earlier.value.en} in {wave.en}: {verdict.en}.",
    )
