"""Refuses to build a wheel: the project is used from a clone, which `make refresh` installs."""

from __future__ import annotations

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class OnlyFromAClone(BuildHookInterface):
    """Lets an editable installation pass, and nothing else."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Stop before anything is built.

        Raises:
            RuntimeError: a wheel was asked for.
        """
        if version != "editable":
            raise RuntimeError(
                "Barometer is used from a clone of its repository: models, registries and macros"
                " are not in a wheel. Clone it and run `make refresh`."
            )
