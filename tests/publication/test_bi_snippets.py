"""The snippets of docs/bi.md run as they are printed, in the folder of a release."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys

import psycopg
import pytest

from barometer.settings import PROJECT_ROOT, Settings
from publication.editions import edition_of
from publication.postgres.load import publish_to_postgres
from publication.store.releases import find_release

pytestmark = pytest.mark.xdist_group("example_refresh")

SNIPPETS = re.findall(
    r"```(bash|python)\n(.*?)```",
    (PROJECT_ROOT / "docs" / "bi.md").read_text(encoding="utf-8").split("## Snippets")[1],
    re.DOTALL,
)
PYTHON = [text for language, text in SNIPPETS if language == "python"]
SHELL = [text for language, text in SNIPPETS if language == "bash"]


@pytest.mark.parametrize("edition", ["internal", "public"])
@pytest.mark.parametrize("at", range(len(PYTHON)))
def test_a_snippet_of_python_shows_groups(example_refresh: Settings, edition: str, at: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PYTHON[at]],
        cwd=edition_of(example_refresh, edition).current,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Municipalities" in done.stdout


@pytest.mark.parametrize("text", SHELL)
def test_a_snippet_for_the_shell_shows_figures(
    example_refresh: Settings, text: str, server: str
) -> None:
    program = text.split()[0]
    if shutil.which(program) is None:
        pytest.skip(f"there is no {program} here")
    edition = edition_of(example_refresh, "internal")
    url = ""
    if program == "psql":
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute("create database snippets")
        url = server.replace("/postgres?", "/snippets?")
        publish_to_postgres(find_release(edition, "current"), url)
    done = subprocess.run(
        ["bash", "-c", text],
        cwd=edition.current,
        env={**os.environ, "URL": url, "PAGER": "cat"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "n = " in done.stdout
