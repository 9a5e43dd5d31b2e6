"""Write the example survey: exports and frames of three waves, the truth, what cleaning finds.

Run `python -m examples.generate [--out DIR] [--seed N]` from the project's folder.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from examples.registries import SEEDS, Registries
from examples.submissions import Planter, Submission, WaveSubmissions
from examples.survey import DEFAULT_SEED, WavePopulation, build_population, draw_respondents
from examples.tables import Table, export_table, frame_table
from examples.truth import TruthRow
from examples.writers import csv_bytes, sav_bytes, xlsx_bytes

OUTPUT = Path(__file__).resolve().parent
INBOX = OUTPUT / "ibo"
ANSWER_KEY = OUTPUT / "answer_key"
NOTICE = "Synthetic example data: no organisation and no answer in this file is real."


@dataclass(frozen=True)
class Example:
    """One generated survey in memory.

    Attributes:
        population: truth and potential answers by wave.
        submissions: rows of the exports by wave.
    """

    registries: Registries
    seed: int
    population: dict[str, WavePopulation]
    submissions: dict[str, WaveSubmissions]

    @property
    def truth(self) -> list[TruthRow]:
        """The planted truth of every wave."""
        return [row for part in self.population.values() for row in part.truth]


def build_example(
    seed: int = DEFAULT_SEED,
    *,
    population_seed: int | None = None,
    registries: Registries | None = None,
) -> Example:
    """Generate a survey in memory.

    Args:
        seed: decides who answers, and what goes wrong.
        population_seed: decides what everybody would answer, and so the truth; the same as
            `seed` when not given. Keep it fixed to repeat the survey in one population.
        registries: the survey's registries, those of the project when not given.
    """
    registries = registries or Registries(SEEDS)
    population = build_population(registries, seed if population_seed is None else population_seed)
    respondents = draw_respondents(population, seed)
    submissions = {
        wave: Planter(registries, part, respondents[wave], seed).build()
        for wave, part in population.items()
    }
    return Example(registries, seed, population, submissions)


def render_files(example: Example) -> dict[str, bytes]:
    """Return the content of every export and frame by file name."""
    tables = {
        wave: _export(example, wave, found.rows) for wave, found in example.submissions.items()
    }
    frames = {
        wave: frame_table(example.registries, wave, list(part.organisations.values()))
        for wave, part in example.population.items()
    }
    first = example.submissions["2021"]
    before = [first.corrections.get(row.response_id, row) for row in first.rows]
    return {
        "IBO2021_synthetic_export_v1.csv": _limesurvey(_export(example, "2021", before)),
        "IBO2021_synthetic_export_v2.csv": _limesurvey(tables["2021"]),
        "IBO2021_synthetic_frame.csv": csv_bytes(
            frames["2021"], delimiter=";", encoding="cp1252", quote_all=False, line_end="\r\n"
        ),
        "IBO2023_synthetic_export.xlsx": xlsx_bytes(
            {"Form1": _numbers_typed(example, tables["2023"])}
        ),
        "IBO2023_synthetic_frame.xlsx": xlsx_bytes(
            {"Organisaties": frames["2023"], "Toelichting": Table((NOTICE,), ())}
        ),
        "IBO2025_synthetic_export.sav": _spss(example, tables["2025"]),
        "IBO2025_synthetic_frame.csv": csv_bytes(
            frames["2025"], delimiter=",", encoding="utf-8", quote_all=False, line_end="\n"
        ),
    }


def render_answer_key(example: Example) -> dict[str, bytes]:
    """Return the truth and what cleaning must find, by file name."""
    return {
        "truth.csv": _truth_bytes(example.truth),
        "expected.json": _json_bytes(expectations(example)),
    }


def write_files(example: Example, folder: Path) -> None:
    """Write the deliveries into `ibo/` and the answer key into `answer_key/` of a folder."""
    for part, files in ((INBOX, render_files(example)), (ANSWER_KEY, render_answer_key(example))):
        target = folder / part.name
        target.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (target / name).write_bytes(content)


def expectations(example: Example) -> dict[str, object]:
    """Return, by wave, what cleaning must find in the exports."""
    waves = {wave: _expected_wave(example, wave) for wave in example.population}
    return {"notice": NOTICE, "seed": example.seed, "waves": waves}


def _expected_wave(example: Example, wave: str) -> dict[str, object]:
    part, found = example.population[wave], example.submissions[wave]
    kept = [row for row in found.rows if row.is_kept]
    excluded: dict[str, list[str]] = {}
    for row in found.rows:
        if row.excluded:
            excluded.setdefault(row.excluded, []).append(str(row.response_id))
    rejected = [(row, rejection) for row in kept for rejection in row.rejected]
    answered = Counter(part.strata[row.organisation_key] for row in kept)
    innovated = [part.values[row.organisation_key].get("innovated") for row in kept]
    return {
        "rows_in_export": len(found.rows),
        "organisations_in_frame": len(part.organisations),
        "kept": len(kept),
        "kept_by_group": dict(sorted(Counter(_group(part, row) for row in kept).items())),
        "innovated": {"yes": innovated.count(1.0), "base": len(kept) - innovated.count(None)},
        "excluded": {
            reason: {"count": len(ids), "response_ids": ids}
            for reason, ids in sorted(excluded.items())
        },
        "rejected_by_reason": dict(sorted(Counter(r.reason for _, r in rejected).items())),
        "rejected": [
            {
                "response_id": str(row.response_id),
                "question_id": rejection.question_id,
                "raw_value": rejection.raw_value,
                "reason": rejection.reason,
            }
            for row, rejection in rejected
        ],
        "answered_under_old_key": [
            {
                "response_id": str(row.response_id),
                "key": row.key,
                "organisation_key": row.organisation_key,
            }
            for row in kept
            if row.key != row.organisation_key
        ],
        "corrected_response_ids": [str(number) for number in sorted(found.corrections)],
        "strata": [
            {
                "overheidslaag": stratum[0],
                "organisatiegrootte": stratum[1],
                "population": population,
                "responses": answered[stratum],
            }
            for stratum, population in sorted(Counter(part.strata.values()).items())
        ],
    }


def _group(part: WavePopulation, row: Submission) -> str:
    return part.strata[row.organisation_key][0]


def _export(example: Example, wave: str, rows: Iterable[Submission]) -> Table:
    return export_table(example.registries, wave, list(rows), example.seed)


def _limesurvey(table: Table) -> bytes:
    return csv_bytes(table, delimiter=",", encoding="utf-8-sig", quote_all=True, line_end="\n")


def _numbers_typed(example: Example, table: Table) -> Table:
    """Turn whole numbers in number questions into number cells, as a spreadsheet would."""
    registries = example.registries
    places = {
        place
        for place, column in enumerate(registries.wave_columns("2023", "export"))
        if column["question_id"]
        and registries.questions[column["question_id"]]["answer_type"] == "number"
    }
    rows = tuple(
        tuple(
            int(cell) if place in places and isinstance(cell, str) and cell.isdigit() else cell
            for place, cell in enumerate(row)
        )
        for row in table.rows
    )
    return Table(table.header, rows)


def _spss(example: Example, table: Table) -> bytes:
    registries = example.registries
    labels, numeric = [], {"respnr", "testcase"}
    value_labels: dict[str, dict[int, str]] = {"testcase": {0: "Nee", 1: "Ja"}}
    missing: dict[str, list[int]] = {}
    for column in registries.wave_columns("2025", "export"):
        name, question_id = column["column_name"], column["question_id"]
        if not question_id:
            labels.append({"respnr": f"Respondentnummer. {NOTICE}"}.get(name, name))
            continue
        question = registries.questions[question_id]
        offered = {row["option_id"]: row for row in registries.offered(question_id, "2025")}
        label = question["wording_nl"]
        if column["option_id"]:
            label = f"{label} {offered[column['option_id']]['label_nl']}"
            value_labels[name] = {0: "Niet gekozen", 1: "Gekozen"}
        labels.append(label)
        if question["answer_type"] == "text":
            continue
        numeric.add(name)
        if column["option_id"]:
            continue
        missing[name] = [-99]
        coded = {
            int(registries.raw_value(question_id, "2025", option)): row
            for option, row in offered.items()
        }
        if coded:
            value_labels[name] = {code: row["label_nl"] for code, row in coded.items()}
            missing[name] += [c for c, row in coded.items() if row["is_missing"] == "true"]
        value_labels.setdefault(name, {})[-99] = "Geen antwoord"
    return sav_bytes(
        table,
        labels=labels,
        value_labels=value_labels,
        missing_values=missing,
        numeric=frozenset(numeric),
        title="IBO 2025 (synthetic example)",
    )


def _truth_bytes(rows: Iterable[TruthRow]) -> bytes:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([column.name for column in fields(TruthRow)])
    for row in rows:
        writer.writerow(
            "" if cell is None else f"{cell:.6f}" if isinstance(cell, float) else cell
            for cell in astuple(row)
        )
    return buffer.getvalue().encode()


def _json_bytes(content: object) -> bytes:
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode()


def main() -> None:
    """Write the example files from the command line."""
    parser = argparse.ArgumentParser(description="Write the synthetic example survey.")
    parser.add_argument("--out", type=Path, default=OUTPUT, help="folder to write into")
    parser.add_argument(
        "--seed", type=int, default=DEFAULT_SEED, help="another seed, other answers"
    )
    arguments = parser.parse_args()
    write_files(build_example(arguments.seed), arguments.out)


if __name__ == "__main__":
    main()
