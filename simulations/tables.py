"""The tables of the methodology page, as Markdown, by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from examples.registries import SEEDS, Registries
from simulations import values
from simulations.claims import SUPPORTED, example_verdicts, power
from simulations.coverage import (
    WILSON_FROM,
    Coverage,
    chance_response,
    means,
    simple_random,
    stratified_blaker,
    stratified_weighted,
)
from simulations.designs import (
    AGENCIES,
    CENTRAL,
    COURTS,
    EQUAL,
    ODDS_RATIOS,
    OTHERS,
    UNEQUAL,
    finite_kish,
    finite_kish_by_response,
    process_kish,
)
from simulations.false_alarms import (
    Worst,
    boschloo_errors,
    mean_errors,
    panel_errors,
    score_errors,
    score_power,
)

REPLICATIONS = 10_000
SEED = 20_250_101

SCORES = (
    ("climate score", values.climate),
    ("one item, 1–5", values.single_item),
    ("number of types", values.types_introduced),
)
BOSCHLOO_SIZES = ((14, 49), (14, 63), (49, 63), (14, 112), (63, 63))
SCORE_PAIRS = ((COURTS, OTHERS), (COURTS, AGENCIES), (OTHERS, AGENCIES))
POWER_SHARES = ((0.5, 0.7), (0.3, 0.6), (0.6, 0.9))
PANEL_SIZES = (14, 49, 63, 126, 366)
OVERLAPS = (0.0, 0.2, 0.4, 0.6)
PERSISTENCE = 0.6
CLAIM_POPULATIONS = range(1, 101)
CLAIM_DRAWS = 3


def exact_coverage() -> str:
    """Blaker's interval: simple random samples, then strata that answer equally well."""
    rows: list[tuple[object, ...]] = []
    for design in UNEQUAL:
        found = simple_random(design.sample, design.population)
        rows.append((design.label, "none", "–", *_coverage(found)))
    for design in EQUAL:
        for ratio in ODDS_RATIOS:
            found = stratified_blaker(design, ratio)
            rows.append((design.label, len(design.samples), f"{ratio:g}", *_coverage(found)))
    return _table(("answers", "strata", "odds ratio", "mean", "minimum"), rows)


def weighted_coverage() -> str:
    """Wilson and beta intervals of weighted shares, and Wilson on sizes that were not chosen."""
    rows = []
    for design in UNEQUAL:
        for ratio in ODDS_RATIOS:
            found = stratified_weighted(design, ratio)
            others = ["–"] * 3
            method = "beta_kish"
            if design.sample >= WILSON_FROM:
                method = "wilson_kish"
                kish = stratified_weighted(design, ratio, finite_kish)
                plain = stratified_weighted(design, ratio, finite_kish_by_response)
                others = [
                    _percent(kish.minimum),
                    _percent(plain.minimum),
                    _percent(found.width / kish.width - 1),
                ]
            rows.append((design.label, f"`{method}`", f"{ratio:g}", *_coverage(found), *others))
    heads = ("minimum on n_eff", "with 1 − n/N", "wider than on n_eff")
    return _table(("answers", "method", "odds ratio", "mean", "minimum", *heads), rows)


def chance_coverage() -> str:
    """The same when also the number of answers per stratum is chance."""
    rows = [
        (f"about {design.label}", f"{ratio:g}", *_coverage(chance_response(*case)))
        for number, design in enumerate(UNEQUAL)
        for ratio in ODDS_RATIOS
        for case in [(design, ratio, REPLICATIONS, SEED + number)]
    ]
    return _table(("answers", "odds ratio", "mean", "minimum"), rows)


def mean_coverage() -> str:
    """The t interval of means."""
    rows = [
        (
            design.label,
            *(_percent(means(design, score, REPLICATIONS, SEED)) for _, score in SCORES),
        )
        for design in UNEQUAL
    ]
    return _table(("answers", *(name for name, _ in SCORES)), rows)


def boschloo_rates() -> str:
    """Boschloo's test of two unweighted shares."""
    rows = [(f"{a} and {b}", *_worst(boschloo_errors(a, b), digits=2)) for a, b in BOSCHLOO_SIZES]
    return _table(("answers", "worst", "at a share of", "mean"), rows)


def score_rates() -> str:
    """The score test of two weighted shares, and the same test on Kish's size alone."""
    rows = []
    for a, b in SCORE_PAIRS:
        for ratio in ODDS_RATIOS:
            kish = score_errors(a, b, ratio, process_kish)
            found = _worst(score_errors(a, b, ratio))
            rows.append((f"{a.sample} and {b.sample}", f"{ratio:g}", *found, _percent(kish.rate)))
    heads = ("answers", "odds ratio", "worst", "at a share of", "mean", "worst on n_eff")
    return _table(heads, rows)


def score_powers() -> str:
    """What the score test finds where strata do not differ, and what it would on Kish's size."""
    rows = []
    for a, b in SCORE_PAIRS:
        for share_a, share_b in POWER_SHARES:
            found = score_power(a, b, share_a, share_b)
            kish = score_power(a, b, share_a, share_b, process_kish)
            rows.append(
                (
                    f"{a.sample} and {b.sample}",
                    f"{share_a:.0%} and {share_b:.0%}".replace("%", " %"),
                    _percent(found),
                    _percent(kish),
                )
            )
    return _table(("answers", "shares", "found", "found on n_eff"), rows)


def panel_rates() -> str:
    """The score test between two waves with organisations in common."""
    rows = []
    for size in PANEL_SIZES:
        found = [
            panel_errors(size, overlap, PERSISTENCE, REPLICATIONS, SEED) for overlap in OVERLAPS
        ]
        rows.append((size, *(f"{_percent(one.mean)} ({_percent(one.rate)})" for one in found)))
    return _table(("answers per wave", *(f"{overlap:.0%} in both" for overlap in OVERLAPS)), rows)


def mean_rates() -> str:
    """The t test of two weighted means."""
    rows = [
        (
            f"{a.sample} and {b.sample}",
            *(_percent(mean_errors((a, b), score, REPLICATIONS, SEED)) for _, score in SCORES),
        )
        for a, b in (*SCORE_PAIRS, (AGENCIES, CENTRAL))
    ]
    return _table(("answers", *(name for name, _ in SCORES)), rows)


def claim_power() -> str:
    """How often the claims planted in the example come out, and whether they do in the example."""
    words = {"supported": "yes", "not_shown": "–", "contradicted": "no"}
    found = example_verdicts()
    counts = {wave: power(wave, CLAIM_POPULATIONS, CLAIM_DRAWS) for wave in found}
    rows: list[tuple[object, ...]] = []
    for claim in Registries(SEEDS).claims:
        name = claim["claim_id"]
        shares = (counts[wave][name][SUPPORTED] / counts[wave][name].total() for wave in found)
        rows.append(
            (
                f"`{name}`",
                *(f"{share:.0%}".rstrip("%") for share in shares),
                *(words[found[wave][name]] for wave in found),
            )
        )
    return _table(("claim", *(f"power {wave}" for wave in found), *(f"{w}" for w in found)), rows)


# Enumerated: these hold to the last digit.
ENUMERATED: dict[str, Callable[[], str]] = {
    "coverage-exact": exact_coverage,
    "coverage-weighted": weighted_coverage,
    "errors-boschloo": boschloo_rates,
    "errors-score": score_rates,
    "power-score": score_powers,
}
# Simulated, with a fixed seed.
SIMULATED: dict[str, Callable[[], str]] = {
    "coverage-chance": chance_coverage,
    "coverage-means": mean_coverage,
    "errors-panel": panel_rates,
    "errors-means": mean_rates,
}


# Simulated, and slow: minutes rather than seconds.
SLOW: dict[str, Callable[[], str]] = {"claims-power": claim_power}


def _coverage(found: Coverage) -> tuple[str, str]:
    return _percent(found.mean), _percent(found.minimum)


def _worst(found: Worst, digits: int = 1) -> tuple[str, str, str]:
    return _percent(found.rate, digits), f"{found.share:.2f}", _percent(found.mean, digits)


def _percent(value: float, digits: int = 1) -> str:
    return f"{100 * value:.{digits}f}"


def _table(header: Sequence[object], rows: Sequence[Sequence[object]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)
