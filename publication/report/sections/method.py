"""How the figures were made and what they can bear, in as few words as that takes."""

from __future__ import annotations

from publication.quality.words import Text, number
from publication.report.content.blocks import Block, Section
from publication.report.content.material import Material


def method_section(material: Material) -> Section:
    """Return the note on method of a page."""
    level = next((line for line in (material.about,) if line.get("confidence_level")), None)
    confidence = f"{100 * (level['confidence_level'] if level else 0.95):.0f} %"
    units = material.units
    blocks: list[Block] = [
        Text(
            f"De cijfers zijn gewogen schattingen voor alle {units.nl} op de lijst van de meting."
            f" Een interval van {confidence} zegt hoe ver toeval een cijfer kan verschuiven; het"
            " zegt niets over wie niet antwoordde.",
            f"The figures are weighted estimates for all {units.en} on the list of the wave. An"
            f" interval of {confidence} says how far chance can move a figure; it says nothing of"
            " those who did not answer.",
        ),
        Text(
            "Overlappende intervallen zijn geen toets. Of een verschil aantoonbaar is, zeggen de"
            " oordelen; die zijn aangepast voor het aantal toetsen.",
            "Overlapping intervals are not a test. Whether a difference is demonstrable is said by"
            " the verdicts; they are adjusted for the number of tests.",
        ),
    ]
    blocks += _by_chance(material)
    if material.is_public:
        blocks.append(
            Text(
                "Dit is de publieke uitgave. Cijfers zijn afgerond of een bereik (“≤ 5 %”,"
                " “80–90 %”) dat vooraf vastlag; een bereik is als staaf getekend, van begin tot"
                " einde. Wat één antwoord zou kunnen verraden is niet getoond (·).",
                "This is the public edition. Figures are rounded, or a range (“≤ 5 %”, “80–90 %”)"
                " fixed in advance; a range is drawn as a bar from end to end. What could give"
                " away a single answer is not shown (·).",
            )
        )
    else:
        blocks.append(
            Text(
                "Waar te weinig antwoorden zijn is een cijfer niet getoond (·), ook niet"
                " als het uit andere cijfers zou volgen.",
                "Where too few answered a figure is not shown (·), nor where it"
                " would follow from other figures.",
            )
        )
    return Section("method", Text("Hoe dit gemaakt is", "How this was made"), tuple(blocks))


def _by_chance(material: Material) -> list[Block]:
    """Return how many verdicts of a difference the wave has, and how many are chance at most."""
    lines = [
        line
        for line in material.verdicts
        if line["wave"] == material.latest and line["purpose"] == "comparison"
    ]
    if not lines:
        return []
    tests, found, chance = (
        sum(line[name] or 0 for line in lines)
        for name in ("n_tests", "n_verdicts", "expected_by_chance")
    )
    return [
        Text(
            f"Tussen groepen zijn {number(tests).nl} verschillen getoetst; {number(found).nl} zijn"
            f" aantoonbaar. Door toeval alleen zouden dat er ten hoogste {number(chance, 1).nl}"
            " zijn, als niets verschilde.",
            f"{number(tests).en} differences between groups were tested; {number(found).en} are"
            f" demonstrable. Chance alone would give at most {number(chance, 1).en}, if nothing"
            " differed.",
        )
    ]
