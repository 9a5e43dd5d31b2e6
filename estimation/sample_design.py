"""Which sample designs the estimates know: what is another one stops the build."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from estimation.errors import EstimationError

Row = Mapping[str, Any]

SINGLE_PRECISION: Final = 1e-6
"""Weights that agree to this, relative to their size, were computed from the same counts."""

MOST_ROUNDED: Final = 0.005
"""However a weight was rounded, it is no further off than this, relative to its size."""

OTHER_POPULATION: Final = 2.0
"""Delivered weights add up to the population within this factor, or they are of another one."""


class SampleDesignError(EstimationError):
    """A wave was sampled or weighted in a way that its figures would not be right for."""


def require_weights(responses: Sequence[Row]) -> None:
    """Hold the weights of the export against those of the design, or against what a weight is.

    Args:
        responses: the kept responses of waves that have a column with role `weight`: `wave`,
            `row_number` of the export, `stratum_id`, `weight_source`, `delivered_weight` (None
            where there is no number), `stratum_weight` and `population_count`.

    Raises:
        SampleDesignError: a wave has a weight that is none, or that is not the one computed where
            `weight_sources` does not say that weights are delivered.
    """
    for wave, rows in _by_wave(responses):
        _require_a_weight(wave, rows)
        if rows[0]["weight_source"] == "delivered":
            _require_of_population(wave, rows)
        else:
            _require_computed(wave, rows)


def require_clusters(
    organisations: Sequence[Row], strata: Sequence[Row], kinds: Mapping[str, str]
) -> None:
    """Require that every organisation is in a cluster, and every cluster in one stratum.

    Args:
        organisations: those of waves with clusters: `wave`, `row_number` of the file that lists it,
            `stratum_id` and `cluster_id`.
        strata: their strata: `wave`, `stratum_id`, `cluster_count`, `sampled_cluster_count`.
        kinds: per wave the kind of file that has the clusters.

    Raises:
        SampleDesignError: of the first wave where that is not so.
    """
    for wave, rows in _by_wave(organisations):
        place = f"{kinds[wave]} of wave '{wave}', column with role cluster"
        blank = [row for row in rows if row["cluster_id"] is None]
        if blank:
            raise SampleDesignError(
                f"{len(blank)} organisation(s) of wave '{wave}' have no cluster, the first in data "
                f"row {_first(blank)}.",
                where=place,
                expected="the cluster of every organisation",
                remedy="Complete the file; or, if no clusters were drawn, give the column the role "
                "ignore in columns.csv.",
            )
        strata_of: dict[str, dict[str, int]] = defaultdict(dict)
        for row in sorted(rows, key=_row_number):
            strata_of[row["cluster_id"]].setdefault(row["stratum_id"], row["row_number"])
        divided = [(name, found) for name, found in strata_of.items() if len(found) > 1]
        if divided:
            name, found = divided[0]
            lies_in = " and ".join(f"'{one}' (data row {at})" for one, at in found.items())
            raise SampleDesignError(
                f"{len(divided)} cluster(s) of wave '{wave}' lie in more than one stratum: "
                f"'{name}' in {lies_in}.",
                where=place,
                expected="clusters that were drawn within strata",
                remedy="Name in strata_design.csv the classification that clusters were drawn "
                "by, or correct the file.",
            )
    for row in strata:
        if row["sampled_cluster_count"] > (row["cluster_count"] or 0):
            raise SampleDesignError(
                f"Stratum '{row['stratum_id']}' of wave '{row['wave']}' has responses of "
                f"{row['sampled_cluster_count']} clusters, and {row['cluster_count'] or 0} in all.",
                where=f"cluster_counts.csv, wave '{row['wave']}', stratum '{row['stratum_id']}'",
                expected="no more clusters in the sample than there are",
                remedy="Correct the number of clusters, or the column with role cluster.",
            )


def _require_a_weight(wave: str, rows: Sequence[Row]) -> None:
    def is_none(row: Row) -> bool:
        weight = row["delivered_weight"]
        return weight is None or not math.isfinite(weight) or weight <= 0

    _refuse(
        wave,
        [row for row in rows if is_none(row)],
        lambda row: "has no weight" if row["delivered_weight"] is None else f"has {_shown(row)}",
        "have a delivered weight that is no number above nought",
        "a number above nought for every response that counts",
    )


def _require_of_population(wave: str, rows: Sequence[Row]) -> None:
    _refuse(
        wave,
        [row for row in rows if row["delivered_weight"] < 1 - SINGLE_PRECISION],
        lambda row: f"has {_shown(row)}",
        "have a delivered weight below 1",
        "how many organisations a response stands for: itself at least. Weights that are 1 on "
        "average are to be multiplied by organisations over responses",
    )
    total = sum(row["delivered_weight"] for row in rows)
    population = sum({row["stratum_id"]: row["population_count"] for row in rows}.values())
    if not population / OTHER_POPULATION <= total <= population * OTHER_POPULATION:
        raise SampleDesignError(
            f"The delivered weights of wave '{wave}' add up to {total:.1f}, and its strata hold "
            f"{population} organisations.",
            where=f"export of wave '{wave}', column with role weight",
            expected="weights that add up to about as many organisations as there are",
            remedy="Deliver weights that say how many organisations a response stands for, correct "
            "the frame or strata.csv, or set weight_source to design in weight_sources.csv.",
        )


def _require_computed(wave: str, rows: Sequence[Row]) -> None:
    def differs(row: Row) -> bool:
        delivered, computed = row["delivered_weight"], row["stratum_weight"]
        rounded = min(half_unit(delivered), MOST_ROUNDED * computed)
        return bool(abs(delivered - computed) > max(SINGLE_PRECISION * computed, rounded))

    _refuse(
        wave,
        [row for row in rows if differs(row)],
        lambda row: f"has {_shown(row)}, computed is {row['stratum_weight']:.6g}",
        "have a delivered weight that is not organisations over responses of their stratum",
        "the weight that the design gives",
        "Declare the weights as delivered in weight_sources.csv, correct strata_design.csv, or "
        "give the column the role ignore in columns.csv.",
    )


def half_unit(number: float) -> float:
    """Return half a unit of the last decimal in which a number is written."""
    digits = repr(float(number))
    if "e" in digits:
        return 0.0
    decimals = digits.partition(".")[2].rstrip("0")
    return 0.5 * 10.0 ** -len(decimals)


def _refuse(
    wave: str,
    wrong: Sequence[Row],
    says: Callable[[Row], str],
    what: str,
    expected: str,
    remedy: str = "Correct the file, or give the column the role ignore in columns.csv.",
) -> None:
    if wrong:
        first = min(wrong, key=_row_number)
        raise SampleDesignError(
            f"{len(wrong)} response(s) of wave '{wave}' {what}: data row {first['row_number']} "
            f"{says(first)}.",
            where=f"export of wave '{wave}', column with role weight",
            expected=expected,
            remedy=remedy,
        )


def _by_wave(rows: Sequence[Row]) -> Iterator[tuple[str, list[Row]]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["wave"]].append(row)
    yield from sorted(found.items())


def _first(rows: Sequence[Row]) -> int:
    return int(_row_number(min(rows, key=_row_number)))


def _row_number(row: Row) -> int:
    return int(row["row_number"])


def _shown(row: Row) -> str:
    return f"{row['delivered_weight']:.12g}"
