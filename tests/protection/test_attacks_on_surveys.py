"""The attacker over generated surveys at real sizes, safe ones and deliberately broken ones."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from functools import cache
from math import sqrt

import pytest
from generated_survey import SIZES, Survey, correct, generate, plan
from sample_sizes import chunks

from protection.attack.search import attack_block
from protection.audit.edition import AuditReport, audit
from protection.audit.printed import Printed
from protection.audit.revisions import EarlierEdition, protect_revision
from protection.audit.versions import Released
from protection.edition.cells import Count, CountKey, protect_counts
from protection.edition.edition import Edition, PublicShare, protect_edition
from protection.errors import ProtectionError, UnsafeReleaseError
from protection.ranges.rules import Shape

RULES = plan(small=True)
CHUNKS = chunks(200, everyday=20, size=20)
LAYERS = ("agencies", "judiciary", "other")


def interval(shape: Shape, low: Fraction, high: Fraction) -> tuple[float, float]:
    """A Wilson interval over the range, as the edition would show it."""

    def limit(share: float, sign: int) -> float:
        n, z = shape.smallest, 1.96
        middle = (share + z * z / (2 * n)) / (1 + z * z / n)
        half = z / (1 + z * z / n) * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
        return middle + sign * half

    return limit(float(low), -1), limit(float(high), 1)


@cache
def protected(seed: int, strata: int) -> tuple[Survey, Edition]:
    survey = generate(seed, strata=strata)
    return survey, protect_edition(survey.counts, RULES, survey.constants, interval)


def strata_of(seed: int) -> int:
    return 1 + seed % 2


def audited(survey: Survey, rows: tuple[PublicShare, ...], *printed: Printed) -> AuditReport:
    return audit([Released("first", rows, survey.constants, survey.bases, printed)], RULES)


def share(survey: Survey, group: str, indicator: str) -> tuple[int, int]:
    atoms = [atom.atom_id for atom in survey.constants.members(survey.wave, group)]
    found = [survey.counts.get((survey.wave, atom, indicator)) for atom in atoms]
    return (
        sum(each.counted for each in found if each),
        sum(each.answered for each in found if each),
    )


@pytest.mark.parametrize("seeds", CHUNKS)
def test_no_count_has_fewer_than_three_candidates(seeds: range) -> None:
    for seed in seeds:
        survey, edition = protected(seed, strata_of(seed))
        report = audited(survey, edition.rows)
        report.require_safe()
        assert report.n_counts > 50
        kinds = Counter(row.protection for row in edition.rows)
        assert kinds["band"] >= 15
        assert kinds["implied"] >= 10


@pytest.mark.parametrize("seeds", CHUNKS[:5])
def test_the_true_share_lies_in_every_range_shown(seeds: range) -> None:
    for seed in seeds:
        survey, edition = protected(seed, strata_of(seed))
        for row in edition.rows:
            if row.share_lower is None or row.share_upper is None:
                continue
            counted = weight = Fraction(0)
            for atom in survey.constants.members(row.wave, row.group_id):
                count = survey.counts.get((row.wave, atom.atom_id, row.indicator_id))
                if count is not None:
                    counted += atom.weight * count.counted
                    weight += atom.weight * count.answered
            assert row.share_lower <= 100 * counted / weight <= row.share_upper


@pytest.mark.parametrize("seeds", CHUNKS)
def test_equal_protected_cells_give_equal_rows(seeds: range) -> None:
    """For every survey a second one that differs inside the bands, and the same edition."""
    for seed in seeds:
        survey, edition = protected(seed, 1)
        for attempt in range(200):
            layer = LAYERS[attempt % 3]
            other = correct(survey, 1000 * seed + attempt, 1 + attempt % 2, layer)
            if other.counts != survey.counts and (
                protect_counts(other.counts, RULES, other.constants) == edition.cells
            ):
                break
        else:
            pytest.fail(f"no second survey inside the bands of survey {seed}")
        again = protect_edition(other.counts, RULES, other.constants, interval)
        assert repr(again.rows) == repr(edition.rows)


@pytest.mark.parametrize("seeds", CHUNKS)
def test_a_corrected_wave_gives_nothing_away(seeds: range) -> None:
    moved = held = 0
    for seed in seeds:
        survey, edition = protected(seed, 1)
        layer, changes = LAYERS[seed % 3], (1, 2, 3, 4, 6, 14)[seed % 6]
        later = correct(survey, seed, changes, layer)
        answered_otherwise = sum(
            old != new for old, new in zip(survey.responses, later.responses, strict=True)
        )
        changed = {("2021", f"layer.{layer}"): answered_otherwise}
        if layer == "agencies":
            for form in ("independent", "agency"):
                changed["2021", f"form.{form}"] = sum(
                    old != new and old.atom_id.endswith(form)
                    for old, new in zip(survey.responses, later.responses, strict=True)
                )
        earlier = EarlierEdition(edition, survey.bases)
        revised = protect_revision(
            later.counts, later.bases, RULES, later.constants, [earlier], changed, interval
        )
        own = [row for row in revised.edition.rows if row.group_id == f"layer.{layer}"]
        before = [row for row in edition.rows if row.group_id == f"layer.{layer}"]
        if answered_otherwise < 4:
            assert own == before
        if own == before:
            held += 1
        else:
            moved += 1
        report = audit(
            [
                Released("first", edition.rows, survey.constants, survey.bases),
                Released("second", revised.edition.rows, revised.edition.constants, revised.bases),
            ],
            RULES,
            {("second", *key): number for key, number in changed.items()},
        )
        report.require_safe()
    assert moved
    assert held


@pytest.mark.parametrize("seed", range(6))
def test_what_is_found_does_not_depend_on_where_the_search_begins(seed: int) -> None:
    survey, edition = protected(seed, strata_of(seed))
    broken = tuple(
        replace(row, band_lower=row.band_upper - 1)
        if row.band_upper is not None and row.group_id == "layer.agencies"
        else row
        for row in edition.rows
    )
    wrong = {key: Count(count.answered, count.answered) for key, count in survey.counts.items()}

    def found(rows: tuple[PublicShare, ...], counts: dict[CountKey, Count] | None) -> object:
        released = Released("first", rows, survey.constants, survey.bases)
        try:
            report = audit([released], RULES, counts=counts)
        except ProtectionError as error:
            return str(error)
        return sorted(finding.key for finding in report.findings), report.n_counts

    for rows in (edition.rows, broken):
        attack_block.cache_clear()
        alone = found(rows, None)
        for counts in (survey.counts, wrong):
            attack_block.cache_clear()
            assert found(rows, counts) == alone


@pytest.mark.parametrize("seeds", chunks(40, everyday=10, size=10))
def test_a_correction_of_one_response_published_at_once_is_caught(seeds: range) -> None:
    caught = 0
    for seed in seeds:
        survey, edition = protected(seed, 1)
        later = correct(survey, seed, 1, "agencies")
        fresh = protect_edition(later.counts, RULES, later.constants, interval)
        if fresh.rows == edition.rows:
            continue
        report = audit(
            [
                Released("first", edition.rows, survey.constants, survey.bases),
                Released("second", fresh.rows, later.constants, later.bases),
            ],
            RULES,
            {("second", "2021", "layer.agencies"): 1},
        )
        caught += 1
        assert not report.is_safe
    assert caught >= 3


@pytest.mark.parametrize("seeds", CHUNKS)
def test_an_unrounded_standard_error_is_caught_every_time(seeds: range) -> None:
    for seed in seeds:
        survey, edition = protected(seed, 1)
        counted, base = share(survey, "layer.agencies", "learns")
        if not any(
            (row.group_id, row.indicator_id) == ("layer.agencies", "learns")
            and row.protection == "band"
            for row in edition.rows
        ):
            continue
        p = counted / base
        printed = Printed(
            "2021",
            "layer.agencies",
            "learns",
            "standard error",
            round(sqrt(p * (1 - p) / (base - 1)), 6),
            5e-7,
            lambda k, n, _: sqrt((sum(k) / sum(n)) * (1 - sum(k) / sum(n)) / (sum(n) - 1)),
        )
        assert not audited(survey, edition.rows, printed).is_safe


@pytest.mark.parametrize("seeds", CHUNKS)
def test_a_band_cut_in_half_is_caught_every_time(seeds: range) -> None:
    for seed in seeds:
        survey, edition = protected(seed, 1)
        broken = []
        for row in edition.rows:
            narrow = (row.group_id, row.indicator_id) == ("layer.agencies", "learns")
            if narrow and row.band_lower is not None and row.band_upper is not None:
                counted, base = share(survey, row.group_id, row.indicator_id)
                middle = row.band_lower + (row.band_upper - row.band_lower) // 2
                below = 100 * counted < middle * base
                row = replace(row, band_upper=middle) if below else replace(row, band_lower=middle)
                broken.append(row)
            else:
                broken.append(row)
        if tuple(broken) == edition.rows:
            continue
        assert not audited(survey, tuple(broken)).is_safe


@pytest.mark.parametrize("seeds", CHUNKS)
def test_a_fine_total_beside_the_groups_is_caught_every_time(seeds: range) -> None:
    for seed in seeds:
        drawn = generate(seed, strata=1)
        census = {f"{layer}/0": SIZES[f"layer.{layer}"] for layer in LAYERS}
        survey = replace(drawn, populations=census)
        edition = protect_edition(survey.counts, RULES, survey.constants)
        counted, base = share(survey, "layer.central", "learns")
        points = min(99, 100 * counted // base)
        total = next(
            row
            for row in edition.rows
            if (row.group_id, row.indicator_id) == ("layer.central", "learns")
        )
        fine = replace(
            total,
            protection="band",
            band_lower=points,
            band_upper=points + 1,
            smallest_base=1,
        )
        rows = tuple(fine if row is total else row for row in edition.rows)
        assert not audited(survey, rows).is_safe


def test_an_unsafe_release_stops_and_names_the_count() -> None:
    survey, edition = protected(1, 1)
    counted, base = share(survey, "layer.judiciary", "learns")
    low = min(99, 100 * counted // base)
    rows = tuple(
        replace(row, band_lower=low, band_upper=low + 1)
        if (row.group_id, row.indicator_id) == ("layer.judiciary", "learns")
        else row
        for row in edition.rows
    )
    with pytest.raises(UnsafeReleaseError, match=r"layer\.judiciary learns: 1 possible value"):
        audited(survey, rows).require_safe()
