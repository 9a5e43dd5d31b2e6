from __future__ import annotations

from pathlib import Path

import pytest
from real_register import RealRegister


@pytest.fixture(scope="session")
def register(shared_data: Path) -> RealRegister:
    return RealRegister(shared_data / "register" / "organisations.csv")
