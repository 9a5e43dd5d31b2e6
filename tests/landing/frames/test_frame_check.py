"""A frame is judged before it lands: what stops it, what is said of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from barometer.settings import PROJECT_ROOT, survey_seeds
from landing.check import check_file
from landing.findings.finding import CheckReport, Finding
from registry import Registry, load_registry
from registry.tables.thresholds import FrameRule

ATTRIBUTES = "organisatietype,rechtsvorm,bedient,hoofdtaak,aantal_fte"
HEADER = f"organisatiecode,organisatienaam,{ATTRIBUTES},begin,eind"


@pytest.fixture(scope="module")
def registry() -> Registry:
    """The IBO registry, whose 2025 frame has validity too."""
    ibo = load_registry(survey_seeds(PROJECT_ROOT, "ibo"))
    (key,) = [c for c in ibo.columns_for("2025", "frame") if c.role == "organisation_key"]
    return replace(
        ibo,
        columns=(
            *ibo.columns,
            replace(key, column_name="begin", role="valid_from"),
            replace(key, column_name="eind", role="valid_until"),
        ),
    )


def with_rules(registry: Registry, **rules: str) -> Registry:
    kept = [rule for rule in registry.frame_rules if rule.rule_id not in rules]
    added = [FrameRule(rule_id, value, "test", row=9) for rule_id, value in rules.items()]
    return replace(registry, frame_rules=(*kept, *added))


def check(tmp_path: Path, registry: Registry, rows: Sequence[str]) -> CheckReport:
    path = tmp_path / "IBO2025_synthetic_frame.csv"
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return check_file(path, wave="2025", kind="frame", registry=registry)


def row(key: str, name: str = "A", begin: str = "", end: str = "") -> str:
    return f"{key},{name},gemeente,publiek,burgers,,10,{begin},{end}"


def finding(report: CheckReport, code: str) -> Finding:
    (found,) = [finding for finding in report.findings if finding.code == code]
    return found


def codes(report: CheckReport) -> set[str]:
    return {finding.code for finding in report.findings}


def test_a_sound_frame_has_nothing_to_say(tmp_path, registry) -> None:
    report = check(tmp_path, registry, [row("1", "A"), row("2", "B")])
    assert not {code for code in codes(report) if code.startswith("frame_")}
    assert not report.errors


def test_the_same_row_again_counts_once(tmp_path, registry) -> None:
    report = check(tmp_path, registry, [row("1"), row("2", "B"), row("1"), row("1")])
    assert not report.errors
    assert "2 row(s)" in finding(report, "frame_row_repeated").message


def test_the_same_key_with_other_contents_stops_landing(tmp_path, registry) -> None:
    report = check(tmp_path, registry, [row("1"), row("1", "B")])
    (error,) = report.errors
    assert error.code == "organisation_key_duplicate"
    assert "'1' in data rows 1/2" in error.where


def test_by_rule_the_contradictions_are_listed_instead(tmp_path, registry) -> None:
    registry = with_rules(registry, duplicate_key="review")
    rows = [row(str(n % 9), f"N{n}") for n in range(18)]
    report = check(tmp_path, registry, rows)
    assert not report.errors
    found = finding(report, "organisation_key_duplicate")
    assert found.severity == "warning"
    assert found.where.count("data rows") == 9


def test_ended_organisations_are_left_out_with_their_reason(tmp_path, registry) -> None:
    end = next(w.reference_end for w in registry.waves if w.wave == "2025")
    before = (end - dt.timedelta(days=1)).isoformat()
    report = check(
        tmp_path,
        registry,
        [row("1", "A", end=before), row("2", "B", end=end.isoformat()), row("3", "C")],
    )
    found = finding(report, "frame_ended")
    assert "1 organisation(s) ended" in found.message
    assert found.where == "'1'"
    kept = check(
        tmp_path, with_rules(registry, not_ended="1"), [row("1", "A", end=before), row("2", "B")]
    )
    assert "frame_ended" not in codes(kept)


def test_an_ended_row_does_not_contradict_its_successor(tmp_path, registry) -> None:
    report = check(tmp_path, registry, [row("1", "Old", end="2001-01-01"), row("1", "New")])
    assert not report.errors


def test_dates_that_say_nothing_are_unknown(tmp_path, registry) -> None:
    report = check(
        tmp_path,
        registry,
        [
            row("1", "A", begin="1900-01-01", end="1900-01-01"),
            row("2", "B", begin="31/12/20x9"),
            row("3", "C", begin="2020-05-01", end="2019-05-01"),
            row("4", "D", begin="2999-01-01"),
        ],
    )
    unknown = [f for f in report.findings if f.code == "frame_date_unknown"]
    assert [f.message[:9] for f in unknown] == ["1 date(s)", "1 date(s)"]
    assert "'31/12/20x9'" in finding(report, "frame_date_unreadable").where
    assert "data rows 3" in finding(report, "frame_ends_before_start").where
    assert "1 organisation(s) started after" in finding(report, "frame_not_started").message
    assert finding(report, "frame_ended").where == "'3'"


def test_names_that_cannot_identify_are_counted(tmp_path, registry) -> None:
    rows = [row("1", "Directie  Communicatie"), row("2", "directie communicatie"), row("3", "B")]
    found = finding(check(tmp_path, registry, rows), "frame_organisation_name_shared")
    assert "1 organisation names belong to more than one row (2 rows)" in found.message


def test_dates_with_the_day_first_are_read_where_the_delivery_says_so(tmp_path, registry) -> None:
    rows = [row("1", "A", begin="01-01-1900", end="31-12-1999")]
    assert "frame_date_unreadable" in codes(check(tmp_path, registry, rows))
    day_first = replace(
        registry,
        deliveries=tuple(replace(d, date_order="day_first") for d in registry.deliveries),
    )
    found = codes(check(tmp_path, day_first, rows))
    assert {"frame_ended", "frame_date_unknown"} <= found
    assert "frame_date_unreadable" not in found
