"""The example survey, after one refresh, against what the generator planted."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from examples.generate import ANSWER_KEY

CENTRAL = ("uitvoeringsorganisaties", "rechtswezen", "overig_rijk")


@pytest.fixture(scope="module")
def warehouse(example_warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(example_warehouse), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def expected() -> dict[str, Any]:
    return json.loads((ANSWER_KEY / "expected.json").read_text(encoding="utf-8"))["waves"]


def test_the_first_wave_has_the_responses_of_the_real_one(warehouse) -> None:
    rows = warehouse.execute(
        """
        select group_id, n_responses from core.fct_response_rates
        where wave = '2021' and group_id in ('overheid', 'rijk', ?, ?, ?)
        """,
        CENTRAL,
    ).fetchall()
    assert dict(rows) == {
        "overheid": 366,
        "rijk": 126,
        "uitvoeringsorganisaties": 63,
        "rechtswezen": 14,
        "overig_rijk": 49,
    }


def test_every_excluded_response_is_the_planted_one(warehouse, expected) -> None:
    rows = warehouse.execute(
        """
        select excluded.wave, excluded.exclusion_reason, submissions.response_id
        from cleaned.cln_excluded_responses as excluded
        inner join staging.stg_submissions as submissions using (response_key)
        """
    ).fetchall()
    planted = {
        (wave, reason, response)
        for wave, part in expected.items()
        for reason, found in part["excluded"].items()
        for response in found["response_ids"]
    }
    assert planted
    assert set(rows) == planted


def test_every_rejected_answer_is_the_planted_one(warehouse, expected) -> None:
    rows = warehouse.execute(
        """
        select rejected.wave, submissions.response_id, rejected.question_id,
               rejected.rejection_reason
        from cleaned.cln_rejected_answers as rejected
        inner join staging.stg_submissions as submissions using (response_key)
        """
    ).fetchall()
    planted = [
        (wave, answer["response_id"], answer["question_id"], answer["reason"])
        for wave, part in expected.items()
        for answer in part["rejected"]
    ]
    assert planted
    assert Counter(rows) == Counter(planted)


def test_a_merged_organisation_counts_for_its_successor(warehouse, expected) -> None:
    rows = warehouse.execute(
        """
        select responses.wave, submissions.response_id, responses.organisation_key
        from cleaned.cln_responses as responses
        inner join staging.stg_submissions as submissions using (response_key)
        where responses.is_successor
        """
    ).fetchall()
    planted = {
        (wave, answer["response_id"], answer["organisation_key"])
        for wave, part in expected.items()
        for answer in part["answered_under_old_key"]
    }
    assert planted
    assert set(rows) == planted


def test_the_late_correction_replaced_the_first_delivery(warehouse) -> None:
    rows = warehouse.execute(
        """
        select file_name, superseded_by is null from raw.exports
        where wave = '2021' and kind = 'export'
        """
    ).fetchall()
    assert dict(rows) == {
        "IBO2021_synthetic_export_v1.csv": False,
        "IBO2021_synthetic_export_v2.csv": True,
    }


def test_weighted_intervals_contain_the_planted_truth(warehouse) -> None:
    """A single draw of three waves; the many-draws test is in tests/estimation.

    The answer key has no crossed groups; that test has them.
    """
    with (ANSWER_KEY / "truth.csv").open(encoding="utf-8") as file:
        truth = {
            (row["wave"], row["classification_id"], row["group_id"], row["indicator_id"]): row
            for row in csv.DictReader(file)
        }
    figures = warehouse.execute(
        """
        select wave, classification_id, group_id, indicator_id, estimate_lower, estimate_upper
        from core.fct_estimates
        inner join core.dim_organisation_groups using (classification_id, group_id)
        where suppression_status = 'published' and estimate_lower is not null
            and divided_group_id is null
        """
    ).fetchall()
    assert len(figures) > 3000
    hits = [
        lower - 1e-6 <= float(truth[tuple(key)]["true_value"]) <= upper + 1e-6
        for *key, lower, upper in figures
    ]
    assert 0.93 <= sum(hits) / len(hits) <= 0.98
