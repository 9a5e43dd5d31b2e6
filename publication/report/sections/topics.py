"""What was found about one topic: the form of each chart follows from its figures."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from publication.quality.words import Text, same
from publication.report.content.blocks import (
    NOTHING,
    Block,
    Chart,
    Grid,
    Mark,
    Row,
    Section,
    listed_with,
    slug,
)
from publication.report.content.figures import Figure, Measure, figure_of, measure_of
from publication.report.content.material import Group, Line, Lines, Material, Topic
from publication.report.sections.amounts import amounts_by_wave
from publication.report.sections.labels import (
    base_of,
    captioned,
    indicator_label,
    short_label,
    topic_label,
)
from publication.report.sections.seen import across_groups, highest, lowest, named
from publication.report.sections.waves import before_break, break_note

MOST_COLUMNS = 12
FEWEST = 3
"""Indicators that make a chart of their own; fewer are told by a table."""
_OPEN_ROWS = 6


def topic_section(material: Material, topic: Topic) -> Section | None:
    """Return the section of a topic; None where the last wave shows nothing of it."""
    anchor = slug(topic.topic_id)
    latest = tuple(line for line in topic.lines if line["wave"] == material.latest)
    focus = _of_group(latest, material.focus.group_id)
    blocks: list[Block] = []
    for line in _headlines(focus):
        blocks += _by_group_and_wave(material, topic, line, anchor)
    together, alone = _alike(tuple(line for line in focus if measure_of(line).has_scale))
    if blocks:
        alone = tuple(line for line in alone if line not in _headlines(focus))
    for lines in together:
        part = slug(anchor, lines[0]["topic"], measure_of(lines[0]).unit)
        blocks += _together(material, topic, latest, lines, part)
    if alone:
        labels = [indicator_label(line) for line in alone]
        more = Text(f"{topic.label.nl}, meer cijfers", f"{topic.label.en}, more figures")
        subject = labels[0] if len(alone) == 1 else more if together else topic.label
        blocks += _grid(material, latest, alone, labels, slug(anchor, "more"), subject)
    amounts = tuple(line for line in focus if not measure_of(line).has_scale)
    if amounts:
        blocks += amounts_by_wave(material, topic, amounts, anchor)
        labels = [indicator_label(line) for line in amounts]
        blocks += _grid(material, latest, amounts, labels, slug(anchor, "amounts"), topic.label)
    return Section(anchor, topic.label, tuple(blocks)) if blocks else None


def unseen_section(material: Material, shown: Collection[str]) -> Section | None:
    """Return what is said of topics and groups of which nothing is shown; None without any.

    Args:
        material: of the page.
        shown: anchors of the topics that have a section.
    """
    asked = [
        topic.label
        for topic in material.topics
        if slug(topic.topic_id) not in shown
        and any(line["wave"] == material.latest for line in topic.lines)
    ]
    groups = [group.label for group in material.unseen] if material.group else []
    last = Text("en", "and")
    blocks: list[Block] = []
    if asked:
        names = listed_with(asked, last)
        blocks.append(Text(f"Onderwerpen: {names.nl}.", f"Topics: {names.en}."))
    if groups:
        names = listed_with(groups, last)
        blocks.append(Text(f"Groepen: {names.nl}.", f"Groups: {names.en}."))
    if not blocks:
        return None
    why = Text(
        "Hiervan staat niets in deze uitgave: er zijn te weinig antwoorden, of ze zijn"
        " afgeschermd omdat één antwoord te herleiden zou zijn.",
        "Nothing of this is in this edition: there are too few answers, or they are withheld"
        " because a single answer could be traced.",
    )
    return Section("not-shown", Text("Niet getoond", "Not shown"), (why, *blocks))


def _of_group(lines: Lines, group_id: str) -> Lines:
    return tuple(line for line in lines if line["group_id"] == group_id)


def _headlines(focus: Lines) -> Lines:
    """Return the indicators whose course over the waves is shown: those that are headlines."""
    if any("is_headline" in line for line in focus):
        return tuple(line for line in focus if line["is_headline"])[:1]
    return focus[:1]


def _alike(focus: Lines) -> tuple[list[Lines], Lines]:
    """Return indicators of one topic and measure together, and those that stand alone.

    Where no topic has enough for a chart, those of one measure are taken together.
    """

    def divided(by_topic: bool) -> list[Lines]:
        found: dict[tuple[str, Measure], list[Line]] = {}
        for line in focus:
            topic = str(line["topic"]) if by_topic else ""
            found.setdefault((topic, measure_of(line)), []).append(line)
        return [tuple(lines) for lines in found.values() if len(lines) >= FEWEST]

    together = divided(True) or divided(False)
    drawn = {line["indicator_id"] for lines in together for line in lines}
    return together, tuple(line for line in focus if line["indicator_id"] not in drawn)


def _by_group_and_wave(
    material: Material, topic: Topic, line: Line, anchor: str
) -> Iterator[Block]:
    """Return one indicator for every group and wave."""
    known = {
        (other["group_id"], other["wave"]): other
        for other in topic.lines
        if other["indicator_id"] == line["indicator_id"]
        # A scale that was asked otherwise in another wave does not fit this axis.
        and measure_of(other) == measure_of(line)
    }
    waves = [wave for wave, _ in material.waves if any(key[1] == wave for key in known)]
    waves = waves[-3:][::-1]
    groups = material.side_by_side
    if len(groups) < 2 and len(waves) < 2:
        return
    nothing = Figure(measure_of(line), None)
    apart = before_break(material, known.values())

    def figure(group: Group, wave: str) -> Figure:
        found = known.get((group.group_id, wave))
        return figure_of(found) if found else nothing

    rows = tuple(
        Row(
            group.label,
            tuple(
                Mark(place, figure(group, wave), is_apart=wave in apart)
                for place, wave in enumerate(waves)
            ),
        )
        for group in groups
        if any((group.group_id, wave) in known for wave in waves)
    )
    if not any(mark.figure.is_shown for row in rows for mark in row.marks):
        return
    whole = material.focus
    # Of a group also the parts of which nothing is shown: they could lie anywhere.
    divided = material.groups if material.group else groups
    parts = [group for group in divided if group != whole and not group.is_total]
    # The ends of several divisions at once would set groups against their own parts.
    one_division = len({group.classification for group in parts}) == 1
    yield Chart(
        slug(anchor, "groups", line["indicator_id"]),
        "dots",
        across_groups(
            indicator_label(line),
            (whole.label, figure(whole, waves[0])),
            [(group.label, figure(group, waves[0])) for group in parts if one_division],
        ),
        captioned(indicator_label(line), base_of(line)),
        rows,
        tuple(material.wave_label(wave) for wave in waves),
        note=break_note(material, [wave for wave in waves if wave in apart]),
    )


def _together(
    material: Material, topic: Topic, latest: Lines, lines: Lines, anchor: str
) -> Iterator[Block]:
    """Return indicators of one measure: ranked for the group in focus, then by group."""
    measure = measure_of(lines[0])
    order = topic.order
    has_order = order is not None and all(line.get(order) is not None for line in lines)
    figures = {line["indicator_id"]: figure_of(line) for line in lines}

    def rank(line: Line) -> tuple[bool, float]:
        place = figures[line["indicator_id"]].place
        return place is None, -(place or 0.0)

    ranked = (
        tuple(sorted(lines, key=lambda line: line[order]))
        if has_order and order
        else tuple(sorted(lines, key=rank))
        if measure.has_scale
        else lines
    )
    one_topic = len({line["topic"] for line in lines}) == 1
    labels = [short_label(line) if one_topic else indicator_label(line) for line in ranked]
    named = one_topic and topic_label(lines[0]).nl
    subject = topic_label(lines[0]) if named else topic.label
    for facet, some in _facets(topic, ranked):
        shown = [line for line in some if figures[line["indicator_id"]].is_shown]
        if not shown:
            continue
        yield Chart(
            slug(anchor, facet.en or "all"),
            "bars",
            _of_ranked(
                shown,
                [labels[ranked.index(line)] for line in shown],
                facet if facet.nl else subject,
                has_order=has_order,
                is_whole=len(shown) == len(some),
                is_part=bool(facet.nl) or subject != topic.label,
            ),
            captioned(_in_wave(material, facet), base_of(some[0])),
            tuple(
                Row(labels[ranked.index(line)], (Mark(0, figures[line["indicator_id"]]),))
                for line in some
            ),
        )
    yield from _grid(material, latest, ranked, labels, anchor, subject)


def _facets(topic: Topic, lines: Lines) -> Iterator[tuple[Text, Lines]]:
    """Return lines by the column of their topic that divides them; together where none does."""
    facet = topic.facet
    if facet is None or all(line.get(facet) is None for line in lines):
        yield same(""), lines
        return
    # What is on no side stands first: it is about all of them.
    found: dict[Text, list[Line]] = {NOTHING: []}
    for line in lines:
        label = Text(
            str(line.get(f"{facet}_label_nl") or ""), str(line.get(f"{facet}_label_en") or "")
        )
        found.setdefault(label, []).append(line)
    yield from ((label, tuple(some)) for label, some in found.items() if some)


def _grid(
    material: Material,
    latest: Lines,
    lines: Lines,
    labels: Sequence[Text],
    anchor: str,
    subject: Text,
) -> Iterator[Block]:
    """Return indicators against groups, as a table."""
    groups = material.side_by_side[:MOST_COLUMNS]
    known = {(line["group_id"], line["indicator_id"]): line for line in latest}
    nothing = Figure(measure_of(lines[0]), None)

    def figure(group: Group, line: Line) -> Figure:
        found = known.get((group.group_id, line["indicator_id"]))
        return figure_of(found) if found else nothing

    if not any(figure(group, line).is_shown for group in groups for line in lines):
        return
    is_open = len(lines) <= _OPEN_ROWS
    heading = Text(
        f"{subject.nl}, per groep, {material.wave_label(material.latest).nl}",
        f"{subject.en}, by group, {material.wave_label(material.latest).en}",
    )
    names = tuple(group.label for group in groups)
    by_line = tuple(tuple(figure(group, line) for group in groups) for line in lines)
    caption = captioned(NOTHING, base_of(lines[0]))
    anchor = slug(anchor, "by-group")
    if is_open:
        # Few figures stand at the top of columns, where long names of groups have no room.
        rows = tuple(zip(names, zip(*by_line, strict=True), strict=True))
        yield Grid(anchor, heading, caption, Text("Groep", "Group"), tuple(labels), rows)
        return
    rows = tuple(zip(labels, by_line, strict=True))
    corner = Text("Cijfer", "Figure")
    yield Grid(anchor, heading, caption, corner, names, rows, is_open=False)


def _of_ranked(
    shown: Sequence[Line],
    labels: Sequence[Text],
    subject: Text,
    *,
    has_order: bool,
    is_whole: bool,
    is_part: bool,
) -> Text:
    """Return what is seen in ranked figures.

    Args:
        shown: the indicators of which something is known.
        labels: what they are called.
        subject: what they are about.
        has_order: they are the steps of something that is counted.
        is_whole: nothing is withheld among them.
        is_part: they are about a part of their section, which then has to be said.
    """
    figures = [figure_of(line) for line in shown]
    if len(shown) == 1:
        return named(labels[0], figures[0])
    best, worst = highest(figures), lowest(figures)
    if best is None or not is_whole or not figures[best].measure.has_scale:
        return subject
    if has_order:
        word = Text("Grootste deel", "Largest part")
    elif figures[0].measure.is_share:
        word = Text("Het vaakst", "Most often")
    else:
        word = Text("Het hoogst", "Highest")
    top = named(labels[best], figures[best])
    text = Text(f"{word.nl}: {top.nl}", f"{word.en}: {top.en}")
    if figures[0].measure.is_signed and worst is not None:
        last = named(labels[worst], figures[worst])
        text = Text(f"{text.nl}; het laagst: {last.nl}", f"{text.en}; lowest: {last.en}")
    return Text(f"{subject.nl}. {text.nl}", f"{subject.en}. {text.en}") if is_part else text


def _in_wave(material: Material, facet: Text) -> Text:
    wave, group = material.wave_label(material.latest), material.focus.label
    parts = [group, wave] if not facet.nl else [group, facet, wave]
    return Text(", ".join(part.nl for part in parts), ", ".join(part.en for part in parts))
