"""DuckDB takes no more memory than it is given, and is given no more than there is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from barometer import memory
from barometer.environment import MEMORY_LIMIT
from barometer.errors import UsageError
from barometer.memory import available_memory, memory_limit
from barometer.settings import load_settings
from landing.storage.warehouse import open_warehouse

MACHINE = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def cgroups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own: str, **limits: str) -> None:
    (tmp_path / "own").write_text(own)
    for name, limit in limits.items():
        file = tmp_path / "groups" / name.replace("__", "/").replace("_max", ".max")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{limit}\n")
    monkeypatch.setattr(memory, "_OWN_CGROUPS", tmp_path / "own")
    monkeypatch.setattr(memory, "_CGROUPS", tmp_path / "groups")


@pytest.mark.parametrize("text", ["lots", "4", "-1GB", "80%", "0GB", "499MB", "4 GB 2", "nan GB"])
def test_a_limit_that_is_none_is_refused_by_name(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(MEMORY_LIMIT.name, text)
    with pytest.raises(UsageError, match=MEMORY_LIMIT.name) as caught:
        load_settings("ibo")
    assert caught.value.expected
    assert caught.value.remedy


@pytest.mark.parametrize("text", ["4GB", "500MB", "2.5 GiB", "1tb", "1048576KiB"])
def test_a_limit_reaches_dbt_and_the_build_file_as_it_was_set(
    text: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(MEMORY_LIMIT.name, text)
    settings = load_settings("ibo", home=tmp_path)
    assert settings.dbt_environment()[MEMORY_LIMIT.name] == text
    with open_warehouse(settings.warehouse) as connection:
        limit, spill = connection.execute(
            "select current_setting('memory_limit'), current_setting('temp_directory')"
        ).fetchall()[0]
        connection.execute(f"set memory_limit = '{text}'")
        ((expected,),) = connection.execute("select current_setting('memory_limit')").fetchall()
    assert limit == expected
    assert Path(spill).is_relative_to(settings.home)


def test_without_a_limit_half_of_the_memory_is_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv(MEMORY_LIMIT.name, raising=False)
    cgroups(tmp_path, monkeypatch, "0::/\n")
    assert memory_limit() == f"{MACHINE // 2 // 1_000_000}MB"


def test_a_container_counts_its_own_memory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    cgroups(tmp_path, monkeypatch, "0::/host/only\n", memory_max=str(2 * 10**9))
    assert available_memory() == 2 * 10**9


def test_the_tightest_of_nested_groups_counts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    cgroups(
        tmp_path,
        monkeypatch,
        "0::/outer/inner\n",
        outer__memory_max=str(10**9),
        outer__inner__memory_max="max",
    )
    assert available_memory() == 10**9


def test_the_first_version_of_cgroups_is_read_too(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    cgroups(
        tmp_path,
        monkeypatch,
        "4:cpu,memory:/service\n1:name=systemd:/\n",
        **{"memory__service__memory.limit_in_bytes": str(3 * 10**9)},
    )
    assert available_memory() == 3 * 10**9


def test_a_small_machine_still_gets_the_smallest_limit(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv(MEMORY_LIMIT.name, raising=False)
    cgroups(tmp_path, monkeypatch, "0::/\n", memory_max=str(6 * 10**8))
    assert memory_limit() == "500MB"
