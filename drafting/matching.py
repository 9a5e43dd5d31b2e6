"""Which column of the new wave is which column of another wave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from drafting.context import Context
from drafting.form import Form, FormColumn
from drafting.similarity import (
    after_stem,
    code_score,
    label_score,
    plain,
    plain_code,
    shared_stem,
)

# From here on a likeness is worth a person's look; below, it is chance.
LEAST_TEXT = 70.0
LEAST_CODE = 75.0
# From here on two texts are the same sentence with another comma.
SAME_TEXT = 95.0
_CERTAIN = 99.5
_COMMON_ANSWERS = 3
_BONUS = 10.0
_LEAST_HINT = 55.0


@dataclass(frozen=True)
class Target:
    """One column of a wave, or a question that the source wave did not ask.

    Attributes:
        name: the column's name; empty for a question without a column in the source wave.
        rows: its rows in columns.csv.
        question_id: the question it answers, empty for other roles.
        option_id: the option it stands for, if it stands for one.
        wordings: wordings of the question, in every language.
        option_labels: labels of the option, in every language.
        stems: what each wording shares with other questions.
        wave: the wave that its rows are of; empty for a question without a column.
        answer_labels: labels of all options of the question, as they compare.
    """

    name: str
    rows: tuple[dict[str, str], ...]
    question_id: str = ""
    option_id: str = ""
    wordings: tuple[str, ...] = ()
    option_labels: tuple[str, ...] = ()
    stems: tuple[str, ...] = ()
    wave: str = ""
    answer_labels: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Match:
    """A column of the new wave and what it is.

    Attributes:
        column: the column.
        target: what it is matched with.
        score: likeness, 0 to 100; None when there is nothing to compare but the name.
        by: `name`, `other name` (that of a column of another wave), `label` or `code`.
    """

    column: FormColumn
    target: Target
    score: float | None
    by: str


@dataclass(frozen=True)
class Matching:
    """All matches, and what is left on both sides.

    Attributes:
        matches: the columns that are recognised.
        new: the other columns of the file.
        gone: columns of the source wave that are not in the file.
        held: what new columns were in other waves, by name, where another column is that now.
    """

    matches: tuple[Match, ...]
    new: tuple[FormColumn, ...]
    gone: tuple[Target, ...]
    held: Mapping[str, Target]


def targets(context: Context, rows: Iterable[dict[str, str]]) -> list[Target]:
    """Return the columns of the source wave as targets."""
    by_name: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        by_name.setdefault(row["column_name"], []).append(row)
    return [_target(context, name, own) for name, own in by_name.items()]


def other_targets(context: Context, kind: str = "export") -> dict[str, Target]:
    """Return the columns of other waves by name; of one name, that of the nearest wave."""
    found: dict[str, Target] = {}
    for wave in context.nearest_waves:
        if wave != context.source:
            rows = [r for r in context.rows("columns", wave) if r["kind"] == kind]
            for target in targets(context, rows):
                found.setdefault(target.name.strip(), target)
    return found


def dormant_targets(context: Context, known: Sequence[Target]) -> list[Target]:
    """Return questions of other waves that the source wave did not ask."""
    asked = {target.question_id for target in known}
    return [
        _target(context, "", [{"role": "answer", "question_id": question.question_id}])
        for question in context.registry.questions
        if question.question_id not in asked and question.answer_type != "multiple"
    ]


def _target(context: Context, name: str, rows: list[dict[str, str]]) -> Target:
    answer = next((row for row in rows if row["role"] == "answer"), None)
    question = context.questions.get(answer["question_id"]) if answer else None
    if answer is None or question is None:
        return Target(name, tuple(rows), wave=rows[0].get("wave", ""))
    option = context.options.get((question.question_id, answer.get("option_id", "")))
    wordings = question.wording_nl, question.wording_en
    others = [q for q in context.registry.questions if q.question_id != question.question_id]
    return Target(
        name=name,
        rows=tuple(rows),
        question_id=question.question_id,
        option_id=answer.get("option_id", ""),
        wordings=wordings,
        option_labels=(option.label_nl, option.label_en) if option else (),
        stems=(
            shared_stem(wordings[0], [other.wording_nl for other in others]),
            shared_stem(wordings[1], [other.wording_en for other in others]),
        ),
        wave=rows[0].get("wave", ""),
        answer_labels=frozenset(
            plain(label)
            for each in context.registry.options_for(question.question_id)
            for label in (each.label_nl, each.label_en)
        ),
    )


def text_likeness(column: FormColumn, target: Target) -> float | None:
    """Compare the texts of a column with those of a target; None when one has none."""
    if not column.labels or not target.wordings:
        return None
    if target.option_labels:
        return _option_likeness(column, target)
    best = 0.0
    for label in column.labels:
        for wording, stem in zip(target.wordings, target.stems, strict=True):
            rest_label, rest_wording = after_stem(label, stem), after_stem(wording, stem)
            if rest_label and rest_wording:
                best = max(best, label_score(rest_label, rest_wording))
            else:
                best = max(best, label_score(label, wording))
    # The wording of a grid item may be the item alone, or with the text above the grid.
    return best


def _option_likeness(column: FormColumn, target: Target) -> float:
    own = list(column.own.values())
    stem = 100.0
    if own:
        stems = [
            label_score(text, wording)
            for text in column.stem.values()
            for wording in target.wordings
        ]
        stem = max(stems, default=100.0)
    else:
        for label in column.labels:
            rests = [after_stem(label, wording) for wording in target.wordings]
            own.extend(next(([rest] for rest in rests if rest), [label]))
    best = max(
        (label_score(text, label) for text in own for label in target.option_labels), default=0.0
    )
    return 0.7 * best + 0.3 * stem if best >= LEAST_TEXT else min(best, 0.7 * best + 0.3 * stem)


def match_columns(
    form: Form,
    known: Sequence[Target],
    dormant: Sequence[Target],
    others: Mapping[str, Target],
) -> Matching:
    """Match by exact name, then by a name written differently, then by likeness, best first.

    Of equal names that of the source wave comes first. A column whose exact name is known is
    never matched by likeness, also where another column of the file is what it was.
    """
    matches: list[Match] = []
    columns = list(form.columns)
    open_targets = list(known)
    held: dict[str, Target] = {}

    def take(column: FormColumn, target: Target, by: str) -> None:
        matches.append(Match(column, target, text_likeness(column, target), by))
        columns.remove(column)
        open_targets.remove(target)

    for same in (str.strip, plain_code):
        by_name = _unambiguous((same(target.name), target) for target in open_targets)
        for column in list(columns):
            target = by_name.get(same(column.name))
            if target in open_targets and same(column.name) and column.name not in held:
                take(column, target, "name")
        elsewhere = _unambiguous((same(name), target) for name, target in others.items())
        for column in list(columns):
            target = elsewhere.get(same(column.name))
            if target is None or not same(column.name) or column.name in held:
                continue
            if any(_same_use(target, match.target) for match in matches):
                if same is str.strip:
                    held[column.name] = target
                continue
            match = Match(column, target, text_likeness(column, target), "other name")
            matches.append(match)
            columns.remove(column)
            open_targets = [t for t in open_targets if not _same_use(target, t)]
    for role in ("response_id", "submitted_at", "last_page"):
        fitting = [c for c in columns if c.role == role]
        places = [t for t in open_targets if t.rows[0]["role"] == role]
        if len(fitting) == 1 and len(places) == 1:
            take(fitting[0], places[0], "name")
    unnamed = [column for column in columns if column.name not in held]
    for score, by, column, target in _likeness(unnamed, [*open_targets, *dormant]):
        if column in columns and (target in open_targets or target in dormant):
            matches.append(Match(column, target, score, by))
            columns.remove(column)
            if target in open_targets:
                open_targets.remove(target)
    order = {id(column): place for place, column in enumerate(form.columns)}
    matches.sort(key=lambda match: order[id(match.column)])
    return Matching(tuple(matches), tuple(columns), tuple(open_targets), held)


def _same_use(one: Target, other: Target) -> bool:
    """Whether two columns cannot both be there: they hold the same answer, or the same role."""
    if one.question_id or other.question_id:
        whole = not one.option_id or not other.option_id
        return one.question_id == other.question_id and (whole or one.option_id == other.option_id)
    role = one.rows[0]["role"]
    if role != other.rows[0]["role"] or role in {"ignore", "personal"}:
        return False
    return one.rows[0].get("attribute_id") == other.rows[0].get("attribute_id")


def _unambiguous(pairs: Iterable[tuple[str, Target]]) -> dict[str, Target]:
    found: dict[str, Target] = {}
    twice: set[str] = set()
    for name, target in pairs:
        if name in found and found[name] is not target:
            twice.add(name)
        found[name] = target
    return {name: target for name, target in found.items() if name not in twice}


def _likeness(
    columns: Sequence[FormColumn], candidates: Sequence[Target]
) -> list[tuple[float, str, FormColumn, Target]]:
    found = []
    for column in columns:
        for target in candidates:
            scored = likeness(column, target)
            if scored is not None:
                found.append((*scored, column, target))
    found.sort(key=lambda item: (-item[0], item[2].name, item[3].name))
    return found


def likeness(column: FormColumn, target: Target) -> tuple[float, str] | None:
    """Return how alike a column and a target are and by what, None when too little."""
    if column.role and target.rows[0]["role"] == "answer":
        return None
    text = text_likeness(column, target)
    if text is not None:
        text = _with_values(text, column, target)
        return (text, "label") if text >= LEAST_TEXT else None
    # Dormant questions have no name, and two tick boxes always have nearly the same one.
    if not target.name or target.option_labels:
        return None
    if plain(column.name) == "" or column.is_tick_box:
        return None
    score = code_score(column.name, target.name)
    return (score, "code") if score >= LEAST_CODE else None


def _with_values(text: float, column: FormColumn, target: Target) -> float:
    """Correct a likeness of wordings by what the answers are; never to a full 100."""
    if target.option_id or not target.answer_labels or text >= _CERTAIN:
        return text
    labels = {plain(label) for value in column.values for label in value.texts.values()}
    if not labels:
        return text
    known = len(labels & target.answer_labels)
    # Yes, no and don't know tell nothing.
    if known > _COMMON_ANSWERS:
        return min(text + _BONUS, _CERTAIN - 0.5)
    return text if known >= min(2, len(labels)) else text - _BONUS


def nearest(column: FormColumn, candidates: Iterable[Target]) -> tuple[float, Target] | None:
    """Return the most alike of the targets, however little, for a person to judge."""
    best: tuple[float, Target] | None = None
    for target in candidates:
        text = text_likeness(column, target)
        score = code_score(column.name, target.name) if text is None else text
        if best is None or score > best[0]:
            best = score, target
    return best if best and best[0] >= _LEAST_HINT else None
