"""Large CSV and TSV files, parsed by DuckDB and held against the bytes of the file.

DuckDB's reader is fast, but lenient in places and, on some mixtures of line ends, wrong. So its
reading counts only when no byte got lost: the characters of all cells, the delimiters and line
ends between them and the quotes around them must add up to the size of the file.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from landing.findings.errors import LandingError
from landing.readers.text import TextFile, decoded
from landing.readers.workspace_rows import WorkspaceRows
from landing.storage.workspace import Workspace

_UTF8 = {"utf-8": 0, "utf-8-sig": 3}
_DELIMITERS = (",", ";", "\t", "|")
# A path with one of these is a pattern to DuckDB.
_PATTERN_CHARACTERS = frozenset("*?[{")
_CHUNK = 1024 * 1024
_TAIL = 64


@dataclass(frozen=True)
class _Bytes:
    """What the bytes of a file say about its content, without parsing it."""

    content: int  # without byte order mark and the line ends at the end
    quotes: int
    line_ends: frozenset[int]  # possible lengths


def read_bulk(
    text: TextFile, delimiter: str, width: int, workspace: Workspace
) -> WorkspaceRows | None:
    """Parse a file with DuckDB, header included; None where that is not certainly verbatim.

    Raises:
        LandingError: there is no room for the rows.
    """
    # With one column an empty line may be a row or nothing.
    if width < 2 or delimiter not in _DELIMITERS:
        return None
    place = workspace.folder() / f"{workspace.new_name()}.csv"
    if _PATTERN_CHARACTERS & set(str(place)):
        return None
    mark = _UTF8.get(text.encoding)
    try:
        if mark is None:
            _write_utf8(text, place)
        else:
            place.symlink_to(text.path.absolute())
        found = _count_bytes(place, mark or 0)
        if found is None:
            return None
        return _parse(place, delimiter, width, workspace, found)
    except OSError as error:
        raise _no_room(place, error.strerror or str(error)) from error
    finally:
        place.unlink(missing_ok=True)


def _write_utf8(text: TextFile, place: Path) -> None:
    with place.open("w", encoding="utf-8", newline="") as sink:
        for piece in decoded(text.path, text.encoding):
            sink.write(piece)


def _count_bytes(place: Path, mark: int) -> _Bytes | None:
    quotes = 0
    has_cr = has_lf = False
    with place.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            quotes += chunk.count(b'"')
            has_cr = has_cr or b"\r" in chunk
            has_lf = has_lf or b"\n" in chunk
        size = stream.tell()
        stream.seek(max(0, size - _TAIL))
        tail = stream.read()
    trailing = len(tail) - len(tail.rstrip(b"\r\n"))
    if trailing == len(tail):
        return None
    lengths = frozenset({1, 2} if has_cr and has_lf else {1})
    return _Bytes(size - mark - trailing, quotes, lengths)


def _parse(
    place: Path, delimiter: str, width: int, workspace: Workspace, found: _Bytes
) -> WorkspaceRows | None:
    name = workspace.new_name()
    connection = workspace.connection
    places = tuple(range(1, width + 1))
    types = ", ".join(f"'c{number}': 'varchar'" for number in places)
    path = str(place).replace("'", "''")
    try:
        connection.execute(
            f"""
            create table {name} as
            select * from read_csv(
                '{path}', auto_detect = false, header = false, compression = 'none',
                delim = '{delimiter}', quote = '"', escape = '"', comment = '', nullstr = '',
                strict_mode = true, null_padding = false, columns = {{{types}}}
            )
            """
        )
        ((n_rows,),) = connection.execute(f"select count(*) from {name}").fetchall()
        rows = WorkspaceRows(workspace, name, places, 0, n_rows, null_is_empty=True)
        if n_rows and _adds_up(rows, found):
            return rows
    except duckdb.InvalidInputException:
        # The careful reader finds the place and the words for what is wrong, or reads it.
        pass
    except duckdb.Error as error:
        raise _no_room(place, (str(error).splitlines() or [""])[0]) from error
    connection.execute(f"drop table if exists {name}")
    return None


def _adds_up(rows: WorkspaceRows, found: _Bytes) -> bool:
    characters, inside = _content(rows[1:], with_quotes=found.quotes > 0)
    header = [cell or "" for cell in rows[0]]
    characters += sum(len(cell.encode()) for cell in header)
    inside += sum(cell.count('"') for cell in header)
    # Two around a quoted cell, and every quote within it written twice.
    quotes = found.quotes - inside
    between = len(rows) * (len(rows.places) - 1)
    return any(
        characters + quotes + between + (len(rows) - 1) * length == found.content
        for length in found.line_ends
    )


def _content(rows: WorkspaceRows, *, with_quotes: bool) -> tuple[int, int]:
    """Return the bytes of all cells, and the quotes among them.

    Columns of few values are counted by value: quicker, and the checks ask for the same counts.
    """
    characters = inside = 0
    many = set(range(1, len(rows.places) + 1))
    for position in rows.positions_of_few_values() if rows else ():
        counts = rows.few_value_counts(position)
        if counts is not None:
            many.remove(position)
            characters += sum(len(value.encode()) * n for value, n in counts.items())
            inside += sum(value.count('"') * n for value, n in counts.items())
    sums = [f"strlen(c{rows.places[position - 1]})" for position in sorted(many)]
    if with_quotes:
        # Most texts have none, and looking is quicker than writing them anew.
        sums += [
            f"case when contains({name}, '\"') "
            f"then {length} - strlen(replace({name}, '\"', '')) else 0 end"
            for length in sums
            for name in (length.removeprefix("strlen(").removesuffix(")"),)
        ]
    if sums:
        (found,) = rows.fetch(", ".join(f"coalesce(sum({one}), 0)" for one in sums))
        characters += sum(int(n) for n in found[: len(many)])
        inside += sum(int(n) for n in found[len(many) :])
    return characters, inside


def _no_room(place: Path, why: str) -> LandingError:
    return LandingError(
        f"The file could not be unpacked for reading ({why}).",
        where=str(place.parent),
        expected="room on the disk for about three times the size of the file",
        remedy="Make room, then run again; nothing was landed.",
    )
