"""The real register as a frame, as CSV and as XML, from landing to the matched responses."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from built_survey import build_survey
from real_register import FTE_LARGE, FTE_SMALL, UNKNOWN, RealRegister, folded
from registry_folder import drift_rules_of_shared_files
from typer.testing import CliRunner

from barometer.settings import PROJECT_ROOT, Settings
from landing.check import check_file
from landing.frames.matching import MatchReport, match_report
from landing.frames.review import review_list
from landing.storage.warehouse import open_warehouse
from registry import TABLES, load_registry

pytestmark = [
    pytest.mark.thorough,
    pytest.mark.shared_data,
    pytest.mark.xdist_group("register_frame"),
]

REFERENCE_END = "2023-12-31"
FRAME_CSV = """record_id,organisation_key,
name,organisation_name,
tooi,register_id,
valid_from,valid_from,
valid_until,valid_until,
type,attribute,organisation_type"""
FRAME_XML = """systeemId,organisation_key,
naam,organisation_name,
resourceIdentifierTOOI,register_id,
startDatum,valid_from,
eindDatum,valid_until,
type,attribute,organisation_type
aantalFte,attribute,fte"""
EXPORT = "id,response_id\norg,organisation_key\nname,organisation_name\ntooi,register_id"


def columns(wave: str, kind: str, text: str) -> str:
    lines = (line.split(",") for line in text.splitlines())
    return "\n".join(
        f"{wave},{kind},{name},{role},,,{attribute[0] if attribute else ''},,,"
        for name, role, *attribute in lines
    )


def delivery(wave: str, kind: str, pattern: str, format: str = "csv") -> str:
    filled = {"wave": wave, "kind": kind, "part": "main", "file_pattern": pattern}
    filled |= {"format": format, "is_synthetic": "true", "archive": "plain"}
    return ",".join(filled.get(name, "") for name in TABLES["deliveries"].header)


def write_registries(folder: Path, rows: dict[str, str]) -> Path:
    """Write every registry; those that say nothing of this survey as the IBO has them, or empty."""
    folder.mkdir()
    # The same answers are delivered for every wave: what differs is the frame.
    rows = {"drift_rules": drift_rules_of_shared_files(), **rows}
    for name, table in TABLES.items():
        text = "\n".join([",".join(table.header), *rows.get(name, "").strip().splitlines(), ""])
        (folder / table.file_name).write_text(text, encoding="utf-8")
    return folder


@dataclass(frozen=True)
class Planted:
    """Organisations of the register that responses were made for."""

    own: dict[str, str]
    registered: dict[str, str]
    named: dict[str, str]
    shared_name: str
    misspelt: dict[str, str]
    decided: dict[str, str]
    ended: dict[str, str]


@pytest.fixture(scope="module")
def planted(register: RealRegister) -> Planted:
    kept, names = register.kept(REFERENCE_END), register.names(REFERENCE_END)
    unique = [row for row in kept if names[folded(row["name"])] == 1]
    with_tooi = [row for row in unique if row["tooi"]]
    long_names = [row for row in unique if row["name"].startswith("Rijksdienst voor ")]
    return Planted(
        own=unique[10],
        registered=with_tooi[50],
        named=unique[900],
        shared_name=next(row["name"] for row in kept if names[folded(row["name"])] > 1),
        misspelt=long_names[0],
        decided=unique[1500],
        ended=register.ended(REFERENCE_END)[0],
    )


@pytest.fixture(scope="module")
def settings(
    register: RealRegister, planted: Planted, tmp_path_factory: pytest.TempPathFactory
) -> Settings:
    folder = tmp_path_factory.mktemp("register")
    inbox = folder / "inbox"
    inbox.mkdir()
    (inbox / "organisations.csv").write_bytes(register.path.read_bytes())
    (inbox / "exportOO.xml").write_text(register.as_xml(), encoding="utf-8")
    respelt = "  " + planted.named["name"].upper().replace(" ", "  ")
    slipped = planted.misspelt["name"].replace("Rijksdienst", "Rijksdeinst")
    responses = [
        ("own", planted.own["record_id"], "", ""),
        ("registered", "x1", "Something else", planted.registered["tooi"]),
        ("named", "x2", respelt, ""),
        ("shared", "x3", planted.shared_name, ""),
        ("misspelt", "x4", slipped, ""),
        ("decided", "x5", "Anything", ""),
        ("decided_none", "x6", planted.own["name"], ""),
        ("ended", planted.ended["record_id"], "", ""),
        ("no_key", "", planted.named["name"], ""),
    ]
    for year in ("2024", "2026"):
        with (inbox / f"answers{year}.csv").open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([("id", "org", "name", "tooi"), *responses])
    matches = "".join(
        f"{year},x5,,{planted.decided['record_id']},tester,\n{year},x6,,,tester,\n"
        f"{year},x9,,,tester,\n"
        for year in ("2024", "2026")
    )
    wave = "2022-01-01,2023-12-31,2024-02-01,2024-04-30,1,99,,file,"
    registries = {
        "surveys": "reg,Register,Register,organisaties,organisations,error,test,CC0",
        "waves": f"2024,W24,W24,{wave}\n2025,W25,W25,{wave}\n2026,W26,W26,{wave}",
        "deliveries": "\n".join(
            (
                delivery("2024", "export", "answers2024.csv"),
                delivery("2024", "frame", "organisations.csv"),
                delivery("2025", "export", "answers2025.csv"),
                delivery("2025", "frame", "by_number.csv"),
                delivery("2026", "export", "answers2026.csv"),
                delivery("2026", "frame", "exportOO*.xml", "roo_xml"),
            )
        ),
        "columns": "\n".join(
            (
                columns("2024", "frame", FRAME_CSV),
                columns("2024", "export", EXPORT),
                columns("2025", "frame", FRAME_CSV.replace("record_id", "roo_id")),
                columns("2025", "export", EXPORT),
                columns("2026", "frame", FRAME_XML),
                columns("2026", "export", EXPORT),
            )
        ),
        "classifications": "size,Omvang,Size,1,false,",
        "organisation_groups": "size,small,,Klein,Small,1,false\nsize,large,,Groot,Large,2,false",
        "organisation_membership": "size,small,fte,,,100,,,10,\nsize,large,fte,,100,,,,10,",
        "strata_design": "2024,1,size\n2025,1,size\n2026,1,size",
        "publication_rules": "minimum_base,1,t\nminimum_stratum_responses,1,t\n"
        "minimum_answered_questions,0,t",
        "frame_rules": f"unknown_date,{UNKNOWN},t",
        "organisation_matches": matches,
    }
    return Settings(
        survey="reg",
        root=PROJECT_ROOT,
        home=folder / "home",
        inbox=inbox,
        registries=write_registries(folder / "registries", registries),
    )


@pytest.fixture(scope="module")
def warehouse(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    build_survey(settings, "path:models/cleaned")
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        yield connection


def findings(settings: Settings, path: Path, wave: str) -> dict[str, str]:
    registry = load_registry(settings.seeds)
    report = check_file(path, wave=wave, kind="frame", registry=registry)
    return {f"{f.severity} {f.code}": f.message for f in report.findings}


def test_the_dirt_of_the_register_is_counted_right(
    settings: Settings, register: RealRegister
) -> None:
    found = findings(settings, register.path, "2024")
    rows = register.rows
    assert not [key for key in found if key.startswith("error")]
    n_ended = len(register.ended(REFERENCE_END))
    assert found["information frame_ended"].startswith(f"{n_ended:,} organisation(s)")
    n_unknown = sum(row["valid_from"] == UNKNOWN for row in rows)
    assert n_unknown == 3052
    assert found["information frame_date_unknown"].startswith(f"{n_unknown:,} date(s)")
    n_late = sum(row["valid_from"] > REFERENCE_END for row in rows)
    assert found["information frame_not_started"].startswith(f"{n_late:,} organisation(s)")
    shared = [count for count in register.names(REFERENCE_END).values() if count > 1]
    assert found["warning frame_organisation_name_shared"].startswith(
        f"{len(shared):,} organisation names belong to more than one row ({sum(shared):,} rows)"
    )


def test_a_key_that_is_missing_or_comes_back_stops_landing(
    settings: Settings, register: RealRegister
) -> None:
    found = findings(settings, register.path, "2025")
    blank = sum(not row["roo_id"] for row in register.rows)
    assert blank == 1636
    assert found["error organisation_key_blank"].startswith(f"{blank} row(s)")
    ended = {row["record_id"] for row in register.ended(REFERENCE_END)}
    again = [
        key
        for key, numbers in register.by_roo_id.items()
        if sum(register.rows[n - 1]["record_id"] not in ended for n in numbers) > 1
    ]
    assert len(again) == 3
    assert found["error organisation_key_duplicate"].startswith("3 organisation_key(s)")


@pytest.mark.parametrize("wave", ["2024", "2026"])
def test_every_row_counts_or_says_why_not(
    warehouse: duckdb.DuckDBPyConnection, register: RealRegister, wave: str
) -> None:
    counted = dict(
        warehouse.execute(
            "select coalesce(exclusion_reason, 'kept'), count(*) from cleaned.cln_frame"
            " where wave = ? group by all",
            [wave],
        ).fetchall()
    )
    n_ended = len(register.ended(REFERENCE_END))
    assert counted == {"kept": len(register.rows) - n_ended, "ended": n_ended}
    starts = warehouse.execute(
        "select count(valid_from), count(register_id) from cleaned.cln_frame where wave = ?",
        [wave],
    ).fetchone()
    assert starts == (
        sum(row["valid_from"] not in ("", UNKNOWN) for row in register.rows),
        sum(bool(row["tooi"]) for row in register.rows),
    )


def test_csv_and_xml_of_one_register_are_one_frame(warehouse: duckdb.DuckDBPyConnection) -> None:
    frames = [
        warehouse.execute(
            "select row_number, organisation_key, organisation_name, register_id, valid_from,"
            " valid_until, exclusion_reason from cleaned.cln_frame where wave = ? order by 1",
            [wave],
        ).fetchall()
        for wave in ("2024", "2026")
    ]
    assert frames[0] == frames[1]


def test_a_decimal_comma_is_a_number(warehouse: duckdb.DuckDBPyConnection) -> None:
    groups = warehouse.execute(
        "select organisation_key, group_id from cleaned.cln_organisation_groups order by 1"
    ).fetchall()
    assert groups == [(FTE_LARGE, "large"), (FTE_SMALL, "small")]


@pytest.mark.parametrize("wave", ["2024", "2026"])
def test_responses_find_their_organisation_or_wait_for_a_person(
    warehouse: duckdb.DuckDBPyConnection, planted: Planted, wave: str
) -> None:
    found = {
        response_id: (key, method, reason)
        for response_id, key, method, reason in warehouse.execute(
            "select response_id, status.organisation_key, status.match_method, exclusion_reason"
            " from cleaned.cln_submission_status as status"
            " inner join staging.stg_submissions using (response_key)"
            " where status.wave = ?",
            [wave],
        ).fetchall()
    }
    outside = "organisation_not_in_frame"
    assert found == {
        "own": (planted.own["record_id"], "key", None),
        "registered": (planted.registered["record_id"], "register_id", None),
        "named": (planted.named["record_id"], "name", None),
        "shared": (None, None, outside),
        "misspelt": (None, None, outside),
        "decided": (planted.decided["record_id"], "decision", None),
        "decided_none": (None, "decision", outside),
        "ended": (None, None, outside),
        "no_key": (None, None, "no_organisation_key"),
    }


@pytest.fixture(scope="module")
def report(settings: Settings, warehouse: duckdb.DuckDBPyConnection) -> MatchReport:
    return match_report(settings, load_registry(settings.seeds), "2024")


def test_the_rest_is_listed_with_candidates(report: MatchReport, planted: Planted) -> None:
    assert report.matched == {"key": 1, "register_id": 1, "name": 1, "decision": 1}
    assert report.decided_none == 1
    assert [decision.delivered_key for decision in report.unused] == ["x9"]
    by_key = {one.delivered_key: one for one in report.unmatched}
    assert set(by_key) == {"x3", "x4", planted.ended["record_id"], None}
    misspelt = by_key["x4"].suggestion
    assert misspelt.best is not None
    assert misspelt.best.key == planted.misspelt["record_id"]
    shared = by_key["x3"].suggestion
    assert shared.verdict == "unsure"
    assert [candidate.score for candidate in shared.candidates[:2]] == [100.0, 100.0]
    assert by_key[planted.ended["record_id"]].left_out == "ended"
    without_key = by_key[None].suggestion
    assert without_key.best is not None
    assert without_key.best.key == planted.named["record_id"]


def test_the_list_can_be_reviewed_as_csv(report: MatchReport, planted: Planted) -> None:
    rows = list(csv.DictReader(review_list(report).splitlines()))
    assert {row["delivered_key"] for row in rows} == {"x3", "x4", planted.ended["record_id"], ""}
    first = next(row for row in rows if row["delivered_key"] == "x4")
    assert (first["rank"], first["organisation_key"]) == ("1", planted.misspelt["record_id"])


def test_the_command_prints_and_writes_it(
    settings: Settings,
    report: MatchReport,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from orchestration.cli import app
    from orchestration.commands import match as command

    monkeypatch.setattr(command, "load_settings", lambda survey, home: settings)
    output = tmp_path / "candidates.csv"
    result = CliRunner().invoke(
        app, ["match", "--wave", "2024", "--output", str(output)], env={"COLUMNS": "200"}
    )
    assert result.exit_code == 0, result.output
    assert "1 by register_id" in result.output
    assert "x4" in result.output
    assert "organisation_matches.csv line 4" in result.output
    assert output.read_text(encoding="utf-8") == review_list(report)
