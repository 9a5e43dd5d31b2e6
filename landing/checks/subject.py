"""What every check looks at: one table and the registry of its wave."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from barometer.labels import collapse_white_space
from landing.checks.patterns import looks_personal
from landing.readers.table import SourceColumn, SourceTable
from registry import Registry
from registry.rules.columns import needed_roles
from registry.tables.waves import ColumnMapping, Delivery, Wave

KEY_ROLES = {"export": ("response_id", "organisation_key"), "frame": ("organisation_key",)}
SHOWN = 5
_LONGEST_SHOWN = 40


@dataclass(frozen=True)
class ColumnUse:
    """One use that the registry makes of one column that the file has."""

    column: SourceColumn
    mapping: ColumnMapping


@dataclass(frozen=True)
class Subject:
    """One table, of one kind, of one part of a wave."""

    table: SourceTable
    wave: Wave
    kind: str
    part: str
    registry: Registry

    @cached_property
    def mappings(self) -> tuple[ColumnMapping, ...]:
        """Registry rows for files of this wave, kind and part."""
        return self.registry.columns_for(self.wave.wave, self.kind, self.part)

    @cached_property
    def date_order(self) -> str | None:
        """How dates with the year last are meant in such files; None where nobody said."""
        return self.delivery.date_order if self.delivery else None

    @cached_property
    def decimal_sign(self) -> str | None:
        """What stands before the decimals in such files; None where nobody said."""
        return self.delivery.decimal_sign if self.delivery else None

    @cached_property
    def delivery(self) -> Delivery | None:
        """What the registry says of such files."""
        deliveries = self.registry.deliveries_for(self.wave.wave, self.kind)
        return next((d for d in deliveries if d.part == self.part), None)

    @cached_property
    def key_roles(self) -> tuple[str, ...]:
        """Roles that such a file cannot do without."""
        mappings = self.registry.columns_for(self.wave.wave, self.kind)
        return needed_roles(self.kind, self.wave.frame_source, {m.role for m in mappings})

    @cached_property
    def uses(self) -> tuple[ColumnUse, ...]:
        """Every use of every column that the file has, in file order."""
        by_name: dict[str, list[ColumnMapping]] = {}
        for mapping in self.mappings:
            by_name.setdefault(column_key(mapping.column_name), []).append(mapping)
        return tuple(
            ColumnUse(column, mapping)
            for column in self.table.columns
            for mapping in by_name.get(known_as(column), ())
        )

    @cached_property
    def personal_positions(self) -> frozenset[int]:
        """Columns whose values are never shown."""
        return frozenset(use.column.position for use in self.uses if self._is_personal(use.mapping))

    def first_use(self, role: str) -> ColumnUse | None:
        """Return the column with a role, if the file has one."""
        return next((use for use in self.uses if use.mapping.role == role), None)

    def _is_personal(self, mapping: ColumnMapping) -> bool:
        if mapping.role == "personal":
            return True
        question = next(
            (q for q in self.registry.questions if q.question_id == mapping.question_id), None
        )
        return question is not None and (question.is_personal or question.answer_type == "text")


def column_key(name: str) -> str:
    """Return a column name as the registry and the models compare it."""
    return collapse_white_space(name)


def known_as(column: SourceColumn) -> str:
    """Return what the registry and the models call a column; without a name, by its position."""
    return column_key(column.name) or f"(column {column.position})"


def shown(value: str) -> str:
    """Return a value as it may appear in a message; what looks personal never does."""
    if looks_personal(value):
        return "(a value that looks personal)"
    clipped = value if len(value) <= _LONGEST_SHOWN else value[: _LONGEST_SHOWN - 1] + "…"
    return repr(clipped)


def and_more(items: list[str], limit: int = SHOWN, *, total: int | None = None) -> str:
    """Join the first items and say how many are left; `total` counts those not given too."""
    rest = (len(items) if total is None else total) - limit
    return ", ".join(items[:limit]) + (f" and {rest} more" if rest > 0 else "")
