"""What the comparison of an export with the previous wave has found, beside its findings."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

Basis = Literal["registry", "code", "text"]


@dataclass(frozen=True)
class PreviousWave:
    """The landed export that this one was compared with."""

    wave: str
    part: str
    file_name: str
    row_count: int
    column_count: int


@dataclass(frozen=True)
class ColumnChange:
    """A column, or all columns of a question, that came, went or got another name.

    Attributes:
        change: what happened.
        name: name in this file; of a column that is gone, its earlier name.
        question_id: question it answers, if the registry says so.
        previous_name: the earlier name, or the name that the registry expects.
        basis: what says that two names are one column.
        score: how alike they are, 0 to 100.
        position: place in this file; None when it is gone.
    """

    change: Literal["new", "gone", "ended", "renamed", "suggested"]
    name: str
    question_id: str | None = None
    previous_name: str | None = None
    basis: Basis | None = None
    score: float | None = None
    position: int | None = None


@dataclass(frozen=True)
class OptionChange:
    """An option, or a value without a code, that came, went or continues another.

    Attributes:
        change: `new` and `withdrawn` go by the registry, `gone` by the answers, `continued` links
            an option that went to the options or values that resemble it.
        option_id: the option; of `continued` the one that went.
        successors: options, or values without a code, that resemble it, with the similarity.
        count_before: answers in the previous wave.
        count_now: answers in this file.
    """

    change: Literal["new", "withdrawn", "gone", "continued"]
    question_id: str
    option_id: str
    successors: tuple[tuple[str, float], ...] = ()
    count_before: int | None = None
    count_now: int | None = None


@dataclass(frozen=True)
class OptionShare:
    """The share of one option before and now."""

    option_id: str
    label: str
    before: float
    now: float


@dataclass(frozen=True)
class Distribution:
    """One question in both waves.

    Attributes:
        question_id: the question.
        wording: its wording.
        answers_before: answers in the previous wave.
        answers_now: answers in this file.
        distance: from 0, the same, to 1, nothing in common.
        chance: distance that sampling alone gives on average.
        verdict: `steady`, `jumped`, `doubtful` (chance could do it), `break` (jumped where the
            registry notes a break) or `few` (too few answers to judge).
        shares: per option, in the order of the registry.
    """

    question_id: str
    wording: str
    answers_before: int
    answers_now: int
    distance: float
    chance: float
    verdict: Literal["steady", "jumped", "doubtful", "break", "few"]
    shares: tuple[OptionShare, ...]


@dataclass(frozen=True)
class PersonalData:
    """Cells that look like personal data in a column not marked so; never the values."""

    kind: Literal["email", "phone", "bsn"]
    position: int
    column_name: str
    count: int
    rows: tuple[int, ...]


@dataclass(frozen=True)
class RoutingViolation:
    """Answers to a question from responses that should not have been asked it."""

    question_id: str
    not_asked: int
    answered: int


@dataclass(frozen=True)
class Fieldwork:
    """When the responses came in, against the fieldwork of the registry."""

    first: dt.datetime
    last: dt.datetime
    expected_start: dt.date | None
    expected_end: dt.date | None
    outside: int
    dated: int


@dataclass(frozen=True)
class GroupSize:
    """How many organisations a group had and has; a group within another is part of it."""

    classification_id: str
    group_id: str
    label: str
    before: int
    now: int


@dataclass(frozen=True)
class KeyChange:
    """An organisation whose key came or went.

    Attributes:
        change: `new`, `gone`, `succeeded` (the registry names a successor), `rekeyed` (its name
            stands under another key) or `merged` (it may live on in one with a name like it).
        key: its key in the frame that has it.
        name: its name there.
        successors: keys of this frame that continue it, or may.
    """

    change: Literal["new", "gone", "succeeded", "rekeyed", "merged"]
    key: str
    name: str
    successors: tuple[str, ...] = ()


@dataclass(frozen=True)
class FrameDrift:
    """A frame against the frame of the previous wave.

    Attributes:
        organisations_before: organisations in the previous frame; None where there is none.
        organisations_now: organisations in this one, those that ended left out.
        keys: organisations that came or went.
        groups: every group that either frame fills.
    """

    organisations_before: int | None
    organisations_now: int
    keys: tuple[KeyChange, ...]
    groups: tuple[GroupSize, ...]


@dataclass(frozen=True)
class Drift:
    """Everything that was compared, changed or not; `frame` of a frame only."""

    previous: PreviousWave | None
    columns: tuple[ColumnChange, ...]
    options: tuple[OptionChange, ...]
    distributions: tuple[Distribution, ...]
    personal: tuple[PersonalData, ...]
    routing: tuple[RoutingViolation, ...]
    fieldwork: Fieldwork | None
    repeated_response_ids: int
    repeated_answers: int
    frame: FrameDrift | None = None
