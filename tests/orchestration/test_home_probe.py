"""A home in which no release could be made is told of before anything is landed."""

from __future__ import annotations

import errno
import os
import shutil
import stat
from collections import namedtuple
from pathlib import Path

import pytest

from barometer import home_probe
from barometer.errors import DiskFullError, NotAccessibleError
from barometer.home_probe import UnsuitableHomeError, probe_home
from barometer.settings import Settings, load_settings
from orchestration.flow import steps

REFUSED = {
    "fsync": "make files durable (fsync)",
    "replace": "in the place of another (rename)",
    "symlink": "make links (symlink)",
}
Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings("ibo", home=tmp_path / "home")


def refuse(reason: int):
    def fail(*_: object, **__: object) -> None:
        raise OSError(reason, os.strerror(reason))

    return fail


def probed(settings: Settings) -> None:
    probe_home(settings.home, settings.warehouse)


def test_a_local_disk_will_do_and_keeps_nothing(settings) -> None:
    settings.home.mkdir(parents=True)
    (settings.home / f"{home_probe.PROBE}killed").mkdir()

    probed(settings)

    assert list(settings.home.iterdir()) == []


@pytest.mark.parametrize("call", REFUSED)
def test_what_the_file_system_refuses_is_told_before_landing(settings, monkeypatch, call) -> None:
    registry = steps.read_registry(settings)
    monkeypatch.setattr(os, call, refuse(errno.EOPNOTSUPP))

    with pytest.raises(UnsuitableHomeError) as told:
        steps.land_inbox(settings, registry)

    assert REFUSED[call] in told.value.what
    assert os.strerror(errno.EOPNOTSUPP) in told.value.what
    assert "nothing was landed" in told.value.remedy
    assert list(settings.home.iterdir()) == []


def test_rights_that_are_taken_and_not_kept_are_told(settings, monkeypatch) -> None:
    monkeypatch.setattr(Path, "chmod", lambda *_: None)

    with pytest.raises(UnsuitableHomeError, match="rights do not hold"):
        probed(settings)


def test_too_little_room_is_told_with_the_size_of_the_warehouse_counted(
    settings, monkeypatch
) -> None:
    settings.home.mkdir(parents=True)
    settings.warehouse.write_bytes(b"x" * 2_000_000)
    for free, fits in ((101_000_000, False), (103_000_000, True)):
        usage = Usage(10**9, 10**9 - free, free)
        monkeypatch.setattr(shutil, "disk_usage", lambda _, usage=usage: usage)
        if fits:
            probed(settings)
        else:
            with pytest.raises(UnsuitableHomeError, match=r"101 MB(.|\n)*at least 102 MB"):
                probed(settings)


@pytest.mark.parametrize(
    ("reason", "error"), [(errno.ENOSPC, DiskFullError), (errno.EACCES, NotAccessibleError)]
)
def test_a_home_that_takes_nothing_is_told_as_such(settings, monkeypatch, reason, error) -> None:
    settings.home.mkdir(parents=True)
    monkeypatch.setattr("tempfile.mkdtemp", refuse(reason))

    with pytest.raises(error):
        probed(settings)


def test_the_home_is_made_as_a_passage(settings) -> None:
    probed(settings)

    assert stat.S_IMODE(settings.home.stat().st_mode) == 0o711
