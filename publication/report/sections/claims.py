"""What sources said before, and whether the answers of the last wave support it."""

from __future__ import annotations

from publication.quality.words import Text, number, same
from publication.report.content.blocks import Claim, Section, slug
from publication.report.content.figures import figure_of, measure_of, signed
from publication.report.content.material import Line, Material

_STATES = {"supported": "yes", "contradicted": "no"}


def claims_section(material: Material) -> Section | None:
    """Return every claim with its verdict; None where the survey has none."""
    latest = [line for line in material.claims if line["wave"] == material.latest]
    if not latest:
        return None
    # Those that hold first, the others in the order of the registry's names.
    latest.sort(key=lambda line: (line["verdict"] != "supported", str(line["claim_id"])))
    supported = sum(line["verdict"] == "supported" for line in latest)
    together = sum(line.get("joint_verdict") == "supported" for line in latest)
    sources = {str(line.get("source") or "") for line in latest}
    wave = material.wave_label(material.latest)
    said = Text(
        f"Van {len(latest)} beweringen zijn er {supported} in lijn met de antwoorden van {wave.nl}"
        f" en {together} met die van alle metingen samen. “Niet aangetoond” is niet hetzelfde als"
        " onjuist: met zo veel antwoorden is het verschil niet van toeval te onderscheiden.",
        f"Of {len(latest)} claims, {supported} are in line with the answers of {wave.en} and"
        f" {together} with those of all waves together. “Not shown” is not the same as untrue:"
        " with this many answers the difference cannot be told from chance.",
    )
    shared = [_source(latest[0])] if len(sources) == 1 and latest[0].get("source") else []
    claims = tuple(_claim(material, line, has_source=len(sources) > 1) for line in latest)
    return Section(
        "claims",
        Text("Beweringen getoetst", "Claims put to the test"),
        (said, *shared, claims),
    )


def _claim(material: Material, line: Line, *, has_source: bool) -> Claim:
    verdict = Text(str(line["verdict_nl"] or "–"), str(line["verdict_en"] or "–"))
    lines = [
        text
        for text in (_figures(material, line), _difference(material, line), _joint(line))
        if text.nl
    ]
    if has_source and line.get("source"):
        lines.append(_source(line))
    return Claim(
        slug("claim", line["claim_id"]),
        Text(line["sentence_nl"], line["sentence_en"]),
        verdict,
        _STATES.get(str(line["verdict"]), "open"),
        tuple(lines),
    )


def _source(line: Line) -> Text:
    return Text(f"Bron: {line['source']}.", f"Source: {line['source']}.")


def _figures(material: Material, line: Line) -> Text:
    """Return both figures of a claim; of a relation the strength of it."""
    sides = []
    for side in ("a", "b"):
        figure = figure_of(_side_line(material, line, side), side)
        name = _side(line, side)
        sides.append(Text(f"{name.nl}: {figure.value.nl}", f"{name.en}: {figure.value.en}"))
        if not figure.is_shown:
            return Text(
                "De cijfers hierachter zijn afgeschermd; het oordeel is dat van alle antwoorden.",
                "The figures behind it are withheld; the verdict is that of all answers.",
            )
    counts = [line.get("n_answered_a"), line.get("n_answered_b")]
    text = Text("; ".join(side.nl for side in sides), "; ".join(side.en for side in sides))
    if None in counts:
        return text
    first, second = (number(count) for count in counts)
    return Text(
        f"{text.nl} (n = {first.nl} en {second.nl})", f"{text.en} (n = {first.en} and {second.en})"
    )


def _side_line(material: Material, line: Line, side: str) -> Line:
    """Return a claim with the unit and the scale of one of its sides."""
    has_other = side == "b" and line.get("indicator_b")
    indicator = line["indicator_b" if has_other else "indicator_id"]
    return {**line, "unit": line.get(f"unit_{side}"), **material.scales.get(str(indicator), {})}


def _side(line: Line, side: str) -> Text:
    if line.get("indicator_b") and line.get("indicator_b_label_nl"):
        name = "indicator" if side == "a" else "indicator_b"
        return Text(str(line[f"{name}_label_nl"]), str(line[f"{name}_label_en"]))
    return Text(str(line[f"group_{side}_label_nl"]), str(line[f"group_{side}_label_en"]))


def _difference(material: Material, line: Line) -> Text:
    if line.get("effect_measure") == "odds_ratio" and line.get("effect_size") is not None:
        ratio, low, high = (
            number(line[name], 1) for name in ("effect_size", "effect_lower", "effect_upper")
        )
        return Text(
            f"Odds ratio per punt op de schaal: {ratio.nl} ({low.nl}–{high.nl}); 1 is geen"
            " verband.",
            f"Odds ratio for each point on the scale: {ratio.en} ({low.en}–{high.en}); 1 is no"
            " relation.",
        )
    if line.get("difference") is None:
        return same("")
    measure = measure_of(_side_line(material, line, "a"))
    size = signed(measure, line["difference"])
    if line.get("difference_lower") is None or line.get("difference_upper") is None:
        return Text(f"Verschil: {size.nl}.", f"Difference: {size.en}.")
    low, high = (measure.bare(line[f"difference_{end}"]) for end in ("lower", "upper"))
    return Text(
        f"Verschil: {size.nl} ({low.nl} tot {high.nl}).",
        f"Difference: {size.en} ({low.en} to {high.en}).",
    )


def _joint(line: Line) -> Text:
    if not line.get("joint_verdict_nl"):
        return same("")
    return Text(
        f"Alle metingen samen: {line['joint_verdict_nl']}.",
        f"All waves together: {line['joint_verdict_en']}.",
    )
