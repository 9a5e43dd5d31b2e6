"""The files themselves: reproducible, committed, and fully described by the registries."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import zipfile
from functools import cache
from pathlib import Path

import openpyxl
import pyreadstat
import pytest

from examples.generate import (
    ANSWER_KEY,
    INBOX,
    Example,
    build_example,
    render_answer_key,
    render_files,
    write_files,
)
from examples.registries import SEEDS, Registries, read_rows

EXPORTS = {
    "2021": "IBO2021_synthetic_export_v2.csv",
    "2023": "IBO2023_synthetic_export.xlsx",
    "2025": "IBO2025_synthetic_export.sav",
}
FRAMES = {
    "2021": "IBO2021_synthetic_frame.csv",
    "2023": "IBO2023_synthetic_frame.xlsx",
    "2025": "IBO2025_synthetic_frame.csv",
}
WAVES = tuple(EXPORTS)


@cache
def read(path: Path, kind: str = "export") -> list[dict[str, str]]:
    if path.suffix == ".xlsx":
        sheet = openpyxl.load_workbook(path)["Form1" if kind == "export" else "Organisaties"]
        header, *rows = sheet.iter_rows(values_only=True)
        return [
            {str(n): "" if v is None else str(v) for n, v in zip(header, row, strict=True)}
            for row in rows
        ]
    if path.suffix == ".sav":
        data, _ = pyreadstat.read_sav(path, user_missing=True)
        return [
            {
                name: ""
                if value != value
                else str(int(value))
                if isinstance(value, float)
                else str(value)
                for name, value in row.items()
            }
            for row in data.to_dict("records")
        ]
    content = path.read_bytes()
    text = content.decode("cp1252" if "2021_synthetic_frame" in path.name else "utf-8-sig")
    delimiter = ";" if "2021_synthetic_frame" in path.name else ","
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def normal(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip().lower()


def test_the_same_seed_gives_the_same_bytes(example: Example, files: dict[str, bytes]):
    again = render_files(build_example(example.seed))
    assert {n: hashlib.sha256(c).hexdigest() for n, c in again.items()} == {
        n: hashlib.sha256(c).hexdigest() for n, c in files.items()
    }


def test_timestamps_of_writing_are_not_in_the_files(files: dict[str, bytes]):
    for name in (EXPORTS["2023"], FRAMES["2023"]):
        with zipfile.ZipFile(io.BytesIO(files[name])) as archive:
            assert {entry.date_time[0] for entry in archive.infolist()} == {1980}
            core = archive.read("docProps/core.xml").decode()
        assert set(re.findall(r"\d{4}-\d\d-\d\dT", core)) == {"2023-05-01T"}
    assert files[EXPORTS["2025"]][92:109] == b"01 Jan 25" + b"00:00:00"


def test_committed_files_are_the_generated_ones(files: dict[str, bytes]):
    assert {path.name for path in INBOX.iterdir()} == set(files)
    for name, content in files.items():
        committed = (INBOX / name).read_bytes()
        if name.endswith(".xlsx"):
            # Compressed bytes depend on the zlib at hand, what they hold does not.
            assert unpacked(committed) == unpacked(content), name
        else:
            assert committed == content, name


def test_the_committed_answer_key_is_the_generated_one(example: Example):
    expected = render_answer_key(example)
    assert {path.name: path.read_bytes() for path in ANSWER_KEY.iterdir()} == expected


def test_committed_files_stay_small():
    assert sum(path.stat().st_size for path in INBOX.iterdir()) < 2_000_000


def test_another_seed_changes_answers_but_not_the_frames(files: dict[str, bytes], tmp_path: Path):
    write_files(build_example(7), tmp_path)
    for wave in WAVES:
        assert (tmp_path / INBOX.name / EXPORTS[wave]).read_bytes() != files[EXPORTS[wave]]
        assert read(tmp_path / INBOX.name / FRAMES[wave], "frame") == read(
            INBOX / FRAMES[wave], "frame"
        )


@pytest.mark.parametrize("name", [*EXPORTS.values(), *FRAMES.values()])
def test_every_file_says_that_it_is_synthetic(name: str):
    assert "synthetic" in name
    rows = read(INBOX / name, "frame" if name in FRAMES.values() else "export")
    names = [v for v in rows[0] if "naam" in v.lower()]
    assert names
    assert all("(synthetisch)" in row[names[0]] for row in rows)


@pytest.mark.parametrize("wave", WAVES)
def test_every_file_matches_the_pattern_of_one_delivery(wave: str, files: dict[str, bytes]):
    deliveries = [row for row in read_rows(SEEDS / "deliveries.csv") if row["wave"] == wave]
    assert {row["kind"] for row in deliveries} == {"export", "frame"}
    for row in deliveries:
        assert row["is_synthetic"] == "true"
        matching = [n for n in files if Path(n).match(row["file_pattern"])]
        wanted = EXPORTS[wave] if row["kind"] == "export" else FRAMES[wave]
        assert wanted in matching
        assert len(matching) == (2 if (wave, row["kind"]) == ("2021", "export") else 1)


@pytest.mark.parametrize("kind", ["export", "frame"])
@pytest.mark.parametrize("wave", WAVES)
def test_every_column_is_registered_in_file_order(wave: str, kind: str):
    name = EXPORTS[wave] if kind == "export" else FRAMES[wave]
    columns = Registries(SEEDS).wave_columns(wave, kind)
    assert list(read(INBOX / name, kind)[0]) == [row["column_name"] for row in columns]


@pytest.mark.parametrize("wave", WAVES)
def test_every_value_is_registered_save_the_planted_ones(wave: str, example: Example):
    registries = example.registries
    codes: dict[str, set[str]] = {}
    for row in registries.codes:
        if row["wave"] in ("", wave):
            codes.setdefault(row["question_id"], set()).add(normal(row["raw_value"]))
    rows = read(INBOX / EXPORTS[wave])
    columns = [row for row in registries.wave_columns(wave, "export") if row["role"] == "answer"]
    id_column = registries.wave_columns(wave, "export")
    response_id = next(c["column_name"] for c in id_column if c["role"] == "response_id")
    unknown = set()
    for column in columns:
        question_id = column["question_id"]
        kind = registries.questions[question_id]["answer_type"]
        known = codes.get(question_id, set()) | codes.get("", set())
        for row in rows:
            cell = row[column["column_name"]]
            pieces = cell.split(column["separator"]) if column["separator"] else [cell]
            for piece in pieces:
                is_number = kind == "number" and re.fullmatch(r"-?\d+", piece)
                if piece and kind != "text" and not is_number and normal(piece) not in known:
                    unknown.add((row[response_id], question_id, piece))
    planted = {
        (str(row.response_id), rejection.question_id, rejection.raw_value)
        for row in example.submissions[wave].rows
        for rejection in row.rejected
        if rejection.reason in ("unknown_code", "not_a_number")
    }
    assert unknown == planted


def test_leading_zeros_survive_in_every_format():
    for name in FRAMES.values():
        first = next(iter(read(INBOX / name, "frame")[0].values()))
        assert first == "00021"
    for wave, name in EXPORTS.items():
        column = {"2021": "organisatiecode", "2023": "Organisatiecode", "2025": "orgcode"}[wave]
        keys = [row[column] for row in read(INBOX / name) if row[column]]
        assert all(re.fullmatch(r"\d{5}", key) for key in keys)


def test_the_late_correction_changes_four_responses():
    before = read(INBOX / "IBO2021_synthetic_export_v1.csv")
    after = read(INBOX / "IBO2021_synthetic_export_v2.csv")
    changed = [a["id"] for b, a in zip(before, after, strict=True) if a != b]
    assert len(changed) == 4


def test_dont_know_is_user_missing_in_spss():
    _, meta = pyreadstat.read_sav(INBOX / EXPORTS["2025"], user_missing=True)
    missing = {part["lo"] for part in meta.missing_ranges["v07_1"]}
    assert missing == {-99.0, 8.0, 9.0}
    assert meta.variable_value_labels["v02_1"][8.0] == "Weet niet"
