"""The rooms of the project: who may import whom, and that nothing is imported in a circle."""

from __future__ import annotations

import ast
import graphlib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from barometer.settings import PROJECT_ROOT

ROOMS = {
    "barometer": (),
    "registry": ("barometer",),
    "landing": ("registry", "barometer"),
    "drafting": ("landing", "registry", "barometer"),
    "estimation": ("barometer",),
    "expectations": ("registry", "barometer"),
    "protection": ("barometer",),
    "publication": ("protection", "estimation", "registry", "barometer"),
    "bi": ("publication", "barometer"),
    "orchestration": (
        *("publication", "expectations", "drafting", "landing", "registry", "barometer"),
    ),
}
"""What each room may import beside itself. A step reads tables, never the code of another step."""
LONGEST = 400
FLAT_PREFIXES = ("registry_", "public_", "audit_", "attack_", "amount_", "marts_", "cleaned_")


def sources(*rooms: str) -> Iterator[tuple[str, Path]]:
    for room in rooms:
        for path in sorted((PROJECT_ROOT / room).rglob("*.py")):
            # Superset's environment stands in the room that it belongs to.
            if ".venv" in path.relative_to(PROJECT_ROOT).parts:
                continue
            yield ".".join(path.relative_to(PROJECT_ROOT).with_suffix("").parts), path


MODULES = {name.removesuffix(".__init__"): (name, path) for name, path in sources(*ROOMS)}


def folder_of(module: str) -> str:
    """Return the folder of a module; a folder's `__init__` is its door, which is apart from it."""
    name, _ = MODULES[module]
    return f"door of {module}" if name.endswith(".__init__") else module.rpartition(".")[0]


def imports(module: str) -> Iterator[str]:
    _, path = MODULES[module]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            inner = [f"{node.module}.{alias.name}" for alias in node.names]
            found = [name if name in MODULES else node.module for name in inner]
        else:
            continue
        yield from (name for name in found if name in MODULES)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_what_lies_below_it(room):
    allowed = {room, *ROOMS[room]}

    wrong = [
        f"{module} imports {other}"
        for module in MODULES
        if module.split(".")[0] == room
        for other in imports(module)
        if other.split(".")[0] not in allowed
    ]

    assert wrong == []


def test_folders_do_not_import_each_other_in_a_circle():
    below: dict[str, set[str]] = defaultdict(set)
    for module in MODULES:
        for other in imports(module):
            if folder_of(other) != folder_of(module):
                below[folder_of(module)].add(folder_of(other))

    assert list(graphlib.TopologicalSorter(below).static_order())


def test_the_models_import_statistics_alone():
    found = {
        node.module.split(".")[0]
        for _, path in sources("models")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module
    }

    assert found.intersection(ROOMS) == {"estimation"}


def test_no_file_is_too_long_to_read_and_no_prefix_stands_for_a_folder():
    everywhere = [
        path.relative_to(PROJECT_ROOT)
        for _, path in sources(*ROOMS, "models", "simulations", "examples", "bench", "tests")
    ]
    code = [path for path in everywhere if path.parts[0] != "tests"]

    too_long = [
        str(path)
        for path in everywhere
        if len((PROJECT_ROOT / path).read_text(encoding="utf-8").splitlines()) > LONGEST
    ]
    assert too_long == []
    assert [str(path) for path in code if path.name.startswith(FLAT_PREFIXES)] == []
