"""Anyone may use the project, and every copy of it says under which terms."""

from __future__ import annotations

import hashlib
import tomllib
from importlib.metadata import distribution

from barometer.settings import PROJECT_ROOT

# Of https://www.apache.org/licenses/LICENSE-2.0.txt
APACHE = "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"


def test_the_licence_is_the_apache_licence_word_for_word() -> None:
    assert hashlib.sha256((PROJECT_ROOT / "LICENSE").read_bytes()).hexdigest() == APACHE


def test_the_project_names_its_licence() -> None:
    project = tomllib.loads((PROJECT_ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    assert project["project"]["license"] == "Apache-2.0"
    assert project["project"]["license-files"] == ["LICENSE"]
    assert "[Apache-2.0](LICENSE)" in (PROJECT_ROOT / "README.md").read_text(encoding="utf-8")


def test_what_is_built_names_the_licence_and_holds_its_text() -> None:
    built = distribution("barometer")

    assert built.metadata["License-Expression"] == "Apache-2.0"
    assert built.metadata.get_all("License-File") == ["LICENSE"]
    (text,) = (file for file in built.files or () if file.name == "LICENSE")
    assert hashlib.sha256(text.read_binary()).hexdigest() == APACHE
