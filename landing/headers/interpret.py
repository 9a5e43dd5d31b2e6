"""Which tool wrote these rows: by their content, or as the registry says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from barometer.errors import UsageError
from landing.headers import forms, generic, limesurvey, qualtrics, surveymonkey
from landing.headers.model import Header, HeaderRow

# As many first rows as any of the tools is recognised by.
SAMPLE_ROWS = 5


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


def interpret_header(rows: Sequence[HeaderRow], tool: str | None = "auto") -> Header:
    """Return names and labels of the columns, and how many rows the header takes.

    Args:
        rows: the first rows of the file, at least the header and `SAMPLE_ROWS` if there are
            as many, each as wide as the file.
        tool: what the registry says; `auto` or nothing goes by content.

    Raises:
        UsageError: there is no such tool.
        LandingError: the rows are not what the tool that was insisted on writes.
    """
    if not tool or tool == "auto":
        return next(found for found in _TOOLS.values() if found.recognise(rows)).interpret(rows)
    if tool not in _TOOLS:
        raise UsageError(
            f"There is no survey tool '{tool}' whose header rows landing knows.",
            expected="one of: " + ", ".join(("auto", *_TOOLS)),
            remedy="Correct the column `tool` of the deliveries registry; `spss` is for SPSS "
            "files only.",
        )
    return _TOOLS[tool].interpret(rows)
