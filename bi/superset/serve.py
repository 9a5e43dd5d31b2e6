"""Import dashboards into a Superset of one's own and start it; runs in Superset's environment.

    python serve.py HOME [--port 8088]

HOME is the folder that `build.py` named: `assets` in it are imported, and Superset keeps its
database, key and password beside them. What is there already is used again.
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import secrets
import sys
from pathlib import Path

USER = "admin"
HERE = Path(__file__).resolve().parent


def kept_secret(path: Path) -> str:
    """Return the secret in a file that only the owner reads; the first time, make it."""
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(32))
    return path.read_text(encoding="utf-8")


def prepare(home: Path) -> str:
    """Make the folder and its secrets, point Superset at them and return the password."""
    os.umask(0o077)
    home.mkdir(parents=True, exist_ok=True)
    kept_secret(home / "secret_key")
    os.environ["SUPERSET_HOME"] = str(home)
    os.environ.setdefault("SUPERSET_CONFIG_PATH", str(HERE / "superset_config.py"))
    os.environ["SCARF_ANALYTICS"] = "false"
    return kept_secret(home / "password")


def import_assets(assets: Path, password: str) -> list[str]:
    """Bring Superset's database up to date, import the assets and return the dashboards' slugs."""
    # Superset reads its settings while it is imported.
    from superset.app import create_app

    app = create_app()
    with app.app_context():
        from flask import g
        from flask_migrate import upgrade
        from superset import appbuilder, db, security_manager
        from superset.commands.importers.v1.assets import ImportAssetsCommand
        from superset.models.dashboard import Dashboard
        from superset.utils.decorators import transaction

        upgrade()
        appbuilder.add_permissions(update_perms=True)
        transaction()(security_manager.sync_role_definitions)()
        user = security_manager.find_user(USER) or security_manager.add_user(
            USER,
            "Local",
            "Analyst",
            f"{USER}@localhost",
            security_manager.find_role("Admin"),
            password,
        )
        g.user = user
        contents = {
            path.relative_to(assets).as_posix(): path.read_text(encoding="utf-8")
            for path in sorted(assets.rglob("*.yaml"))
        }
        ImportAssetsCommand(contents).run()
        return [slug for (slug,) in db.session.query(Dashboard.slug).order_by(Dashboard.slug)]


def main() -> None:
    """Import, say where to look, and become the server."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--port", type=int, default=8088)
    given = parser.parse_args()
    home = given.home.resolve()
    password = prepare(home)
    print("Bringing Superset's own database up to date and importing ...", flush=True)
    # Migrations tell more than anybody asked for. What fails is raised all the same.
    logging.disable(logging.WARNING)
    with (home / "import.log").open("w") as log, contextlib.redirect_stdout(log):
        slugs = import_assets(home / "assets", password)
    address = f"http://127.0.0.1:{given.port}"
    for slug in slugs:
        print(f"{address}/superset/dashboard/{slug}/")
    print(f"log in as {USER} with the password in {home / 'password'}", flush=True)
    gunicorn = ["--bind", f"127.0.0.1:{given.port}", "--threads", "8", "--timeout", "120"]
    os.chdir(home)
    command = [sys.executable, "-m", "gunicorn", *gunicorn, "--log-level", "warning"]
    os.execv(sys.executable, [*command, "superset.app:create_app()"])


if __name__ == "__main__":
    main()
