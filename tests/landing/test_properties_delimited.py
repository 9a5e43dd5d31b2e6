"""Any table of texts, in any dialect and encoding, reads back verbatim; by either parser."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from landing.findings.errors import LandingError
from landing.readers import delimited
from landing.readers.delimited import read_delimited
from landing.readers.table import ReadOptions, SourceTable
from landing.storage.workspace import Workspace

DELIMITERS = [",", ";", "\t", "|"]
LINE_ENDS = ["\n", "\r\n", "\r", "\r\r\n"]
UNICODE = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]
QUOTING = [csv.QUOTE_MINIMAL, csv.QUOTE_ALL]

bounded = settings(
    derandomize=True,
    max_examples=25,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

# The characters that dialects stumble over, and any others.
awkward = st.sampled_from(
    [*"\",;|\t\n\r '#\\=", "\r\n", '""', "\ufeff", "\u00a0", "é", "e\u0301", "’"]
)
# Without what a text begins with that was once read in a wrong encoding: it would be refused.
anything = st.characters(
    blacklist_characters="\x00\ufffdÂÃÄÅâ√¬ƒ≈‚┬├─┼Ô", blacklist_categories=["Cs"]
)
cells = st.lists(st.one_of(awkward, anything), max_size=6).map("".join)


@st.composite
def tables(draw: st.DrawFn, text: st.SearchStrategy[str] = cells) -> list[list[str]]:
    """A header and rows, the first cell of each plain, so that no row counts as empty."""
    width = draw(st.integers(2, 5))
    rows = draw(
        st.lists(st.lists(text, min_size=width - 1, max_size=width - 1), min_size=2, max_size=6)
    )
    return [[f"naam{number}", *row[:-1], row[-1] + "."] for number, row in enumerate(rows)]


def written(rows: list[list[str]], delimiter: str, line_end: str, quoting: int) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter, lineterminator=line_end, quoting=quoting)
    writer.writerows(rows)
    return stream.getvalue()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "export.csv"


@pytest.fixture(params=["in memory", "in a workspace"])
def size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Whether the file counts as a large one."""
    if request.param == "in a workspace":
        monkeypatch.setattr(delimited, "LARGE_BYTES", 0)
    return str(request.param)


# One for all: opening a database for every example takes longer than the example.
ROOM = Workspace()


def read(path: Path) -> SourceTable:
    return read_delimited(path, ReadOptions(format="text", workspace=ROOM))


def assert_verbatim(path: Path, rows: list[list[str]], delimiter: str) -> None:
    table = read(path)
    assert table.delimiter == delimiter
    assert [column.name for column in table.columns] == rows[0]
    assert [list(row) for row in table.rows] == rows[1:]


@pytest.mark.parametrize("delimiter", DELIMITERS)
@bounded
@given(
    rows=tables(),
    line_end=st.sampled_from(LINE_ENDS),
    encoding=st.sampled_from(UNICODE),
)
@example(rows=[["a", "b"], ["1", "x\ny"]], line_end="\r\n", encoding="utf-8")
@example(rows=[["a", "b"], ["1", "x\r\ny"]], line_end="\n", encoding="utf-8-sig")
def test_quoted_tables_read_back_verbatim(
    path: Path, size: str, delimiter: str, rows: list[list[str]], line_end: str, encoding: str
) -> None:
    path.write_bytes(written(rows, delimiter, line_end, csv.QUOTE_ALL).encode(encoding))

    table = read(path)

    assert [column.name for column in table.columns] == rows[0]
    assert [list(row) for row in table.rows] == rows[1:]


@bounded
@given(
    rows=tables(st.text("abcé ïßÉ€1,;|'\"\n", max_size=8)),
    delimiter=st.sampled_from(DELIMITERS),
    line_end=st.sampled_from(LINE_ENDS),
    encoding=st.sampled_from(["cp1252", "mac_roman"]),
)
def test_old_encodings_keep_every_character_or_are_told_apart(
    path: Path, size: str, rows: list[list[str]], delimiter: str, line_end: str, encoding: str
) -> None:
    content = written(rows, delimiter, line_end, csv.QUOTE_ALL).encode(encoding)
    path.write_bytes(content)

    try:
        table = read(path)
    except LandingError:
        with pytest.raises(LandingError, match="state it in column `encoding`"):
            read(path)
        return

    # A few letters may fit either encoding: what is read must then be what the bytes say in it.
    assert table.encoding in ("utf-8", "cp1252", "mac_roman")
    expected = list(
        csv.reader(
            io.StringIO(content.decode(table.encoding), newline=""), delimiter=table.delimiter or ""
        )
    )
    kept = [row for row in expected if row]
    assert [column.name for column in table.columns] == kept[0]
    assert [list(row) for row in table.rows] == kept[1:]


@bounded
@given(st.lists(st.one_of(awkward, st.sampled_from(["a", "1", ",", "\n", '"'])), max_size=60))
def test_both_parsers_read_any_text_alike_or_refuse_it_alike(pieces: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.csv"
        path.write_bytes("".join(["a,b\n", *pieces]).encode())
        outcomes = []
        for large in (10**9, 0):
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(delimited, "LARGE_BYTES", large)
                try:
                    table = read(path)
                    outcomes.append(
                        str(([c.name for c in table.columns], [tuple(r) for r in table.rows]))
                    )
                except LandingError as error:
                    outcomes.append(str(error))
        assert outcomes[0] == outcomes[1]


def test_two_thousand_columns_are_read_and_land_in_order(path: Path, size: str) -> None:
    header = [f"vraag {number}" for number in range(2000)]
    rows = [header, [str(number) for number in range(2000)], ["x"] * 2000]
    path.write_text(written(rows, ";", "\r\n", csv.QUOTE_ALL), encoding="utf-8", newline="")

    assert_verbatim(path, rows, ";")


def test_duplicate_and_empty_headers_are_kept_as_they_are(path: Path, size: str) -> None:
    path.write_bytes(b'id,,naam,naam,"a\nb, ""c"""\n1,2,3,4,5\n')

    table = read(path)

    assert [column.name for column in table.columns] == ["id", "", "naam", "naam", 'a\nb, "c"']


def test_what_trails_without_content_is_dropped_in_large_files_too(path: Path, size: str) -> None:
    path.write_bytes(b"id,naam,,\n1,a,,\n,,,\n2,b,,\n,,,\n,,,\n\n\n")

    table = read(path)

    assert [column.name for column in table.columns] == ["id", "naam"]
    assert list(table.rows) == [("1", "a"), ("", ""), ("2", "b")]


def test_a_row_that_is_cut_off_is_named_in_large_files_too(path: Path, size: str) -> None:
    path.write_bytes(b"id,naam\n1,a\n2\n3,c,d\n")

    with pytest.raises(LandingError, match="do not have as many cells") as caught:
        read(path)

    assert "line 3: 1 cells; line 4: 3 cells" in caught.value.where
