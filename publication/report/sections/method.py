"""How the figures were made and what they can bear, in as few words as that takes."""

from __future__ import annotations

from publication.quality.words import Text, number, percent
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
                " einde. Een interval bevat ook wat de afronding openlaat: het is het ruimste van"
                " alle aantallen in het bereik. Wat één antwoord zou kunnen verraden is niet"
                " getoond (·).",
                "This is the public edition. Figures are rounded, or a range (“≤ 5 %”, “80–90 %”)"
                " fixed in advance; a range is drawn as a bar from end to end. An interval also"
                " holds what rounding leaves open: it is the widest of any count in the range."
                " What could give away a single answer is not shown (·).",
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
    """Return how many verdicts of a difference the wave has, and how many can be false."""
    said: list[Block] = []
    for error_rate in ("family_wise", "false_discovery"):
        lines = [
            line
            for line in material.verdicts
            if line["wave"] == material.latest
            and line["purpose"] == "comparison"
            and line.get("error_rate") == error_rate
        ]
        tests, families, found, chance = (
            sum(line[name] or 0 for line in lines)
            for name in ("n_tests", "n_families", "n_verdicts", "expected_by_chance")
        )
        if tests:
            said.append(_tested(error_rate, tests, families, found, chance))
    return said


def _tested(error_rate: str, tests: int, families: int, found: int, chance: float) -> Text:
    """Return what was tested, in the words of the error that is held down.

    Args:
        error_rate: `family_wise` or `false_discovery`.
        tests: differences tested.
        families: groups of them that are adjusted together.
        found: differences declared.
        chance: families with any false verdict (family_wise) or false verdicts
            (false_discovery) expected at most.
    """
    counts = [number(count) for count in (tests, families, found)]
    nl, en = ([getattr(count, one) for count in counts] for one in ("nl", "en"))
    said = Text(
        f"Tussen groepen zijn {nl[0]} verschillen getoetst in {nl[1]} families (wat samen is"
        f" aangepast); {nl[2]} zijn aantoonbaar.",
        f"{en[0]} differences between groups in {en[1]} families (what is adjusted together) were"
        f" tested; {en[2]} are demonstrable.",
    )
    if error_rate == "family_wise":
        level = percent(chance / families, 0)
        return Text(
            f"{said.nl} Per familie is de kans op ook maar één onterecht oordeel hoogstens"
            f" {level.nl}.",
            f"{said.en} Per family the chance of any false one is at most {level.en}.",
        )
    if not found:
        return said
    level = percent(chance / found, 0)
    return Text(
        f"{said.nl} Daarvan is naar verwachting hoogstens {level.nl} onterecht.",
        f"{said.en} Of those at most {level.en} are expected to be false.",
    )
