"""Which format a file is in, judged by its bytes; a suffix is only what somebody typed."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from landing.findings.errors import LandingError

TEXT = "text"
XLSX = "xlsx"
ODS = "ods"
SAV = "sav"
ZSAV = "zsav"
POR = "por"
ROO_XML = "roo_xml"

SUPPORTED = (
    "CSV or TSV text, Excel .xlsx, OpenDocument .ods, SPSS .sav, .zsav or .por, or the XML of "
    "the government register"
)

_HEAD_BYTES = 4096
_UTF_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_MARKUP = re.compile(rb"^\s*<(\?xml|!doctype|html)", re.IGNORECASE)
# Its namespace differs per version, and may be wrong: the reader says so better than "XML".
_REGISTER = re.compile(
    rb"<(!doctype\s+)?([\w.-]+:)?overheidsorganisaties\b|/static/schema/oo/export/", re.IGNORECASE
)
_POR_SIGNATURE = b"SPSS PORT FILE"
# The container of old Office files, and of new ones with a password.
_COMPOUND = b"\xd0\xcf\x11\xe0"
_COMPOUND_BYTES = 16 * 1024 * 1024
# What turns up in practice under a wrong name, with what the sender can do about it.
_KNOWN_OTHERS = (
    (b"%PDF", "a PDF document", "Deliver the data export of the survey tool."),
    (b"PAR1", "a Parquet file", "Deliver it as CSV."),
    (b"\x1f\x8b", "a gzip archive", "Unpack it and deliver the file inside."),
    (b"7z\xbc\xaf", "a 7-Zip archive", "Unpack it and deliver the file inside."),
    (b"Rar!", "a RAR archive", "Unpack it and deliver the file inside."),
    (b"SQLite format 3", "an SQLite database", "Deliver the data export of the survey tool."),
    (b"{\\rtf", "an RTF document", "Deliver the data export of the survey tool."),
    (b"ARROW1", "an Arrow or Feather file", "Deliver it as CSV."),
    (b"<stata_dta>", "a Stata file (.dta)", "Export it in Stata as CSV and deliver that."),
    (
        b"HEADER RECORD*******LIB",
        "a SAS transport file (.xpt)",
        "Export it in SAS as CSV, or in SPSS as .sav, and deliver that.",
    ),
    (
        b"\0" * 12 + b"\xc2\xea\x81\x60\xb3\x14\x11\xcf\xbd\x92\x08\x00",
        "a SAS file (.sas7bdat)",
        "Export it in SAS as CSV, or in SPSS as .sav, and deliver that.",
    ),
)
# Before version 13 a Stata file has no words: its version, the order of its bytes, and its kind.
_OLD_STATA = re.compile(rb"[\x66-\x75][\x01\x02]\x01\x00")
_ENCRYPTED_SPSS = re.compile(rb".{0,16}ENCRYPTED(SAV|POR|SYN|SPV)", re.DOTALL)
# An object with its first key, or a list of objects, lists or texts.
_JSON = re.compile(rb"\s*(\{\s*(\"[^\"]*\"\s*:|\})|\[\s*[\[{\"\]])")


def detect_format(path: Path) -> str:
    """Return the format of a file: `text`, `xlsx`, `ods`, `sav`, `zsav`, `por` or `roo_xml`.

    Raises:
        LandingError: the file is missing, empty, or in no format landing reads.
    """
    head = _head(path)
    if head.startswith((b"$FL2", b"$FL3")):
        return ZSAV if head.startswith(b"$FL3") else SAV
    if _POR_SIGNATURE in head[:512]:
        return POR
    if head.startswith(b"PK"):
        return _inside_zip(path)
    if head.startswith(_COMPOUND):
        raise _inside_compound(path)
    for signature, name, remedy in _KNOWN_OTHERS:
        if head.startswith(signature):
            raise unknown_format(path, name, remedy)
    if _OLD_STATA.match(head):
        raise unknown_format(
            path, "a Stata file (.dta)", "Export it in Stata as CSV and deliver that."
        )
    if _ENCRYPTED_SPSS.match(head):
        raise unknown_format(
            path,
            "an SPSS file with a password",
            "Open it in SPSS, save it as .sav without a password (File, Save As, leave Encrypt "
            "open), and deliver that.",
        )
    if _JSON.match(_plain(head)):
        raise unknown_format(
            path,
            "a JSON document",
            "Export the responses from the survey tool as CSV or .xlsx and deliver that.",
        )
    if _is_register(head):
        return ROO_XML
    if _MARKUP.match(head):
        raise unknown_format(
            path,
            "an HTML or XML document",
            "Deliver the data export itself; a log-in page saved as a file looks like this.",
        )
    if not _looks_like_text(head):
        raise unknown_format(
            path, "binary data", "Export again in one of these formats and deliver that file."
        )
    return TEXT


def unknown_format(path: Path, found: str, remedy: str) -> LandingError:
    """Return the error for a file whose content landing cannot read."""
    return LandingError(
        f"The file is {found}, a format that landing does not read.",
        where=path.name,
        expected=SUPPORTED,
        remedy=remedy,
    )


def _head(path: Path) -> bytes:
    if not path.is_file():
        raise LandingError(
            "There is no such file." if not path.exists() else "This is not a file.",
            where=str(path),
            expected="a file with the exported responses or the sampling frame",
            remedy="Check the path and the spelling of the file name.",
        )
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD_BYTES)
    except OSError as error:
        raise LandingError(
            f"The file cannot be read: {error.strerror}.",
            where=str(path),
            remedy="Check that you are allowed to read the file and that its disk is connected.",
        ) from error
    if not head.strip() or head in _UTF_BOMS:
        raise LandingError(
            "The file is empty.",
            where=path.name,
            expected="a header row followed by at least one data row",
            remedy="Export again; a broken download often leaves an empty file.",
        )
    return head


def _plain(head: bytes) -> bytes:
    # UTF-16 differs from ASCII by its byte order mark and a NUL beside every character.
    return head.lstrip(b"\xef\xbb\xbf\xff\xfe").replace(b"\x00", b"").lstrip()


def _is_register(head: bytes) -> bool:
    plain = _plain(head)
    return plain.startswith(b"<") and _REGISTER.search(plain) is not None


def _inside_zip(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError, OSError) as error:
        raise LandingError(
            "The file starts as an Excel workbook or ZIP archive but is damaged.",
            where=path.name,
            expected="a complete file",
            remedy="Export or copy the file again; the transfer was probably cut off.",
        ) from error
    if "xl/workbook.xml" in names:
        return XLSX
    if "xl/workbook.bin" in names:
        raise unknown_format(
            path,
            "a binary Excel workbook (.xlsb)",
            "Save it as .xlsx and deliver that.",
        )
    if "content.xml" in names:
        return ODS
    raise unknown_format(path, "a ZIP archive", "Unpack it and deliver the file inside.")


def _inside_compound(path: Path) -> LandingError:
    with path.open("rb") as stream:
        content = stream.read(_COMPOUND_BYTES)
    if "EncryptedPackage".encode("utf-16-le") in content:
        return unknown_format(
            path,
            "a workbook with a password",
            "Open it, remove the password (File, Info, Protect Workbook), save it as .xlsx and "
            "deliver that.",
        )
    if any(name.encode("utf-16-le") in content for name in ("Workbook", "Book")):
        return unknown_format(
            path,
            "an old Excel file (.xls)",
            "Save it in Excel as .xlsx and deliver that.",
        )
    return unknown_format(
        path,
        "an old Excel file (.xls) or other old Office file",
        "Save it in Excel as .xlsx without a password and deliver that.",
    )


def _looks_like_text(head: bytes) -> bool:
    if head.startswith(_UTF_BOMS) or looks_like_utf16(head):
        return True
    # A NUL alone does not make it binary: the text reader names the line it stands on.
    controls = sum(byte < 32 and byte not in b"\x00\t\n\r\x0b\x0c\x1a\x1b" for byte in head)
    nuls = head.count(0)
    return controls <= len(head) * 0.01 and nuls <= len(head) * 0.1


def looks_like_utf16(head: bytes) -> bool:
    """Tell whether text without a byte order mark has the NUL pattern of UTF-16."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = max(len(head) // 2, 1)
    return max(even, odd) > 0.4 * half and min(even, odd) < 0.05 * half
