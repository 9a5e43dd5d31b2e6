"""A check report as one web page that needs nothing beside itself."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Template

from barometer.pages import page_template
from landing.findings.errors import LandingError
from landing.findings.finding import SEVERITIES, CheckReport
from landing.findings.report import notable_columns

_TEMPLATE = Path(__file__).with_name("page.html.j2")
_CHANGES = {
    "new": "new",
    "gone": "gone",
    "ended": "ended, by the registry",
    "renamed": "renamed, in the registry",
    "suggested": "perhaps renamed",
    "withdrawn": "withdrawn, by the registry",
    "continued": "continued by",
}
_KEY_CHANGES = {
    "new": "new",
    "gone": "gone",
    "succeeded": "continued, by the registry",
    "rekeyed": "perhaps under another key",
    "merged": "perhaps merged",
}
_VERDICTS = {
    "steady": "steady",
    "jumped": "jumped",
    "doubtful": "moved, perhaps by chance",
    "break": "moved, break noted",
    "few": "too few answers",
}


def write_page(report: CheckReport, path: Path) -> None:
    """Write the report as a web page.

    Raises:
        LandingError: the file cannot be written.
    """
    try:
        path.write_text(render_page(report), encoding="utf-8")
    except OSError as error:
        raise LandingError(
            f"The report cannot be written: {error.strerror}.",
            where=str(path),
            expected="a file in a folder that exists and can be written",
            remedy="Name another file after --html.",
        ) from error


def render_page(report: CheckReport) -> str:
    """Return the report as the text of a web page."""
    drift = report.drift
    moved = () if drift is None else sorted(drift.distributions, key=lambda d: -d.distance)
    return _template().render(
        report=report,
        drift=drift,
        # What the registry knew beforehand is the longest part and the least urgent.
        columns=() if drift is None else sorted(drift.columns, key=lambda c: c.change == "renamed"),
        counts=[(severity, len(report.of_severity(severity))) for severity in SEVERITIES],
        groups=[(s, report.of_severity(s)) for s in SEVERITIES if report.of_severity(s)],
        distributions=[d for d in moved if d.verdict != "few"],
        unjudged=[d for d in moved if d.verdict == "few"],
        notable={column.position for column in notable_columns(report)},
        changes=_CHANGES,
        key_changes=_KEY_CHANGES,
        verdicts=_VERDICTS,
    )


@cache
def _template() -> Template:
    return page_template(
        _TEMPLATE,
        percent=lambda share: f"{share:.0%}",
        thousands=lambda number: f"{number:,}",
    )
