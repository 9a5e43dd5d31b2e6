"""Protection and audit of a release of real size: 6 waves, 10 groups, 200 indicators.

    python -m bench.disclosure [--waves 6] [--indicators 200] [--workers 2]

The indicators are tied as those of a questionnaire are: four types of innovation and their union,
questions with one answer out of four, questions with several answers out of eight, shares by
themselves; six out of ten behind the filter "innovated". Every group has three strata with
weights of their own.
"""

from __future__ import annotations

import argparse
import random
import time
from fractions import Fraction

from protection.audit.edition import audit
from protection.audit.versions import Released
from protection.edition.cells import Count
from protection.edition.edition import protect_edition
from protection.ranges.rules import Atom, Constants, Group, IndicatorRule, LinkedSet, Plan

SIZES = (63, 14, 49, 160, 12, 21, 75, 30, 18, 110)
STRATA = 3
TYPES = 4


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, and return 1 where the audit finds something."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--waves", type=int, default=6)
    parser.add_argument("--indicators", type=int, default=200)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args(arguments)
    plan = questionnaire(asked.indicators)
    atoms: list[Atom] = []
    counts: dict[tuple[str, str, str], Count] = {}
    bases: dict[tuple[str, str, str], int] = {}
    for wave in range(asked.waves):
        answer_wave(str(2016 + wave), plan, atoms, counts, bases)
    constants = Constants(tuple(atoms))
    began = time.perf_counter()
    edition = protect_edition(counts, plan, constants)
    protected = time.perf_counter()
    published = sum(row.protection == "band" for row in edition.rows)
    print(
        f"{asked.waves} waves x {len(SIZES)} groups x {len(plan.indicators)} indicators:"
        f" {len(edition.rows):,} rows, {published:,} with a range, in {protected - began:,.0f} s"
    )
    report = audit([Released("r1", edition.rows, constants, bases)], plan, workers=asked.workers)
    taken = time.perf_counter() - protected
    print(
        f"audit of {report.n_counts:,} counts in {report.n_attacks:,} attacks:"
        f" {taken:,.0f} s with {asked.workers} processes, {len(report.findings)} findings"
    )
    for finding in report.findings[:10]:
        print(f"  {finding.reason}")
    return int(not report.is_safe)


def questionnaire(indicators: int) -> Plan:
    """Return a plan with about so many indicators, tied as in a questionnaire."""
    rules: list[IndicatorRule] = [IndicatorRule("innovated", "types", "layer")]
    types = tuple(f"type_{number}" for number in range(TYPES))
    rules += [IndicatorRule(name, "types", "layer") for name in types]
    sets = [LinkedSet("types", "cover", types, "innovated")]
    number = 0
    while len(rules) < indicators:
        number += 1
        size, kind = ((4, "exclusive"), (8, "cover"), (1, ""), (4, "exclusive"), (1, ""))[
            number % 5
        ]
        question = f"question_{number}"
        names = tuple(f"{question}_{part}" for part in range(size))
        behind = number % 10 < 6
        rules += [
            IndicatorRule(
                name,
                question,
                "layer",
                smallest_base_percent=Fraction(50) if behind else Fraction(185, 2),
                filter_id="innovated" if behind else None,
            )
            for name in names
        ]
        if size > 1:
            sets.append(LinkedSet(question, kind, names))
    groups = (
        Group("layer.all", "layer"),
        *(Group(f"layer.{at}", "layer", "layer.all") for at in range(len(SIZES) - 1)),
    )
    return Plan(groups, tuple(rules), tuple(sets))


def answer_wave(
    wave: str,
    plan: Plan,
    atoms: list[Atom],
    counts: dict[tuple[str, str, str], Count],
    bases: dict[tuple[str, str, str], int],
) -> None:
    """Add the responses of one wave: nine groups and their total."""
    chance = random.Random(wave)
    likely = {rule.indicator_id: chance.betavariate(1, 1.5) for rule in plan.indicators}
    for at, size in enumerate(SIZES[:-1]):
        for stratum in range(STRATA):
            n = size // STRATA + (stratum < size % STRATA)
            atom_id = f"{at}/{stratum}"
            weight = Fraction(n + chance.randrange(2 * n), n)
            atoms.append(Atom(wave, atom_id, n, weight, frozenset({"layer.all", f"layer.{at}"})))
            _answer(wave, atom_id, n, plan, likely, chance, counts, bases)


def _answer(
    wave: str,
    atom_id: str,
    n: int,
    plan: Plan,
    likely: dict[str, float],
    chance: random.Random,
    counts: dict[tuple[str, str, str], Count],
    bases: dict[tuple[str, str, str], int],
) -> None:
    types = plan.sets[0].parts
    given = [{name for name in types if chance.random() < 0.45} for _ in range(n)]
    innovators = sum(map(bool, given))
    for name in types:
        counts[wave, atom_id, name] = Count(sum(name in each for each in given), n)
    counts[wave, atom_id, "innovated"] = Count(innovators, n)
    bases[wave, atom_id, "types"] = n
    for rule in plan.indicators:
        linked = plan.set_of(rule.indicator_id)
        if linked is plan.sets[0] or (linked and linked.parts[0] != rule.indicator_id):
            continue
        base = innovators if rule.filter_id else n
        names = linked.parts if linked else (rule.indicator_id,)
        tally = dict.fromkeys(names, 0)
        weights = [likely[name] for name in names]
        for _ in range(base):
            if linked is None:
                chosen = {names[0]} if chance.random() < weights[0] else set()
            elif linked.kind == "exclusive":
                chosen = set(chance.choices(names, weights))
            else:
                chosen = {name for name in names if chance.random() < likely[name]} or {names[0]}
            for name in chosen:
                tally[name] += 1
        for name in names:
            counts[wave, atom_id, name] = Count(tally[name], base)
        bases[wave, atom_id, rule.question_id] = base


if __name__ == "__main__":
    raise SystemExit(main())
