from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from barometer.settings import Settings
from landing.deliveries import find_deliveries, natural_key
from landing.findings.errors import LandingError
from registry import Registry


def test_files_are_matched_whatever_their_case_and_the_rest_is_reported(
    settings: Settings, registry: Registry, deliver: Callable[..., Path]
) -> None:
    for name in ("TOY2023_Export.CSV", "toy2022.csv", "notes.txt", ".DS_Store", "~$toy2022.xlsx"):
        deliver(name)
    (settings.inbox / "toy2022_older").mkdir()

    listing = find_deliveries(settings.inbox, registry)

    assert [(f.path.name, f.delivery.wave) for f in listing.files] == [
        ("toy2022.csv", "2022"),
        ("TOY2023_Export.CSV", "2023"),
    ]
    assert [path.name for path in listing.unrecognised] == ["notes.txt"]


def test_versions_are_in_natural_order(
    settings: Settings, registry: Registry, deliver: Callable[..., Path]
) -> None:
    for version in (10, 2, 1):
        deliver(f"toy2022_v{version}.csv")

    names = [file.path.name for file in find_deliveries(settings.inbox, registry).files]

    assert names == ["toy2022_v1.csv", "toy2022_v2.csv", "toy2022_v10.csv"]


def test_natural_order_compares_digits_with_letters() -> None:
    assert sorted(["b", "2", "a1", "a"], key=natural_key) == ["2", "a", "a1", "b"]


def test_a_file_of_two_deliveries_is_refused(
    settings: Settings, registry: Registry, deliver: Callable[..., Path]
) -> None:
    wide = replace(registry.deliveries[0], wave="2023", part="other", file_pattern="toy*", row=9)
    deliver("toy2022.csv")

    with pytest.raises(LandingError, match="more than one delivery") as caught:
        find_deliveries(settings.inbox, replace(registry, deliveries=(*registry.deliveries, wide)))

    assert "toy2022.csv" in str(caught.value)
    assert "rows 2, 9" in str(caught.value)


def test_a_missing_inbox_is_an_error(tmp_path: Path, registry: Registry) -> None:
    with pytest.raises(LandingError, match="The inbox is not there") as caught:
        find_deliveries(tmp_path / "gone", registry)

    assert caught.value.where.endswith("gone")


def test_an_inbox_without_deliveries_is_an_error_that_names_the_patterns(
    settings: Settings, registry: Registry, deliver: Callable[..., Path]
) -> None:
    deliver("notes.txt")

    with pytest.raises(LandingError, match=r"holds notes\.txt") as caught:
        find_deliveries(settings.inbox, registry)

    assert "toy2023_export*" in caught.value.expected
