"""An encoding that nobody stated: recognised and said, or a question to the engineer."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from barometer.errors import UsageError
from landing.findings.errors import LandingError
from landing.readers import Layout, SourceTable, read_table
from landing.readers import text as text_module

DUTCH = ["coördinatie", "één", "financiële", "patiënten", "geïnnoveerd", "reünie", "crèche"]
FRISIAN = ["Fryslân", "Wâldpiken", "Súdwest-Fryslân"]
GERMAN = ["Übersicht", "für", "möglich", "Verfügung", "Straße", "Behörde", "Länder"]
FRENCH = ["français", "réponse", "très", "être", "déjà", "où", "hôtel", "maître", "boîte", "sûr"]
TYPOGRAPHY = ["foto’s", "“nieuw”", "€ 500", "2019–2021", "enzo…", "…zoals", "« mot »", "Miloš"]


def file_of(tmp_path: Path, words: list[str], encoding: str) -> Path:
    path = tmp_path / "export.csv"
    lines = ["id;antwoord", *(f"{number};{word}" for number, word in enumerate(words, start=1))]
    path.write_bytes(("\n".join(lines) + "\n").encode(encoding))
    return path


def answers(table: SourceTable) -> list[str | None]:
    return table.column_values(2)


def refusal(path: Path, layout: Layout = Layout()) -> LandingError:  # noqa: B008 - frozen
    with pytest.raises(LandingError) as caught:
        read_table(path, layout=layout)
    return caught.value


@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman"])
@pytest.mark.parametrize("words", [DUTCH, GERMAN, FRENCH], ids=["nl", "de", "fr"])
def test_old_encodings_are_told_apart_and_the_guess_is_said(
    tmp_path: Path, words: list[str], encoding: str
) -> None:
    table = read_table(file_of(tmp_path, words, encoding))

    assert answers(table) == words
    assert table.encoding == encoding
    (notice,) = table.notices
    assert notice.code == "encoding_guessed"
    assert f"'{words[0]}'" in notice.message
    assert "column `encoding` of deliveries.csv" in notice.remedy


def test_a_megabyte_of_letters_is_one_word(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(b"id;antwoord\n1;" + b"a" * 1_000_000 + b"\n2;caf\xe9\n")

    assert read_table(path).rows[1][1] == "café"


@pytest.mark.parametrize("word", [*DUTCH, *FRISIAN, *GERMAN, *FRENCH, *TYPOGRAPHY])
def test_one_word_of_windows_is_never_taken_for_another_encoding(tmp_path: Path, word: str) -> None:
    table = read_table(file_of(tmp_path, [word], "cp1252"))

    assert (table.encoding, answers(table)) == ("cp1252", [word])
    assert [notice.code for notice in table.notices] == ["encoding_guessed"]


@pytest.mark.parametrize("word", [*DUTCH, *FRISIAN])
def test_one_word_of_a_mac_is_recognised_or_a_question(tmp_path: Path, word: str) -> None:
    path = file_of(tmp_path, [word], "mac_roman")
    try:
        table = read_table(path)
    except LandingError:
        error = refusal(path)
        assert f"as mac_roman '{word}'" in error.where
        assert "column `encoding`" in error.remedy
    else:
        assert (table.encoding, answers(table)) == ("mac_roman", [word])


@pytest.mark.parametrize("words", [DUTCH, GERMAN, FRENCH], ids=["nl", "de", "fr"])
def test_text_of_dos_is_refused_with_its_words(tmp_path: Path, words: list[str]) -> None:
    path = file_of(tmp_path, words, "cp850")

    error = refusal(path)

    assert "cp850" in error.what
    assert f"as cp850 '{words[0]}'" in error.where
    assert answers(read_table(path, layout=Layout(encoding="cp850"))) == words


def test_what_is_declared_or_unicode_is_no_guess(tmp_path: Path) -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        assert read_table(file_of(tmp_path, DUTCH, encoding)).notices == ()
    path = file_of(tmp_path, DUTCH, "cp1252")

    table = read_table(path, layout=Layout(encoding="cp1252"))

    assert (table.encoding, answers(table), table.notices) == ("cp1252", DUTCH, ())


def test_a_declared_encoding_that_is_wrong_is_refused_with_the_line(tmp_path: Path) -> None:
    error = refusal(file_of(tmp_path, ["a", "één"], "cp1252"), Layout(encoding="utf-8"))
    assert error.where.endswith("line 3")
    assert "column `encoding`" in error.remedy

    error = refusal(file_of(tmp_path, ["één"], "utf-8-sig"), Layout(encoding="cp1252"))
    assert "mark of utf-8-sig" in error.what


@pytest.mark.parametrize("encoding", ["latijn", "base64", "zip"])
def test_an_encoding_that_no_text_is_in_is_a_usage_error(encoding: str) -> None:
    with pytest.raises(UsageError, match="cannot have the encoding"):
        Layout(encoding=encoding)


@pytest.mark.parametrize("missing", [1, 2])
@pytest.mark.parametrize("n_before", [1, 5000])
def test_utf8_that_is_cut_off_inside_a_character_is_refused(
    tmp_path: Path, missing: int, n_before: int
) -> None:
    path = file_of(tmp_path, [*["financiële"] * n_before, "kost 5 €"], "utf-8")
    path.write_bytes(path.read_bytes()[: -1 - missing])

    error = refusal(path)

    assert "cut off" in error.what
    assert error.where.endswith(f"line {n_before + 2}")


@pytest.mark.parametrize(
    ("pieces", "line"),
    [
        ([("één", "utf-8"), ("twee", "utf-8"), ("patiënten", "cp1252")], 4),
        ([("één", "cp1252"), ("twee", "utf-8"), ("patiënten", "utf-8")], 2),
        ([("één", "mac_roman"), ("für", "utf-8")], 2),
        ([("één", "utf-8")] + [("für", "cp1252")] * 30, 3),
    ],
)
def test_lines_of_two_encodings_are_refused_by_line(
    tmp_path: Path, pieces: list[tuple[str, str]], line: int
) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(
        b"id,a\n"
        + b"".join(f"{n},{word}\n".encode(enc) for n, (word, enc) in enumerate(pieces, start=1))
    )

    error = refusal(path)

    assert "two encodings" in error.what
    assert f"line {line}" in error.where


@pytest.mark.parametrize("read_as", ["cp1252", "latin-1", "mac_roman", "cp850"])
@pytest.mark.parametrize("words", [DUTCH[:4], GERMAN[1:4], ["het “nieuwe”"]])
def test_words_that_were_once_read_wrongly_are_refused_with_samples(
    tmp_path: Path, words: list[str], read_as: str
) -> None:
    damaged = [word.encode().decode(read_as, errors="ignore") for word in words]
    path = file_of(tmp_path, damaged, "utf-8")

    error = refusal(path)

    assert "once read in a wrong encoding" in error.what
    assert damaged[0].split()[-1].strip("“”")[:6] in error.what
    assert error.where.endswith("line 2")
    (notice,) = read_table(path, layout=Layout(encoding="utf-8")).notices
    assert (notice.code, notice.severity) == ("damaged_words", "warning")


def test_one_damaged_answer_among_many_is_a_warning(tmp_path: Path) -> None:
    table = read_table(file_of(tmp_path, [*DUTCH * 5, "financiÃ«le"], "utf-8"))

    (notice,) = table.notices
    assert notice.code == "damaged_words"
    assert "1 of 36" in notice.message
    assert "'financiÃ«le'" in notice.message
    assert notice.where == "first in line 37"


def test_one_slip_of_the_pen_is_no_damage(tmp_path: Path) -> None:
    table = read_table(file_of(tmp_path, ["het “nieuwe werken”is goed"], "utf-8"))

    assert answers(table) == ["het “nieuwe werken”is goed"]
    assert [notice.code for notice in table.notices] == ["damaged_words"]


def test_damaged_words_in_a_workbook_are_refused_too(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["id", "antwoord"], [1, "nee"], [2, "financiÃ«le"]):
        book.worksheets[0].append(row)
    book.save(tmp_path / "export.xlsx")

    assert refusal(tmp_path / "export.xlsx").where.endswith("data row 2")


def test_a_file_of_many_pieces_is_guessed_by_all_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_module, "_CHUNK", 64)
    path = file_of(tmp_path, [*["nee"] * 500, *DUTCH], "mac_roman")

    assert answers(read_table(path))[500:] == DUTCH
