"""Which tool wrote these rows: by their content, or as the registry says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from barometer.errors import UsageError
from landing.findings.errors import LandingError
from landing.headers import forms, generic, limesurvey, qualtrics, surveymonkey
from landing.headers.model import Header, HeaderRow

# As many first rows as any of the tools is recognised by: of few rows an option may have no answer.
SAMPLE_ROWS = 25


@dataclass(frozen=True)
class _Tool:
    recognise: Callable[[Sequence[HeaderRow]], bool]
    interpret: Callable[[Sequence[HeaderRow]], Header]


# In this order: what is hardest to mistake first.
_TOOLS: dict[str, _Tool] = {
    qualtrics.TOOL: _Tool(qualtrics.recognise, qualtrics.interpret),
    surveymonkey.TOOL: _Tool(surveymonkey.recognise, surveymonkey.interpret),
    limesurvey.TOOL: _Tool(limesurvey.recognise, limesurvey.interpret),
    forms.MICROSOFT: _Tool(forms.recognise_microsoft, forms.interpret_microsoft),
    forms.GOOGLE: _Tool(forms.recognise_google, forms.interpret_google),
    generic.TOOL: _Tool(generic.recognise, generic.interpret),
}

TOOLS = ("auto", *_TOOLS, "spss")


def interpret_header(
    rows: Sequence[HeaderRow], tool: str | None = "auto", header_rows: int | None = None
) -> Header:
    """Return names and labels of the columns, and how many rows the header takes.

    Args:
        rows: the first rows of the file, at least the header and `SAMPLE_ROWS` if there are
            as many, each as wide as the file.
        tool: what the registry says; `auto` or nothing goes by content.
        header_rows: how many rows the header takes, where that is stated.

    Raises:
        UsageError: there is no such tool.
        LandingError: the rows are not what the tool that was insisted on writes.
    """
    if tool and tool != "auto" and tool not in _TOOLS:
        raise UsageError(
            f"There is no survey tool '{tool}' whose header rows landing knows.",
            expected="one of: " + ", ".join(("auto", *_TOOLS)),
            remedy="Correct the column `tool` of the deliveries registry; `spss` is for SPSS "
            "files only.",
        )
    if not tool or tool == "auto":
        tool = next(name for name, found in _TOOLS.items() if found.recognise(rows))
    if header_rows is None:
        return _TOOLS[tool].interpret(rows)
    return _as_stated(rows, tool, header_rows)


def _as_stated(rows: Sequence[HeaderRow], tool: str, header_rows: int) -> Header:
    """Return the header of a tool that takes as many rows as somebody stated."""
    try:
        header = _TOOLS[tool].interpret(rows)
    except LandingError:
        header = generic.interpret(rows)
    if header.n_header_rows == header_rows:
        return replace(header, tool=tool)
    if header.n_header_rows > header_rows:
        header = generic.interpret(rows)
    texts = rows[1] if 1 < header_rows <= len(rows) else [None] * len(rows[0])
    columns = tuple(
        replace(column, label=column.label or text or None)
        for column, text in zip(header.columns, texts, strict=True)
    )
    return replace(header, columns=columns, n_header_rows=header_rows, tool=tool)
