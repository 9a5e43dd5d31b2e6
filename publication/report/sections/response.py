"""Who answered, whom the answers stand for, and what those who did not could change."""

from __future__ import annotations

from collections.abc import Iterator

from publication.quality.words import Text, number, percent
from publication.report.content.blocks import Block, Chart, Listing, Mark, Row, Section
from publication.report.content.figures import SHARE, Figure, figure_of, measure_of
from publication.report.content.material import Line, Material
from publication.report.sections.labels import indicator_label


def response_section(material: Material) -> Section:
    """Return the section on response, representativeness and non-response."""
    blocks = [*_rates(material), *_representative(material), *_bounds(material)]
    title = Text("Respons en wat die betekent", "Response and what it means")
    return Section("response", title, tuple(blocks))


def _rates(material: Material) -> Iterator[Block]:
    known = {
        line["group_id"]: line for line in material.responses if line["wave"] == material.latest
    }
    # Of a group also where its findings are withheld: its response is public all the same.
    groups = material.groups if material.group else material.side_by_side
    rates = [
        (group, line, _rate(line))
        for group in groups
        for line in [known.get(group.group_id)]
        if line
    ]
    rates = [each for each in rates if each[2].is_shown]
    if not rates:
        return
    group, first, figure = rates[0]
    counts = [number(first["n_responses"]), number(first["n_population"])]
    rate = figure.value
    yield Chart(
        "response-rates",
        "bars",
        Text(
            f"{group.label.nl}: {counts[0].nl} van {counts[1].nl} {material.units.nl} antwoordden"
            f" ({rate.nl})",
            f"{group.label.en}: {counts[0].en} of {counts[1].en} {material.units.en} answered"
            f" ({rate.en})",
        ),
        Text(
            f"Aandeel dat antwoordde, {material.wave_label(material.latest).nl}; n is het aantal"
            f" aangeschreven {material.units.nl}",
            f"Share that answered, {material.wave_label(material.latest).en}; n is the number of"
            f" {material.units.en} approached",
        ),
        tuple(Row(group.label, (Mark(0, figure),)) for group, _, figure in rates),
    )


def _rate(line: Line) -> Figure:
    measure = measure_of({"kind": SHARE})
    if line["suppression_status"] == "suppressed":
        return Figure(measure, None)
    return Figure(measure, line["response_rate"], n=line["n_population"])


def _representative(material: Material) -> Iterator[Block]:
    overall = [
        line
        for line in material.representativeness
        if line["level"] == "wave" and line["r_indicator"] is not None
    ]
    if not overall:
        if material.group is None:
            yield Text(
                "Hoe representatief de respons is (de R-indicator) is in deze uitgave niet"
                " openbaar."
                if material.is_public
                else "Hoe representatief de respons is, is niet berekend.",
                "How representative the response is (the R-indicator) is not public in this"
                " edition."
                if material.is_public
                else "How representative the response is was not computed.",
            )
        return
    yield Text(
        "De R-indicator zegt hoe gelijk de kans om te antwoorden over groepen was: 1 is overal"
        " even groot, lager is minder representatief.",
        "The R-indicator says how equal the chance of answering was across groups: 1 is the same"
        " everywhere, lower is less representative.",
    )
    yield Listing(
        "representativeness",
        Text("Representativiteit van de respons", "Representativeness of the response"),
        (
            Text("Meting", "Wave"),
            Text("R-indicator", "R-indicator"),
            Text("Interval", "Interval"),
            Text("Respons", "Response"),
        ),
        tuple(_representative_row(material, line) for line in overall),
    )


def _representative_row(material: Material, line: Line) -> tuple[Text, ...]:
    low, high = number(line["r_lower"], 2), number(line["r_upper"], 2)
    return (
        material.wave_label(str(line["wave"])),
        number(line["r_indicator"], 2),
        Text(f"{low.nl}–{high.nl}", f"{low.en}–{high.en}"),
        percent(line["response_rate"], 0),
    )


def _bounds(material: Material) -> Iterator[Block]:
    """Return what headlines can be whoever did not answer."""
    lines = [
        line
        for topic in material.topics
        for line in topic.lines
        if line["wave"] == material.latest
        and line["group_id"] == material.focus.group_id
        and (line.get("is_headline") or line is topic.lines[0])
        and line.get("bound_lower") is not None
        and measure_of(line).is_share
    ]
    if not lines:
        lines = [
            line
            for topic in material.topics[:3]
            for line in topic.lines
            if line["wave"] == material.latest
            and line["group_id"] == material.focus.group_id
            and line.get("bound_lower") is not None
            and measure_of(line).is_share
        ][:3]
    if not lines:
        if material.is_public:
            yield Text(
                "Wat niet-antwoorders aan de cijfers kunnen veranderen staat alleen in de interne"
                " uitgave. Geen interval in dit rapport bevat het.",
                "What those who did not answer could change is in the internal edition alone. No"
                " interval in this report contains it.",
            )
        return
    rows = tuple(
        Row(
            indicator_label(line),
            (
                Mark(0, figure_of(line)),
                Mark(
                    1,
                    Figure(
                        measure_of(line),
                        None,
                        range_lower=line["bound_lower"],
                        range_upper=line["bound_upper"],
                    ),
                ),
            ),
        )
        for line in lines[:8]
    )
    first = rows[0].marks
    yield Chart(
        "non-response",
        "dots",
        Text(
            f"{rows[0].label.nl}: {first[0].figure.value.nl}, en {first[1].figure.value.nl} wat de"
            " anderen ook geantwoord zouden hebben",
            f"{rows[0].label.en}: {first[0].figure.value.en}, and {first[1].figure.value.en}"
            " whatever those who did not answer would have said",
        ),
        Text(
            "Het interval gaat over toeval; de grenzen over alles wat niet-antwoorders hadden"
            " kunnen zeggen",
            "The interval is about chance; the bounds about all that those who did not answer"
            " could have said",
        ),
        rows,
        (
            Text("Cijfer met interval", "Figure with interval"),
            Text("Grenzen bij non-respons", "Bounds under non-response"),
        ),
    )
