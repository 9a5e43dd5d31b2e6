"""One refresh at a time, and a killed one is in nobody's way."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.state.lock import AlreadyRunningError, writer_lock

HOLDER = """
import sys
from pathlib import Path
from orchestration.state.lock import writer_lock
with writer_lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def hold(lock_file: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(lock_file)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_writer_fails_at_once_and_names_the_first(tmp_path):
    lock_file = tmp_path / "home" / ".lock"
    holder = hold(lock_file)
    try:
        with (
            pytest.raises(AlreadyRunningError, match=f"process {holder.pid}"),
            writer_lock(lock_file),
        ):
            pass
    finally:
        holder.communicate()

    with writer_lock(lock_file):
        pass


def test_a_killed_writer_leaves_no_lock(tmp_path):
    lock_file = tmp_path / ".lock"
    holder = hold(lock_file)
    holder.send_signal(signal.SIGKILL)
    holder.communicate()

    with writer_lock(lock_file):
        assert lock_file.read_text().strip() != str(holder.pid)


def test_an_error_inside_frees_the_lock(tmp_path):
    lock_file = tmp_path / ".lock"
    with pytest.raises(KeyError), writer_lock(lock_file):
        raise KeyError("a step failed")

    with writer_lock(lock_file):
        pass
