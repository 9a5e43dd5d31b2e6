"""Registries of rules with a value: of publication, of drift and of sampling frames."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from registry.tables.declaring import Record, column
from registry.tables.waves import Kind

# The kinds of values, by what is expected of them.
NO_VALUE = "no value: this rule has no threshold"
SHARE, SIMILARITY = "a share from 0 to 1", "a similarity from 0 to 100"
FACTOR, PERCENT, SWITCH = "a number above 0", "above 0, at most 100", "0 or 1"
WHOLE, COUNT = "a whole number, 0 or more", "a whole number, 1 or more"
CROWD = "a whole number of 3 or more"
CANDIDATES = "a whole number of 2 or more: with one candidate left the count is known"
PUBLIC_BASE = "a whole number of 10 or more"

METHODS = ("rounded", "bands")
"""The methods of the public edition: those that have an audit, which plays the attacker."""
METHOD = "one of those that have an audit: " + ", ".join(METHODS)

PUBLICATION_RULES: Mapping[str, str] = {
    "minimum_base": WHOLE,
    "minimum_stratum_responses": WHOLE,
    "minimum_answered_questions": WHOLE,
    "minimum_scale_responses": WHOLE,
    "minimum_quartile_responses": WHOLE,
    "minimum_precise_base": WHOLE,
    "maximum_interval_width": SHARE,
    "public_edition": SWITCH,
    "public_method": METHOD,
    "public_minimum_base": PUBLIC_BASE,
    "public_candidates": CANDIDATES,
    "public_candidates_respondent": COUNT,
    "minimum_contributors": CROWD,
    "p_percent": PERCENT,
}
"""Every rule of publication and the kind of value it has."""

DRIFT_RULES: Mapping[str, str] = {
    "column_new": NO_VALUE,
    "column_gone": NO_VALUE,
    "column_renamed": SIMILARITY,
    "option_new": NO_VALUE,
    "option_gone": COUNT,
    "option_renamed": SIMILARITY,
    "distribution_jump": SHARE,
    "distribution_chance": FACTOR,
    "distribution_minimum": COUNT,
    "columns_exchanged": SHARE,
    "scale_reversed": SHARE,
    "scale_correlation": SHARE,
    "number_scale": FACTOR,
    "response_change": FACTOR,
    "duplicate_response_id": SHARE,
    "duplicate_answers": COUNT,
    "fieldwork_outside": SHARE,
    "routing_violation": SHARE,
    "personal_email": COUNT,
    "personal_phone": COUNT,
    "personal_bsn": COUNT,
    "column_missing": SHARE,
    "question_blank": NO_VALUE,
    "code_unmapped": SHARE,
    "answer_unreadable": SHARE,
    "answer_out_of_range": SHARE,
    "answer_minimum": COUNT,
    "answered_twice": SHARE,
    "response_id_blank": SHARE,
    "organisation_key_blank": SHARE,
    "organisation_key_unknown": SHARE,
    "organisation_contradicted": SHARE,
    "group_silent": SHARE,
    "group_all_silent": SHARE,
    "file_of_another": NO_VALUE,
    "file_alike": SHARE,
    "frame_size_change": FACTOR,
    "frame_key_new": SHARE,
    "frame_key_gone": SHARE,
    "frame_merged": SIMILARITY,
    "frame_group_change": FACTOR,
    "frame_group_gone": COUNT,
    "frame_group_minimum": COUNT,
    "frame_unclassified": SHARE,
    "frame_identity_shared": SHARE,
    "frame_date_unreadable": SHARE,
}
"""Every rule of drift and the kind of threshold it has."""
WITHOUT_ERROR_VALUE = (
    *(
        "column_new",
        "column_gone",
        "question_blank",
        "column_renamed",
        "option_new",
        "option_renamed",
    ),
    *("distribution_chance", "distribution_minimum", "answer_minimum"),
    *("columns_exchanged", "scale_reversed", "scale_correlation", "group_silent"),
    *("group_all_silent", "file_of_another"),
    *("frame_merged", "frame_group_minimum"),
)
"""Limits that measure nothing of the file itself: nothing can pass a second, stopping one."""


DUPLICATE_KEY, UNKNOWN_DATE, NOT_ENDED = "duplicate_key", "unknown_date", "not_ended"


class PublicationRule(Record, table="publication_rules", keys=["rule_id"]):
    """One row per threshold that decides what is published."""

    rule_id: str = column("Id of the rule.", allowed=PUBLICATION_RULES)
    value: str = column("Value of the rule.")
    description: str = column("What the rule does and why it has this value.")


class DriftRule(Record, table="drift_rules", keys=["rule_id"]):
    """One row per threshold of the comparison of an export or a frame with the registry and with
    the previous wave. Every survey has all of them.
    """

    rule_id: str = column("Id of the rule.", allowed=DRIFT_RULES)
    value: float | None = column(
        "Threshold, in the unit that the description names; empty where there is none."
    )
    error_value: float | None = column(
        "Second threshold in the same unit: passing it is an error, whatever the severity; empty "
        "where there is none."
    )
    severity: Literal["error", "warning", "information"] = column(
        "What it is when the threshold is passed; an error stops landing."
    )
    description: str = column("What the rule says of a file.")


class FrameRule(Record, table="frame_rules", keys=["rule_id, value"]):
    """One row per rule and value by which sampling frames are cleaned."""

    rule_id: Literal["unknown_date", "duplicate_key", "not_ended"] = column(
        "`unknown_date`: a date that stands for an unknown one; `duplicate_key`: whether a key "
        "that comes back with other contents stops landing (`error`, also without this row) or is "
        "listed while its first row counts (`review`); `not_ended`: key of an organisation whose "
        "end date in the frame is wrong."
    )
    value: str = column("A date, `error` or `review`, or an organisation key.")
    description: str = column("Why.")


class AcceptedFinding(Record, table="accepted_findings", keys=["wave, kind, part, code, place"]):
    """One row per finding of landing that somebody looked at and lets be: from then on it is
    information, with who accepted it and why. A finding that turns from a warning into an error
    is not what was accepted, and counts again.
    """

    wave: str | None = column("Wave of the delivery; empty means every wave.", to="waves")
    kind: Kind | None = column("Kind of the delivery; empty means both.")
    part: str | None = column("Part of the delivery; empty means every part.")
    code: str = column("Code of the finding, as `barometer check` prints it.", identifier=True)
    place: str | None = column(
        "Where the finding is, word for word as `barometer check` prints it; empty means anywhere "
        "in the file.",
        verbatim=True,
    )
    severity: Literal["warning", "error"] = column("How severe a finding is accepted.")
    accepted_by: str = column("Who accepted it.")
    reason: str = column("Why it may be.")
