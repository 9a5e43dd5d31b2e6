"""What a reader of the public edition gets of the internal one, and what an attacker is left with.

Read from the two releases as they stand, so that it measures what was printed, not what was meant.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from publication.tables import literal

SIZES = (10, 30, 100)
"""Smallest bases of the groups whose ranges are measured apart."""
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Use:
    """Use and risk of one public release.

    Attributes:
        internal: figures of the internal edition on at least ten answers.
        public: those of them that have a range or an amount in the public one.
        widths: per smallest base the median width of the ranges of shares, in percentage points;
            None where there are none.
        claims: claims with a verdict in the internal edition.
        claims_read: those of them whose verdict the public edition prints.
        outside: ranges that do not hold the internal figure.
        outside_own_base: those of them that are said to be on the base of their own question.
        fewest_counts: the fewest counts that any range of its own leaves possible.
    """

    internal: int
    public: int
    widths: tuple[tuple[int, float | None], ...]
    claims: int
    claims_read: int
    outside: int
    outside_own_base: int
    fewest_counts: int | None

    def lines(self) -> Iterator[str]:
        """Yield it in words."""
        part = self.public / self.internal if self.internal else 0.0
        yield (
            f"{self.public:,} of {self.internal:,} internal figures on {SIZES[0]} answers or more"
            f" ({part:.0%}), {self.claims_read} of {self.claims} verdicts on claims"
        )
        widths = ", ".join(
            f"{round(width, 1):g} from {size} answers"
            for size, width in self.widths
            if width is not None
        )
        yield f"median width of a share in points: {widths or 'no share has a range'}"
        fewest = "none is printed" if self.fewest_counts is None else str(self.fewest_counts)
        yield (
            f"fewest counts that a range leaves: {fewest}; ranges that do not hold the internal"
            f" figure: {self.outside}, on the same base {self.outside_own_base}"
        )


def use_of(internal: Path, public: Path) -> Use:
    """Return the use and risk of a public release, held against the internal one beside it.

    Args:
        internal: database file of the internal release.
        public: database file of the public release.
    """
    with duckdb.connect(config={"threads": 1}) as connection:
        for name, path in (("internal", internal), ("public_edition", public)):
            connection.execute(f"attach {literal(str(path))} as {name} (read_only)")
        connection.execute(
            "create temp view figures as select i.kind, i.n_answered,"
            " i.estimate as figure, p.range_lower, p.range_upper, p.possible_counts,"
            " p.protection_base"
            " from internal.core.mart_estimates as i"
            " left join public_edition.core.mart_estimates as p"
            " using (wave, classification_id, group_id, indicator_id)"
            f" where i.suppression_status = 'published' and i.n_answered >= {SIZES[0]}"
        )
        is_outside = f"figure < range_lower - {_ROUNDING} or figure > range_upper + {_ROUNDING}"
        counted = connection.execute(
            "select count(*), count(range_lower),"
            f" count(*) filter (where {is_outside}),"
            f" count(*) filter (where ({is_outside}) and protection_base = 'own_question'),"
            " min(possible_counts) from figures"
        ).fetchone()
        claims = connection.execute(
            "select count(*), count(*) filter (where p.verdict in ('supported', 'contradicted'))"
            " from internal.core.mart_claims as i"
            " left join public_edition.core.mart_claims as p using (wave, claim_id)"
            " where i.verdict in ('supported', 'contradicted')"
        ).fetchone()
        assert counted is not None
        assert claims is not None
        widths = tuple((size, _width(connection, size, larger)) for size, larger in _classes())
    return Use(counted[0], counted[1], widths, *claims, *counted[2:])


def _classes() -> Iterator[tuple[int, int | None]]:
    yield from zip(SIZES, (*SIZES[1:], None), strict=True)


def _width(connection: duckdb.DuckDBPyConnection, size: int, larger: int | None) -> float | None:
    below = "" if larger is None else f" and n_answered < {larger}"
    row = connection.execute(
        "select 100 * median(range_upper - range_lower) from figures"
        f" where kind = 'share' and n_answered >= {size}{below}"
    ).fetchone()
    return row[0] if row else None
