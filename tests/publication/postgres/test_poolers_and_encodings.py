"""A publication through a transaction pooler, and to databases that store other encodings."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from in_postgres import ask
from psycopg.conninfo import conninfo_to_dict

from publication.editions import INTERNAL, MARKINGS
from publication.errors import PostgresError
from publication.postgres.connection import transaction

pytestmark = pytest.mark.xdist_group("postgres")

# Not in Latin-1: a minus sign.
NOTE = "verschil −0,5"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def pooled(url: str) -> Iterator[str]:
    """The database of the test behind pgbouncer, which gives out one session per transaction."""
    program = shutil.which("pgbouncer")
    if program is None:
        pytest.skip("no pgbouncer here (Debian: apt install pgbouncer)")
    parts = conninfo_to_dict(url)
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="bouncer") as name:
        folder = Path(name)
        folder.chmod(0o755)
        users = folder / "users.txt"
        users.write_text(f'"{parts["user"]}" ""\n')
        settings = folder / "pgbouncer.ini"
        server = " ".join(f"{key}={parts[key]}" for key in ("host", "port") if key in parts)
        settings.write_text(
            f"[databases]\n{parts['dbname']} = {server}\n"
            f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n"
            f"auth_type = trust\nauth_file = {users}\n"
            "pool_mode = transaction\ndefault_pool_size = 1\n"
        )
        # It refuses to run as root: it runs as whoever the server runs as.
        user = {"user": Path(str(parts["host"])).owner()} if os.geteuid() == 0 else {}
        running = subprocess.Popen([program, str(settings)], stderr=subprocess.DEVNULL, **user)
        through = f"postgresql://{parts['user']}@127.0.0.1:{port}/{parts['dbname']}"
        try:
            wait_for(through)
            yield through
        finally:
            running.terminate()
            running.wait()


def wait_for(url: str) -> None:
    for _ in range(10):
        try:
            psycopg.connect(url, connect_timeout=3).close()
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("pgbouncer does not answer")


@pytest.fixture
def url_in(server: str) -> Iterator[object]:
    """Make databases that store the encoding given."""
    made = []

    def make(encoding: str) -> str:
        name = f"stores_{encoding.lower()}"
        made.append(name)
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(
                f"create database {name} encoding '{encoding}' locale 'C' template template0"
            )
        return server.replace("/postgres?", f"/{name}?")

    yield make
    with psycopg.connect(server, autocommit=True) as connection:
        for name in made:
            connection.execute(f"drop database {name} with (force)")


@pytest.mark.thorough
def test_publishing_again_and_again_works_behind_a_transaction_pooler(warehouse, put, url, pooled):
    reports = [put(target=pooled)]
    for value in (0.4, 0.5):
        warehouse.execute(
            f"update core.estimates set estimate = {value} where group_id = 'rechtswezen'"
        )
        reports.append(put(target=pooled))
    again = put(target=pooled)

    assert [report.unchanged for report in reports] == [False, False, False]
    assert again.unchanged
    shown = "select estimate from core.estimates where group_id = 'rechtswezen'"
    assert ask(url, shown) == [(0.5,)]


def test_a_publication_leaves_nothing_in_the_session_it_ran_in(url):
    with transaction(url) as connection:
        for number in range(20):
            connection.execute("select %s::int", [number])
        assert connection.execute("select name from pg_prepared_statements").fetchall() == []
    assert ask(url, "select * from pg_locks where locktype = 'advisory'") == []


@pytest.mark.parametrize("encoding", ["LATIN1", "WIN1252", "SQL_ASCII"])
def test_a_database_that_lacks_characters_is_refused_before_anything_is_written(
    warehouse, put, url_in, encoding
):
    warehouse.execute(f"comment on table core.estimates is '{NOTE}'")
    url = url_in(encoding)

    with pytest.raises(PostgresError, match=f"stores text as {encoding}"):
        put(target=url)

    assert ask(url, "select 1 from pg_namespace where nspname = 'core'") == []


@pytest.mark.parametrize("told", ["in the environment", "in the address"])
def test_an_encoding_of_the_client_changes_nothing_that_is_written(
    warehouse, put, url, monkeypatch, told
):
    warehouse.execute(f"comment on table core.estimates is '{NOTE}'")
    if told == "in the environment":
        monkeypatch.setenv("PGCLIENTENCODING", "LATIN1")
    else:
        url += "&client_encoding=latin1"

    put(target=url)

    monkeypatch.delenv("PGCLIENTENCODING", raising=False)
    found = ask(url.partition("&client")[0], "select obj_description('core.estimates'::regclass)")
    assert found == [(f"{MARKINGS[INTERNAL]} {NOTE}",)]
