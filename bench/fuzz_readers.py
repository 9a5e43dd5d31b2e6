"""Break files of every format, and see that landing only ever refuses them with a clear word.

    python -m bench.fuzz_readers --seconds 600 --seed 1 [--shared FOLDER]

Files are generated, and taken from the folder of real files where there is one. Each is mutated
(bytes flipped, cut out, repeated, cut off, pieces of another file put in) and landed in a process
that is ended when it takes too long. What may happen: it lands whole, or a BarometerError says
why not and the warehouse holds nothing of it. Anything else is kept in the failures folder.
"""

from __future__ import annotations

import argparse
import collections
import csv
import multiprocessing
import os
import random
import re
import shutil
import sys
import tempfile
import time
import traceback
import zipfile
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from xml.sax.saxutils import escape

import duckdb
import openpyxl
import pandas as pd
import pyreadstat

from barometer.errors import BarometerError
from barometer.registry import Registry
from barometer.settings import PROJECT_ROOT, Settings
from bench.survey import wide_registry
from landing.checks.subject import column_key
from landing.deliveries import InboxFile
from landing.loader import land
from landing.readers import delimited, read_table

_LONGEST_SECONDS = 60
_LARGEST_BYTES = 400_000
_SUFFIXES = {".csv", ".tsv", ".xlsx", ".ods", ".sav", ".zsav", ".por", ".xml", ".txt"}
_ROWS = [
    ["id", "org", "submitted", "q4", "q5"],
    *(
        [f"{n}", f"{n:04d}", "2025-03-01 12:00:00", f'é "{n}", ja', "regel een\nregel twee"]
        for n in range(40)
    ),
]


def main(arguments: list[str] | None = None) -> int:
    """Fuzz for a while, print the counts, and return 1 when anything failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--shared", type=Path, default=os.environ.get("BAROMETER_SHARED_DATA"))
    parser.add_argument("--failures", type=Path, default=Path("fuzz-failures"))
    parser.add_argument("--suffix", help="only files with this suffix")
    asked = parser.parse_args(arguments)
    chance = random.Random(asked.seed)
    counts: collections.Counter[str] = collections.Counter()
    with tempfile.TemporaryDirectory(prefix="barometer-fuzz-") as name:
        folder = Path(name)
        files = _generated(folder / "generated") + _real(asked.shared)
        files = [path for path in files if asked.suffix in (None, path.suffix)]
        print(f"{len(files)} files to mutate, seed {asked.seed}", flush=True)
        worker = _Worker(folder)
        end = time.monotonic() + asked.seconds
        while time.monotonic() < end:
            source = chance.choice(files)
            content = _mutated(chance, source, files)
            outcome, detail = worker.run(content, source.suffix, chance.random() < 0.5)
            counts[outcome] += 1
            counts[f"{source.suffix[1:]} {outcome}"] += 1
            if outcome not in ("landed", "refused"):
                asked.failures.mkdir(exist_ok=True)
                kept = asked.failures / f"{outcome}-{sum(counts.values())}{source.suffix}"
                kept.write_bytes(content)
                print(f"{outcome}: {kept} from {source.name}\n{detail}", flush=True)
        worker.stop()
    for outcome, count in sorted(counts.items()):
        print(f"{count:8,} {outcome}")
    return 0 if not set(counts) & {"crash", "hang", "error", "half-landed"} else 1


def _generated(folder: Path) -> list[Path]:
    folder.mkdir()
    header, *rows = _ROWS
    for suffix, delimiter, encoding in (
        (".csv", ",", "utf-8"),
        (".tsv", "\t", "utf-16"),
        (".txt", ";", "cp1252"),
    ):
        with (folder / f"text{suffix}").open("w", encoding=encoding, newline="") as stream:
            csv.writer(stream, delimiter=delimiter).writerows(_ROWS)
    book = openpyxl.Workbook()
    for row in _ROWS:
        book.worksheets[0].append(row)
    book.save(folder / "book.xlsx")
    frame = pd.DataFrame(rows, columns=header)
    labels = {"q5": {"regel een\nregel twee": "twee regels"}}
    for name, compress in (("data.sav", False), ("data.zsav", True)):
        pyreadstat.write_sav(
            frame, str(folder / name), variable_value_labels=labels, compress=compress
        )
    # Portable files hold plain letters and short names only.
    plain = frame.map(lambda cell: re.sub("[^A-Za-z0-9 ]", "", cell))
    pyreadstat.write_por(plain.rename(columns={"submitted": "moment"}), str(folder / "data.por"))
    _write_ods(folder / "sheet.ods")
    return sorted(folder.iterdir())


def _write_ods(path: Path) -> None:
    cells = [
        "".join(
            f'<table:table-cell office:value-type="string"><text:p>{escape(c)}</text:p>'
            "</table:table-cell>"
            for c in row
        )
        for row in _ROWS
    ]
    rows = "".join(f"<table:table-row>{row}</table:table-row>" for row in cells)
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f'<office:document-content {spaces} office:version="1.2"><office:body><office:spreadsheet>'
        f'<table:table table:name="data">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" m:version="1.2">'
        '<m:file-entry m:full-path="/" '
        'm:media-type="application/vnd.oasis.opendocument.spreadsheet"/></m:manifest>'
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)


def _real(shared: Path | None) -> list[Path]:
    if shared is None:
        return []
    return sorted(
        path
        for path in Path(shared).rglob("*")
        if path.suffix.lower() in _SUFFIXES and path.is_file()
    )


def _mutated(chance: random.Random, source: Path, files: list[Path]) -> bytes:
    content = bytearray(source.read_bytes()[:_LARGEST_BYTES])
    for _ in range(chance.choice([1, 1, 2, 5, 20])):
        size = max(1, len(content))
        start = chance.randrange(size)
        length = chance.choice([1, 1, 2, 8, 64, size // 4 + 1])
        match chance.randrange(7):
            case 0:
                content[start : start + 1] = bytes([chance.randrange(256)])
            case 1:
                content[start : start + 1] = chance.choice(
                    [b"\x00", b'"', b"\n", b"\r", b",", b";", b"\xff", b"\t", b"<", b"&", b"PK"]
                )
            case 2:
                del content[start : start + length]
            case 3:
                content[start:start] = content[start : start + length]
            case 4:
                del content[start:]
            case 5:
                other = chance.choice(files).read_bytes()[:_LARGEST_BYTES]
                place = chance.randrange(max(1, len(other)))
                content[start:start] = other[place : place + length]
            case _:
                content[start : start + length] = chance.randbytes(length % 65)
    return bytes(content[: 2 * _LARGEST_BYTES])


class _Worker:
    """A process that lands one file after another, and is replaced when it dies or hangs."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._start()

    def run(self, content: bytes, suffix: str, as_large: bool) -> tuple[str, str]:
        """Land one file and return what became of it."""
        path = self._folder / f"fuzzed{suffix}"
        path.write_bytes(content)
        try:
            self._pipe.send((path, as_large))
            if not self._pipe.poll(_LONGEST_SECONDS):
                self.stop()
                self._start()
                return "hang", f"more than {_LONGEST_SECONDS} seconds"
            outcome: tuple[str, str] = self._pipe.recv()
        except (EOFError, BrokenPipeError, ConnectionResetError):
            self._process.join()
            code = self._process.exitcode
            self._start()
            return "crash", f"exit code {code}"
        return outcome

    def stop(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.join()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, other = context.Pipe()
        self._process = context.Process(target=_serve, args=(other, self._folder), daemon=True)
        self._process.start()
        other.close()


def _serve(pipe: Connection, folder: Path) -> None:
    home = folder / "home"
    while True:
        path, as_large = pipe.recv()
        shutil.rmtree(home, ignore_errors=True)
        delimited.LARGE_BYTES = 0 if as_large else 8 * 1024 * 1024
        pipe.send(_outcome(path, home))


def _outcome(path: Path, home: Path) -> tuple[str, str]:
    settings = Settings(survey="wide", root=PROJECT_ROOT, home=home, inbox=path.parent)
    try:
        registry = _registry(path)
        file = InboxFile(path, registry.deliveries[0])
        landed = land(settings, registry, [file]).landed
    except BarometerError as error:
        return _refused(error, settings)
    except BaseException:  # noqa: BLE001 - whatever else comes out is what is looked for
        return "error", traceback.format_exc()
    return _landed(landed[0].row_count * landed[0].column_count, settings)


def _registry(path: Path) -> Registry:
    """Return a registry under which any file with two named columns is fit to land."""
    base = wide_registry(5)
    names = [column_key(column.name) for column in read_table(path).columns]
    once = [name for name in names if name and names.count(name) == 1]
    roles = dict(zip(once, ("response_id", "organisation_key"), strict=False))
    return replace(
        base,
        survey=replace(base.survey, unlisted_columns="report"),
        columns=tuple(
            replace(base.columns[0], column_name=name, role=role) for name, role in roles.items()
        ),
        waves=(replace(base.waves[0], expected_responses_low=0),),
        drift_rules=(),
    )


def _refused(error: BarometerError, settings: Settings) -> tuple[str, str]:
    left = [path.name for path in settings.home.iterdir()] if settings.home.exists() else []
    if left:
        return "half-landed", f"refused ({error}), yet there is {left}"
    if "to do:" not in str(error):
        return "error", f"no clear word: {error!r}"
    return "refused", str(error)


def _landed(n_cells: int, settings: Settings) -> tuple[str, str]:
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        ((found,),) = connection.execute("select count(*) from raw.cells").fetchall()
    if found != n_cells:
        return "half-landed", f"{found} cells instead of {n_cells}"
    return "landed", ""


if __name__ == "__main__":
    sys.exit(main())
