"""What is generated from the declaration of the registries is as the declaration is now."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry import TABLES
from registry.documents import COMMAND, PAGE, documents
from registry.rules.queries import queries


@pytest.mark.parametrize("path", documents(), ids=lambda path: path.name)
def test_a_generated_file_is_current(path: Path):
    assert path.read_text(encoding="utf-8") == documents()[path], (
        f"{path.name} is not what the registries declare now: run `{COMMAND}`"
    )


def test_the_page_has_every_column_of_every_registry():
    text = PAGE.read_text(encoding="utf-8")

    for name, table in TABLES.items():
        section = text.split(f"\n## {name}\n")[1].split("\n## ")[0]
        assert table.description in section
        assert all(f"| `{column.name}` |" in section for column in table.columns)


def test_every_query_is_a_rule_in_whole_sentences():
    for query in queries():
        assert query.table in TABLES
        assert query.wrong.endswith(".")
        assert query.remedy.endswith(".")
