"""The example survey as one whose public edition is made by bands, whatever its registries say."""

from __future__ import annotations

import re
import shutil
import tempfile
from functools import cache
from pathlib import Path

from barometer.settings import PROJECT_ROOT
from registry import Registry, load_registry

DISCLOSURE_RULES = Path(__file__).with_name("banded_disclosure_rules.csv")


def write_banded(folder: Path) -> Path:
    """Write the registries of the example survey with `bands` and the rules that bands need."""
    shutil.copytree(PROJECT_ROOT / "seeds", folder, dirs_exist_ok=True)
    shutil.copyfile(DISCLOSURE_RULES, folder / "disclosure_rules.csv")
    rules = folder / "publication_rules.csv"
    text, found = re.subn(
        "^public_method,[a-z]+,",
        "public_method,bands,",
        rules.read_text(encoding="utf-8"),
        flags=re.MULTILINE,
    )
    assert found == 1
    rules.write_text(text, encoding="utf-8")
    return folder


@cache
def banded_registry() -> Registry:
    """Return those registries."""
    with tempfile.TemporaryDirectory() as folder:
        return load_registry(write_banded(Path(folder)))
