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
    ALL_OTHERS,
    CENTRAL,
    COURTS,
    EQUAL,
    ODDS_RATIOS,
    OTHERS,
    PROVINCES,
    UNEQUAL,
    finite_kish,
    finite_kish_by_response,
)
from simulations.false_alarms import (
    FAMILIES,
    Worst,
    boschloo_errors,
    false_discoveries,
    mean_errors,
    panel_errors,
    share_errors,
    share_power,
)

REPLICATIONS = 10_000
SEED = 20_250_101

SCORES = (
    ("climate score", values.climate),
    ("one item, 1–5", values.single_item),
    ("number of types", values.types_introduced),
)
BOSCHLOO_SIZES = ((14, 49), (14, 63), (49, 63), (14, 112), (63, 63))
SHARE_PAIRS = (
    (PROVINCES, ALL_OTHERS),
    (COURTS, ALL_OTHERS),
    (OTHERS, ALL_OTHERS),
    (COURTS, OTHERS),
    (COURTS, AGENCIES),
    (OTHERS, AGENCIES),
)
MEAN_PAIRS = (
    (OTHERS, AGENCIES),
    (AGENCIES, CENTRAL),
    (OTHERS, ALL_OTHERS),
    (AGENCIES, ALL_OTHERS),
)
# The thresholds of large families are rare events.
FAMILY_REPLICATIONS = 100_000
TREND_SIZES = (49, 126, 366)
CHANGING = (0.0, 0.1, 0.3)
TREND_OVERLAP = 0.4
TREND_QUESTIONS = 90
RELEASES = 2_000
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


def share_rates() -> str:
    """The exact test of two weighted shares, in families of one, twelve and twenty-four."""
    rows = []
    for a, b in SHARE_PAIRS:
        for ratio in ODDS_RATIOS:
            found = share_errors(a, b, ratio)
            rows.append(
                (
                    f"{a.sample} and {b.sample}",
                    f"{ratio:g}",
                    *(f"{_percent(one.mean)} ({_percent(one.rate)})" for one in found),
                )
            )
    return _table(("answers", "odds ratio", *_of_families()), rows)


def share_powers() -> str:
    """What the exact test finds where strata do not differ."""
    rows = [
        (
            f"{a.sample} and {b.sample}",
            *(_percent(share_power(a, b, *shares)) for shares in POWER_SHARES),
        )
        for a, b in SHARE_PAIRS
    ]
    heads = (f"{a:.0%} and {b:.0%}".replace("%", " %") for a, b in POWER_SHARES)
    return _table(("answers", *heads), rows)


def _of_families() -> list[str]:
    return ["one test" if tests == 1 else f"any of {tests}" for tests in FAMILIES]


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
    """The t test of two weighted means, in families of one, twelve and twenty-four."""
    rows = [
        (
            f"{a.sample} and {b.sample}",
            name,
            *(_percent(rate) for rate in mean_errors((a, b), score, FAMILY_REPLICATIONS, SEED)),
        )
        for a, b in MEAN_PAIRS
        for name, score in SCORES
    ]
    return _table(("answers", "answers to", *_of_families()), rows)


def trend_discoveries() -> str:
    """False discovery rate and power of the trends of a release."""
    rows = []
    for size in TREND_SIZES:
        found = [
            false_discoveries(size, part, TREND_OVERLAP, TREND_QUESTIONS, RELEASES, SEED)
            for part in CHANGING
        ]
        cells = [f"{_percent(false)} ({_percent(power, 0)})" for false, power in found[1:]]
        rows.append((size, _percent(found[0][0]), *cells))
    heads = (f"{part:.0%} change".replace("%", " %") for part in CHANGING[1:])
    return _table(("answers per wave", "nothing changes", *heads), rows)


def claim_power() -> str:
    """How often the claims planted in the example come out, and whether they do in the example."""
    words = {"supported": "yes", "not_shown": "–", "contradicted": "no", "not_tested": "not tested"}
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
}
# Simulated, with a fixed seed.
SIMULATED: dict[str, Callable[[], str]] = {
    "coverage-chance": chance_coverage,
    "coverage-means": mean_coverage,
    "errors-panel": panel_rates,
    "errors-means": mean_rates,
    "discoveries-trends": trend_discoveries,
}


# Simulated, and slow: minutes rather than seconds.
SLOW: dict[str, Callable[[], str]] = {
    "errors-shares": share_rates,
    "power-shares": share_powers,
    "claims-power": claim_power,
}


def _coverage(found: Coverage) -> tuple[str, str]:
    return _percent(found.mean), _percent(found.minimum)


def _worst(found: Worst, digits: int = 1) -> tuple[str, str, str]:
    return _percent(found.rate, digits), f"{found.share:.2f}", _percent(found.mean, digits)


def _percent(value: float, digits: int = 1) -> str:
    return f"{100 * value:.{digits}f}"


def _table(header: Sequence[object], rows: Sequence[Sequence[object]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)
