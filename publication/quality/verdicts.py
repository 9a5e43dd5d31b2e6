"""How many verdicts a release prints, and how many chance alone would give."""

from __future__ import annotations

from collections.abc import Iterator

from publication.quality.facts import Facts
from publication.quality.words import Block, Text, number, same, table

_TESTED = {
    "mart_comparisons": Text("tussen groepen", "between groups"),
    "mart_trends": Text("tussen metingen", "between waves"),
}
_PURPOSES = {
    "comparison": Text("tussen groepen", "between groups"),
    "trend": Text("tussen metingen", "between waves"),
    "claim": Text("beweringen, per meting", "claims, wave by wave"),
    "joint_claim": Text("beweringen, alle metingen samen", "claims, all waves together"),
}
_ALL_WAVES = Text("alle", "all")


def verdicts(facts: Facts) -> Iterator[Block]:
    """Yield the counts of the release; of an edition without them, the verdicts it prints."""
    if facts.verdicts:
        yield Text(
            "Elk oordeel dat er verschil is kan toeval zijn. Ten hoogste te verwachten: van "
            "groepen toetsen die samen zijn aangepast, als niets verschilt, in 5 % een onterecht "
            "oordeel; van de veranderingen 5 % van de oordelen.",
            "Every verdict of a difference can be chance. At most to be expected: of groups of "
            "tests adjusted together, if nothing differs, a false verdict in 5 %; of changes, 5 % "
            "of the verdicts.",
        )
        yield from table(
            Text("Oordelen, en wat toeval zou geven", "Verdicts, and what chance would give"),
            (
                ("Verschil", "Difference"),
                ("Meting", "Wave"),
                ("toetsen", "tests"),
                ("oordelen dat er verschil is", "verdicts of a difference"),
                ("door toeval, ten hoogste", "by chance, at most"),
                ("zonder aanpassing", "unadjusted"),
                ("daarvan door toeval", "of which by chance"),
            ),
            [
                (
                    _PURPOSES[row["purpose"]],
                    _ALL_WAVES if row["wave"] == "all" else same(row["wave"]),
                    number(row["n_tests"]),
                    number(row["n_verdicts"]),
                    number(row["expected_by_chance"], 1),
                    number(row["n_unadjusted"]),
                    number(row["expected_unadjusted"], 1),
                )
                for row in facts.verdicts
            ],
        )
        return
    yield from table(
        Text("Oordelen over verschillen", "Verdicts of a difference"),
        (("Verschil", "Difference"), ("oordelen dat er verschil is", "verdicts of a difference")),
        [(_TESTED[row["table_name"]], number(row["n_different"])) for row in facts.tests],
    )
