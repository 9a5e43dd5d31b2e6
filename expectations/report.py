"""What a validation found, as values that carry keys and counts but no answers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from barometer.errors import BarometerError, SeveralErrors


@dataclass(frozen=True)
class Failure:
    """One expectation that does not hold.

    Attributes:
        table: table as SQL names it.
        expectation: the expectation, as a sentence.
        unexpected_count: number of rows that break it, where that can be counted.
        example: keys of one such row, never an answer or a name.
        error: why the expectation could not be evaluated at all.
    """

    table: str
    expectation: str
    unexpected_count: int | None = None
    example: str = ""
    error: str = ""


@dataclass(frozen=True)
class SuiteReport:
    """What one suite found.

    Attributes:
        name: name of the suite.
        table: table as SQL names it.
        expectations: number of expectations that were evaluated.
        failures: those that do not hold.
        seconds: time it took.
    """

    name: str
    table: str
    expectations: int
    failures: tuple[Failure, ...]
    seconds: float

    @property
    def succeeded(self) -> bool:
        """Return whether every expectation holds."""
        return not self.failures


@dataclass(frozen=True)
class LayerReport:
    """What the suites of one layer found.

    Attributes:
        layer: raw, cleaned or marts.
        suites: one report per suite.
        data_docs: first page of the Data Docs.
        seconds: time it took, Data Docs included.
    """

    layer: str
    suites: tuple[SuiteReport, ...]
    data_docs: Path
    seconds: float

    @property
    def expectations(self) -> int:
        """Return the number of expectations that were evaluated."""
        return sum(suite.expectations for suite in self.suites)

    @property
    def failures(self) -> tuple[Failure, ...]:
        """Return every failure of the layer."""
        return tuple(failure for suite in self.suites for failure in suite.failures)

    @property
    def succeeded(self) -> bool:
        """Return whether every expectation of every suite holds."""
        return not self.failures


class ExpectationError(BarometerError):
    """One expectation that does not hold."""

    def __init__(self, failure: Failure) -> None:
        self.failure = failure
        if failure.error:
            what = f"{failure.table}: could not be checked: {failure.error}"
        elif failure.unexpected_count is None:
            what = f"{failure.table}: an expectation does not hold."
        else:
            rows = "row breaks" if failure.unexpected_count == 1 else "rows break"
            what = f"{failure.table}: {failure.unexpected_count:,} {rows} an expectation."
        example = f", for example {failure.example}" if failure.example else ""
        super().__init__(
            what, where=f"{failure.table}{example}", expected=failure.expectation + "."
        )


class ExpectationsFailed(SeveralErrors):
    """A layer of the warehouse is not what it must be; nothing may be published from it."""

    def __init__(self, report: LayerReport) -> None:
        self.report = report
        failed = len(report.failures)
        noun = "expectation does" if failed == 1 else "expectations do"
        super().__init__(
            f"{failed} {noun} not hold in the {report.layer} layer "
            f"({report.expectations} were checked).",
            [ExpectationError(failure) for failure in report.failures],
            remedy=f"See {report.data_docs}; mend the delivery, the registry or the model.",
        )


class WarehouseUnavailableError(BarometerError):
    """The warehouse cannot be opened for reading."""
