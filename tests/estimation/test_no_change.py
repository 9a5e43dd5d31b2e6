"""Where nothing changes, hardly a release says that something does.

One population is surveyed again and again: every two surveys in a row are a release of two waves
without any change. Adjusted by statsmodels, and not by the project's own SQL.
"""

from __future__ import annotations

import gc
from collections import defaultdict
from pathlib import Path

import duckdb
import pytest
from replicated_surveys import REPLICATES
from statsmodels.stats.multitest import multipletests

pytestmark = [pytest.mark.thorough, pytest.mark.xdist_group("coverage")]

LEVEL = 0.05


@pytest.fixture(scope="module")
def p_values(replicated_surveys: Path) -> dict[str, list[float]]:
    """The p-values of all changes from the survey before, by survey."""
    with duckdb.connect(str(replicated_surveys), read_only=True) as connection:
        rows = connection.execute(
            "select wave, p_value from core.fct_trends where p_value is not null order by all"
        ).fetchall()
    found: dict[str, list[float]] = defaultdict(list)
    for wave, p_value in rows:
        found[wave].append(p_value)
    return found


def test_a_release_declares_a_change_as_seldom_as_promised(p_values):
    assert len(p_values) == len(REPLICATES) - 1
    assert min(len(tests) for tests in p_values.values()) > 400
    gc.freeze()  # statsmodels collects garbage at every call
    declared = [
        wave
        for wave, tests in p_values.items()
        if multipletests(tests, alpha=LEVEL, method="fdr_bh")[0].any()
    ]
    gc.unfreeze()

    # Two of 39 are to be expected; seven or more would come about three times in a thousand.
    assert len(declared) <= 6, declared


def test_unadjusted_it_would_be_one_test_in_twenty(p_values):
    tests = [p_value for of_wave in p_values.values() for p_value in of_wave]
    share = sum(p_value <= LEVEL for p_value in tests) / len(tests)

    assert 0.02 < share < 0.06
