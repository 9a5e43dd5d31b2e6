"""What sources said before, and whether the answers of the last wave support it."""

from __future__ import annotations

from publication.quality.words import Text, number, same
from publication.report.content.blocks import Claim, Section, Source, slug
from publication.report.content.figures import figure_of, measure_of, signed, size
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
        " onjuist: deze antwoorden dragen de bewering niet. Een interval is van dat ene verschil;"
        " het oordeel houdt ook rekening met de beweringen die samen zijn getoetst.",
        f"Of {len(latest)} claims, {supported} are in line with the answers of {wave.en} and"
        f" {together} with those of all waves together. “Not shown” is not the same as untrue:"
        " these answers do not bear the claim out. An interval is of that one difference; the"
        " verdict also allows for the claims that are tested together.",
    )
    shared = [Source(one) for one in sources if one and len(sources) == 1]
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
        for text in (
            _figures(material, line),
            _difference(material, line),
            _asked(material, line),
            _joint(line),
        )
        if text.nl
    ]
    return Claim(
        slug("claim", line["claim_id"]),
        Text(line["sentence_nl"], line["sentence_en"]),
        verdict,
        _STATES.get(str(line["verdict"]), "open"),
        tuple(lines),
        Source(str(line["source"])) if has_source and line.get("source") else None,
    )


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


def _asked(material: Material, line: Line) -> Text:
    """Return what the verdict asks for besides this difference."""
    said = []
    if line.get("minimum_difference") is not None:
        least = size(measure_of(_side_line(material, line, "a")), line["minimum_difference"])
        said.append(Text(f"gevraagd: ten minste {least.nl}", f"asked for: at least {least.en}"))
    tests = line.get("n_tests") or 0
    if tests > 1:
        said.append(
            Text(
                f"samen getoetst: {number(tests).nl} beweringen",
                f"tested together: {number(tests).en} claims",
            )
        )
    if not said:
        return same("")
    nl, en = ("; ".join(getattr(text, one) for text in said) for one in ("nl", "en"))
    return Text(f"{nl[0].upper()}{nl[1:]}.", f"{en[0].upper()}{en[1:]}.")


def _joint(line: Line) -> Text:
    if not line.get("joint_verdict_nl"):
        return same("")
    return Text(
        f"Alle metingen samen: {line['joint_verdict_nl']}.",
        f"All waves together: {line['joint_verdict_en']}.",
    )
