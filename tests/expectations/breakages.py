"""For every expectation on rows, a statement that breaks it in the small warehouse."""

from __future__ import annotations

from dataclasses import dataclass

from cleaned_breakages import CLEANED
from findings_breakages import FINDINGS
from marts_breakages import MARTS
from raw_breakages import RAW


@dataclass(frozen=True)
class Breakage:
    """One statement, and the expectation that must then fail."""

    suite: str
    expectation: str
    sql: str

    @property
    def id(self) -> str:
        return f"{self.suite}: {self.expectation}"


BREAKAGES = tuple(
    Breakage(suite, expectation, sql)
    for suite, statements in {**RAW, **CLEANED, **MARTS, **FINDINGS}.items()
    for expectation, sql in statements.items()
)
