"""The export of 2021 to be spoilt, a wave that repeats it, and ways to look at a report."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from landing.findings.finding import CheckReport, Finding
from registry import Registry


@dataclass(frozen=True)
class Sheet:
    """The export of 2021 as rows of text, to be changed and written again."""

    header: list[str]
    rows: list[list[str]]

    def place(self, name: str) -> int:
        return self.header.index(name)

    def rename(self, name: str, new: str) -> None:
        self.header[self.place(name)] = new

    def put(self, name: str, row_numbers: Iterable[int], value: str) -> None:
        for number in row_numbers:
            self.rows[number - 1][self.place(name)] = value

    def write(self, folder: Path) -> Path:
        path = folder / "IBO2021_synthetic_export.csv"
        text = io.StringIO()
        csv.writer(text).writerows([self.header, *self.rows])
        path.write_text(text.getvalue(), encoding="utf-8", newline="")
        return path


def next_wave(registry: Registry) -> Registry:
    """Add a wave 2022 that repeats the columns, codes, questions and options of 2021."""
    wave = registry.wave("2021")
    later = replace(
        wave,
        wave="2022",
        reference_start=wave.reference_start.replace(year=2020),
        reference_end=wave.reference_end.replace(year=2021),
    )

    def copied(rows):
        added = [replace(row, wave="2022") for row in rows if row.wave == "2021"]
        return (*rows, *added)

    return replace(
        registry,
        waves=(*registry.waves, later),
        deliveries=copied(registry.deliveries),
        columns=copied(registry.columns),
        codes=copied(registry.codes),
        options=tuple(
            replace(o, last_wave="2022") if o.last_wave == "2021" else o for o in registry.options
        ),
    )


def with_rule(registry: Registry, rule_id: str, **changes: object) -> Registry:
    """Change one rule of drift."""
    rules = tuple(
        replace(rule, **changes) if rule.rule_id == rule_id else rule
        for rule in registry.drift_rules
    )
    return replace(registry, drift_rules=rules)


def of(report: CheckReport, code: str) -> list[Finding]:
    """Return the findings of one kind."""
    return [finding for finding in report.findings if finding.code == code]
