"""Superset itself: it imports the dashboard, shows every chart and sees a new release."""

from __future__ import annotations

import json
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from superset_files import Files, files_of

from barometer.environment import SUPERSET_TESTS
from barometer.settings import PROJECT_ROOT, load_settings
from bi.superset.build import write_assets
from bi.superset.sources import Names, read_sources
from publication.editions import INTERNAL, PUBLIC, edition_of

STARTS_WITHIN = 300
"""Seconds for migrations, import and start; 45 on an idle machine of two cores."""


@pytest.fixture(scope="module")
def environment() -> Path:
    """Superset's own environment: it takes too long to be installed by every run of CI."""
    installed = "bi/superset/.venv/.installed"
    if SUPERSET_TESTS.read() == "1":
        subprocess.run(["make", "--silent", installed], cwd=PROJECT_ROOT, check=True)
    if not (PROJECT_ROOT / installed).exists():
        pytest.skip(f"Superset is not installed; run make superset, or set {SUPERSET_TESTS.name}=1")
    return PROJECT_ROOT / "bi" / "superset" / ".venv"


@dataclass(frozen=True)
class Server:
    """A running Superset and a token to ask it with."""

    address: str
    token: str = ""

    def ask(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        request = urllib.request.Request(
            f"{self.address}{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"},
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{path}: {error.code} {error.read().decode()}") from error


@contextmanager
def started(environment: Path, home: Path) -> Iterator[Server]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    log = home / "server.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [environment / "bin" / "python", "bi/superset/serve.py", home, "--port", str(port)],
            cwd=PROJECT_ROOT,
            stdout=output,
            stderr=output,
        )
    try:
        deadline = time.monotonic() + STARTS_WITHIN
        while not _answers(address):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.5)
        login = {"username": "admin", "password": (home / "password").read_text(), "provider": "db"}
        token = Server(address).ask("/api/v1/security/login", login)["access_token"]
        yield Server(address, token)
    finally:
        process.terminate()
        process.wait(30)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/health", timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


def asked(server: Server, files: Files) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of every chart, with the filters that the dashboard starts with."""
    filters = files.filtered()
    listed = server.ask("/api/v1/chart/?q=(page_size:200)")["result"]
    found = {}
    for chart in listed:
        context = json.loads(server.ask(f"/api/v1/chart/{chart['id']}")["result"]["query_context"])
        (query,) = context["queries"]
        query["filters"] += filters[chart["uuid"]]
        (answer,) = server.ask("/api/v1/chart/data", context)["result"]
        assert answer["error"] is None, (chart["slice_name"], answer["error"])
        assert answer["rowcount"] > 0, chart["slice_name"]
        found[chart["uuid"]] = answer["data"]
    assert found.keys() == filters.keys()
    return found


@pytest.mark.thorough
def test_superset_shows_every_chart_of_both_editions_and_a_release_published_underneath(
    environment, example_home, tmp_path
):
    settings = load_settings(home=example_home)
    link = tmp_path / "current.duckdb"
    releases = [
        edition.current / edition.file_name
        for edition in (edition_of(settings, INTERNAL), edition_of(settings, PUBLIC))
    ]
    names = Names("ibo", INTERNAL)
    link.symlink_to(releases[0])
    write_assets(names, read_sources("ibo"), link, tmp_path / "home" / "assets")
    about = names.uuid("chart", "about_release", "en")

    shown = []
    with started(environment, tmp_path / "home") as server:
        for release in releases:
            published = tmp_path / "next"
            published.symlink_to(release)
            published.rename(link)
            shown.append(asked(server, files_of(INTERNAL, link))[about])
        dashboards = server.ask("/api/v1/dashboard/")["result"]

    assert {said["slug"] for said in dashboards} == {"ibo-internal-en", "ibo-internal-nl"}
    assert ["Confidential" in rows[0]["label"] for rows in shown] == [True, False]
