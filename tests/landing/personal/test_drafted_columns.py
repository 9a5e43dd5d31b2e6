"""A drafted wave protects personal columns without being asked to."""

from __future__ import annotations

from typing import Any

from barometer.settings import PROJECT_ROOT
from drafting.apply import effective_rows
from drafting.draft import ADD, DraftRow
from drafting.seedfiles import read_seed_files


def drafted(role: str, question: str = "", treatment: str = "") -> Any:
    values = {
        "wave": "2025",
        "kind": "export",
        "column_name": "new",
        "role": role,
        "question_id": question,
        "treatment": treatment,
    }
    files = read_seed_files(PROJECT_ROOT / "seeds")
    row = DraftRow("columns", f"export new {role}", values, ADD, "", because="")
    return effective_rows(files, [row], "2025").rows[0].values["treatment"]


def test_a_column_with_personal_data_is_dropped_unless_a_person_chose() -> None:
    assert drafted("personal") == "drop"
    assert drafted("personal", treatment="pseudonymise") == "pseudonymise"
    assert drafted("answer", "open_example") == "drop"
    assert drafted("answer", "novelty") == ""
    assert drafted("ignore") == ""
