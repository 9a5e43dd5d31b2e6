"""The ZIP package a workbook is: small enough, and of plain XML, before anything unpacks it."""

from __future__ import annotations

import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Protocol
from xml.parsers import expat

from landing.findings.errors import LandingError

# A workbook of 200,000 responses stays well below; a bomb promises thousands of times more.
_LARGEST_PART = 1024**3
_LARGEST_PACKAGE = 2 * 1024**3
_MOST_PARTS = 10_000
_LARGEST_RATIO = 200
_SMALL_PART = 16 * 1024**2
_CHUNK = 1024**2
_MARKUP = (".xml", ".rels")
_DRIVE = re.compile(r"[A-Za-z]:")


class Handler(Protocol):
    """What is told of the elements of a part; names come with their prefix."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the beginning of an element."""

    def end(self, name: str) -> None:
        """Take the end of an element."""

    def text(self, data: str) -> None:
        """Take text between them."""


@contextmanager
def open_package(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open the package of a workbook after checking what it says of itself.

    Raises:
        LandingError: it is damaged, encrypted, unpacks to too much, or has unsafe names.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _check(path, archive.infolist())
            yield archive
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        zlib.error,
        lzma.LZMAError,
        EOFError,
        UnicodeDecodeError,
        OSError,
    ) as error:
        raise LandingError(
            f"The workbook is damaged ({error}).",
            where=path.name,
            expected="a complete workbook",
            remedy="Export or copy the file again; the transfer was probably cut off.",
        ) from error


def parse_part(path: Path, archive: zipfile.ZipFile, name: str, handler: Handler | None) -> None:
    """Read one XML part; without handler, for its soundness alone.

    Raises:
        LandingError: it is no well-formed XML, or declares a document type or entities, which
            no spreadsheet program writes.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_document_type
    if handler is not None:
        parser.StartElementHandler = handler.start
        parser.EndElementHandler = handler.end
        parser.CharacterDataHandler = handler.text
    try:
        with archive.open(name) as stream:
            while chunk := stream.read(_CHUNK):
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
    except _DocumentTypeError as error:
        raise LandingError(
            "The workbook declares a document type (DTD), which can hide entities that grow or "
            "read other files.",
            where=f"{path.name}, part {name}",
            expected="plain XML, as every spreadsheet program writes it",
            remedy="Open it in a spreadsheet program, save it as .xlsx, and deliver that.",
        ) from error
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise LandingError(
            f"The workbook is damaged ({error}).",
            where=f"{path.name}, part {name}",
            expected="a complete workbook",
            remedy="Open it in a spreadsheet program, save it as .xlsx, and deliver that.",
        ) from error


def markup_parts(archive: zipfile.ZipFile) -> list[str]:
    """Return the names of the XML parts."""
    return [name for name in archive.namelist() if name.lower().endswith(_MARKUP)]


class _DocumentTypeError(Exception):
    """Raised inside the parser to stop it at once."""


def _refuse_document_type(*declaration: object) -> None:
    raise _DocumentTypeError


def _check(path: Path, parts: list[zipfile.ZipInfo]) -> None:
    for part in parts:
        if part.flag_bits & 0x1:
            raise _refused(path, part.filename, "is locked with a password")
        name = part.filename.replace("\\", "/")
        if name.startswith("/") or ".." in PurePosixPath(name).parts or _DRIVE.match(name):
            raise _refused(path, part.filename, "has a name that leads out of the package")
        ratio = part.file_size / max(part.compress_size, 1)
        if part.file_size > _LARGEST_PART or (
            part.file_size > _SMALL_PART and ratio > _LARGEST_RATIO
        ):
            raise _refused(
                path,
                part.filename,
                f"unpacks from {part.compress_size:,} to {part.file_size:,} bytes",
            )
    total = sum(part.file_size for part in parts)
    if total > _LARGEST_PACKAGE or len(parts) > _MOST_PARTS:
        raise _refused(path, f"{len(parts):,} parts", f"together unpack to {total:,} bytes")


def _refused(path: Path, part: str, why: str) -> LandingError:
    return LandingError(
        f"The workbook is refused: a part {why}.",
        where=f"{path.name}, part {part}",
        expected=f"a workbook as a spreadsheet program saves it, of at most "
        f"{_LARGEST_PACKAGE // 1024**3} GiB unpacked",
        remedy="Open it in a spreadsheet program, save the sheet with the data alone as .xlsx or "
        "CSV without a password, and deliver that.",
    )
