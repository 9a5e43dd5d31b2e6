"""The unit tests of the models. They are about the code alone, so no refresh runs them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from barometer.settings import PROJECT_ROOT, load_settings

# dbt reads the columns of what a model rests on from a built warehouse.
pytestmark = pytest.mark.xdist_group("example_refresh")


def test_every_model_does_what_its_unit_tests_say(example_warehouse: Path, tmp_path: Path) -> None:
    settings = load_settings("ibo", home=tmp_path)
    settings.warehouse.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(example_warehouse, settings.warehouse)

    run = subprocess.run(
        [sys.executable, "-m", "dbt.cli.main", "test", "--select", "test_type:unit"],
        cwd=PROJECT_ROOT,
        env=os.environ | settings.dbt_environment(),
        capture_output=True,
        text=True,
        check=False,
    )

    results = json.loads((settings.dbt_target / "run_results.json").read_text(encoding="utf-8"))
    outcomes = {
        result["unique_id"]: result["status"]
        for result in results["results"]
        if result["unique_id"].startswith("unit_test.")
    }
    failed = [test for test, outcome in outcomes.items() if outcome != "pass"]
    assert run.returncode == 0, run.stdout
    assert not failed
    assert len(outcomes) > 30
