"""Web pages that need nothing beside themselves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template


def page_template(path: Path, **filters: Callable[..., Any]) -> Template:
    """Return the template of a page: what it shows is escaped, and what it lacks is an error.

    Args:
        path: of the template.
        filters: what it calls, by name.
    """
    environment = Environment(
        loader=FileSystemLoader(path.parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= filters
    return environment.get_template(path.name)
