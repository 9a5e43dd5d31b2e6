"""No release of data that no check has seen."""

from __future__ import annotations

import pytest

from barometer.settings import load_settings
from orchestration.marks import NotCheckedError, mark_checked, require_marks, withdraw_marks


@pytest.fixture
def settings(tmp_path):
    return load_settings("ibo", home=tmp_path)


def check_all(settings):
    for layer in ("raw", "cleaned", "marts"):
        mark_checked(settings, layer)


def test_nothing_is_checked_at_first(settings):
    with pytest.raises(NotCheckedError, match="raw, cleaned, marts"):
        require_marks(settings)


def test_three_checked_layers_may_be_released(settings):
    check_all(settings)

    require_marks(settings)


@pytest.mark.parametrize(
    ("written", "missing"),
    [("raw", "raw, cleaned, marts"), ("cleaned", "cleaned, marts"), ("marts", "marts")],
)
def test_writing_a_layer_withdraws_its_mark_and_those_after_it(settings, written, missing):
    check_all(settings)
    withdraw_marks(settings, written)

    with pytest.raises(NotCheckedError, match=f": {missing}\\."):
        require_marks(settings)


def test_a_run_that_overtakes_another_keeps_it_from_publishing(settings):
    mark_checked(settings, "raw")
    withdraw_marks(settings, "raw")  # the other run lands something new
    mark_checked(settings, "cleaned")
    mark_checked(settings, "marts")

    with pytest.raises(NotCheckedError, match=": raw"):
        require_marks(settings)
