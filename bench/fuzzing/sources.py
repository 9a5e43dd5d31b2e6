"""Files to break, per reader: small ones made here, and the real ones where they are."""

from __future__ import annotations

import csv
import datetime as dt
import random
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl
import pandas as pd
import pyreadstat

from barometer.settings import PROJECT_ROOT
from bench.fuzzing import mutations, spss

EXAMPLES = PROJECT_ROOT / "examples" / "ibo"
ROWS = [
    ["id", "org", "submitted", "q4", "q5"],
    *(
        [f"{n}", f"{n:04d}", "2025-03-01 12:00:00", f'é "{n}", ja', "regel een\nregel twee"]
        for n in range(40)
    ),
]
_LIMESURVEY = [
    ["id. Response ID", "submitdate. Date submitted", "q1. Hoe groot?", "q2[SQ001]. [Een] Welke?",
     "q2[other]. [Anders] Welke?", "q1Time. Question time: q1"],
    *([f"{n}", "2025-03-01 12:00:00", "12,5", "Y", "iets", "3.25"] for n in range(20)),
]  # fmt: skip
_QUALTRICS = [
    ["ResponseId", "StartDate", "Q1", "Q2_1"],
    ["Response ID", "Start Date", "Hoe groot,\nin fte?", "Welke? - Een"],
    [f'{{"ImportId":"{name}"}}' for name in ("_recordId", "startDate", "QID1", "QID2_1")],
    *([f"R_{n}", "2025-03-01 12:00:00", "5", "Een"] for n in range(20)),
]
_SURVEYMONKEY = [
    ["Respondent ID", "Collector ID", "Hoe groot?", "Welke?", "", "", "Waarom?"],
    ["", "", "Response", "Een", "Twee, of meer", "Other (please specify)", "Open-Ended Response"],
    *([f"{n}", "7", "5", "Een", "", "iets", "daarom"] for n in range(20)),
]
_MICROSOFT = [
    ["ID", "Begintijd", "Tijd van voltooien", "E-mail", "Welke?", "Welke?"],
    *(
        [f"{n}", "3-1-25 9:30:00", "3-1-25 9:40:00", "anonymous", "Een;Twee;", "5"]
        for n in range(20)
    ),
]
_GOOGLE = [
    ["Timestamp", "Hoe groot is het?", "Welke gebruikt u?", "Hoe groot is het?"],
    *([f"3/{1 + n}/2025 9:30:00", "5", "Een, Twee, of meer", "ja"] for n in range(20)),
]
_REGISTER_ROWS = [
    ["roo_id", "name", "type", "valid_from", "valid_until", "fte"],
    *([f"{n}", f"Gemeente {n}", "gemeente", "1900-01-01", "", "12,5"] for n in range(30)),
]
_ROWS_OF_LARGE_FILES = 40

Break = Callable[[random.Random, bytes, bytes], bytes]


@dataclass(frozen=True)
class FuzzedReader:
    """One reader: what it is given, how that is broken, and as what kind of file it lands."""

    files: Callable[[Path, Path | None], list[Path]]
    broken: Break
    kind: str = "export"


def _text(folder: Path, shared: Path | None) -> list[Path]:
    made = [
        _write(folder / "text.csv", ROWS, ","),
        _write(folder / "tabs.tsv", ROWS, "\t", "utf-16"),
        _write(folder / "semicolons.txt", ROWS, ";", "cp1252"),
        _write(folder / "pipes.csv", ROWS, "|", "utf-8-sig"),
    ]
    real = ["exports/google-forms/*.csv", "exports/google-forms/*.tsv", "pls/PUSUM96.csv"]
    return made + _real(folder, shared, real) + _cut(folder, sorted(EXAMPLES.glob("*.csv")))


def _headers(folder: Path, shared: Path | None) -> list[Path]:
    tables = {
        "limesurvey": _LIMESURVEY,
        "limesurvey_new": [[c.replace(". ", "._.", 1) for c in _LIMESURVEY[0]], *_LIMESURVEY[1:]],
        "qualtrics": _QUALTRICS,
        "surveymonkey": _SURVEYMONKEY,
        "microsoft": _MICROSOFT,
        "google": _GOOGLE,
    }
    made = [_write(folder / f"{name}.csv", rows, ",") for name, rows in tables.items()]
    real = ["rse/20*[a-z0-9].csv", "exports/surveymonkey/*.csv", "exports/google-forms/2019*.csv"]
    return made + _real(folder, shared, real)


def _xlsx(folder: Path, shared: Path | None) -> list[Path]:
    book = openpyxl.Workbook()
    for number, row in enumerate(ROWS):
        book.worksheets[0].append(
            row if not number else [number, row[1], dt.datetime(2025, 3, 1, 12), 0.5, True]
        )
    book.worksheets[0].row_dimensions[3].hidden = True
    book.worksheets[0]["F2"] = "=1+1"
    book.worksheets[0].column_dimensions["B"].hidden = True
    book.create_sheet("leeg")
    book.save(folder / "typed.xlsx")
    texts = openpyxl.Workbook(write_only=True)
    sheet = texts.create_sheet("data")
    for row in ROWS[:6]:
        sheet.append(row)
    texts.save(folder / "texts.xlsx")
    merged = openpyxl.Workbook()
    for row in _SURVEYMONKEY:
        merged.worksheets[0].append(row)
    merged.worksheets[0].merge_cells("D1:F1")
    merged.save(folder / "merged.xlsx")
    return sorted(folder.glob("*.xlsx")) + sorted(EXAMPLES.glob("*.xlsx"))


def _ods(folder: Path, shared: Path | None) -> list[Path]:
    cells = [
        "".join(
            f'<table:table-cell office:value-type="string"><text:p>{escape(c)}</text:p>'
            "</table:table-cell>"
            for c in row
        )
        + f'<table:table-cell office:value-type="float" office:value="{number}.5" '
        'table:formula="of:=1+1"><text:p>1</text:p></table:table-cell>'
        '<table:table-cell office:value-type="date" office:date-value="2025-03-01T12:00:00"/>'
        '<table:table-cell office:value-type="boolean" office:boolean-value="true"/>'
        '<table:table-cell office:value-type="time" office:time-value="PT12H30M00S"/>'
        '<table:table-cell table:number-columns-repeated="1000"/>'
        for number, row in enumerate(ROWS)
    ]
    hidden = ["", '<table:table-row table:visibility="collapse">']
    rows = "".join(
        f"{hidden[number == 3] or '<table:table-row>'}{row}</table:table-row>"
        for number, row in enumerate(cells)
    )
    rows += (
        '<table:table-row table:number-rows-repeated="1000000"><table:table-cell/>'
        "</table:table-row>"
    )
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text", "style")
    )
    content = (
        f'<office:document-content {spaces} office:version="1.2"><office:automatic-styles>'
        '<style:style style:name="ta1" style:family="table">'
        '<style:table-properties table:display="true"/></style:style></office:automatic-styles>'
        "<office:body><office:spreadsheet>"
        f'<table:table table:name="data" table:style-name="ta1">{rows}</table:table>'
        '<table:table table:name="leeg"><table:table-row><table:table-cell/></table:table-row>'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" m:version="1.2">'
        '<m:file-entry m:full-path="/" '
        'm:media-type="application/vnd.oasis.opendocument.spreadsheet"/></m:manifest>'
    )
    path = folder / "sheet.ods"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return [path, *sorted(EXAMPLES.glob("*.ods"))]


def _spss_frame() -> pd.DataFrame:
    header, *rows = ROWS
    frame = pd.DataFrame(rows, columns=header)
    frame["size"] = [float(n % 7) for n in range(len(frame))]
    frame["when"] = dt.date(2025, 3, 1)
    frame["a_name_of_more_than_eight"] = ["x" * 300] * len(frame)
    return frame


def _system_files(suffix: str) -> Callable[[Path, Path | None], list[Path]]:
    def files(folder: Path, shared: Path | None) -> list[Path]:
        path = folder / f"data.{suffix}"
        pyreadstat.write_sav(
            _spss_frame(),
            str(path),
            column_labels={"size": "Hoe groot?"},
            variable_value_labels={"size": {1.0: "één", 2.0: "twee"}},
            missing_ranges={"size": [{"lo": 5, "hi": 6}, -1]},
            compress=suffix == "zsav",
            row_compress=False,
        )
        rows = folder / f"rows.{suffix}"
        pyreadstat.write_sav(
            _spss_frame(), str(rows), compress=suffix == "zsav", row_compress=suffix == "sav"
        )
        return [path, rows, *_real(folder, shared, [f"exports/spss/*.{suffix}"]),
                *sorted(EXAMPLES.glob(f"*.{suffix}"))]  # fmt: skip

    return files


def _portable_files(folder: Path, shared: Path | None) -> list[Path]:
    # Portable files hold plain letters and short names only.
    frame = _spss_frame()[["id", "org", "q4", "size"]]
    plain = frame.map(
        lambda cell: re.sub("[^A-Za-z0-9. ]", "", cell) if isinstance(cell, str) else cell
    )
    pyreadstat.write_por(plain, str(folder / "data.por"))
    return [folder / "data.por", *_real(folder, shared, ["exports/spss/*.por"])]


def _register_xml(folder: Path, shared: Path | None) -> list[Path]:
    def organisation(number: int, units: str = "") -> str:
        return (
            f'<p:organisatie p:systeemId="{number}" p:resourceIdentifierTOOI="tooi/{number}">'
            f"<p:naam>Gemeente &amp; {number}</p:naam><p:afkorting>G{number}</p:afkorting>"
            "<p:types><p:type>gemeente</p:type><p:type>gemeenschap</p:type></p:types>"
            "<p:startDatum>1900-01-01</p:startDatum><p:adressen><p:adres><p:plaats>X</p:plaats>"
            "</p:adres></p:adressen><p:relatieMetMinisterie><p:naam>BZK</p:naam>"
            "</p:relatieMetMinisterie><p:personeelsomvang><p:aantalFte>12,5</p:aantalFte>"
            f"</p:personeelsomvang>{units and f'<p:organisaties>{units}</p:organisaties>'}"
            "</p:organisatie>"
        )

    body = "".join(organisation(n, organisation(100 + n) * (n % 3 == 0)) for n in range(12))
    path = folder / "register.xml"
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8"?><p:overheidsorganisaties '
        'xmlns:p="https://organisaties.overheid.nl/static/schema/oo/export/2.6.9">'
        f"<p:organisaties>{body}</p:organisaties></p:overheidsorganisaties>",
        encoding="utf-8",
    )
    return [path]


def _register_csv(folder: Path, shared: Path | None) -> list[Path]:
    made = _write(folder / "register.csv", _REGISTER_ROWS, ";")
    return [made, *_real(folder, shared, ["register/organisations.csv"])]


def _write(
    path: Path, rows: Sequence[Sequence[str]], delimiter: str, encoding: str = "utf-8"
) -> Path:
    with path.open("w", encoding=encoding, newline="", errors="replace") as stream:
        csv.writer(stream, delimiter=delimiter).writerows(rows)
    return path


def _real(folder: Path, shared: Path | None, patterns: list[str]) -> list[Path]:
    if shared is None:
        return []
    return _cut(folder, [path for pattern in patterns for path in sorted(shared.glob(pattern))])


def _cut(folder: Path, paths: list[Path]) -> list[Path]:
    """Return files of which large texts are cut to their first lines: more mutants a second."""
    cut = []
    for path in paths:
        if path.suffix in (".csv", ".tsv") and path.stat().st_size > 20_000:
            lines = path.read_bytes().splitlines(keepends=True)[:_ROWS_OF_LARGE_FILES]
            place = folder / f"cut-{len(cut)}-{path.name}"
            place.write_bytes(b"".join(lines))
            cut.append(place)
        else:
            cut.append(path)
    return cut


def _break_text(chance: random.Random, content: bytes, other: bytes) -> bytes:
    if chance.random() < 0.4:
        return mutations.broken_bytes(chance, content, other)
    return mutations.broken_rows(chance, content)


def _break_headers(chance: random.Random, content: bytes, other: bytes) -> bytes:
    if chance.random() < 0.1:
        return mutations.broken_bytes(chance, content, other)
    return mutations.broken_rows(chance, content, first=4)


def _break_xlsx(chance: random.Random, content: bytes, other: bytes) -> bytes:
    if chance.random() < 0.05:
        return mutations.broken_bytes(chance, content, other)
    return mutations.broken_package(
        chance, content, r"worksheets/sheet|workbook\.xml|sharedStrings|styles"
    )


def _break_ods(chance: random.Random, content: bytes, other: bytes) -> bytes:
    if chance.random() < 0.05:
        return mutations.broken_bytes(chance, content, other)
    return mutations.broken_package(chance, content, r"^content\.xml$")


def _break_xml(chance: random.Random, content: bytes, other: bytes) -> bytes:
    if chance.random() < 0.2:
        return mutations.broken_bytes(chance, content, other)
    return mutations.broken_xml(chance, content)


def _break_system_file(chance: random.Random, content: bytes, other: bytes) -> bytes:
    return spss.broken_system_file(chance, content)


def _break_portable_file(chance: random.Random, content: bytes, other: bytes) -> bytes:
    return spss.broken_portable_file(chance, content)


READERS = {
    "text": FuzzedReader(_text, _break_text),
    "headers": FuzzedReader(_headers, _break_headers),
    "xlsx": FuzzedReader(_xlsx, _break_xlsx),
    "ods": FuzzedReader(_ods, _break_ods),
    "sav": FuzzedReader(_system_files("sav"), _break_system_file),
    "zsav": FuzzedReader(_system_files("zsav"), _break_system_file),
    "por": FuzzedReader(_portable_files, _break_portable_file),
    "register-xml": FuzzedReader(_register_xml, _break_xml, "frame"),
    "register-csv": FuzzedReader(_register_csv, _break_text, "frame"),
}
