"""Excel workbooks (.xlsx): what the package holds, then the sheet with the data."""

from __future__ import annotations

import posixpath
import zipfile
from pathlib import Path

from landing.findings.errors import LandingError
from landing.readers.package import markup_parts, open_package, parse_part
from landing.readers.sheets import SheetFacts, local, parse_place, place
from landing.readers.table import ReadOptions, SourceTable
from landing.readers.workbook import hidden_column, read_workbook

_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_TRUE = frozenset({"1", "true"})


def read_xlsx(path: Path, options: ReadOptions) -> SourceTable:
    """Read one sheet of a workbook.

    Raises:
        LandingError: the workbook is damaged, locked or a bomb, the sheet does not exist,
            several sheets have content and none was named, or cells cannot be taken as they
            stand.
    """
    return read_workbook(path, options, _survey(path))


def _survey(path: Path) -> list[SheetFacts]:
    """Read what the XML says of every sheet, and refuse what no spreadsheet program writes."""
    with open_package(path) as archive:
        book = _Book()
        parse_part(path, archive, _WORKBOOK, book)
        relations = _Relations()
        if _RELATIONS in archive.namelist():
            parse_part(path, archive, _RELATIONS, relations)
        facts: list[SheetFacts] = []
        read = {_WORKBOOK, _RELATIONS}
        for name, state, relation in book.sheets:
            part = relations.targets.get(relation)
            if part is None or not part.startswith("xl/worksheets/"):
                continue  # a chart or macro sheet
            if part in read or name in (known.name for known in facts):
                raise _twice(path, name, part)
            sheet = _Sheet(SheetFacts(name, is_visible=state == "visible"))
            _parse_sheet(path, archive, part, sheet)
            read.add(part)
            for table in _tables(path, archive, part):
                parse_part(path, archive, table, _Table(sheet.facts))
            facts.append(sheet.facts)
        for part in markup_parts(archive):
            if part not in read:
                parse_part(path, archive, part, None)
    return facts


def _tables(path: Path, archive: zipfile.ZipFile, part: str) -> list[str]:
    """Return the parts with the tables of a sheet."""
    folder, name = posixpath.split(part)
    relations = _Relations(folder)
    if (listed := f"{folder}/_rels/{name}.rels") in archive.namelist():
        parse_part(path, archive, listed, relations)
    targets = [part for part in relations.targets.values() if part.startswith("xl/tables/")]
    return [target for target in targets if target in archive.namelist()]


def _twice(path: Path, name: str, part: str) -> LandingError:
    # Which one is meant nobody can say, and a part named thousands of times is a bomb.
    return LandingError(
        f"The workbook is damaged: it lists its sheet '{name[:80]}' more than once.",
        where=f"{path.name}, part {part}",
        expected="every sheet once, under a name of its own",
        remedy="Open it in a spreadsheet program, save it as .xlsx, and deliver that.",
    )


def _parse_sheet(path: Path, archive: zipfile.ZipFile, part: str, sheet: _Sheet) -> None:
    if part not in archive.namelist():
        raise LandingError(
            f"The workbook is damaged: its sheet '{sheet.facts.name}' is not in it.",
            where=f"{path.name}, part {part}",
            expected="a complete workbook",
            remedy="Open it in a spreadsheet program, save it as .xlsx, and deliver that.",
        )
    parse_part(path, archive, part, sheet)


class _Quiet:
    """A handler of parts that has no interest in text or ends."""

    def end(self, name: str) -> None:
        """Ignore the end of an element."""

    def text(self, data: str) -> None:
        """Ignore text."""


class _Book(_Quiet):
    """The sheets of the workbook: name, state, and id of the relation to the part."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str, str]] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take a sheet."""
        if local(name) == "sheet":
            relation = next(
                (v for k, v in attributes.items() if local(k) == "id" and k != local(k)), ""
            )
            state = attributes.get("state", "visible")
            self.sheets.append((attributes.get("name", ""), state, relation))


class _Relations(_Quiet):
    """Which part a relation of the workbook, or of a part in another folder, means."""

    def __init__(self, folder: str = "xl") -> None:
        self._folder = folder
        self.targets: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take a relation."""
        if local(name) == "Relationship":
            target = attributes.get("Target", "")
            part = (
                target.lstrip("/")
                if target.startswith("/")
                else posixpath.join(self._folder, target)
            )
            self.targets[attributes.get("Id", "")] = posixpath.normpath(part)


class _Table(_Quiet):
    """A table within a sheet: whether its last rows are totals."""

    def __init__(self, facts: SheetFacts) -> None:
        self._facts = facts

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the table itself."""
        count = attributes.get("totalsRowCount", "0")
        if local(name) == "table" and count.isdecimal() and int(count):
            last, _ = parse_place(attributes.get("ref", "").rpartition(":")[2])
            self._facts.totals.extend(range(last - int(count) + 1, last + 1))


class _Sheet:
    """One worksheet: cells by `c`, their formula by `f` and stored value by `v` or `is`."""

    def __init__(self, facts: SheetFacts) -> None:
        self.facts = facts
        self._row = 0
        self._column = 0
        self._row_hidden = False
        self._row_filled = False
        self._type = ""
        self._has_formula = False
        self._value = ""
        self._in_value = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the beginning of a row, a cell, or what is in it."""
        element = local(name)
        if element == "c":
            if "r" in attributes:
                self._row, self._column = parse_place(attributes["r"])
            else:
                self._column += 1
            self._type = attributes.get("t", "n")
            self._has_formula, self._value = False, ""
        elif element in ("v", "t"):
            self._in_value = True
        elif element == "f":
            self._has_formula = True
        elif element == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._column = 0
            self._row_hidden = attributes.get("hidden") in _TRUE
            self._row_filled = False
        elif element == "mergeCell":
            first, _, last = attributes.get("ref", "").partition(":")
            self.facts.merged.append((*parse_place(first), *parse_place(last or first)))
        elif element == "col" and attributes.get("hidden") in _TRUE:
            run = hidden_column(int(attributes.get("min", 1)), int(attributes.get("max", 1)))
            self.facts.hidden_columns.add(run)

    def text(self, data: str) -> None:
        """Take the stored value of a cell."""
        if self._in_value:
            self._value += data

    def end(self, name: str) -> None:
        """Judge a cell or row that is complete."""
        element = local(name)
        if element in ("v", "t"):
            self._in_value = False
        elif element == "c":
            self._judge()
        elif element == "row" and self._row_hidden and self._row_filled:
            self.facts.hidden_rows.add(str(self._row))

    def _judge(self) -> None:
        if self._has_formula and not self._value and self._type != "str":
            self.facts.uncalculated.add(place(self._row, self._column))
        if self._type == "e":
            self.facts.errors.add(f"{place(self._row, self._column)} {self._value}")
        if self._value:
            self._row_filled = True
            self.facts.fill(self._row, self._column)
