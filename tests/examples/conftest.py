"""The example survey, built once for all tests of this folder."""

from __future__ import annotations

import pytest

from examples.generate import Example, build_example, render_files


@pytest.fixture(scope="session")
def example() -> Example:
    return build_example()


@pytest.fixture(scope="session")
def files(example: Example) -> dict[str, bytes]:
    return render_files(example)
