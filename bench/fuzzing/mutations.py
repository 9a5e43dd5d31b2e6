"""Ways to break bytes, rows of text, XML, and the packages that workbooks are."""

from __future__ import annotations

import csv
import io
import random
import re
import zipfile
from collections.abc import Callable

_BYTES = (
    b"\x00",
    b'"',
    b"\n",
    b"\r",
    b",",
    b";",
    b"\xff",
    b"\t",
    b"<",
    b"&",
    b"PK",
    b"\xef\xbb\xbf",
)
CELLS = (
    "", " ", '"', '""', "'", "\n", "\r", "\r\n", "\r\r\n", "\t", ",", ";", "|", "\ufeff",
    "\u00a0", "\u200b", "\u202e", "\u2028", "\x1a", "\x85", "sep=;", "=1+1", "#N/A", "-0", "1e400",
    "nan", "inf", "9" * 400, "0x10", "1_000", "１２", "12,5", "2025-02-30", "30-02-2025", "1-1-1",
    "0000-00-00", "99999-01-01", "2025-03-01T25:61:61", "24:00", "true", "NULL", "x" * 70_000,
    "{}", '{"ImportId":"QID1"}', '{"ImportId":', "Response", "Open-Ended Response", "id. ",
    "q[SQ001]", "q[", "a._.b", "Timestamp", "Respondent ID", "\ud7ff", "e\u0301", "ﬃ",
)  # fmt: skip
_VALUES = (
    "", "0", "1", "-1", "2147483647", "2147483648", "-2147483649", "4294967296", "9" * 30, "1e308",
    "1e400", "NaN", "INF", "1.5", " 3 ", "٣", "A1", "XFD1048576", "XFE1048577", "A0", "$A$1",
    "A1:B2", "ZZZZZZZZZ99", "A99999999999", "true", "false", "s", "n", "b", "e", "d", "str",
    "inlineStr", "hidden", "veryHidden", "float", "date", "time", "percentage", "boolean", "string",
    "currency", "2025-13-45", "-0001-01-01", "PT99999999999H", "PTXH", "1048576", "1048577",
    "16385", "../x",
    "/xl/worksheets/sheet1.xml", "http://example.org/", "#", "collapse", "xml:lang",
    "rId1", "\ufffd",
)  # fmt: skip
_MARKUP = (
    "<!--", "-->", "<![CDATA[", "]]>", "<?xml version='1.1'?>", "<!DOCTYPE a [<!ENTITY b 'c'>]>",
    "&b;", "&#0;", "&#x1F600;", "&lt;", "<a/>", "<a>", "</a>", "<x:y xmlns:x=''/>", "\x0b",
    "&amp;amp;",
)  # fmt: skip
_TOKENS = re.compile(r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<[^>]*>|[^<]+", re.DOTALL)
_ATTRIBUTE = re.compile(r"""([\w:.-]+)\s*=\s*("[^"]*"|'[^']*')""")
_ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252", "mac_roman", "cp437")
_LINE_ENDS = ("\n", "\r\n", "\r", "\r\r\n", "\n\n", "\u2028")
LARGEST_BYTES = 400_000


def broken_bytes(chance: random.Random, content: bytes, other: bytes = b"") -> bytes:
    """Flip, cut, repeat, cut off, and put pieces of another file in."""
    changed = bytearray(content)
    for _ in range(chance.choice([1, 1, 2, 5, 20])):
        size = max(1, len(changed))
        start = chance.randrange(size)
        length = chance.choice([1, 1, 2, 8, 64, size // 4 + 1])
        match chance.randrange(7):
            case 0:
                changed[start : start + 1] = bytes([chance.randrange(256)])
            case 1:
                changed[start : start + 1] = chance.choice(_BYTES)
            case 2:
                del changed[start : start + length]
            case 3:
                changed[start:start] = changed[start : start + length]
            case 4 if chance.random() < 0.3:
                del changed[start:]
            case 5 if other:
                place = chance.randrange(len(other))
                changed[start:start] = other[place : place + length]
            case _:
                changed[start : start + length] = chance.randbytes(length % 65)
    return bytes(changed[: 2 * LARGEST_BYTES])


def broken_rows(chance: random.Random, content: bytes, *, first: int | None = None) -> bytes:
    """Change cells and rows of delimited text, then write it in another dialect or encoding.

    With `first`, only the first rows are changed: those that are or might be the header.
    """
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    text = content.decode(encoding, errors="replace")
    head = text[:2000]
    delimiter = max(",;\t|", key=head.count)
    rows = [list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)]
    rows = [row for row in rows if row] or [["a", "b"]]
    for _ in range(chance.choice([1, 1, 2, 4, 10])):
        _change_rows(chance, rows, min(first or len(rows), len(rows)))
    if chance.random() < 0.2:
        delimiter = chance.choice(",;\t|")
    quoting = chance.choice([csv.QUOTE_MINIMAL, csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
    end = "\n" if chance.random() < 0.7 else chance.choice(_LINE_ENDS)
    sink = io.StringIO(newline="")
    csv.writer(sink, delimiter=delimiter, quoting=quoting, lineterminator=end).writerows(rows)
    encoding = "utf-8" if chance.random() < 0.7 else chance.choice(_ENCODINGS)
    written = sink.getvalue().encode(encoding, errors="replace")
    return broken_bytes(chance, written) if chance.random() < 0.2 else written


def _change_rows(chance: random.Random, rows: list[list[str]], within: int) -> None:
    number = chance.randrange(max(1, min(within, len(rows))))
    row = rows[number]
    place = chance.randrange(len(row)) if row else 0
    match chance.randrange(9):
        case 0 | 1 | 2 if row:
            cell = chance.choice(CELLS)
            row[place] = cell if chance.random() < 0.5 else row[place] + cell
        case 3 if chance.random() < 0.3:
            row[place : place + 1] = [chance.choice([*CELLS, "\x00"])] * chance.choice([0, 2])
        case 4:
            for at, other in enumerate(rows):
                other.insert(min(place, len(other)), f"{chance.choice(CELLS)}{at or 'new'}")
        case 5 if len(rows) > 1:
            del rows[number]
        case 6:
            rows.insert(number, list(chance.choice(rows)))
        case 7 if row:
            row[place] = chance.choice(row)
        case _:
            for other in rows:
                if place < len(other):
                    other[place] = chance.choice(CELLS[:20])


def broken_xml(chance: random.Random, content: bytes) -> bytes:
    """Change a document by its structure: it mostly stays well-formed."""
    text = content.decode("utf-8", errors="replace")
    tokens = _TOKENS.findall(text)
    for _ in range(chance.choice([1, 1, 2, 4, 12])):
        if tokens:
            _change_tokens(chance, tokens)
    return "".join(tokens).encode("utf-8", errors="replace")[: 4 * LARGEST_BYTES]


def _change_tokens(chance: random.Random, tokens: list[str]) -> None:
    place = chance.randrange(len(tokens))
    token = tokens[place]
    spans = _element(tokens, place)
    match chance.randrange(12):
        case 0 | 1 | 2 | 3 if "=" in token and token.startswith("<"):
            tokens[place] = _changed_attributes(chance, token)
        case 4 | 5 if not token.startswith("<"):
            tokens[place] = chance.choice([*_VALUES, *(re.sub("[<&\x00]", "", c) for c in CELLS)])
        case 6 if spans:
            del tokens[spans[0] : spans[1]]
        case 7 if spans:
            count = chance.choice([1, 1, 2, 30])
            tokens[spans[1] : spans[1]] = tokens[spans[0] : spans[1]][:5000] * count
        case 8 if spans:
            moved = tokens[spans[0] : spans[1]]
            del tokens[spans[0] : spans[1]]
            to = chance.randrange(len(tokens) + 1)
            tokens[to:to] = moved
        case 9 if spans:
            old = re.match(r"</?([^\s/>]+)", token)
            others = re.findall(r"<([\w:.-]+)", "".join(tokens[:400]))
            if old and others:
                new = chance.choice([*others, "x", "x:y"])
                for at in {spans[0], spans[1] - 1}:
                    tokens[at] = re.sub(rf"^(</?){re.escape(old[1])}", rf"\g<1>{new}", tokens[at])
        case 10:
            tokens.insert(place, chance.choice(_MARKUP))
        case _ if spans:
            depth = chance.choice([1, 3, 200, 3000])
            opening = tokens[spans[0]].removesuffix("/>").removesuffix(">") + ">"
            name = re.match(r"<([^\s/>]+)", opening)
            closing = f"</{name[1]}>" if name else ""
            tokens[spans[0] : spans[0]] = [opening] * depth
            tokens[spans[1] + depth : spans[1] + depth] = [closing] * depth


def _element(tokens: list[str], place: int) -> tuple[int, int] | None:
    """Return where the element that begins here begins and ends; None where none does."""
    token = tokens[place]
    if not token.startswith("<") or token[:2] in ("</", "<?", "<!"):
        return None
    if token.endswith("/>"):
        return place, place + 1
    depth = 0
    for at in range(place, min(len(tokens), place + 50_000)):
        found = tokens[at]
        if found.startswith("</"):
            depth -= 1
        elif found.startswith("<") and found[:2] not in ("<?", "<!") and not found.endswith("/>"):
            depth += 1
        if not depth:
            return place, at + 1
    return None


def _changed_attributes(chance: random.Random, token: str) -> str:
    found = list(_ATTRIBUTE.finditer(token))
    if not found:
        return token
    one, other = chance.choice(found), chance.choice(found)
    match chance.randrange(5):
        case 0:
            return token[: one.start()] + token[one.end() :]
        case 1:
            return token.replace(one[0], f"{one[1]}={other[2]}", 1)
        case 2:
            return token.replace(one[0], f"{other[1]}={one[2]}", 1)
        case 3:
            number = re.sub(r"\d+", lambda m: str(int(m[0]) + chance.choice([-1, 1, 1000])), one[2])
            return token.replace(one[0], f"{one[1]}={number}", 1)
        case _:
            return token.replace(one[0], f'{one[1]}="{chance.choice(_VALUES)}"', 1)


def broken_package(chance: random.Random, content: bytes, main_parts: str) -> bytes:
    """Unpack a workbook, change what is in it, and pack it again, so that it opens.

    Args:
        chance: where the choices come from.
        content: the workbook.
        main_parts: pattern of the parts that hold the data, which are changed most.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = [(part.filename, archive.read(part)) for part in archive.infolist()]
    important = [at for at, (name, _) in enumerate(parts) if re.search(main_parts, name)]
    for _ in range(chance.choice([1, 1, 1, 2, 3])):
        pool = important if important and chance.random() < 0.7 else range(len(parts))
        at = chance.choice(list(pool)) if parts else 0
        if chance.random() < 0.85:
            name, data = parts[at]
            change: Callable[[random.Random, bytes], bytes] = (
                broken_xml if name.endswith((".xml", ".rels")) and chance.random() < 0.9
                else broken_bytes
            )  # fmt: skip
            parts[at] = (name, change(chance, data))
        else:
            _change_parts(chance, parts, at)
            important = [i for i in important if i < len(parts)]
    method = chance.choice([zipfile.ZIP_DEFLATED, zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", method) as archive:
        for name, data in parts:
            archive.writestr(name, data)
    packed = sink.getvalue()
    return broken_bytes(chance, packed) if chance.random() < 0.1 else packed


def _change_parts(chance: random.Random, parts: list[tuple[str, bytes]], at: int) -> None:
    name, data = parts[at]
    match chance.randrange(6):
        case 0 if len(parts) > 1:
            del parts[at]
        case 1:
            parts.append((name, broken_xml(chance, data)))
        case 2:
            other = chance.choice(parts)
            parts[at] = (name, other[1])
        case 3:
            parts[at] = (
                chance.choice([name.upper(), f"../{name}", f"/{name}", "é.xml", "."]),
                data,
            )
        case 4:
            parts[at] = (name, b"")
        case _:
            parts[at] = (name, data[: chance.randrange(len(data) + 1)])
