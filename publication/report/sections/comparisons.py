"""Two groups beside each other, with the verdict on their difference."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from publication.quality.words import Text, same
from publication.report.content.blocks import Block, Chart, Mark, Row, Section, slug
from publication.report.content.figures import Figure, figure_of, measure_of, signed
from publication.report.content.material import Line, Lines, Material
from publication.report.sections.labels import indicator_label

MOST_ROWS = 14
_OWN_ENDS = Text(
    "Elke rij loopt van de laagste tot de hoogste waarde van haar schaal.",
    "Every row runs from the lowest to the highest value of its scale.",
)
_UNDECIDED = ("no_difference", "not_tested", "withheld", "not_comparable", None)


def comparison_section(material: Material) -> Section | None:
    """Return the pairs of groups that divide one classification between them."""
    blocks = [block for pair in _pairs(material) for block in _pair_chart(material, pair)]
    title = Text("Groepen naast elkaar", "Groups side by side")
    return Section("pairs", title, tuple(blocks)) if blocks else None


def _pairs(material: Material) -> Iterator[Lines]:
    """Return the comparisons to show, one pair of groups at a time.

    Of the whole release those of two groups that are all a classification is divided into; of one
    group every comparison that its page has.
    """
    found: dict[tuple[str, str], list[Line]] = {}
    for line in material.comparisons:
        if line["wave"] == material.latest and (_is_pair(material, line) or material.group):
            found.setdefault(_sides(line), []).append(line)
    yield from (tuple(lines) for lines in found.values())


def _sides(line: Line) -> tuple[str, str]:
    return str(line["group_a"]), str(line["group_b"] or f"rest-{line['rest_of_group_id']}")


def _is_pair(material: Material, line: Line) -> bool:
    parts = [
        group.group_id
        for group in material.groups
        if group.classification == line["classification_id"] and not group.is_total
    ]
    return set(parts) == {line["group_a"], line["group_b"]}


def _pair_chart(material: Material, lines: Lines) -> Iterator[Block]:
    known = material.scales
    chosen = [{**line, **known.get(line["indicator_id"], {})} for line in _chosen(material, lines)]
    rows = [
        (line, figure_of(line, "a"), figure_of(line, "b"))
        for line in chosen
        if measure_of(line).has_scale
    ]
    shown = [row for row in rows if row[1].is_shown and row[2].is_shown]
    if not shown:
        return
    shown.sort(key=lambda row: (row[0]["verdict"] in _UNDECIDED, *_rank(row[1], row[2])))
    first = shown[0][0]
    names = (
        Text(first["group_a_label_nl"], first["group_a_label_en"]),
        Text(first["group_b_label_nl"], first["group_b_label_en"]),
    )
    notes = [_left_out(len(rows) - len(shown))]
    if len({figure.measure for _, figure, _ in shown}) > 1:
        notes.insert(0, _OWN_ENDS)
    yield Chart(
        slug("pair", *_sides(first)),
        "pairs",
        _seen(names, [row[0] for row in shown]),
        Text(
            f"{names[0].nl} | {names[1].nl}, {material.wave_label(material.latest).nl}",
            f"{names[0].en} | {names[1].en}, {material.wave_label(material.latest).en}",
        ),
        tuple(
            Row(indicator_label(line), (Mark(0, a), Mark(1, b)), _verdict(line))
            for line, a, b in shown
        ),
        names,
        note_head=Text("Oordeel", "Verdict"),
        note=Text(" ".join(n.nl for n in notes).strip(), " ".join(n.en for n in notes).strip()),
    )


def _rank(a: Figure, b: Figure) -> tuple[bool, float]:
    """Return where a pair stands: far apart first, what has a range, so no distance, last."""
    measure = a.measure
    if a.estimate is None or b.estimate is None or not measure.has_scale:
        return True, 0.0
    return False, -abs(a.estimate - b.estimate) / measure.length


def _chosen(material: Material, lines: Lines) -> Lines:
    """Return the headlines, what claims are about and the largest differences, each once."""
    claimed = {
        claim["indicator_id"]
        for claim in material.claims
        if (claim.get("group_a"), claim.get("group_b"))
        == (lines[0]["group_a"], lines[0]["group_b"])
    }
    heads = {
        line["indicator_id"]
        for topic in material.topics
        for line in topic.lines
        if line.get("is_headline")
    }
    decided = {line["indicator_id"] for line in lines if line["verdict"] not in _UNDECIDED}
    wanted = [line for line in lines if line["indicator_id"] in claimed | heads | decided]
    if not wanted:
        firsts = {topic.lines[0]["indicator_id"] for topic in material.topics}
        wanted = [line for line in lines if line["indicator_id"] in firsts]
    wanted.sort(
        key=lambda line: (line["indicator_id"] not in claimed, line["verdict"] in _UNDECIDED)
    )
    return tuple(wanted[:MOST_ROWS])


def _verdict(line: Line) -> Text:
    """Return the verdict on a difference and its size."""
    parts = [Text(str(line["verdict_nl"] or "–"), str(line["verdict_en"] or "–"))]
    if line["difference"] is not None:
        parts.append(signed(measure_of(line), line["difference"]))
    return Text("; ".join(part.nl for part in parts), "; ".join(part.en for part in parts))


def _seen(names: tuple[Text, Text], lines: Sequence[Line]) -> Text:
    decided = sum(line["verdict"] not in _UNDECIDED for line in lines)
    return Text(
        f"{names[0].nl} | {names[1].nl}. Aantoonbaar: {decided} van de {len(lines)} hier getoonde"
        " verschillen",
        f"{names[0].en} | {names[1].en}. Demonstrable: {decided} of the {len(lines)} differences"
        " shown here",
    )


def _left_out(count: int) -> Text:
    if not count:
        return same("")
    return Text(
        f"{count} vergelijkingen zijn niet getoond: een van beide cijfers is afgeschermd.",
        f"{count} comparisons are not shown: one of their figures is withheld.",
    )
