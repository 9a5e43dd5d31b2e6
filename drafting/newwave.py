"""`barometer new-wave`: drafts the registry rows of a new wave, for a person to review."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from barometer.errors import SeveralErrors, UsageError
from barometer.settings import Settings
from drafting.apply import check_result, effective_rows
from drafting.beginnings import draft_beginnings
from drafting.breaks import with_option_breaks, wording_breaks
from drafting.columns import SAME_WORDING, draft_endings, draft_gone, draft_matches, reworded
from drafting.context import Context
from drafting.copying import (
    copy_rows,
    draft_strata,
    draft_wave,
    row_name,
    unless_ended,
)
from drafting.deliveries import draft_deliveries
from drafting.draft import Draft, DraftRow, with_unique_names
from drafting.export import read_export
from drafting.form import Form, with_questionnaire
from drafting.frame import draft_frame
from drafting.limesurvey import read_questionnaire
from drafting.matching import (
    Matching,
    dormant_targets,
    match_columns,
    other_targets,
    targets,
)
from drafting.newcolumns import draft_new
from drafting.routing import draft_routing
from drafting.seedfiles import (
    DraftError,
    apply_rows,
    read_seed_files,
    replace_files,
    unified_diff,
)
from drafting.similarity import label_score
from drafting.storage import Sources, merge, read_earlier, write_draft
from drafting.values import draft_values
from landing.deliveries import fits
from registry import Registry, load_registry
from registry.problems import did_you_mean
from registry.writing import alone_in, write_whole

DIFF_FILE = "changes.diff"


@dataclass(frozen=True)
class NewWaveReport:
    """What was drafted.

    Attributes:
        wave: the new wave.
        source: the wave it was copied from.
        folder: where the draft stands.
        registries: the registries it is for.
        draft: the rows, with the edits of people.
        left_out: rows that other decisions made superfluous.
        mistakes: what is wrong in the registries with the draft in them.
        diff: what changes in the registries, one unified diff per file.
        written: whether the registries were changed.
        survey: the survey.
        elsewhere: the folder of drafts, where it is not that of the project.
    """

    wave: str
    source: str
    folder: Path
    registries: Path
    draft: Draft
    left_out: tuple[DraftRow, ...]
    mistakes: tuple[str, ...]
    diff: str
    written: bool
    survey: str
    elsewhere: Path | None = None


def new_wave(
    settings: Settings,
    wave: str,
    *,
    source: str | None = None,
    export: Path | None = None,
    questionnaire: Path | None = None,
    frame: Path | None = None,
    drafts: Path | None = None,
    last_counts: Mapping[str, int] | None = None,
    write: bool = False,
) -> NewWaveReport:
    """Draft a wave, or continue a draft; write the registries only when asked to.

    Args:
        settings: the survey.
        wave: id of the new wave.
        source: wave that is copied; a draft remembers it. The nearest earlier wave where it is
            left out, and the first of all where there is none.
        export: export of the new wave, if there is one; a draft remembers it.
        questionnaire: LimeSurvey questionnaire of the new wave; a draft remembers it.
        frame: sampling frame of the new wave; a draft remembers it.
        drafts: folder of drafts; `drafts` in the project where it is left out.
        last_counts: responses landed per wave, where known.
        write: put the draft in the registries.

    Raises:
        UsageError: the wave exists, or the source does not.
        DraftError: the draft cannot be read, or is not ready to be written.
        RegistryErrors: the registries are wrong as they are.
        LandingError: the export or the frame cannot be read.
        QuestionnaireError: the questionnaire cannot be read.
    """
    registry = load_registry(settings.seeds)
    if wave in registry.wave_ids:
        raise UsageError(
            f"The wave '{wave}' is in the registries already.",
            where=str(settings.seeds / "waves.csv"),
            expected="the id of a wave that does not exist yet",
            remedy=f"`barometer check FILE --wave {wave}` compares a file with what is there; "
            "change the rows in the registries themselves.",
        )
    folder = (drafts or settings.root / "drafts") / settings.survey / wave
    earlier = read_earlier(folder)
    sources = _sources(earlier.sources if earlier else None, source, export, questionnaire, frame)
    sources = replace(sources, source=sources.source or _nearest(registry, wave))
    registry.wave(sources.source)
    files = read_seed_files(settings.seeds)
    last_count = (last_counts or {}).get(sources.source)
    context = Context(registry, files, sources.source, wave, last_count)
    proposed = propose(context, _form(context, sources), _frame(context, sources))
    folder.mkdir(parents=True, exist_ok=True)
    with alone_in(folder):
        draft = merge(proposed, read_earlier(folder))
        write_draft(folder, draft, proposed, sources)
    effective = effective_rows(files, draft.rows, wave)
    changed = apply_rows(files, effective.rows)
    report = NewWaveReport(
        wave=wave,
        source=sources.source,
        folder=folder,
        registries=settings.seeds,
        draft=draft,
        left_out=effective.left_out,
        mistakes=check_result(settings.seeds, changed, effective.rows),
        diff=unified_diff(files, changed),
        written=False,
        survey=settings.survey,
        elsewhere=drafts,
    )
    write_whole(folder / DIFF_FILE, report.diff)
    if not write:
        return report
    _require_ready(report)
    replace_files(settings.seeds, files, changed)
    return replace(report, written=True)


def _sources(
    earlier: Sources | None,
    source: str | None,
    export: Path | None,
    questionnaire: Path | None,
    frame: Path | None,
) -> Sources:
    chosen = source or (earlier.source if earlier else "")
    if earlier and source and source != earlier.source:
        raise UsageError(
            f"The draft was made from wave '{earlier.source}', not '{source}'.",
            where="--from",
            expected=f"--from {earlier.source}, or no --from",
            remedy="To start again from another wave, delete the draft folder. "
            + did_you_mean(source, [earlier.source]),
        )
    return Sources(
        chosen,
        str(export) if export else earlier.export if earlier else None,
        str(questionnaire) if questionnaire else earlier.questionnaire if earlier else None,
        str(frame) if frame else earlier.frame if earlier else None,
    )


def _nearest(registry: Registry, wave: str) -> str:
    """Return the wave to copy: the nearest earlier one, or the first of all."""
    known = sorted(registry.wave_ids)
    if not known:
        raise UsageError(
            "The survey has no wave that the new one could be copied from.",
            where="waves.csv",
            expected="at least one wave",
            remedy="Describe the first wave in the registries themselves; docs/new-wave.md says "
            "how.",
        )
    return max((each for each in known if each < wave), default=known[0])


def _form(context: Context, sources: Sources) -> Form | None:
    export = questionnaire = None
    if sources.export:
        export = read_export(Path(sources.export), context)
    if sources.questionnaire:
        questionnaire = read_questionnaire(Path(sources.questionnaire))
    if export and questionnaire:
        return with_questionnaire(export, questionnaire)
    return export or questionnaire


def _frame(context: Context, sources: Sources) -> Form | None:
    if not sources.frame:
        return None
    if context.registry.wave(context.source).frame_source != "file":
        raise UsageError(
            f"Wave '{context.source}' takes its population from no file.",
            where="--frame",
            expected="a wave whose frame_source is file",
            remedy="Leave --frame out.",
        )
    return read_export(Path(sources.frame), context)


def propose(context: Context, form: Form | None, frame: Form | None = None) -> Draft:
    """Return the draft as far as the registries and the files of the new wave tell it."""
    rows = [draft_wave(context), *draft_deliveries(context, form, frame), *draft_strata(context)]
    notes: list[str] = [*form.notes] if form else []
    if frame is not None:
        drafted_frame, about_frame = draft_frame(context, frame)
        rows.extend(drafted_frame)
        notes.extend(about_frame)
    else:
        rows.extend(copy_rows(context, "columns", "frame"))
    if form is None:
        rows.extend((*copy_rows(context, "columns", "export"), *copy_rows(context, "codes")))
        notes.append(
            f"Columns and codes are those of {context.source}, unchanged. Run it again with "
            "--export or --questionnaire as soon as there is one: every difference is drafted."
        )
        return _with_beginnings(context, rows, notes)
    drafted, more = _from_form(context, form)
    rows.extend(drafted)
    return _with_beginnings(context, rows, [*notes, *more])


def _with_beginnings(context: Context, rows: Sequence[DraftRow], notes: Sequence[str]) -> Draft:
    beginnings = draft_beginnings(context.files, rows, context.wave)
    earlier = [row.values["question_id"] for row in beginnings if row.table == "questions"]
    if earlier:
        notes = [
            *notes,
            f"{len(earlier)} questions were known from a later wave on, and their first_wave "
            f"becomes {context.wave}: the rows 'begin …' in questions.csv. Where {context.wave} "
            "did not ask one, set its rows in columns.csv to skip; this one then goes by itself.",
        ]
    begun = [*rows, *beginnings]
    whole = with_option_breaks(context.files, begun, context.wave)
    return Draft(with_unique_names(whole), tuple(notes))


def _from_form(context: Context, form: Form) -> tuple[list[DraftRow], list[str]]:
    exports = [row for row in context.rows("columns", context.source) if row["kind"] == "export"]
    part, others, notes = _part(context, exports, form)
    own = [row for row in exports if row.get("part", "") in {"", part}] if part else exports
    known = targets(context, own)
    matching = match_columns(form, known, dormant_targets(context, known), other_targets(context))
    language = _language(matching)
    other_words, labels_compare = reworded(matching)
    matched, mapped = draft_matches(context, matching, part, labels_compare=labels_compare)
    if not labels_compare:
        notes.append(
            f"{len(other_words)} columns keep their name and read differently from the registry. "
            "That is most of them, so the registry has wordings of its own, and you are not asked "
            f"about each: compare the labels of the form with those of {context.source} yourself."
        )
    roles = {row.values["role"] for row in matched if row.table == "columns"}
    novelty = draft_new(
        context, matching.new, mapped, matching.gone, matching.held, roles, language
    )
    everything = [*mapped, *novelty.mapped]
    if novelty.unlisted:
        notes.append(
            f"{novelty.unlisted} columns are in no wave of the registry. This survey maps chosen "
            "columns only, so they are drafted as rows to skip: to use one, set action to add and "
            "fill role and ids."
        )
    place = "the export" if form.format else "the questionnaire"
    gone = draft_gone(context, matching.gone, matching.new, everything, part, place)
    still_asked = {row["question_id"] for row in others}
    if part:
        still_asked.update(row["question_id"] for row in own if not row["part"])
    ended = [target for target in matching.gone if target.question_id not in still_asked]
    values, more = draft_values(context, everything, language)
    rows = [
        *matched,
        *(_in_part(row, part) for row in novelty.rows),
        *gone,
        *(_copied(context, row) for row in others),
        *draft_endings(context, ended, everything),
        *values,
    ]
    if form.languages:
        rows.extend(draft_routing(context, everything, values))
        strange = [n for n in form.languages if n.partition("-")[0] not in {"nl", "en"}]
        if strange:
            notes.append(f"Texts in {', '.join(strange)} have no place in the registries.")
    changed = [match for match in matching.matches if match.by == "label"]
    if labels_compare:
        changed.extend(other_words)
    questions = {
        match.target.question_id: None
        for match in changed
        if match.target.question_id and match.score is not None and match.score < SAME_WORDING
    }
    rows.extend(wording_breaks(context, questions))
    return rows, [*notes, *more]


def _copied(context: Context, values: dict[str, str]) -> DraftRow:
    row = DraftRow("columns", row_name("columns", values), {**values, "wave": context.wave})
    return unless_ended(context, replace(row, because=f"wave {context.source}, another part"))


def _in_part(row: DraftRow, part: str) -> DraftRow:
    if row.table != "columns" or not part:
        return row
    return replace(row, values={**row.values, "part": part})


def _part(
    context: Context, rows: list[dict[str, str]], form: Form
) -> tuple[str, list[dict[str, str]], list[str]]:
    """Return which part of the wave this file is, and the columns of the other parts."""
    deliveries = context.registry.deliveries_for(context.source, "export")
    if len(deliveries) < 2 or not any(row.get("part") for row in rows):
        return "", [], []
    patterns = {d.part: context.shift_years(d.file_pattern) for d in deliveries}
    scores = sorted(
        (
            (fits(form.file_name, pattern), label_score(pattern, form.file_name), part)
            for part, pattern in patterns.items()
        ),
        reverse=True,
    )
    part = scores[0][2]
    others = [row for row in rows if row.get("part", "") not in {"", part}]
    note = (
        f"{form.file_name} was taken as part '{part}' of the export, by its name; the columns of "
        "the other parts are copied."
    )
    return part, others, [note]


def _language(matching: Matching) -> str:
    """Return the language of labels that do not say, by comparing with known wordings."""
    votes = {"nl": 0, "en": 0}
    for match in matching.matches:
        for label in match.column.texts.values():
            for name, wording in zip(("nl", "en"), match.target.wordings, strict=False):
                votes[name] += label_score(label, wording) >= 95
    return "en" if votes["en"] > votes["nl"] else "nl"


def _require_ready(report: NewWaveReport) -> None:
    waiting = report.draft.open_rows
    if waiting:
        raise SeveralErrors(
            f"The draft of {report.wave} waits for {len(waiting)} decisions; nothing was written.",
            [
                DraftError(row.decide, where=f"{report.folder / row.table}.csv, '{row.draft}'")
                for row in waiting
            ],
            remedy="Correct each row and write your answer in the column `decided`, for example "
            "ok; then run it again.",
        )
    if report.mistakes:
        raise DraftError(
            f"With this draft the registries have {len(report.mistakes)} mistakes; nothing was "
            "written.\n" + "\n".join(report.mistakes),
            where=str(report.folder),
            expected="registries without mistakes",
            remedy="Correct the rows of the draft and run it again.",
        )
