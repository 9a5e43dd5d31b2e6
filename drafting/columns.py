"""Drafts the columns of the new wave: matched ones, gone ones, and what ends with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from drafting.context import Context
from drafting.copying import row_name
from drafting.draft import ADD, CHANGE, SKIP, DraftRow, score_text
from drafting.form import FormColumn
from drafting.matching import Match, Matching, Target, nearest

# Below this a column that kept its name reads differently from the registry.
SAME_WORDING = 90.0
_IDENTICAL = 99.5
_NOT_MISSED = ("ignore", "personal")
_BY_NAME = ("name", "other name")


@dataclass(frozen=True)
class Mapped:
    """An answer column of the new wave and what it answers, for values and routing.

    Attributes:
        column: the column.
        question_id: the question it answers.
        option_id: the option it stands for, if it stands for one.
        separator: what stands between several answers in one cell.
        is_new: whether the question is drafted with it.
        origin: the wave that has the same column.
        answer_type: of a new question.
    """

    column: FormColumn
    question_id: str
    option_id: str = ""
    separator: str = ""
    is_new: bool = False
    origin: str = ""
    answer_type: str = ""


def reworded(matching: Matching) -> tuple[list[Match], bool]:
    """Return columns that kept their name and read differently, and whether that says much.

    Where most do, the registry words questions in its own way, and labels do not compare.
    """
    compared = [
        match for match in matching.matches if match.by in _BY_NAME and match.score is not None
    ]
    other = [match for match in compared if (match.score or 0) < SAME_WORDING]
    return other, len(other) * 2 <= len(compared)


def draft_matches(
    context: Context, matching: Matching, part: str, *, labels_compare: bool
) -> tuple[list[DraftRow], list[Mapped]]:
    """Draft the rows of every column that was recognised, in a file that is one part."""
    rows: list[DraftRow] = []
    mapped: list[Mapped] = []
    for match in matching.matches:
        decide, because = _judge(context, match, labels_compare=labels_compare)
        for source in match.target.rows:
            values = {**source, "wave": context.wave, "column_name": match.column.name}
            values.setdefault("kind", "export")
            if match.target.wave != context.source:
                values["part"] = part
            rows.append(
                DraftRow(
                    "columns",
                    row_name("columns", values),
                    values,
                    decide=decide,
                    score=score_text(match.score),
                    because=because,
                )
            )
            decide = ""
        if match.target.question_id:
            source = next(row for row in match.target.rows if row["role"] == "answer")
            separator = source.get("separator", "")
            target = match.target
            mapped.append(
                Mapped(
                    match.column,
                    target.question_id,
                    target.option_id,
                    separator,
                    origin=_origin(context, match),
                )
            )
            rows.extend(_reopened(context, match))
    return rows, mapped


def _origin(context: Context, match: Match) -> str:
    if match.target.wave == context.source:
        return ""
    if match.target.wave:
        return match.target.wave
    asked = context.asked_waves(match.target.question_id)
    return next((wave for wave in context.nearest_waves if wave in asked), context.source)


def _judge(context: Context, match: Match, *, labels_compare: bool) -> tuple[str, str]:
    """Return the question to a person, and where the row comes from."""
    column, target = match.column, match.target
    what = what_it_is(target)
    if match.by in _BY_NAME:
        because = f"the same column as in {target.wave}"
        if column.name.strip() != target.name.strip():
            because = f"'{target.name}' of {target.wave}, written differently"
        if labels_compare and match.score is not None and match.score < SAME_WORDING:
            wording = " ".join((target.wordings[0], *target.option_labels[:1]))
            return (
                f"The column {column.shown_label} has a known name, but the registry reads "
                f"'{wording}' (likeness {match.score:.0f}). Is it still {what}?",
                because,
            )
        return "", because
    if not target.name:
        return (
            f"The column {column.shown_label} looks like {what} (by {match.by}, likeness "
            f"{match.score:.0f}), which {context.source} did not ask. Is it the same question?",
            f"question '{target.question_id}' of another wave",
        )
    because = f"'{target.name}' of {context.source}"
    if match.by == "label" and (match.score or 0) >= _IDENTICAL:
        return "", because + ", renamed; the label is the same"
    return (
        f"The column {column.shown_label} seems to be '{target.name}' of {context.source}, "
        f"{what} (by {match.by}, likeness {match.score:.0f}). Is it?",
        because,
    )


def what_it_is(target: Target) -> str:
    """Return in words what a column stands for."""
    if target.option_id:
        return f"option '{target.option_id}' of '{target.question_id}'"
    if target.question_id:
        return f"question '{target.question_id}'"
    return f"the {target.rows[0]['role']}"


def _reopened(context: Context, match: Match) -> list[DraftRow]:
    question = context.questions[match.target.question_id]
    option = context.options.get((question.question_id, match.target.option_id))
    if option is not None and context.has_ended(option):
        what = f"The column '{match.column.name}'"
        return [reopened_option(context, question.question_id, option.option_id, what)]
    if not context.has_ended(question):
        return []
    values = _current(context, "questions", question_id=question.question_id)
    values["last_wave"] = ""
    return [
        DraftRow(
            "questions",
            f"reopen {question.question_id}",
            values,
            CHANGE,
            because=f"'{match.column.name}' asks it again; it had ended in {question.last_wave}",
        )
    ]


def reopened_option(context: Context, question_id: str, chosen: str, what: str) -> DraftRow:
    """Draft that an option which had ended is offered again."""
    values = _current(context, "options", question_id=question_id, option_id=chosen)
    ended = values["last_wave"]
    values["last_wave"] = ""
    return DraftRow(
        "options",
        f"reopen {question_id}/{chosen}",
        values,
        CHANGE,
        f"{what} offers '{chosen}' of '{question_id}' again, which had ended in {ended}. Is it "
        "the same answer?",
    )


def draft_gone(
    context: Context,
    gone: Sequence[Target],
    new: Sequence[FormColumn],
    mapped: Sequence[Mapped],
    part: str,
    place: str,
) -> list[DraftRow]:
    """Draft, as rows to skip, the columns that are no longer there."""
    asked = {each.question_id for each in mapped}
    # A question that is gone with all its columns is one decision, not one per column.
    asked_about: set[str] = set()
    rows = []
    for target in gone:
        decide, action = "", SKIP
        if part and not target.rows[0].get("part"):
            # Another part of the wave may still have it.
            action = ADD
        elif target.question_id not in asked_about:
            decide, action = _farewell(context, target, gone, new, asked, place)
        if target.question_id and target.question_id not in asked:
            asked_about.add(target.question_id)
        for source in target.rows:
            values = {**source, "wave": context.wave}
            name = f"gone {row_name('columns', values)}"
            because = f"'{target.name}' of {context.source}, not in {place}"
            rows.append(DraftRow("columns", name, values, action, decide, because=because))
            decide = ""
    return rows


def _farewell(
    context: Context,
    target: Target,
    gone: Sequence[Target],
    new: Sequence[FormColumn],
    asked: set[str],
    place: str,
) -> tuple[str, str]:
    role = target.rows[0]["role"]
    if role in _NOT_MISSED:
        return "", SKIP
    if not target.question_id:
        return (
            f"The {role} was in '{target.name}', which is not in {place}. In which column is it "
            "now? Correct column_name, or set action to skip.",
            ADD,
        )
    which, dropped = f"'{target.name}' ({what_it_is(target)}) is", "it"
    fellows = [each for each in gone if each.question_id == target.question_id]
    if len(fellows) > 1 and target.question_id not in asked:
        which = f"The {len(fellows)} columns of question '{target.question_id}' are"
        dropped = "the question"
    guesses = [
        (found[0], column)
        for column in new
        if not column.role and (found := nearest(column, [target]))
    ]
    score, guess = max(guesses, key=lambda pair: pair[0], default=(0.0, None))
    hint = f" The most alike new column is {guess.shown_label}, {score:.0f}." if guess else ""
    asked_in = context.asked_waves(target.question_id, target.option_id)
    if asked_in and asked_in[0] > context.wave:
        # It begins later, as the registries say: only what looks like it is worth a question.
        known = (
            f"{which} not in {place}, and the registries know {dropped} from {asked_in[0]} on."
            f"{hint} If that is it, put the ids in its row and leave this one."
        )
        return (known if guess else ""), SKIP
    return (
        f"{which} not in {place}. Was {dropped} dropped? If another column holds it now, put "
        f"its ids in the row of that column and leave this one.{hint}",
        SKIP,
    )


def draft_endings(
    context: Context, gone: Iterable[Target], mapped: Sequence[Mapped]
) -> list[DraftRow]:
    """Draft the end of questions and options whose columns are gone."""
    asked = {each.question_id for each in mapped}
    boxes = {(each.question_id, each.option_id) for each in mapped}
    rows: dict[str, DraftRow] = {}
    for target in gone:
        question = context.questions.get(target.question_id)
        if question is None:
            continue
        identity = question.question_id
        if identity not in asked:
            later = context.asked_waves(identity)[-1:] > (context.wave,)
            if not later and not context.has_ended(question):
                last = _last_wave(context, identity, "")
                row = _ended(context, "questions", last, question_id=identity)
                rows[row.draft] = row
        elif target.option_id and (identity, target.option_id) not in boxes:
            for row in end_option(context, identity, target.option_id):
                rows[row.draft] = row
    return list(rows.values())


def end_option(
    context: Context, question_id: str, option_id: str, decide: str = ""
) -> list[DraftRow]:
    """Draft that the new wave does not offer an option: its end, or its later beginning.

    An option of waves on both sides of the new one has no place in the registries to say so.
    """
    asked = context.asked_waves(question_id, option_id)
    before = [wave for wave in asked if wave < context.wave]
    after = [wave for wave in asked if wave > context.wave]
    key = {"question_id": question_id, "option_id": option_id}
    if not after:
        last = _last_wave(context, question_id, option_id)
        return [_ended(context, "options", last, decide=decide, **key)]
    if before or not context.offered(context.options[question_id, option_id]):
        return []
    values = {**_current(context, "options", **key), "first_wave": after[0]}
    name = f"later {question_id}/{option_id}"
    because = f"no column or value of {context.wave} holds it; {after[0]} is the first that does"
    return [DraftRow("options", name, values, CHANGE, decide, because=because)]


def _ended(context: Context, table: str, last: str, *, decide: str = "", **key: str) -> DraftRow:
    values = _current(context, table, **key)
    values["last_wave"] = last
    return DraftRow(
        table,
        "end " + "/".join(key.values()),
        values,
        CHANGE,
        decide,
        because=f"no column or value of {context.wave} holds it; left out by itself when one does",
    )


def _last_wave(context: Context, question_id: str, option_id: str) -> str:
    asked = context.asked_waves(question_id, option_id)
    return max((wave for wave in asked if wave < context.wave), default=context.source)


def _current(context: Context, table: str, **key: str) -> dict[str, str]:
    return next(row for row in context.rows(table) if all(row[name] == key[name] for name in key))
