"""OpenDocument spreadsheets (.ods): what the package holds, then the sheet with the data."""

from __future__ import annotations

import zipfile
from pathlib import Path

from landing.findings.errors import LandingError
from landing.readers.detect import unknown_format
from landing.readers.package import markup_parts, open_package, parse_part
from landing.readers.sheets import SheetFacts, local, place
from landing.readers.table import ReadOptions, SourceTable
from landing.readers.workbook import read_workbook

_CONTENT = "content.xml"
_KIND = "mimetype"
_MANIFEST = "META-INF/manifest.xml"
_CELLS = ("table-cell", "covered-table-cell")


def read_ods(path: Path, options: ReadOptions) -> SourceTable:
    """Read one sheet of an OpenDocument spreadsheet.

    Raises:
        LandingError: the file is damaged, locked or a bomb, the sheet does not exist, several
            sheets have content and none was named, or cells cannot be taken as they stand.
    """
    return read_workbook(path, options, _survey(path))


def _survey(path: Path) -> list[SheetFacts]:
    with open_package(path) as archive:
        _refuse_other_documents(path, archive)
        _refuse_password(path, archive)
        for part in markup_parts(archive):
            if part != _CONTENT:
                parse_part(path, archive, part, None)
        content = _Content()
        parse_part(path, archive, _CONTENT, content)
    return content.sheets


def _refuse_other_documents(path: Path, archive: zipfile.ZipFile) -> None:
    if _KIND not in archive.namelist():
        return
    with archive.open(_KIND) as stream:
        kind = stream.read(200)
    if b"opendocument" in kind and b"opendocument.spreadsheet" not in kind:
        raise unknown_format(
            path,
            "an OpenDocument file that is no spreadsheet",
            "Deliver the data export of the survey tool.",
        )


def _refuse_password(path: Path, archive: zipfile.ZipFile) -> None:
    if _MANIFEST not in archive.namelist():
        return
    manifest = _Manifest()
    parse_part(path, archive, _MANIFEST, manifest)
    if manifest.is_encrypted:
        raise LandingError(
            "The spreadsheet is locked with a password.",
            where=path.name,
            expected="a spreadsheet without a password",
            remedy="Open it, save it without a password, and deliver that.",
        )


class _Manifest:
    """Whether the parts are encrypted."""

    is_encrypted = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take an entry of the manifest."""
        if local(name) == "encryption-data":
            self.is_encrypted = True

    def end(self, name: str) -> None:
        """Ignore the end of an element."""

    def text(self, data: str) -> None:
        """Ignore text."""


class _Content:
    """Every table: rows and cells may stand for many of the same."""

    def __init__(self) -> None:
        self.sheets: list[SheetFacts] = []
        self._hidden_styles: set[str] = set()
        self._style = ""
        self._depth = 0
        self._row = 0
        self._row_repeat = 1
        self._row_hidden = False
        self._row_end = 0
        self._column = 0
        self._cell: dict[str, str] | None = None
        self._has_text = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the beginning of a table, row or cell."""
        element = local(name)
        plain = {local(key): value for key, value in attributes.items()}
        if element in _CELLS and self._depth == 1:
            self._cell, self._has_text = attributes, False
        elif element == "table-row" and self._depth == 1:
            self._row_repeat = _count(plain, "number-rows-repeated")
            self._row_hidden = plain.get("visibility") in ("collapse", "filter")
            self._row_end, self._column = 0, 0
        elif element == "style":
            self._style = plain.get("name", "")
        elif element == "table-properties" and plain.get("display") == "false":
            self._hidden_styles.add(self._style)
        elif element == "table":
            self._depth += 1
            if self._depth == 1:
                visible = plain.get("style-name") not in self._hidden_styles
                self.sheets.append(SheetFacts(plain.get("name", ""), is_visible=visible))
                self._row = 0

    def text(self, data: str) -> None:
        """Note that a cell shows something."""
        if self._cell is not None and data.strip():
            self._has_text = True

    def end(self, name: str) -> None:
        """Judge a cell, row or table that is complete."""
        element = local(name)
        if element in _CELLS and self._depth == 1 and self._cell is not None:
            self._judge(self._cell, covered=element != "table-cell")
            self._cell = None
        elif element == "table-row" and self._depth == 1:
            if self._row_end:
                facts = self.sheets[-1]
                facts.fill(self._row + self._row_repeat, self._row_end)
                if self._row_hidden:
                    facts.hidden_rows.add(str(self._row + 1))
            self._row += self._row_repeat
        elif element == "table":
            self._depth -= 1

    def _judge(self, attributes: dict[str, str], *, covered: bool) -> None:
        plain = {local(key): value for key, value in attributes.items()}
        facts = self.sheets[-1]
        repeat = _count(plain, "number-columns-repeated")
        row, column = self._row + 1, self._column + 1
        self._column += repeat
        is_error = attributes.get("calcext:value-type") == "error"
        has_value = "value-type" in plain and not (
            plain["value-type"] == "string" and not self._has_text and "string-value" not in plain
        )
        if "formula" in plain and "value-type" not in plain:
            facts.uncalculated.add(place(row, column))
        if is_error:
            facts.errors.add(place(row, column))
        if covered:
            return
        rows, columns = (
            _count(plain, "number-rows-spanned"),
            _count(plain, "number-columns-spanned"),
        )
        if rows > 1 or columns > 1:
            facts.merged.append((row, column, row + rows - 1, column + columns - 1))
        if has_value or self._has_text:
            self._row_end = max(self._row_end, self._column)


def _count(attributes: dict[str, str], name: str) -> int:
    value = attributes.get(name, "1")
    return int(value) if value.isdecimal() else 1
