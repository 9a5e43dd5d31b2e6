"""Write the dashboard of a survey's current release as files that Superset imports.

    python -m bi.superset.build [--survey ibo] [--edition internal]

It prints the folder of a Superset of their own, which `serve.py` takes; the files are in `assets`.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from barometer.errors import BarometerError
from barometer.settings import load_settings
from bi.superset.charts import charts
from bi.superset.dashboards import dashboard
from bi.superset.datasets import VERSION, database, datasets
from bi.superset.sources import LANGUAGES, DashboardError, Names, Sources, read_sources
from publication.editions import INTERNAL, edition_of


def assets(
    names: Names, sources: Sources, release_file: Path
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield path and content of every file, in the layout of Superset's own exports."""
    yield "metadata.yaml", {"version": VERSION, "type": "assets"}
    yield "databases/release.yaml", database(names, release_file)
    for table, described in datasets(names, sources, release_file).items():
        yield f"datasets/release/{table}.yaml", described
    for language in LANGUAGES:
        made = charts(names, sources, language)
        for name, chart in made.items():
            yield f"charts/{name}_{language}.yaml", chart
        yield f"dashboards/{language}.yaml", dashboard(names, sources, made, language)


def write_assets(names: Names, sources: Sources, release_file: Path, folder: Path) -> None:
    """Write the files into a folder of their own; what was there before goes.

    Raises:
        DashboardError: there is no release.
    """
    if not release_file.is_file():
        raise DashboardError(
            f"There is no {names.edition} release of survey '{names.survey}'.",
            where=str(release_file),
            expected="a published release",
            remedy=f"Run `barometer refresh --survey {names.survey}` first.",
        )
    if folder.exists():
        shutil.rmtree(folder)
    for name, content in assets(names, sources, release_file):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            yaml.safe_dump(content, sort_keys=False, allow_unicode=True), encoding="utf-8"
        )


def main() -> int:
    """Write the files of one edition and say where."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--survey", default=None)
    parser.add_argument("--edition", default=INTERNAL)
    given = parser.parse_args()
    try:
        settings = load_settings(given.survey)
        edition = edition_of(settings, given.edition)
        names = Names(settings.survey, edition.name)
        # One Superset per edition: on SQLite it knows one dataset of a name.
        home = settings.home.parent / "superset" / f"{names.survey}-{names.edition}"
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        sources = read_sources(settings.survey)
        # Through the link, so that Superset sees the release that is current when it asks.
        write_assets(names, sources, edition.current / edition.file_name, home / "assets")
    except BarometerError as error:
        print(error, file=sys.stderr)
        return 1
    print(home)
    return 0


if __name__ == "__main__":
    sys.exit(main())
