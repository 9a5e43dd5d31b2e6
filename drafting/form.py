"""The new wave's form: its columns with texts and values, from an export or a questionnaire."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from drafting.similarity import plain_code

# Language of a text when the file does not say.
UNKNOWN = ""

Texts = Mapping[str, str]


@dataclass(frozen=True)
class FormValue:
    """One raw value of a column.

    Attributes:
        raw: the value.
        texts: what it means, by language; empty where the file does not say.
        count: cells that hold it; None where there is no export.
        is_missing: whether the file itself calls it missing.
        is_ticked: of a tick box, whether it means chosen; None where the file does not say.
    """

    raw: str
    texts: Texts = field(default_factory=dict)
    count: int | None = None
    is_missing: bool = False
    is_ticked: bool | None = None


@dataclass(frozen=True)
class FormColumn:
    """One column of the new wave.

    Attributes:
        name: as it is, or will be, in the export.
        texts: the whole text above the column, by language.
        own: what tells it apart from the other columns of its question, where that is known.
        stem: the text it shares with them, where that is known.
        values: values that occur or are offered; none for free text.
        answer_type: as the questionnaire says; empty where it is not known.
        is_tick_box: whether the column stands for one option of a multiple question.
        family: what the file calls that question; empty where it does not say.
        role: what the column is when it is no answer, as far as its name says.
        relevance: the condition under which it is asked, in the tool's own language.
        n_filled: cells with content; None where there is no export.
        n_distinct: different values; None where there is no export.
        is_number: whether every value is a number.
        has_addresses: whether values look like e-mail addresses.
        in_export: whether the export has it.
    """

    name: str
    texts: Texts = field(default_factory=dict)
    own: Texts = field(default_factory=dict)
    stem: Texts = field(default_factory=dict)
    values: tuple[FormValue, ...] = ()
    answer_type: str = ""
    is_tick_box: bool = False
    family: str = ""
    role: str = ""
    relevance: str = ""
    n_filled: int | None = None
    n_distinct: int | None = None
    is_number: bool = False
    has_addresses: bool = False
    in_export: bool = False

    @property
    def labels(self) -> tuple[str, ...]:
        """Every text that may be compared with a wording."""
        whole = [text for text in self.texts.values() if text]
        # Forms tools put the question itself in the heading.
        if not whole and " " in self.name.strip():
            whole = [self.name]
        return tuple(dict.fromkeys([*whole, *self.own.values()]))

    @property
    def shown_label(self) -> str:
        """One text for messages."""
        text = next(iter(self.texts.values()), "")
        return f"'{self.name}'" + (f" ({text})" if text and text != self.name else "")


@dataclass(frozen=True)
class Form:
    """All columns of the new wave.

    Attributes:
        columns: in the order of the file.
        file_name: the export, or the questionnaire where there is no export.
        format: how the export is read; empty where there is none.
        languages: languages of the questionnaire.
        tool: survey tool that wrote the export; empty where there is none.
        notes: what the file declares and the registries cannot say.
    """

    columns: tuple[FormColumn, ...]
    file_name: str
    format: str = ""
    languages: tuple[str, ...] = ()
    tool: str = ""
    notes: tuple[str, ...] = ()


# Columns that survey tools add by themselves.
TOOL_COLUMNS: Mapping[str, str] = {
    "id": "response_id",
    "responseid": "response_id",
    "respondentid": "response_id",
    "submitdate": "submitted_at",
    "lastpage": "last_page",
    "startlanguage": "ignore",
    "seed": "ignore",
    "startdate": "ignore",
    "datestamp": "ignore",
    "interviewtime": "ignore",
    "refurl": "personal",
    "ipaddr": "personal",
    "token": "personal",
    "firstname": "personal",
    "lastname": "personal",
    "email": "personal",
    "emailaddress": "personal",
    "ipaddress": "personal",
    "recipientemail": "personal",
    "recipientfirstname": "personal",
    "recipientlastname": "personal",
    "locationlatitude": "personal",
    "locationlongitude": "personal",
}


def tool_role(name: str) -> str:
    """Return the role of a column that a survey tool adds, empty for any other."""
    code = plain_code(name)
    if code.startswith(("grouptime", "questiontime")) and code[-1:].isdigit():
        return "ignore"
    return TOOL_COLUMNS.get(code, "")


def with_questionnaire(export: Form, questionnaire: Form) -> Form:
    """Return the columns of an export with the texts and values of the questionnaire."""
    known = {plain_code(column.name): column for column in questionnaire.columns}
    columns = []
    for column in export.columns:
        described = known.get(plain_code(column.name))
        columns.append(_described(column, described) if described else column)
    return replace(export, columns=tuple(columns), languages=questionnaire.languages)


def _described(column: FormColumn, described: FormColumn) -> FormColumn:
    own = {value.raw: value for value in column.values}
    offered = {value.raw for value in described.values}
    values = [
        replace(own.get(value.raw, FormValue(value.raw, count=0)), texts=value.texts)
        for value in described.values
    ]
    values.extend(value for value in column.values if value.raw not in offered)
    return replace(
        column,
        texts=described.texts,
        own=described.own,
        stem=described.stem,
        values=tuple(values),
        answer_type=described.answer_type,
        is_tick_box=described.is_tick_box or column.is_tick_box,
        relevance=described.relevance,
        role=described.role or column.role,
    )
