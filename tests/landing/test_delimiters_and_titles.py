"""Where the table of a text begins and what separates its cells: found, and said if guessed."""

from __future__ import annotations

from pathlib import Path

import pytest

from barometer.errors import UsageError
from landing.findings.errors import LandingError
from landing.readers import Layout, SourceTable, delimited, read_table


@pytest.fixture(params=["small", "large"], autouse=True)
def _size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read every file by both parsers."""
    if request.param == "large":
        monkeypatch.setattr(delimited, "LARGE_BYTES", 0)


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "export.csv"
    path.write_bytes(text.encode())
    return path


def names(table: SourceTable) -> list[str]:
    return [column.name for column in table.columns]


def codes(table: SourceTable) -> list[str]:
    return [notice.code for notice in table.notices]


@pytest.mark.parametrize(("delimiter", "other"), [(";", ","), (",", ";"), ("\t", ","), ("|", ",")])
def test_as_many_of_another_sign_in_every_line_is_a_tie_that_is_said(
    tmp_path: Path, delimiter: str, other: str
) -> None:
    rows = [
        ["nr", f"Wat{other} of niet?", f"Uren{other} gemiddeld"],
        *([str(n), f"Ja{other} deels", f"3{other}5"] for n in range(1, 4)),
    ]
    path = written(tmp_path, "".join(delimiter.join(row) + "\n" for row in rows))

    table = read_table(path)

    assert table.delimiter == delimiter
    assert [list(row) for row in table.rows] == rows[1:]
    assert codes(table) == ["delimiter_guessed"]
    assert "column `delimiter` of deliveries.csv" in table.notices[0].remedy
    assert read_table(path, layout=Layout(delimiter=delimiter)).notices == ()
    assert read_table(path, layout=Layout(delimiter=other)).delimiter == other


def test_a_ragged_row_does_not_hand_the_file_to_another_sign(tmp_path: Path) -> None:
    lines = ["nr;Wat, of niet?;x", *(f"{n};Ja, deels;y" for n in range(1, 20)), "20;Ja, deels"]

    with pytest.raises(LandingError, match="separated by semicolon") as caught:
        read_table(written(tmp_path, "\n".join(lines)))

    assert "line 21: 2 cells" in caught.value.where


def test_a_tab_may_be_stated_by_its_name(tmp_path: Path) -> None:
    table = read_table(written(tmp_path, "a,b\tc\n1,2\t3\n"), layout=Layout(delimiter="tab"))

    assert table.rows == (("1,2", "3"),)


@pytest.mark.parametrize("delimiter", ["", "ab", '"', "\n"])
def test_what_cannot_separate_is_a_usage_error(delimiter: str) -> None:
    with pytest.raises(UsageError, match="cannot have the delimiter"):
        Layout(delimiter=delimiter)


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_a_space_before_a_quote_does_not_make_it_a_letter(tmp_path: Path, delimiter: str) -> None:
    rows = [
        f'1{delimiter} "Jansen{delimiter} P."{delimiter} Utrecht',
        f'2{delimiter} "zei ""nee"""{delimiter} Arnhem',
    ]
    header = f"id{delimiter} naam{delimiter} plaats"
    table = read_table(written(tmp_path, "\n".join([header, *rows]) + "\n"))

    assert names(table) == ["id", "naam", "plaats"]
    assert table.rows == (
        ("1", f"Jansen{delimiter} P.", "Utrecht"),
        ("2", 'zei "nee"', "Arnhem"),
    )
    assert codes(table) == ["space_before_quote"]


def test_a_space_before_a_quote_is_read_where_no_delimiter_is_quoted(tmp_path: Path) -> None:
    table = read_table(written(tmp_path, 'id, naam\n1, "Jansen"\n2, "Bakker"\n'))

    assert table.rows == (("1", "Jansen"), ("2", "Bakker"))


def test_spaces_without_quotes_stay(tmp_path: Path) -> None:
    table = read_table(written(tmp_path, 'id,naam\n1, Jansen\n2," ""x"""\n'))

    assert table.rows == (("1", " Jansen"), ("2", ' "x"'))
    assert table.notices == ()


@pytest.mark.parametrize("blank", [",\n", ",\n,\n", "\n\n", " , \n", '"",""\n'])
def test_blank_rows_above_the_header_are_nothing(tmp_path: Path, blank: str) -> None:
    table = read_table(written(tmp_path, f"{blank}id,a\n1,x\n2,y\n"))

    assert names(table) == ["id", "a"]
    assert table.rows == (("1", "x"), ("2", "y"))
    assert table.notices == ()


@pytest.mark.parametrize(
    "titles",
    [
        ["# export 2025", "# vertrouwelijk, niet verspreiden"],
        ["// gemaakt op 1 mei 2025"],
        ["Export van de enquête innovatie 2025"],
        ["Export van de enquête", "", "Peildatum 1 mei 2025"],
        ["Innovatiebarometer publieke sector;;", ";;"],
    ],
)
def test_titles_above_the_header_are_skipped_and_said(tmp_path: Path, titles: list[str]) -> None:
    lines = [*titles, "id;naam;plaats", "1;x;y", "2;x;y"]
    table = read_table(written(tmp_path, "\n".join(lines) + "\n"))

    assert names(table) == ["id", "naam", "plaats"]
    assert list(table.rows) == [("1", "x", "y"), ("2", "x", "y")]
    (notice,) = table.notices
    assert notice.code == "lines_above_header"
    assert titles[0].strip(";") in notice.message
    assert notice.where == f"lines 1 to {len(titles)}"
    assert "column `table_start` of deliveries.csv" in notice.remedy


def test_a_title_with_a_comma_is_one(tmp_path: Path) -> None:
    text = "Enquête 2025, vertrouwelijk\nid,naam,plaats\n1,x,y\n2,x,y\n"

    assert names(read_table(written(tmp_path, text))) == ["id", "naam", "plaats"]


@pytest.mark.parametrize(
    "text",
    [
        "antwoord\nja, soms\nnee, nooit\nja, vaak\n",
        "waarde\n3,5\n4,5\n",
        "Uw antwoord\n3,5\n4,5\n",
    ],
)
def test_a_first_line_that_may_be_a_header_is_a_question(tmp_path: Path, text: str) -> None:
    with pytest.raises(LandingError) as caught:
        read_table(written(tmp_path, text))

    assert text.splitlines()[0] in caught.value.remedy
    assert "column `table_start`" in caught.value.remedy


@pytest.mark.parametrize("header", ["#,naam,plaats", "naam,,", "Naam en plaats,b"])
def test_a_header_is_not_taken_for_a_title(tmp_path: Path, header: str) -> None:
    width = header.count(",")
    rows = ["1" + ",x" * width, "2" + ",y" * width]
    table = read_table(written(tmp_path, "\n".join([header, *rows]) + "\n"))

    assert names(table) == header.split(",")
    assert len(table.rows) == 2


def test_a_header_that_lacks_a_name_does_not_make_the_first_answer_one(tmp_path: Path) -> None:
    with pytest.raises(LandingError, match="as many cells as the header") as caught:
        read_table(written(tmp_path, "id;naam\n1;a;b\n2;c;d\n"))

    assert "quotes around texts" in caught.value.remedy
    assert "column `table_start`" in caught.value.remedy


def test_the_line_of_the_header_may_be_stated(tmp_path: Path) -> None:
    path = written(tmp_path, "id,naam\n1,a\n\nnr,antwoord\n1,ja\n")

    table = read_table(path, layout=Layout(table_start=4))

    assert names(table) == ["nr", "antwoord"]
    assert table.rows == (("1", "ja"),)


def test_ragged_rows_below_a_title_are_named_by_their_own_line(tmp_path: Path) -> None:
    lines = ["# export", "id,naam", *(f"{n},a" for n in range(20)), "20"]

    with pytest.raises(LandingError) as caught:
        read_table(written(tmp_path, "\n".join(lines)))

    assert "line 23: 1 cells" in caught.value.where
