"""The Data Docs site: static pages that ask nothing of any other host.

The pages of Great Expectations load scripts, styles and a logo with an identifier from seven
hosts, so they are blank without a network and tell those hosts who reads them. The templates
beside this module replace those parts.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import great_expectations as gx
from great_expectations.data_context import AbstractDataContext
from great_expectations.data_context.types.base import DataContextConfig
from great_expectations.render.view import DefaultJinjaIndexPageView, DefaultJinjaPageView
from jinja2 import ChoiceLoader, FileSystemLoader

from barometer.errors import BarometerError
from barometer.settings import Settings
from expectations.checks import Suite

TEMPLATES = Path(__file__).parent / "templates"


class DataDocsIncompleteError(BarometerError):
    """The Data Docs lack a page that they must have."""


class PageView(DefaultJinjaPageView):  # type: ignore[misc]
    """A page drawn with the templates of this project."""

    def __init__(self, **directories: str | None) -> None:
        super().__init__(**directories)
        self.env.loader = ChoiceLoader([FileSystemLoader(TEMPLATES), self.env.loader])


class IndexPageView(DefaultJinjaIndexPageView, PageView):  # type: ignore[misc]
    """The first page."""


def results_folder(settings: Settings) -> Path:
    """Return the folder with suites and results as JSON, from which the pages are drawn."""
    return settings.home / "expectations"


def make_context(settings: Settings) -> AbstractDataContext:
    """Return a context that keeps suites and results on disk and everything else in memory."""
    folder = results_folder(settings)
    view = {"module_name": __name__, "class_name": "PageView"}
    return gx.get_context(
        mode="ephemeral",
        project_config=DataContextConfig(
            config_version=4.0,
            analytics_enabled=False,
            progress_bars={"globally": False},
            expectations_store_name="expectations_store",
            validation_results_store_name="validation_results_store",
            checkpoint_store_name="checkpoint_store",
            stores={
                "expectations_store": {
                    "class_name": "ExpectationsStore",
                    "store_backend": _files(folder / "suites", ".json"),
                },
                "validation_results_store": {
                    "class_name": "ValidationResultsStore",
                    "store_backend": _files(folder / "results", ".json"),
                },
                "checkpoint_store": {"class_name": "CheckpointStore"},
                "validation_definition_store": {"class_name": "ValidationDefinitionStore"},
            },
            data_docs_sites={
                settings.survey: {
                    "class_name": "SiteBuilder",
                    "show_how_to_buttons": False,
                    "store_backend": _files(settings.data_docs),
                    "site_index_builder": {
                        "class_name": "DefaultSiteIndexBuilder",
                        "view": {**view, "class_name": "IndexPageView"},
                    },
                    "site_section_builders": {
                        "expectations": {"view": view},
                        "validations": {"view": view},
                        "profiling": "None",
                    },
                }
            },
        ),
    )


def forget_layer(settings: Settings, layer: str) -> None:
    """Remove what earlier runs wrote about a layer, so that the site shows the last run."""
    folder = results_folder(settings)
    for parent in (
        folder / "suites",
        folder / "results",
        settings.data_docs / "expectations",
        settings.data_docs / "validations",
    ):
        shutil.rmtree(parent / layer, ignore_errors=True)


def build(context: AbstractDataContext, settings: Settings, suites: Sequence[Suite]) -> Path:
    """Draw the pages of the suites and the first page; return the latter.

    Raises:
        DataDocsIncompleteError: a page is missing; Great Expectations only logs such errors.
    """
    names = {suite.name for suite in suites}
    identifiers = [key for key in context.expectations_store.list_keys() if key.name in names]
    identifiers += [
        key
        for key in context.validation_results_store.list_keys()
        if key.expectation_suite_identifier.name in names
    ]
    context.build_data_docs(site_names=[settings.survey], resource_identifiers=identifiers)
    index = settings.data_docs / "index.html"
    text = index.read_text(encoding="utf-8") if index.is_file() else ""
    for suite in suites:
        page = settings.data_docs / "expectations" / Path(*suite.name.split("."))
        results = settings.data_docs / "validations" / Path(*suite.name.split("."))
        if (
            suite.name not in text
            or not page.with_name(f"{page.name}.html").is_file()
            or not any(results.glob("**/*.html"))
        ):
            raise DataDocsIncompleteError(
                f"The Data Docs have no page about the suite {suite.name}.",
                where=str(settings.data_docs),
                remedy="See the log of Great Expectations above this message.",
            )
    return index


def _files(folder: Path, suffix: str = "") -> dict[str, str]:
    backend = {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(folder)}
    return {**backend, "filepath_suffix": suffix} if suffix else backend
