"""The registries as the generator needs them: column names and codes come from nowhere else."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

SEEDS = Path(__file__).resolve().parent.parent / "seeds"

Row = Mapping[str, str]


def read_rows(path: Path) -> list[dict[str, str]]:
    """Return the data rows of one registry."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def in_force(row: Row, wave: str) -> bool:
    """Tell whether a question or option exists in a wave."""
    return row["first_wave"] <= wave and (not row["last_wave"] or wave <= row["last_wave"])


@dataclass(frozen=True)
class Registries:
    """The registries of one survey as rows of text."""

    folder: Path

    @cached_property
    def waves(self) -> dict[str, dict[str, str]]:
        """Waves by id, in order."""
        return {row["wave"]: row for row in read_rows(self.folder / "waves.csv")}

    @cached_property
    def questions(self) -> dict[str, dict[str, str]]:
        """Questions by id, in order."""
        return {row["question_id"]: row for row in read_rows(self.folder / "questions.csv")}

    @cached_property
    def options(self) -> dict[str, list[dict[str, str]]]:
        """Options of each question, in order."""
        return _grouped(read_rows(self.folder / "options.csv"), "question_id")

    @cached_property
    def columns(self) -> list[dict[str, str]]:
        """Mapped columns in file order."""
        return read_rows(self.folder / "columns.csv")

    @cached_property
    def codes(self) -> list[dict[str, str]]:
        """Raw values and the options they stand for."""
        return read_rows(self.folder / "codes.csv")

    @cached_property
    def groups(self) -> dict[tuple[str, str], str]:
        """Parent of every (classification, group); empty for a root."""
        rows = read_rows(self.folder / "organisation_groups.csv")
        return {(r["classification_id"], r["group_id"]): r["parent_group_id"] for r in rows}

    @cached_property
    def membership(self) -> list[dict[str, str]]:
        """Membership rules, the strongest first."""
        rows = read_rows(self.folder / "organisation_membership.csv")
        return sorted(rows, key=lambda row: int(row["priority"]))

    @cached_property
    def succession(self) -> list[dict[str, str]]:
        """Organisations that went up in another."""
        return read_rows(self.folder / "organisation_succession.csv")

    @cached_property
    def indicators(self) -> list[dict[str, str]]:
        """Indicators in order."""
        return read_rows(self.folder / "indicators.csv")

    @cached_property
    def indicator_items(self) -> dict[str, list[dict[str, str]]]:
        """Items of each indicator."""
        return _grouped(read_rows(self.folder / "indicator_items.csv"), "indicator_id")

    @cached_property
    def claims(self) -> list[dict[str, str]]:
        """What the source study claims."""
        return read_rows(self.folder / "claims.csv")

    @cached_property
    def comparisons(self) -> list[dict[str, str]]:
        """Which groups are compared."""
        return read_rows(self.folder / "comparisons.csv")

    @cached_property
    def routing(self) -> dict[str, list[dict[str, str]]]:
        """Routing conditions of each question that has any."""
        return _grouped(read_rows(self.folder / "routing.csv"), "question_id")

    def wave_columns(self, wave: str, kind: str) -> list[dict[str, str]]:
        """Return the columns of one file in file order."""
        return [row for row in self.columns if (row["wave"], row["kind"]) == (wave, kind)]

    def offered(self, question_id: str, wave: str) -> list[dict[str, str]]:
        """Return the options a respondent could choose in a wave."""
        return [row for row in self.options.get(question_id, []) if in_force(row, wave)]

    def raw_value(self, question_id: str, wave: str, option_id: str) -> str:
        """Return how a wave's tool writes an option (or `selected`, or `not_selected`)."""
        return self._raw_values[question_id, wave, option_id]

    @cached_property
    def _raw_values(self) -> dict[tuple[str, str, str], str]:
        return {
            (row["question_id"], row["wave"], row["option_id"] or row["missing_reason"]): row[
                "raw_value"
            ]
            for row in self.codes
        }

    def is_asked(self, question_id: str, options_chosen: Mapping[str, str]) -> bool:
        """Apply the routing rules to the single-choice answers given so far."""
        rules = self.routing.get(question_id, [])
        holds = {"any_of": [False], "none_of": [False]}
        for row in rules:
            chosen = options_chosen.get(row["condition_question_id"])
            holds[row["rule"]].append(chosen == row["condition_option_id"])
        has_any_of = len(holds["any_of"]) > 1
        return (not has_any_of or any(holds["any_of"])) and not any(holds["none_of"])

    def leaf_groups(self, attributes: Mapping[str, str], wave: str) -> dict[str, str]:
        """Return the group an organisation belongs to in each classification."""
        judged_at = self.waves[wave]["reference_end"]
        found: dict[str, str] = {}
        for rule in self.membership:
            classification_id = rule["classification_id"]
            if classification_id not in found and _matches(rule, attributes, judged_at):
                found[classification_id] = rule["group_id"]
        return found

    def all_groups(self, leaves: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
        """Return leaf groups and everything above them as (classification, group)."""
        result: list[tuple[str, str]] = []
        for classification_id, leaf in leaves.items():
            group_id = leaf
            while group_id:
                result.append((classification_id, group_id))
                group_id = self.groups[classification_id, group_id]
        return tuple(result)


def _grouped(rows: Iterable[dict[str, str]], key: str) -> dict[str, list[dict[str, str]]]:
    result: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        result.setdefault(row[key], []).append(row)
    return result


def _matches(rule: Row, attributes: Mapping[str, str], judged_at: str) -> bool:
    if rule["valid_from"] and date.fromisoformat(judged_at) < date.fromisoformat(
        rule["valid_from"]
    ):
        return False
    if rule["valid_to"] and date.fromisoformat(judged_at) > date.fromisoformat(rule["valid_to"]):
        return False
    value = attributes[rule["attribute_id"]]
    if rule["match_value"]:
        return value == rule["match_value"]
    if not value:
        return False
    number = float(value)
    low, high = rule["match_minimum"], rule["match_maximum"]
    return (not low or number >= float(low)) and (not high or number < float(high))
