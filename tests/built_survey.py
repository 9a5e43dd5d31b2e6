"""A survey landed and built as a refresh does, or as far as a test reads it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from registry_folder import write_registries

from barometer.settings import PROJECT_ROOT, Settings
from orchestration.dbt.process import DbtProcess, stream_dbt
from orchestration.flow.steps import land_inbox, read_registry, run_dbt
from orchestration.state.lock import writer_lock

MODELS = ("build", "--resource-type", "seed", "--resource-type", "model")


def described_survey(
    folder: Path, survey: str, registries: Mapping[str, str], exports: Mapping[str, str]
) -> Settings:
    """Return a survey that its registries describe, with the files of its inbox, by name."""
    settings = Settings(
        survey=survey,
        root=PROJECT_ROOT,
        home=folder / "home",
        inbox=folder / "inbox",
        registries=write_registries(folder / "registries", registries),
    )
    settings.inbox.mkdir(parents=True)
    for name, text in exports.items():
        (settings.inbox / name).write_text(text, encoding="utf-8")
    return settings


def build_survey(settings: Settings, *selected: str) -> None:
    """Land the inbox and build what is selected and all it rests on, in one run of dbt.

    No data test looks at it: those of the whole example survey and, in `make thorough`, of the
    other surveys are about the same models.
    """
    with writer_lock(settings.lock_file):
        land_inbox(settings, read_registry(settings))
        for _ in stream_dbt(settings, [*MODELS, "--select", *(f"+{name}" for name in selected)]):
            pass


def build_with_tests(settings: Settings) -> None:
    """Land the inbox, then build and test everything, as a refresh does."""
    with writer_lock(settings.lock_file):
        land_inbox(settings, read_registry(settings))
        with DbtProcess(settings) as dbt:
            for part in ("cleaned", "marts"):
                run_dbt(settings, part, dbt)
