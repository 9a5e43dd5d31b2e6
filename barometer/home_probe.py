"""Try in the home, before anything is landed, what a refresh otherwise meets at its last step."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from barometer.errors import BarometerError, DiskFullError, system_error
from barometer.private import make_home

PROBE = ".probe-"
ROOM = 100_000_000
"""Bytes for a small survey: its build file, dbt's files and a release."""


class UnsuitableHomeError(BarometerError):
    """The home is on a file system on which no release could be made, or has too little room."""


def probe_home(home: Path, build: Path) -> None:
    """Check that releases can be made in the home; nothing stays behind.

    Args:
        home: the folder of the survey; it is made where it is missing.
        build: the build file, which a refresh may need as much room for again.

    Raises:
        UnsuitableHomeError: the file system refuses something, or there is too little room.
        DiskFullError: there is no room at all.
        NotAccessibleError: this user may not write there.
    """
    make_home(home)
    _require_room(home, build)
    for left in home.glob(f"{PROBE}*"):
        shutil.rmtree(left, ignore_errors=True)
    try:
        folder = Path(tempfile.mkdtemp(prefix=PROBE, dir=home))
    except OSError as error:
        raise system_error(error) or error from error
    try:
        for what, attempt in _ATTEMPTS.items():
            _try(home, what, attempt, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _require_room(home: Path, build: Path) -> None:
    usage = shutil.disk_usage(home)
    wanted = ROOM + (build.stat().st_size if build.exists() else 0)
    # Some network file systems do not tell their size.
    if usage.total and usage.free < wanted:
        raise UnsuitableHomeError(
            f"There is too little room in the home: {usage.free / 1e6:,.0f} MB.",
            where=str(home),
            expected=f"at least {wanted / 1e6:,.0f} MB, for the warehouse and one more release",
            remedy="Make room, or put the home elsewhere (--home, or BAROMETER_HOME); nothing was "
            "landed.",
        )


def _try(home: Path, what: str, attempt: Callable[[Path], None], folder: Path) -> None:
    try:
        attempt(folder)
    except (OSError, NotImplementedError) as error:
        told = system_error(error) if isinstance(error, OSError) else None
        if isinstance(told, DiskFullError):
            raise told from error
        reason = getattr(error, "strerror", None) or error
        raise UnsuitableHomeError(
            f"No release could be made in the home: it does not let us {what} ({reason}).",
            where=str(home),
            expected="a file system that lets us " + ", ".join(_ATTEMPTS),
            remedy="Put the home on a local disk (--home, or BAROMETER_HOME), or have its mount "
            "changed; nothing was landed.",
        ) from error


def _make_durable(folder: Path) -> None:
    path = folder / "written"
    path.write_bytes(b"tried\n")
    for each in (path, folder):
        descriptor = os.open(each, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _replace(folder: Path) -> None:
    draft = folder / "draft"
    draft.write_bytes(b"renamed\n")
    os.replace(draft, folder / "written")  # noqa: PTH105 - the call that releases rest on
    (folder / "incoming").mkdir()
    (folder / "incoming").rename(folder / "release")


def _link(folder: Path) -> None:
    for target in ("written", "release"):
        link = folder / "next"
        link.symlink_to(target)
        os.replace(link, folder / "current")  # noqa: PTH105 - so is a release made current
    if not (folder / "current").is_dir():
        raise OSError(0, "a link leads elsewhere")


def _close(folder: Path) -> None:
    for path, rights in ((folder / "written", 0o400), (folder / "release", 0o700)):
        path.chmod(0o755)
        path.chmod(rights)
        # Some file systems take the call and keep the rights they give everything.
        if stat.S_IMODE(path.stat().st_mode) != rights:
            raise OSError(0, "rights do not hold")


_ATTEMPTS: Mapping[str, Callable[[Path], None]] = {
    "make files durable (fsync)": _make_durable,
    "put a file in the place of another (rename)": _replace,
    "make links (symlink)": _link,
    "close files to others (chmod)": _close,
}
