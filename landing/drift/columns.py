"""Columns that are new, gone, or the same under another name."""

from __future__ import annotations

from landing.checks.subject import ColumnUse, Subject, and_more, column_key
from landing.drift.names import Named, match_names
from landing.findings.drift import ColumnChange
from landing.findings.finding import Finding
from landing.findings.limits import Rules
from landing.readers.table import SourceColumn
from registry.tables.questionnaire import Question
from registry.tables.waves import ColumnMapping
from registry.validity import asked_in


def column_changes(rules: Rules, now: Subject, before: Subject | None) -> list[ColumnChange]:
    """Return what came, went and was renamed, questions of the registry first.

    Args:
        rules: the similarity from which a name is suggested.
        now: this file.
        before: the previous wave's export, if there is one.
    """
    changes = [] if before is None else _by_question(now, before)
    return changes + _unlisted(rules, now, before)


def column_findings_of_drift(
    rules: Rules, now: Subject, changes: list[ColumnChange], *, has_previous: bool
) -> list[Finding]:
    """Judge the changes; what the registry expected is gathered in one finding each.

    Args:
        rules: the severities.
        now: this file.
        changes: what came, went and was renamed.
        has_previous: whether there is an earlier wave to compare with.
    """
    questions = {question.question_id: question for question in now.registry.questions}
    is_frame = now.kind == "frame"
    what, file = ("attribute", "frame") if is_frame else ("question", "export")
    new = f"{what}(s) or column(s) were not in the previous {file}."
    if not has_previous:
        new = f"column(s) are not in the registry; no earlier {file} was landed to compare with."
    findings = []
    for change in changes:
        if change.change == "suggested":
            findings.append(_suggestion(rules, change, what))
        elif change.change == "gone":
            findings.append(
                rules.finding(
                    "column_gone",
                    f"The {what} {change.question_id} was in the previous {file} and is not in "
                    "this one."
                    if change.question_id
                    else f"A column of the previous {file} is not in this one.",
                    where=f"'{change.name}' of the previous {file}",
                    expected=_wording(questions.get(change.question_id or "")),
                    remedy="Have the frame delivered with this column; or leave it out of "
                    "columns.csv for this wave."
                    if is_frame
                    else "Export with all questions; or set last_wave of the question in "
                    "questions.csv if it is no longer asked.",
                )
            )
    for kind, rule, message in (
        ("new", "column_new", new),
        ("ended", "column_gone", f"{what}(s) of the previous wave ended, as the registry says."),
        (
            "renamed",
            "column_renamed",
            f"{what}(s) have other columns than in the previous {file}; the registry knows both.",
        ),
    ):
        of_kind = [change for change in changes if change.change == kind]
        if of_kind:
            names = [change.question_id or f"'{change.name}'" for change in of_kind]
            findings.append(
                rules.finding(
                    rule,
                    f"{len(of_kind)} {message}",
                    where=and_more(names, 8),
                    only_inform=kind != "new",
                )
            )
    return findings


def _suggestion(rules: Rules, change: ColumnChange, what: str) -> Finding:
    basis = "their codes are equal" if change.basis == "code" else f"similarity {change.score:g}"
    question = f" ({what} {change.question_id})" if change.question_id else ""
    return rules.finding(
        "column_renamed",
        f"The column '{change.name}' may be '{change.previous_name}'{question} under a new name: "
        f"{basis}.",
        where=f"header, column {change.position}",
        remedy="If so, put the new name in the row of this wave in columns.csv.",
    )


def _by_question(now: Subject, before: Subject) -> list[ColumnChange]:
    ours, theirs = _columns_of_questions(now), _columns_of_questions(before)
    questions = {question.question_id: question for question in now.registry.questions}
    changes = []
    for question_id, uses in ours.items():
        first = uses[0].column
        earlier = theirs.get(question_id)
        if earlier is None:
            changes.append(ColumnChange("new", first.name, question_id, position=first.position))
        elif {_key(use) for use in uses} != {_key(use) for use in earlier}:
            changes.append(
                ColumnChange(
                    "renamed",
                    _named(uses),
                    question_id,
                    previous_name=_named(earlier),
                    basis="registry",
                    score=100.0,
                    position=first.position,
                )
            )
    for question_id, earlier in theirs.items():
        if question_id not in ours:
            if question_id in questions:
                asked = asked_in(questions[question_id], now.wave.wave)
            else:
                asked = question_id in {_target(mapping) for mapping in now.mappings}
            changes.append(ColumnChange("gone" if asked else "ended", _named(earlier), question_id))
    return changes


def _columns_of_questions(subject: Subject) -> dict[str, list[ColumnUse]]:
    known = {question.question_id for question in subject.registry.questions}
    uses: dict[str, list[ColumnUse]] = {}
    for use in subject.uses:
        target = _target(use.mapping)
        if target is not None and (subject.kind == "frame" or target in known):
            uses.setdefault(target, []).append(use)
    return uses


def _target(mapping: ColumnMapping) -> str | None:
    """Return the question that a column answers; of a frame its attribute, or else its role."""
    if mapping.kind == "frame":
        return (
            None if mapping.role in ("ignore", "personal") else mapping.attribute_id or mapping.role
        )
    return mapping.question_id if mapping.role == "answer" else None


def _key(use: ColumnUse) -> tuple[str, str | None]:
    return (column_key(use.column.name), use.mapping.option_id)


def _named(uses: list[ColumnUse]) -> str:
    rest = len(uses) - 1
    return uses[0].column.name + (f" (and {rest} more)" if rest else "")


def _unlisted(rules: Rules, now: Subject, before: Subject | None) -> list[ColumnChange]:
    """Look for a meaning of the columns that the registry does not know in this wave."""
    used = {use.column.position for use in now.uses}
    strange = [column for column in now.table.columns if column.position not in used]
    if not strange:
        return []
    candidates = _candidates(now, before)
    matches = match_names(
        [_as_named(column) for column in strange],
        [named for named, _ in candidates.values()],
        rules.value("column_renamed"),
    )
    match_of = {match.new: match for match in matches}
    names_before = {column_key(column.name) for column in before.table.columns} if before else set()
    changes = []
    for column in strange:
        match = match_of.get(column_key(column.name))
        if match is not None and match.old == column_key(column.name):
            # The same column as before; that this wave's registry lacks it is another finding.
            continue
        if match is not None:
            changes.append(
                ColumnChange(
                    "suggested",
                    column.name,
                    candidates[match.old][1],
                    previous_name=match.old,
                    basis=match.basis,
                    score=match.score,
                    position=column.position,
                )
            )
        elif column_key(column.name) not in names_before:
            changes.append(ColumnChange("new", column.name, position=column.position))
    return changes


def _candidates(now: Subject, before: Subject | None) -> dict[str, tuple[Named, str | None]]:
    """Return by name what a strange column may be: expected and absent, or there before."""
    questions = {question.question_id: question for question in now.registry.questions}
    present = {column_key(use.mapping.column_name) for use in now.uses}
    answered = {_target(use.mapping) for use in now.uses} - {None}
    candidates: dict[str, tuple[Named, str | None]] = {}
    for mapping in now.mappings:
        name = column_key(mapping.column_name)
        if name not in present:
            texts = (name, *_wordings(questions.get(mapping.question_id or "")))
            candidates[name] = (Named(name, texts), _target(mapping))
    if before is None:
        return candidates
    use_of = {use.column.position: use.mapping for use in before.uses}
    for column in before.table.columns:
        name = column_key(column.name)
        used = use_of.get(column.position)
        question_id = _target(used) if used else None
        if name in candidates or name in present or (question_id and question_id in answered):
            continue
        named_once = used is not None and used.role not in ("answer", "attribute")
        if used is not None and named_once and now.first_use(used.role):
            continue
        texts = (*_as_named(column).texts, *_wordings(questions.get(question_id or "")))
        candidates[name] = (Named(name, texts), question_id)
    return candidates


def _as_named(column: SourceColumn) -> Named:
    texts = (column.name, *((column.label,) if column.label else ()))
    return Named(column_key(column.name), texts)


def _wordings(question: Question | None) -> tuple[str, ...]:
    return () if question is None else (question.wording_nl, question.wording_en)


def _wording(question: Question | None) -> str:
    return "" if question is None else question.wording_en
