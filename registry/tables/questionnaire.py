"""Registries of the questionnaire: questions, options, routing, breaks and codes."""

from __future__ import annotations

from typing import Literal

from registry.tables.declaring import Record, Reference, column

AnswerType = Literal["single", "multiple", "scale", "number", "date", "text"]
OptionReason = Literal["dont_know", "not_applicable", "no_answer"]
CodeReason = Literal["not_asked", "not_selected", "not_reported", "closed", "suppressed"]


class Question(Record, table="questions", keys=["question_id"], in_order=["minimum, maximum"]):
    """One row per question, with one id across all waves."""

    question_id: str = column(
        "Stable id of the question; never reused for another meaning.", identifier=True
    )
    block: str = column("Part of the questionnaire the question belongs to.")
    position: int = column("Order of the question in the questionnaire.")
    answer_type: AnswerType = column(
        "Kind of answer: one option, several, one option with a score, or a value."
    )
    wording_nl: str = column("Question text in Dutch.")
    wording_en: str = column("Question text in English.")
    first_wave: str = column("First wave that asked the question.", to="waves")
    last_wave: str | None = column(
        "Last wave that asked the question; empty means it still runs.", to="waves"
    )
    minimum: float | None = column("Smallest number that is accepted as an answer.")
    maximum: float | None = column("Largest number that is accepted as an answer.")
    maximum_answers: int | None = column(
        'How many options may be ticked of a question with several answers ("at most three"); '
        "empty where there is no limit. Whoever ticks more has answered nothing. The public "
        "edition publishes at most so many options."
    )
    is_personal: bool = column("Whether the answer is personal data.")
    is_sensitive: bool = column(
        "Whether the answer is sensitive, so that publication protects it more."
    )
    base_nl: str | None = column("Who was asked, in Dutch.")
    base_en: str | None = column("Who was asked, in English.")
    note: str | None = column("Remark for whoever maintains the registry.")


class Option(Record, table="options", keys=["question_id, option_id"]):
    """One row per question and answer option."""

    question_id: str = column("Question that has the option.", to="questions")
    option_id: str = column("Stable id of the option within the question.", identifier=True)
    position: int = column("Order of the option within the question.")
    label_nl: str = column("Label in Dutch.")
    label_en: str = column("Label in English.")
    score: float | None = column("Number the option counts for in a mean (scale questions).")
    is_missing: bool = column(
        "Whether the option is no valid answer (don't know, not applicable): it leaves the base "
        "and is counted."
    )
    missing_reason: OptionReason | None = column(
        "Why the option is no valid answer; filled exactly when `is_missing`."
    )
    is_exclusive: bool = column(
        "Whether the option rules out all others (none of these); multiple questions only."
    )
    first_wave: str | None = column(
        "First wave that offered the option; empty means as long as the question.", to="waves"
    )
    last_wave: str | None = column(
        "Last wave that offered the option; empty means as long as the question.", to="waves"
    )


class Route(
    Record, table="routing", keys=["question_id, rule, condition_question_id, condition_option_id"]
):
    """One row per question, rule and condition; a question without rows is asked of everybody."""

    question_id: str = column("Question that is asked of some only.", to="questions")
    rule: Literal["any_of", "none_of"] = column(
        "Asked when at least one `any_of` condition holds (if there are any) and no `none_of` "
        "condition does."
    )
    condition_question_id: str = column("Question whose answer decides.", to="questions")
    condition_option_id: str = column(
        "Option whose choice makes the condition hold.",
        to="options",
        within="condition_question_id",
    )


class ComparabilityBreak(Record, table="comparability_breaks", keys=["question_id, wave"]):
    """One row per question and wave from which answers no longer compare with earlier ones."""

    question_id: str = column("Question with the break.", to="questions")
    wave: str = column("First wave after the break.", to="waves")
    note_nl: str = column("What changed, in Dutch.")
    note_en: str = column("What changed, in English.")


class ComparabilityBridge(
    Record,
    table="comparability_bridges",
    keys=["question_id, wave, indicator_id"],
    references=[
        Reference(("question_id", "wave"), "comparability_breaks", ("question_id", "wave")),
        Reference(
            ("question_id", "indicator_id"),
            "indicator_items",
            ("question_id", "indicator_id"),
            unknown="The indicator '{indicator_id}' is not made of '{question_id}'.",
        ),
    ],
):
    """One row per break and indicator that the break does not touch, so that the indicator may be
    compared across it.
    """

    question_id: str = column("Question with the break.", to="questions")
    wave: str = column("Wave of the break.", to="waves")
    indicator_id: str = column(
        "Indicator of that question that can be compared across the break.", to="indicators"
    )
    note_nl: str = column("Why it can, in Dutch; printed with the trend.")
    note_en: str = column("Why it can, in English; printed with the trend.")


class Code(
    Record,
    table="codes",
    keys=["question_id, wave, raw_value"],
    exactly_one=["option_id, missing_reason"],
):
    """One row per question, wave and raw value, saying which option or missing answer it stands
    for.
    """

    question_id: str | None = column(
        "Question the code is for; empty means every question.", to="questions"
    )
    wave: str | None = column(
        "Wave the code is for; empty means every wave. Question and wave win over question, over "
        "wave, over neither.",
        to="waves",
    )
    raw_value: str = column(
        "Value in the file; compared after trimming, collapsing white space and lower-casing.",
        verbatim=True,
    )
    option_id: str | None = column(
        "Option the value stands for; the reserved `selected` means the option of the column "
        "itself.",
        to="options",
        within="question_id",
        excepted=["selected"],
    )
    missing_reason: OptionReason | CodeReason | None = column(
        "Why the value is no answer. `not_selected` is an unticked box; don't know and not "
        "applicable are counted apart in the figures, the others together as no answer."
    )
