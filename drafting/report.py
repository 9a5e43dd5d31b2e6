"""What the command line prints about a draft."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from rich.console import Console
from rich.syntax import Syntax

from barometer.settings import survey_option
from drafting.draft import DraftRow
from drafting.newwave import DIFF_FILE, NewWaveReport

_MOST_MISTAKES = 20
_MOST_DIFF_LINES = 400


def render_new_wave(report: NewWaveReport, console: Console) -> None:
    """Print the diff, what was recognised, what waits for a decision, and what to do next."""
    _diff(report, console)
    _say(console, f"Wave {report.wave}, drafted from {report.source}: {report.folder}")
    for table in dict.fromkeys(row.table for row in report.draft.rows):
        rows = report.draft.of(table)
        counts = [
            f"{sum(row.action == action for row in rows)} to {action}"
            for action in ("add", "change", "skip")
            if any(row.action == action for row in rows)
        ]
        waiting = sum(row.is_open for row in rows)
        _say(console, f"  {table}.csv: {', '.join(counts)}; {waiting} to decide")
    if report.left_out:
        _say(
            console,
            f"  Left out by themselves, because they depend on what is skipped or gone: "
            f"{len(report.left_out)} rows.",
        )
    for note in report.draft.notes:
        _say(console, f"  Note: {note}")
    _decisions(report.draft.open_rows, console)
    _mistakes(report, console)
    _next(report, console)


def _diff(report: NewWaveReport, console: Console) -> None:
    if not report.diff:
        return
    lines = report.diff.splitlines()
    shown = "\n".join(lines[:_MOST_DIFF_LINES])
    if console.is_terminal:
        console.print(Syntax(shown, "diff", background_color="default", word_wrap=True))
    else:
        _say(console, shown)
    if len(lines) > _MOST_DIFF_LINES:
        rest = len(lines) - _MOST_DIFF_LINES
        _say(console, f"… and {rest} more lines: {report.folder / DIFF_FILE}")
    _say(console, "")


def _decisions(rows: Sequence[DraftRow], console: Console) -> None:
    if not rows:
        return
    _say(console, f"\nTo decide ({len(rows)}):")
    for number, row in enumerate(rows, start=1):
        _say(console, f"{number:3}. {row.table}.csv, '{row.draft}'\n     {row.decide}")


def _mistakes(report: NewWaveReport, console: Console) -> None:
    if not report.mistakes:
        _say(console, "\nWith this draft the registries are consistent.")
        return
    _say(console, f"\nWith this draft the registries have {len(report.mistakes)} mistakes:")
    for mistake in report.mistakes[:_MOST_MISTAKES]:
        _say(console, mistake)
    if len(report.mistakes) > _MOST_MISTAKES:
        _say(console, f"… and {len(report.mistakes) - _MOST_MISTAKES} more.")


def _next(report: NewWaveReport, console: Console) -> None:
    survey = survey_option(report.survey)
    drafts = f" --drafts {shlex.quote(str(report.elsewhere))}" if report.elsewhere else ""
    if report.written:
        _say(
            console,
            f"\nWritten to {report.registries}. Next: `barometer validate{survey}`, then "
            f"`barometer check FILE --wave {report.wave}{survey}`.",
        )
    elif report.draft.open_rows or report.mistakes:
        _say(
            console,
            "\nNothing was written to the registries. Correct the rows in the draft folder, write "
            "your answer in the column `decided` (for example ok), and run it again: `barometer "
            f"new-wave {report.wave}{survey}{drafts}`.",
        )
    else:
        _say(
            console,
            f"\nReady. `barometer new-wave {report.wave}{survey}{drafts} --write` puts it in "
            f"{report.registries}.",
        )


def _say(console: Console, text: str) -> None:
    console.print(text, markup=False, highlight=False, soft_wrap=True)
