"""Which columns of a table the public edition keeps, and those that it adds at the end.

A column of the build database that is neither kept nor filled from protected cells is empty in the
public edition. So a new column is, until somebody puts its name here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from barometer.settings import PROJECT_ROOT

TEXT, WHOLE, NUMBER, FLAG = "VARCHAR", "BIGINT", "DOUBLE", "BOOLEAN"

_KEPT = """
    wave wave_from previous_wave first_wave last_wave comparable_from_wave
    classification_id classification_label_nl classification_label_en
    divided_classification_id dividing_classification_id is_exhaustive
    group_id group_label_nl group_label_en parent_group_id group_level
    divided_group_id dividing_group_id
    group_a group_a_label_nl group_a_label_en group_b group_b_label_nl group_b_label_en
    rest_of_group_id comparator_group_id comparator_label_nl comparator_label_en
    topic indicator_id indicator_label_nl indicator_label_en
    indicator_b indicator_b_label_nl indicator_b_label_en kind unit unit_a unit_b direction
    base_nl base_en position position_in_topic number_of_types side_of_government
    side_of_government_label_nl side_of_government_label_en
    factor_id factor_label_nl factor_label_en
    question_id block answer_type wording_nl wording_en
    answer_id answer_label_nl answer_label_en answer_score
    scale_id scale_label_nl scale_label_en
    band_id band_label_nl band_label_en band_position
    outcome_indicator_id outcome_label_nl outcome_label_en
    comparison_id family_id family_label_nl family_label_en error_rate
    claim_id sentence_nl sentence_en source expected_direction minimum_difference
    comparability note_nl note_en level purpose label_nl label_en
    reference_start reference_end fieldwork_start fieldwork_end publication_date
    is_synthetic reader_group_id mart_id estimate_id
    wave_label_nl wave_label_en wave_date is_latest_wave wave_from_label_nl wave_from_label_en
    wave_from_date previous_wave_label_nl previous_wave_label_en
    classification_position group_position is_total
    topic_label_nl topic_label_en topic_position indicator_position is_headline
    indicator_short_label_nl indicator_short_label_en short_label_nl short_label_en
    kind_label_nl kind_label_en unit_label_nl unit_label_en scale_minimum scale_maximum
"""
KEPT = frozenset(_KEPT.split())
"""Keys, names, facts of the registries and constants: the same whatever anybody answered."""

ROWS: Mapping[tuple[str, str], str] = {
    **dict.fromkeys(
        (
            ("core", "mart_scale_associations"),
            ("core", "mart_scale_variance"),
            ("core", "mart_verdicts"),
        ),
        "false",
    ),
    ("core", "mart_claims"): (
        "expected_direction in ('a_higher', 'a_lower')"
        " or concat(wave, ' ', claim_id) in (select concat(wave, ' ', claim_id) from public_claims)"
    ),
    ("groups", "climate"): "outcome_indicator_id is null",
}
"""Which rows of a table stay, as SQL; whether the others are there depends on the answers."""

_WORDS = """
    verdict verdict_nl verdict_en list_verdict list_verdict_nl list_verdict_en untested_reason
    joint_verdict joint_verdict_nl joint_verdict_en n_joint_waves
    position_verdict position_verdict_nl position_verdict_en position_list_verdict
    change_verdict change_verdict_nl change_verdict_en change_list_verdict
    precision_status precision_label_nl precision_label_en
"""
WORDS_AS_COMPUTED = frozenset(_WORDS.split())
"""What is said in words of rounded figures: as the internal edition says it (`as_computed`)."""

_OF_TYPE: Mapping[str, str] = {
    TEXT: """
        wave wave_from previous_wave classification_id group_id indicator_id comparison_id claim_id
        scale_id band_id
        suppression_status suppression_reason protection protection_reason protection_base
        order_of_ranges position_order_of_ranges change_order_of_ranges
        verdict verdict_nl verdict_en position_verdict position_verdict_nl position_verdict_en
        change_verdict change_verdict_nl change_verdict_en
    """,
    WHOLE: """
        n_population n_responses smallest_base possible_counts
        n_answered n_answered_a n_answered_b n_answered_from n_answered_comparator
        n_answered_previous
    """,
    NUMBER: """
        response_rate estimate_lower estimate_upper
        estimate estimate_a estimate_b estimate_from estimate_comparator estimate_previous
        range_lower range_upper range_lower_a range_upper_a range_lower_b range_upper_b
        range_lower_from range_upper_from range_lower_comparator range_upper_comparator
        range_lower_previous range_upper_previous
        difference difference_from_comparator change
    """,
    FLAG: "as_computed as_before",
}
TYPES: Mapping[str, str] = {
    column: data_type for data_type, columns in _OF_TYPE.items() for column in columns.split()
}
"""The columns that are filled from protected cells, and those that name their rows."""

_SIDE = re.compile("^(position|change)_|_(a|b|from|comparator|previous)$")
_BLOCK = re.compile(r"{% docs public_(\w+) %}\s*(.*?)\s*{% enddocs %}", re.DOTALL)


def is_added(column: str) -> bool:
    """Say whether only the public edition has a column: it explains it itself."""
    return _SIDE.sub("", column) in _blocks()


def meaning(column: str) -> str:
    """Return what a column means that only the public edition has.

    All others mean what the models say of them.

    Raises:
        KeyError: `models/public_docs.md` has no block for it.
    """
    return _blocks()[_SIDE.sub("", column)]


@cache
def _blocks() -> Mapping[str, str]:
    text = (PROJECT_ROOT / "models" / "public_docs.md").read_text(encoding="utf-8")
    return {name: " ".join(said.split()) for name, said in _BLOCK.findall(text)}
