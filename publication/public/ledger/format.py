"""How a protected wave is written to the ledger, and read back."""

from __future__ import annotations

import json
from dataclasses import asdict
from fractions import Fraction
from typing import Any

from protection.amounts.totals import AmountSet
from protection.edition.cells import ProtectedCell
from protection.edition.edition import Edition, publish
from protection.ranges.bands import Band
from protection.ranges.rules import (
    WHOLE_SET,
    Atom,
    Constants,
    Group,
    IndicatorRule,
    LinkedSet,
    Plan,
)
from publication.public.amounts.protected import AmountCell, ProtectedAmounts
from publication.public.amounts.rules import AmountRules, RatioRule
from publication.public.amounts.tables import tag_key
from publication.public.method.intervals import interval_of
from publication.public.method.protect import MeanCell, ProtectedWave
from publication.public.method.rounding import Risk, Rounded, RoundedCell, RoundedRules
from publication.public.method.rules import MeanRule, WaveRules

AMOUNT_TAGS = tag_key("", "").rstrip()


def wave_as_json(wave: ProtectedWave) -> dict[str, Any]:
    """Return a wave as plain values."""
    return {
        "wave": wave.wave,
        "groups": [asdict(group) for group in wave.rules.plan.groups],
        "indicators": [_rule(rule) for rule in wave.rules.plan.indicators],
        "sets": [asdict(linked) for linked in wave.rules.plan.sets],
        "means": [
            {"rule": _rule(mean.rule), "lowest": mean.lowest, "highest": mean.highest}
            for mean in wave.rules.means
        ],
        "withheld": dict(wave.rules.withheld),
        "averages": {name: list(means) for name, means in wave.rules.averages.items()},
        "atoms": [
            [atom.atom_id, atom.responses, str(atom.weight), sorted(atom.groups)]
            for atom in wave.edition.constants.atoms
        ],
        "cells": [_cell(cell) for cell in wave.edition.cells],
        "mean_cells": [_mean_cell(cell) for cell in wave.means],
        "bases": [[*key[1:], base] for key, base in sorted(wave.bases.items())],
        "changed": dict(wave.changed),
        "tags": {
            name: list(tags) for name, tags in sorted({**wave.tags, **wave.amounts.tags}.items())
        },
        "amounts": _amounts(wave),
        **_rounded(wave),
    }


SHARES = ("wave", "groups", "indicators", "sets", "atoms", "cells")
"""What the rows of the shares of a wave follow from."""


def wave_from_json(content: dict[str, Any], editions: dict[str, Edition]) -> ProtectedWave:
    """Return a wave from plain values; its rows are made from its cells again.

    Args:
        content: of the ledger.
        editions: those made before, to which this one is added: a wave that did not change since
            an earlier release is made once.
    """
    wave = content["wave"]
    plan = Plan(
        tuple(Group(**group) for group in content["groups"]),
        tuple(_rule_from(rule) for rule in content["indicators"]),
        tuple(
            # Ledgers from before bases were told have none.
            LinkedSet(**{"base": WHOLE_SET, **one, "parts": tuple(one["parts"])})
            for one in content["sets"]
        ),
    )
    means = tuple(
        MeanRule(_rule_from(one["rule"]), one["lowest"], one["highest"]) for one in content["means"]
    )
    averages = {name: tuple(of) for name, of in content.get("averages", {}).items()}
    constants = Constants(
        tuple(
            Atom(wave, name, responses, Fraction(weight), frozenset(groups))
            for name, responses, weight, groups in content["atoms"]
        )
    )
    cells = tuple(_cell_from(wave, cell) for cell in content["cells"])
    tags = {name: tuple(own) for name, own in content["tags"].items()}
    amount_tags = {name: own for name, own in tags.items() if name.startswith(AMOUNT_TAGS)}
    same = json.dumps([content[name] for name in SHARES])
    if same not in editions:
        editions[same] = Edition(publish(cells, plan, constants, interval_of), cells, constants)
    # Ledgers from before amounts were protected have none.
    amounts = content.get("amounts", {})
    return ProtectedWave(
        wave,
        WaveRules(
            plan,
            means,
            content["withheld"],
            averages,
            _amount_rules_from(amounts),
            _rounded_rules_from(content),
        ),
        editions[same],
        tuple(_mean_cell_from(wave, cell) for cell in content["mean_cells"]),
        {(wave, atom, question): base for atom, question, base in content["bases"]},
        content["changed"],
        {name: own for name, own in tags.items() if name not in amount_tags},
        ProtectedAmounts(
            tuple(AmountCell(*cell) for cell in amounts.get("cells", ())),
            amounts.get("withheld", {}),
            tags=amount_tags,
            behind=amounts.get("behind", {}),
        ),
        _rounded_from(content),
    )


def _rule(rule: IndicatorRule) -> dict[str, Any]:
    return {**asdict(rule), "smallest_base_percent": str(rule.smallest_base_percent)}


def _rule_from(content: dict[str, Any]) -> IndicatorRule:
    return IndicatorRule(
        **{
            **content,
            "smallest_base_percent": Fraction(content["smallest_base_percent"]),
            "further_classifications": tuple(content["further_classifications"]),
        }
    )


def _cell(cell: ProtectedCell) -> list[Any]:
    band = [cell.band.lower, cell.band.upper] if cell.band else None
    return [
        cell.group_id,
        cell.indicator_id,
        band,
        cell.reason,
        cell.smallest_base,
        cell.responses,
        cell.candidates,
    ]


def _cell_from(wave: str, content: list[Any]) -> ProtectedCell:
    group_id, indicator_id, band, *rest = content
    return ProtectedCell(wave, group_id, indicator_id, Band(*band) if band else None, *rest)


def _mean_cell(cell: MeanCell) -> list[Any]:
    limits = [None if limit is None else str(limit) for limit in (cell.lower, cell.upper)]
    return [
        cell.group_id,
        cell.indicator_id,
        *limits,
        cell.reason,
        cell.smallest_base,
        cell.responses,
    ]


def _mean_cell_from(wave: str, content: list[Any]) -> MeanCell:
    group_id, indicator_id, lower, upper, *rest = content
    limits = [None if limit is None else Fraction(limit) for limit in (lower, upper)]
    return MeanCell(wave, group_id, indicator_id, limits[0], limits[1], *rest)


def _amounts(wave: ProtectedWave) -> dict[str, Any]:
    return {
        "sets": [
            {**asdict(rule), "p_percent": str(rule.p_percent)} for rule in wave.rules.amounts.sets
        ],
        "ratios": [asdict(ratio) for ratio in wave.rules.amounts.ratios],
        "cells": [
            [cell.group_id, cell.indicator_id, cell.amount, cell.reason]
            for cell in wave.amounts.cells
        ],
        "withheld": dict(wave.amounts.withheld),
        "behind": dict(sorted(wave.amounts.behind.items())),
    }


def _rounded(wave: ProtectedWave) -> dict[str, Any]:
    if wave.rules.rounded is None or wave.rounded is None:
        return {}
    return {
        "rounded": {
            "rules": asdict(wave.rules.rounded),
            "cells": [_rounded_cell(cell) for cell in wave.rounded.cells],
            "risk": asdict(wave.rounded.risk),
        }
    }


def _rounded_cell(cell: RoundedCell) -> dict[str, Any]:
    """Return what is said of a figure, fractions as text."""
    said = {name: value for name, value in vars(cell).items() if value is not None}
    return {
        name: str(value)
        if isinstance(value, Fraction)
        else [str(limit) for limit in value]
        if isinstance(value, tuple)
        else value
        for name, value in said.items()
    }


def _rounded_rules_from(content: dict[str, Any]) -> RoundedRules | None:
    # Ledgers from before figures were rounded have none, and waves of bands.
    if "rounded" not in content:
        return None
    rules = content["rounded"]["rules"]
    return RoundedRules(**{**rules, "indicators": tuple(rules["indicators"])})


def _rounded_from(content: dict[str, Any]) -> Rounded | None:
    if "rounded" not in content:
        return None
    own = content["rounded"]
    cells = []
    for cell in own["cells"]:
        said = dict(cell)
        for name in ("lower", "upper", "estimate"):
            said[name] = Fraction(cell[name]) if name in cell else None
        if "interval" in cell:
            said["interval"] = tuple(Fraction(limit) for limit in cell["interval"])
        cells.append(RoundedCell(**said))
    return Rounded(tuple(cells), Risk(**own["risk"]))


def _amount_rules_from(content: dict[str, Any]) -> AmountRules:
    return AmountRules(
        tuple(
            AmountSet(
                **{
                    **rule,
                    "parts": tuple(rule["parts"]),
                    "unpublished": tuple(rule["unpublished"]),
                    "p_percent": Fraction(rule["p_percent"]),
                }
            )
            for rule in content.get("sets", ())
        ),
        tuple(RatioRule(**ratio) for ratio in content.get("ratios", ())),
    )
