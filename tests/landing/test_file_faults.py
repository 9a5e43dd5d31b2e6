"""Faults that somebody made in files, one at a time in a good export; each must be told."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pytest
from faulty_files import WAVE, Export

from barometer.settings import PROJECT_ROOT, Settings, load_settings
from landing.check import check_file
from landing.checks.subject import Subject
from landing.deliveries import find_deliveries
from landing.findings.errors import LandingErrors
from landing.findings.finding import CheckReport, Finding
from landing.known import wave_frame
from landing.known.beside import Beside, DeliveredFile
from landing.loader import land
from landing.readers import read_table
from landing.readers.table import Cell
from registry import Registry, load_registry

EXAMPLES = PROJECT_ROOT / "examples" / "ibo"
N_REPEATED = 30
SCALE = (
    *("Helemaal mee oneens", "Mee oneens", "Niet mee eens en niet mee oneens", "Mee eens"),
    "Helemaal mee eens",
)
TURNED = dict(zip(SCALE, reversed(SCALE), strict=True))


@pytest.fixture(scope="module")
def ibo() -> Registry:
    return load_registry(PROJECT_ROOT / "seeds")


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory, ibo: Registry) -> Settings:
    """The example survey landed, frames included."""
    settings = load_settings("ibo", home=tmp_path_factory.mktemp("faults"))
    report = land(settings, ibo, find_deliveries(settings.inbox, ibo).files)
    assert NEW_CODES.isdisjoint(f.code for check in report.checks for f in told(check))
    return settings


@pytest.fixture(scope="module")
def good(ibo: Registry) -> Export:
    path = EXAMPLES / "IBO2023_synthetic_export.xlsx"
    return Export(read_table(path, format="xlsx", sheet="Form1", tool="microsoft_forms"), ibo)


@pytest.fixture(scope="module")
def told_of_good(good: Export, landed: Settings) -> set[tuple[str, str]]:
    report = good.check(landed.warehouse)
    assert report.errors == ()
    return {(finding.code, finding.where) for finding in told(report)}


def told(report: CheckReport) -> tuple[Finding, ...]:
    return (*report.errors, *report.warnings)


NEW_CODES = frozenset(
    (
        *("organisation_key_unknown", "organisation_contradicted", "file_of_another"),
        *("file_alike", "group_silent", "group_all_silent", "columns_exchanged"),
        *("scale_reversed", "scale_correlation", "number_scale", "answer_out_of_range"),
        "question_blank",
    )
)


def rows_of(export: Export) -> list[list[Cell]]:
    return [list(row) for row in export.table.rows]


def shifted(export: Export, n_rows: int | None) -> Export:
    rows = rows_of(export)
    rows[:n_rows] = [["", *row[:-1]] for row in rows[:n_rows]]
    return export.with_rows(rows)


def repeated(export: Export, *, by_others: bool) -> Export:
    rows = rows_of(export)
    again = [list(row) for row in rows[:N_REPEATED]]
    for number, row in enumerate(again):
        row[export.place("response_id")] = str(90_000 + number)
        if by_others:
            other = rows[N_REPEATED + number]
            for role in ("organisation_key", "organisation_name"):
                row[export.place(role)] = other[export.place(role)]
    return export.with_rows([*rows, *again])


def one_row_off(export: Export) -> Export:
    keys = export.values("organisation_key")
    return export.with_values("organisation_key", [keys[-1], *keys[:-1]])


def silent(export: Export) -> Export:
    """Blank every answer of the water boards, which the example names after what they are."""
    answers = {
        export.place(column.question_id)
        for column in export.registry.columns_for(WAVE, "export")
        if column.role == "answer" and column.question_id
    }
    rows = rows_of(export)
    for row in rows:
        if "waterschap" in (row[export.place("organisation_name")] or "").casefold():
            row[:] = [None if at in answers else cell for at, cell in enumerate(row)]
    return export.with_rows(rows)


@dataclass(frozen=True)
class Fault:
    name: str
    make: Callable[[Export], Export]
    code: str
    severity: str
    where: str = ""


FAULTS = (
    Fault("3 % unknown codes", lambda e: e.changed("novelty", lambda _: "?", 33), "code_unmapped",
          "warning", "'?' (10×)"),
    Fault("30 % unknown codes", lambda e: e.changed("novelty", lambda _: "?", 3), "code_unmapped",
          "error", "'?'"),
    Fault("all rows to the right", lambda e: shifted(e, None), "response_id_blank", "error"),
    Fault("20 rows to the right", lambda e: shifted(e, 20), "test_flag_unreadable", "error",
          "first in data row 1"),
    Fault("rows again", lambda e: repeated(e, by_others=False), "duplicate_answers", "warning",
          "389, 390"),
    Fault("rows again, other organisations", lambda e: repeated(e, by_others=True),
          "duplicate_answers", "warning", "389, 390"),
    Fault("a blank question", lambda e: e.changed("spread", lambda _: ""), "question_blank",
          "warning", "verspreid"),
    Fault("all dates in 2031", lambda e: e.changed("submitted_at", in_year("2031")),
          "fieldwork_outside", "error", "submitted_at"),
    Fault("all dates in 2021", lambda e: e.changed("submitted_at", in_year("2021")),
          "fieldwork_outside", "error", "submitted_at"),
    Fault("some dates in 2021", lambda e: e.changed("submitted_at", in_year("2021"), 10),
          "fieldwork_outside", "warning", "submitted_at"),
    Fault("a date that is none", lambda e: e.changed("submitted_at", lambda _: "onbekend", 400),
          "submitted_at_unreadable", "error", "data row 1"),
    Fault("thousands of employees", lambda e: e.changed("employees", lambda n: f"{n}000"),
          "number_scale", "error", "medewerkers"),
    Fault("a statement turned round",
          lambda e: e.changed("climate_learning", lambda a: TURNED.get(a, a)),
          "scale_reversed", "error", "leren we van fouten"),
    Fault("no answer of water boards", silent, "group_all_silent", "error", "waterschappen"),
    Fault("negative numbers", lambda e: e.changed("employees", lambda n: f"-{n}", 10),
          "answer_out_of_range", "error", "data row 1"),
    Fault("two headings exchanged", lambda e: e.exchanged("inn_product", "inn_service"),
          "columns_exchanged", "warning", "verbeterde dienst"),
    Fault("keys one row off", one_row_off, "organisation_contradicted", "error", "data row 1"),
    Fault("keys without zeros",
          lambda e: e.changed("organisation_key", lambda key: key.lstrip("0")),
          "organisation_key_unknown", "error", "data row 1"),
    Fault("keys behind an apostrophe", lambda e: e.changed("organisation_key", "'{}".format),
          "organisation_key_unknown", "error", "data row 1"),
    Fault("another test flag", lambda e: e.changed("test_flag", lambda _: "WAAR"),
          "test_flag_unreadable", "error", "'WAAR'"),
)  # fmt: skip


def in_year(year: str) -> Callable[[str], str]:
    return lambda moment: year + moment[4:]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_is_told_with_its_place_and_a_remedy(
    fault: Fault, good: Export, landed: Settings, told_of_good: set[tuple[str, str]]
) -> None:
    report = fault.make(good).check(landed.warehouse)

    found = [
        finding
        for finding in told(report)
        if finding.code == fault.code and (finding.code, finding.where) not in told_of_good
    ]
    assert fault.severity in {finding.severity for finding in found}, report.findings
    assert any(fault.where in finding.where for finding in found)
    assert all(finding.expected and finding.remedy for finding in found)


def text_of_2021() -> list[list[str]]:
    text = (EXAMPLES / "IBO2021_synthetic_export_v2.csv").read_text(encoding="utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


@pytest.mark.parametrize(
    ("name", "places"), [("second header", (1,)), ("header in the middle", (200,))]
)
def test_a_header_among_the_answers_stops_landing(
    name: str, places: tuple[int, ...], tmp_path: Path, ibo: Registry
) -> None:
    rows = text_of_2021()
    for place in places:
        rows.insert(place, rows[0])
    path = write(tmp_path, rows)

    errors = check_file(path, wave="2021", registry=ibo).errors
    assert "header_repeated" in {error.code for error in errors}


def test_a_last_page_in_words_stops_landing(tmp_path: Path, ibo: Registry) -> None:
    rows = text_of_2021()
    place = rows[0].index("lastpage")
    for row in rows[1:]:
        row[place] = f"pagina {row[place]}"

    errors = check_file(write(tmp_path, rows), wave="2021", registry=ibo).errors

    assert [error.code for error in errors] == ["last_page_unreadable"]


def write(folder: Path, rows: list[list[str]]) -> Path:
    path = folder / "IBO2021_synthetic_export.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows(rows)
    return path


def test_what_happened_to_keys_is_in_the_remedy(good: Export, landed: Settings) -> None:
    def remedy(change: Callable[[str], Cell]) -> str:
        report = good.changed("organisation_key", change).check(landed.warehouse)
        (error,) = report.errors
        return error.remedy

    assert "leading zeros" in remedy(lambda key: key.lstrip("0"))
    assert "apostrophe" in remedy("'{}".format)
    assert "same wave" in remedy("X{}".format)


def test_without_names_a_number_tells_that_keys_are_one_row_off(
    good: Export, landed: Settings
) -> None:
    nameless = good.without("organisation_name")

    assert nameless.check(landed.warehouse).errors == ()
    (error,) = one_row_off(nameless).check(landed.warehouse).errors
    assert error.code == "organisation_contradicted"
    assert "fte of the frame" in error.message


def test_what_cannot_be_held_against_anything_is_said(good: Export, landed: Settings) -> None:
    bare = good.without("organisation_name").changed("employees", lambda _: "")
    codes = {f.code: f.severity for f in bare.check(landed.warehouse).findings}

    assert codes["organisation_key_unheld"] == "information"
    assert "no frame" in next(
        f.message for f in good.check().findings if f.code == "organisation_key_unheld"
    )


def test_a_frame_that_is_delivered_with_the_export_is_the_one_it_is_held_against(
    good: Export, ibo: Registry, tmp_path: Path
) -> None:
    """Of both in one landing, into a warehouse that has neither."""
    name = "IBO2021_synthetic_frame.csv"
    (tmp_path / name).write_bytes((EXAMPLES / name).read_bytes())
    rows = text_of_2021()
    place = rows[0].index("organisatiecode")
    keys = [row[place] for row in rows[1:]]
    for row, key in zip(rows[1:], [keys[-1], *keys[:-1]], strict=True):
        row[place] = key
    write(tmp_path, rows)
    settings = replace(load_settings("ibo", home=tmp_path / "home"), inbox=tmp_path)

    with pytest.raises(LandingErrors, match="the name of another; the right key stands in the row"):
        land(settings, ibo, find_deliveries(tmp_path, ibo).files)


def test_the_same_bytes_for_another_wave_stop_landing(good: Export, landed: Settings) -> None:
    with duckdb.connect(str(landed.warehouse), read_only=True) as connection:
        (sha256,) = connection.execute(
            "select content_sha256 from raw.exports where wave = '2025' and kind = 'export'"
        ).fetchone()

    (error,) = good.check(landed.warehouse, Beside(sha256)).errors
    assert error.code == "file_of_another"
    assert "IBO2025_synthetic_export.sav" in error.where


@pytest.mark.parametrize(("n_changed", "severity"), [(0, "error"), (40, "warning"), (400, None)])
def test_a_frame_of_another_wave_saved_again_is_told(
    n_changed: int, severity: str | None, ibo: Registry, landed: Settings, tmp_path: Path
) -> None:
    lines = (EXAMPLES / "IBO2025_synthetic_frame.csv").read_text(encoding="utf-8").splitlines()
    header, *rows = lines
    changed = [line.rpartition(",")[0] + ",2026-12-31" for line in rows[:n_changed]]
    path = tmp_path / "IBO2027_frame.csv"
    path.write_text("\r\n".join([header, *changed, *rows[n_changed:], ""]), encoding="utf-8")
    later = replace(
        ibo,
        waves=(*ibo.waves, replace(ibo.wave("2025"), wave="2027")),
        columns=(
            *ibo.columns,
            *(replace(c, wave="2027") for c in ibo.columns if c.wave == "2025"),
        ),
    )

    report = check_file(path, wave="2027", kind="frame", registry=later, warehouse=landed.warehouse)

    assert [f.severity for f in told(report) if f.code == "file_alike"] == (
        [severity] if severity else []
    )


def test_of_a_long_frame_only_what_the_export_names_is_looked_at(
    good: Export, landed: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = Subject(
        read_table(EXAMPLES / "IBO2023_synthetic_frame.xlsx", sheet="Organisaties"),
        good.registry.wave(WAVE),
        "frame",
        "main",
        good.registry,
    )
    beside = Beside(files=(DeliveredFile(frame, "frame.xlsx", ""),))
    faults = (good, one_row_off(good), good.changed("organisation_key", "'{}".format))
    in_full = [fault.check(beside=beside).findings for fault in faults]

    monkeypatch.setattr(wave_frame, "_LONG_FRAME", 100)

    assert [fault.check(beside=beside).findings for fault in faults] == in_full
    assert [any(f.severity == "error" for f in found) for found in in_full] == [False, True, True]
