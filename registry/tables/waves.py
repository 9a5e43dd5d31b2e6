"""Registries of the survey, its waves, and the files and weights of each."""

from __future__ import annotations

import datetime
from typing import Literal

from registry.tables.declaring import Record, column

Kind = Literal["export", "frame"]
Format = Literal["auto", "csv", "tsv", "xlsx", "ods", "sav", "roo_xml"]
SurveyTool = Literal["limesurvey", "qualtrics", "surveymonkey", "microsoft_forms", "google_forms"]
Tool = Literal["auto", "generic", "spss"] | SurveyTool
ExportRole = Literal["answer", "response_id", "submitted_at", "last_page", "test_flag"]
FrameRole = Literal["valid_from", "valid_until"]
KeyRole = Literal["organisation_key", "organisation_name", "register_id"]
OtherRole = Literal["cluster", "weight", "attribute", "personal", "ignore"]
PSEUDONYMISE = "pseudonymise"
Role = ExportRole | FrameRole | KeyRole | OtherRole


class Survey(Record, table="surveys", keys=["survey_id"]):
    """One row per survey; a registry folder describes exactly one."""

    survey_id: str = column(
        "Stable id of the survey; names its warehouse folder and its release.", identifier=True
    )
    label_nl: str = column("Name of the survey in Dutch.")
    label_en: str = column("Name of the survey in English.")
    organisation_term_nl: str = column(
        "What a responding unit is called in Dutch, in the plural (for headings)."
    )
    organisation_term_en: str = column(
        "What a responding unit is called in English, in the plural (for headings)."
    )
    unlisted_columns: Literal["error", "report"] = column(
        "What an export column that `columns` does not list means: landing stops (`error`), or "
        "the column is landed and listed (`report`)."
    )
    source: str | None = column("Who holds the survey, and where the data come from.")
    licence: str | None = column("Licence under which the data may be used.")


class Wave(
    Record,
    table="waves",
    keys=["wave"],
    in_order=[
        "reference_start, reference_end",
        "fieldwork_start, fieldwork_end",
        "fieldwork_end, publication_date",
        "expected_responses_low, expected_responses_high",
    ],
):
    """One row per wave: a yearly (or other) round of the survey."""

    wave: str = column(
        "Id of the wave, a year as text; ids sort in the order of the reference periods."
    )
    label_nl: str = column("Name of the wave in Dutch.")
    label_en: str = column("Name of the wave in English.")
    reference_start: datetime.date = column("First day of the period the answers are about.")
    reference_end: datetime.date = column(
        "Last day of the period the answers are about; group membership is judged on this day."
    )
    fieldwork_start: datetime.date | None = column("First day on which the questionnaire was open.")
    fieldwork_end: datetime.date | None = column("Last day on which the questionnaire was open.")
    expected_responses_low: int = column(
        "Fewest data rows an export of this wave may hold; fewer stops landing."
    )
    expected_responses_high: int = column(
        "Most data rows an export of this wave may hold; more stops landing."
    )
    publication_date: datetime.date | None = column("Planned or actual day of publication.")
    frame_source: Literal["file", "export", "registry"] = column(
        "Where the population comes from: a frame file, the export itself (a census; or "
        "respondents who stand for nobody but themselves), or counts in `strata`."
    )
    complete_from_page: int | None = column(
        "A response that reached this page (role `last_page`) is complete; empty means no rule."
    )


class Delivery(Record, table="deliveries", keys=["wave, kind, part"]):
    """One row per wave, kind and part: a file that is expected in the inbox."""

    wave: str = column("Wave the file belongs to.", to="waves")
    kind: Kind = column("Answers (`export`) or the sampling frame (`frame`).")
    part: str = column(
        "Part of a delivery in several files; `main` where there is one file.", identifier=True
    )
    file_pattern: str = column("Pattern of the file name (`*` and `?`), upper or lower case alike.")
    format: Format = column("Format of the file; `auto` goes by the content and the extension.")
    tool: Tool | None = column(
        "Survey tool that wrote the file: says what its header rows mean. `auto` or empty goes by "
        "the content; `generic` is one header row, taken as it stands."
    )
    sheet: str | None = column(
        "Worksheet to read from a workbook; empty means the only one with content."
    )
    date_order: Literal["day_first", "month_first"] | None = column(
        "How dates with the year at the end are meant (3/4/2025); empty means that there are "
        "none, and such dates are rejected. Dates with the year first need nothing."
    )
    encoding: str | None = column(
        "Encoding of a text file, such as cp1252; empty means that it is found out, and that a "
        "guess is told."
    )
    delimiter: Literal["comma", "semicolon", "tab", "pipe"] | None = column(
        "What stands between the cells of a text file; empty means that it is found out."
    )
    decimal_sign: Literal[".", ","] | None = column(
        "What stands before the decimals of numbers in a text file; the other one then stands "
        "between thousands. Empty means that 1.513 and 1,513 are rejected: they may be either."
    )
    header_rows: int | None = column("How many rows the header takes; empty goes by the tool.")
    table_start: int | None = column(
        "Row of the sheet, or line of the text, in which the header begins; empty means the first "
        "with names."
    )
    is_synthetic: bool = column("Whether the content is made up (examples) rather than collected.")
    archive: Literal["plain", "encrypted", "off"] = column(
        "How the original file is kept: as it is (`plain`), encrypted with the key in "
        "BAROMETER_ARCHIVE_KEY (`encrypted`), or not at all, by its hash only (`off`). Files with "
        "treated columns may be plain only where they are synthetic."
    )


class ColumnMapping(
    Record,
    table="columns",
    keys=["wave, kind, column_name, role, question_id, option_id, attribute_id, part"],
):
    """One row per wave, kind, source column and use of that column; per part, where the files of
    one wave have columns of their own.
    """

    wave: str = column("Wave whose file has the column.", to="waves")
    kind: Kind = column("Kind of file that has the column.")
    column_name: str = column(
        "Name of the column, exactly as in the file; one without a name goes by its position, "
        "such as `(column 1)`.",
        verbatim=True,
    )
    role: Role = column(
        "What the column holds. `personal` is landed and never mapped further; `test_flag` marks "
        "a test response; `register_id` is a second id of the organisation, in the frame and in "
        "the export; `valid_from` and `valid_until` are the days between which the frame says "
        "that the organisation exists. `cluster` is the primary sampling unit: clusters were "
        "drawn, and all organisations of those drawn were asked. A `weight` is held against the "
        "computed one, or used where `weight_sources` says so. An export that is its own frame can "
        "do without `organisation_key`: every response then is a unit, with part and id as its key."
    )
    question_id: str | None = column("Question the column answers (role `answer`).", to="questions")
    option_id: str | None = column(
        "Option the column stands for, where a multiple question has one column per option.",
        to="options",
        within="question_id",
    )
    attribute_id: str | None = column(
        "Attribute of the organisation the column holds (role `attribute`).", identifier=True
    )
    separator: str | None = column(
        "Text between the options, where one cell of a multiple question holds several.",
        verbatim=True,
    )
    part: str | None = column(
        "Part of the delivery whose files have the column; empty means every part of that wave "
        "and kind. Several columns may answer one single or scale question where all their rows "
        "name the part: versions of it, of which everybody saw one.",
        to="deliveries",
        within="wave, kind",
    )
    treatment: Literal["drop", "pseudonymise"] | None = column(
        "What landing does with the cells before they reach the warehouse: nothing (empty), leave "
        "them out (`drop`), or put a keyed hash in their place (`pseudonymise`, with the key in "
        "BAROMETER_PSEUDONYM_KEY). Required for role `personal` and for answers to personal "
        "questions; response ids and organisation keys may be pseudonymised; nothing else is "
        "treated."
    )

    def is_of(self, part: str) -> bool:
        """Whether the files of a part are expected to have the column."""
        return self.part is None or self.part == part

    def shares_a_part_with(self, other: ColumnMapping) -> bool:
        """Whether one file can be described by both rows."""
        return self.part is None or other.part is None or self.part == other.part


class StratumDesign(
    Record, table="strata_design", keys=["wave, position", "wave, classification_id"]
):
    """One row per wave and classification that the strata of that wave cross."""

    wave: str = column("Wave the design is for.", to="waves")
    position: int = column(
        "Order from 1; the last classification is dropped first when a stratum collapses."
    )
    classification_id: str = column(
        "Classification whose leaf groups are crossed.", to="classifications"
    )


class Stratum(Record, table="strata", keys=["wave, stratum_id"]):
    """One row per wave and stratum whose population is known by count only."""

    wave: str = column("Wave the count is for; its `frame_source` is `registry`.", to="waves")
    stratum_id: str = column("Stratum, as built from the leaf groups of the design.")
    population_count: int = column("Number of organisations in the stratum.")


class WeightingMargin(
    Record, table="weighting_margins", keys=["wave, classification_id, group_id"]
):
    """One row per wave, classification and group whose number of organisations the weights must add
    up to. One classification is post-stratification, several are raking, no rows none.
    """

    wave: str = column("Wave whose weights are calibrated.", to="waves")
    classification_id: str = column(
        "Classification of the margin; every respondent is in one of its groups listed here.",
        to="classifications",
    )
    group_id: str = column(
        "Group whose weights are made to add up.",
        to="organisation_groups",
        within="classification_id",
    )
    population_count: int | None = column(
        "Number of organisations in the group; empty means counted from the frame."
    )


class WeightSource(Record, table="weight_sources", keys=["wave"]):
    """One row per wave of which it is said where its weights come from."""

    wave: str = column("Wave whose weights are meant.", to="waves")
    weight_source: Literal["design", "delivered"] = column(
        "Organisations of the stratum over its responses (`design`, which no row means too), or "
        "the column with role `weight` of the export (`delivered`): one over the chance that the "
        "organisation had of being in the sample, where that differs within strata."
    )


class ClusterCount(Record, table="cluster_counts", keys=["wave, stratum_id"]):
    """One row per wave and stratum of `strata` that was sampled by cluster."""

    wave: str = column("Wave with a column of role `cluster`.", to="waves")
    stratum_id: str = column("Stratum the clusters lie in.", to="strata", within="wave")
    cluster_count: int = column("Number of clusters in the stratum, drawn or not.")
