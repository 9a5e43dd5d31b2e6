"""No release of data that no check has seen."""

from __future__ import annotations

import pytest

from barometer.settings import load_settings
from orchestration.state.checked_layers import (
    NotCheckedError,
    forget_checked,
    mark_checked,
    require_checked,
)


@pytest.fixture
def settings(tmp_path):
    return load_settings("ibo", home=tmp_path)


def check_all(settings):
    for layer in ("raw", "cleaned", "marts"):
        mark_checked(settings, layer)


def test_nothing_is_checked_at_first(settings):
    with pytest.raises(NotCheckedError, match="raw, cleaned, marts"):
        require_checked(settings)


def test_three_checked_layers_may_be_released(settings):
    check_all(settings)

    require_checked(settings)


@pytest.mark.parametrize(
    ("written", "missing"),
    [("raw", "raw, cleaned, marts"), ("cleaned", "cleaned, marts"), ("marts", "marts")],
)
def test_writing_a_layer_withdraws_its_mark_and_those_after_it(settings, written, missing):
    check_all(settings)
    forget_checked(settings, written)

    with pytest.raises(NotCheckedError, match=f": {missing}\\."):
        require_checked(settings)


def test_a_run_that_overtakes_another_keeps_it_from_publishing(settings):
    mark_checked(settings, "raw")
    forget_checked(settings, "raw")  # the other run lands something new
    mark_checked(settings, "cleaned")
    mark_checked(settings, "marts")

    with pytest.raises(NotCheckedError, match=": raw"):
        require_checked(settings)
