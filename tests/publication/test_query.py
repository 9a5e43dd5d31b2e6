"""`barometer query`: a table or records on a terminal, CSV in a pipe, never all rows in memory."""

from __future__ import annotations

import datetime
import fcntl
import io
import json
import os
import pty
import struct
import subprocess
import sys
import termios
from decimal import Decimal
from itertools import islice

import pytest
from rich.console import Console
from typer.testing import CliRunner

from barometer.errors import UsageError
from orchestration.cli import app
from orchestration.commands.query import query_release
from orchestration.commands.rows import (
    Format,
    print_rows_as,
    print_selected,
    write_json,
    write_markdown,
)
from publication.internal.release import publish

ENDLESS = "select range as n from range(1000000000000)"
WIDE = "select " + ", ".join(f"n as column_{n:02}" for n in range(38)) + " from range(3) as t (n)"


@pytest.fixture
def home(warehouse) -> str:
    publish(warehouse.settings)
    return str(warehouse.settings.home.parent)


def on_a_terminal(columns, rows, *, width: int = 80, limit: int = 40) -> str:
    window = io.StringIO()
    print_selected(Console(file=window, width=width), columns, iter(rows), limit)
    return window.getvalue()


def start(home: str, *arguments: str, stdout: int) -> subprocess.Popen[bytes]:
    clean = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    command = [sys.executable, "-m", "orchestration.cli", "query", "--home", home, *arguments]
    return subprocess.Popen(command, stdout=stdout, stderr=subprocess.PIPE, env=clean)


def in_a_window(home: str, width: int, *arguments: str) -> str:
    """Return what the command prints in a real terminal of so many columns."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
    with start(home, *arguments, stdout=theirs) as running, os.fdopen(ours, "rb") as window:
        os.close(theirs)
        printed = b""
        try:
            while piece := window.read1(4096):
                printed += piece
        except OSError:
            # The other end is closed: so does Linux say that the command has ended.
            pass
        assert running.wait() == 0
    return printed.decode()


def test_rows_are_read_while_they_are_asked_for(warehouse, home):
    with query_release(warehouse.settings, ENDLESS) as selected:
        assert selected.columns == ("n",)
        assert list(islice(selected.rows, 3)) == [(0,), (1,), (2,)]


def test_an_error_among_later_rows_is_told_like_one_at_once(warehouse, home):
    sql = "select if(n < 5000, '1', 'x')::integer from range(100000) as t (n)"
    with (
        pytest.raises(UsageError, match="The query does not work: Conversion Error"),
        query_release(warehouse.settings, sql) as selected,
    ):
        list(selected.rows)


def test_a_text_without_a_statement_is_an_error_for_people(warehouse, home):
    with (
        pytest.raises(UsageError, match="it holds no statement"),
        query_release(warehouse.settings, "-- nothing"),
    ):
        pass


def test_a_terminal_shows_the_first_rows_and_how_many_more_there_are():
    shown = on_a_terminal(("n",), [(n,) for n in range(1_300)], limit=40)

    assert "│ 39 │" in shown
    assert "│ 40 │" not in shown
    assert shown.endswith("… 1,260 more rows: --limit, or --format csv for all.\n")


def test_nothing_more_is_said_where_every_row_is_shown():
    shown = on_a_terminal(("n",), [(1,), (2,)], limit=2)

    assert "more" not in shown
    assert on_a_terminal(("n",), [(1,), (2,)], limit=1).endswith(
        "… 1 more row: --limit, or --format csv for all.\n"
    )


def test_columns_that_do_not_fit_are_printed_as_records():
    columns = [f"column_{n:02}" for n in range(38)]

    shown = on_a_terminal(columns, [tuple(range(38)), (None, *range(1, 38))])

    lines = shown.splitlines()
    assert [line.rstrip() for line in lines[:3]] == ["row 1 of 2", "column_00  0", "column_01  1"]
    assert [line.rstrip() for line in lines[38:42]] == [
        "column_37  37",
        "",
        "row 2 of 2 (1 of 38 columns blank)",
        "column_01  1",
    ]
    assert "│" in on_a_terminal(columns, [tuple(range(38))], width=38 * 12 + 1)
    assert "│" not in on_a_terminal(columns, [tuple(range(38))], width=38 * 12)


def test_a_long_value_of_a_record_goes_on_under_itself_and_nothing_is_wider_than_the_window():
    columns = ["wave", "label", *(f"column_{n:02}" for n in range(36))]
    text = "a long label " * 12 + "x" * 200

    shown = on_a_terminal(columns, [("2021", text, *[None] * 36)])

    assert max(len(line) for line in shown.splitlines()) <= 80
    value = [line.removeprefix("label").strip() for line in shown.splitlines()[2:]]
    assert "".join(value).replace(" ", "") == text.replace(" ", "")
    assert all(line.startswith(" " * 7) for line in shown.splitlines()[3:])


def test_a_table_is_as_wide_as_it_is_where_it_was_asked_for():
    columns = [f"column_{n:02}" for n in range(38)]
    window = io.StringIO()

    print_selected(Console(file=window, width=80), columns, iter([range(38)]), 40, Format.TABLE)

    lines = window.getvalue().splitlines()
    assert len(lines) == 5
    assert all(column in lines[1] for column in columns)


def in_format(chosen: Format | None, columns, rows) -> str:
    stream = io.StringIO()
    print_rows_as(chosen, columns, iter(rows), stream, 40)
    return stream.getvalue()


def test_json_is_one_array_with_real_types():
    moment = datetime.datetime(2025, 1, 31, 12, 5)
    row = ("2025", moment.date(), moment, None, 0.5, 3, True, Decimal("1.5"), [1, None])
    columns = ("wave", "day", "moment", "nothing", "share", "n", "is_so", "price", "parts")
    as_json = ("2025", "2025-01-31", "2025-01-31T12:05:00", None, 0.5, 3, True, 1.5, [1, None])

    read = json.loads(in_format(Format.JSON, columns, [row, row]))

    assert read == 2 * [dict(zip(columns, as_json, strict=True))]
    assert json.loads(in_format(Format.JSON, columns, [])) == []


def test_json_writes_no_number_that_json_does_not_know():
    stream = io.StringIO()
    write_json(stream, ["n"], [(float("nan"),), (float("-inf"),)])

    assert json.loads(stream.getvalue()) == [{"n": None}, {"n": None}]


def test_columns_of_one_name_are_refused_in_json_rather_than_lost():
    with pytest.raises(UsageError, match="two columns of one name: wave"):
        write_json(io.StringIO(), ["wave", "wave"], [("2021", "2023")])


def test_markdown_is_a_table_of_which_no_cell_breaks_out():
    stream = io.StringIO()
    write_markdown(stream, ["label", "n", "is_so"], [("a|b\nc", 1, True), (None, None, False)])

    assert stream.getvalue().splitlines() == [
        "| label | n | is_so |",
        "| --- | ---: | --- |",
        "| a\\|b c | 1 | True |",
        "|  |  | False |",
    ]


def test_what_is_no_terminal_gets_csv_unless_a_format_was_chosen():
    assert in_format(None, ["n"], [(1,)]) == "n\n1\n"
    assert in_format(Format.MD, ["n"], [(1,)]).startswith("| n |")


def test_no_codes_of_any_kind_are_printed_where_colours_are_not_wanted(home, monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    assert "\x1b" in in_a_window(home, 80, WIDE)
    monkeypatch.setenv("NO_COLOR", "1")

    for form in ("table", "records", "csv", "json", "md"):
        assert "\x1b" not in in_a_window(home, 80, WIDE, "--format", form)


def test_a_long_text_is_folded_in_a_table_that_fits_otherwise():
    shown = on_a_terminal(("wave", "label"), [("2021", "a long label " * 20)], width=60)

    assert "│ 2021 │ a long label" in shown


def test_texts_that_look_like_markup_are_printed_as_they_are():
    shown = on_a_terminal(("[b]", "c"), [("[bold]x[/nothing]", 1)])

    assert "[b]" in shown
    assert "[bold]x[/nothing]" in shown


def test_a_query_that_selects_nothing_says_so():
    assert on_a_terminal([f"column_{n:02}" for n in range(38)], []) == "No rows.\n"


def test_a_real_terminal_gets_a_table_or_records_by_its_width(home):
    narrow = "select wave, group_id, n_answered from core.estimates order by all"

    assert "│ 2021 │ rechtswezen" in in_a_window(home, 80, narrow)
    records = in_a_window(home, 80, WIDE, "--limit", "2")
    assert "row 2 of 3" in records
    assert "… 1 more row" in records
    assert "│" not in records
    assert in_a_window(home, 80, WIDE, "--format", "csv").count("\r\n") == 4


def test_a_pipe_gets_every_row_as_csv(home):
    sql = "select n, 'a, \"b\"' as label, null as nothing from range(2500) as t (n)"
    with start(home, sql, stdout=subprocess.PIPE) as running:
        printed, told = running.communicate()

    lines = printed.decode().splitlines()
    assert told == b""
    assert len(lines) == 2501
    assert lines[0] == "n,label,nothing"
    assert lines[-1] == '2499,"a, ""b""",'


def test_a_reader_that_has_seen_enough_ends_the_command_quietly(home):
    with start(home, ENDLESS, stdout=subprocess.PIPE) as running:
        assert running.stdout.readline() == b"n\n"
        running.stdout.close()
        told = running.stderr.read()

    assert told == b""


def test_the_limit_is_not_negative(home):
    refused = CliRunner().invoke(app, ["query", "select 1", "--limit", "-1", "--home", home])

    assert refused.exit_code == 2


def test_a_pipe_that_lacks_characters_gets_question_marks_and_is_told(home, monkeypatch):
    monkeypatch.setenv("PYTHONIOENCODING", "cp1252")
    with start(home, "select 'één − twee' as label", stdout=subprocess.PIPE) as running:
        printed, told = running.communicate()

    assert printed.decode("cp1252") == "label\néén ? twee\n"
    assert told.startswith(b"Characters that cp1252 lacks are printed as ?")


def test_a_terminal_that_lacks_characters_shows_question_marks(home, monkeypatch):
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")

    shown = in_a_window(home, 80, "select '− één' as label from range(2)")

    assert "? ??n" in shown


def test_a_terminal_shows_the_first_of_many_rows_in_seconds(home):
    rows = "select * from range(300000) as t (n), (select 'label' as label)"

    assert "299,960 more rows" in in_a_window(home, 80, rows)
