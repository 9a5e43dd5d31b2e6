"""The SQL of macros without dbt, which needs seconds to read the whole project."""

from __future__ import annotations

from typing import Any

import jinja2

from barometer.project_file import variable
from barometer.settings import PROJECT_ROOT


class _Adapter:
    """Give the version of a macro that DuckDB has, as dbt does."""

    module: Any = None

    def dispatch(self, name: str, _package: str) -> Any:
        """Return the default version of a macro."""
        return getattr(self.module, f"default__{name}")


def render(text: str) -> str:
    """Return SQL in which the macros of the project are written out for DuckDB."""
    files = sorted((PROJECT_ROOT / "macros").glob("*.sql"))
    macros = "\n".join(path.read_text(encoding="utf-8") for path in files)
    environment = jinja2.Environment(autoescape=False, extensions=["jinja2.ext.do"])
    adapter = _Adapter()
    environment.globals.update({"adapter": adapter, "return": lambda value: value, "var": variable})
    adapter.module = environment.from_string(macros).module
    return environment.from_string(text).render(vars(adapter.module))
