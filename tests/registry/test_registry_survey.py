"""Mistakes in waves, deliveries, strata, rules and the column mapping."""

from __future__ import annotations

import pytest
from registry_mistake import Mistake, assert_told_once

from registry import RegistryErrors, load_registry

WAVES = [
    Mistake(
        "dates out of order",
        "waves",
        "2019-01-01,2020-12-31",
        "2020-12-31,2019-01-01",
        ("waves", 2, "reference_start, reference_end"),
        "'reference_start' is 2020-12-31 and 'reference_end' is 2019-01-01.",
    ),
    Mistake(
        "expected responses out of order",
        "waves",
        "2021-05-31,1,10",
        "2021-05-31,11,10",
        ("waves", 2, "expected_responses_low, expected_responses_high"),
        "'expected_responses_low' is 11 and 'expected_responses_high' is 10.",
    ),
    Mistake(
        "fewer responses than none",
        "waves",
        "2021-05-31,1,10",
        "2021-05-31,-1,10",
        ("waves", 2, "expected_responses_low"),
        "'expected_responses_low' is -1.",
    ),
    Mistake(
        "waves that do not sort by time",
        "waves",
        "2023-01-01,2024-12-31",
        "2019-01-01,2020-12-31",
        ("waves", 4, "wave, reference_start"),
        "Wave '2025' starts before wave '2023' (line 3).",
    ),
    Mistake(
        "no frame delivery",
        "deliveries",
        "2021,frame,main,*2021*frame*,auto,,,,,,,,,true,plain\n",
        "",
        ("waves", 2, "frame_source"),
        "Wave '2021' takes its population from a frame file, and none is expected.",
    ),
    Mistake(
        "frame delivery without need",
        "deliveries",
        None,
        "2025,frame,main,*frame*,csv,,,,,,,,,true,plain",
        ("deliveries", 6, "kind"),
        "A frame file is expected of wave '2025', whose population comes from the export.",
    ),
    Mistake(
        "registry counts are missing",
        "strata",
        "2023,agencies,12\n",
        "",
        ("waves", 3, "frame_source"),
        "Wave '2023' takes its population from the registry, and it has no strata.",
    ),
    Mistake(
        "counts where a frame is delivered",
        "strata",
        None,
        "2021,courts,4",
        ("strata", 3, "wave"),
        "Wave '2021' takes its population from the file, not from counts.",
    ),
    Mistake(
        "gap in the design",
        "strata_design",
        "2021,2,size",
        "2021,3,size",
        ("strata_design", 3, "position"),
        "Position 3 of wave '2021' should be 2.",
    ),
    Mistake(
        "wave without a design",
        "strata_design",
        "2025,1,kind\n",
        "",
        ("waves", 4, "wave"),
        "Wave '2025' has no sample design, so its answers get no weight.",
    ),
    Mistake(
        "rule is missing",
        "publication_rules",
        "minimum_base,10,Smallest base.\n",
        "",
        ("publication_rules", None, "rule_id"),
        "The rule 'minimum_base' is missing.",
    ),
    Mistake(
        "rule is no number",
        "publication_rules",
        "minimum_base,10",
        "minimum_base,-1",
        ("publication_rules", 2, "value"),
        "The rule 'minimum_base' has the value '-1'.",
    ),
    Mistake(
        "two surveys",
        "surveys",
        None,
        "maxi,Grote enquete,Maxi survey,organisaties,organisations,error,,",
        ("surveys", 3, ""),
        "The registry surveys.csv has 2 rows.",
    ),
    Mistake(
        "completeness without a page",
        "waves",
        "1,10,,export,",
        "1,10,,export,4",
        ("waves", 4, "complete_from_page"),
        "Wave '2025' judges completeness by the last page, and no column has it.",
    ),
]

COLUMNS = [
    Mistake(
        "two questions on one column",
        "columns",
        "q4,answer,staff",
        "q3,answer,staff",
        ("columns", 9, "column_name"),
        "Two questions on one column: 'q3' of the export of wave '2021' answers 'safe' on line 8 "
        "and 'staff' here.",
    ),
    Mistake(
        "two options on one column",
        "columns",
        "q2[2],answer",
        "q2[1],answer",
        ("columns", 7, "column_name"),
        "Two options on one column: 'q2[1]'",
    ),
    Mistake(
        "one question on two columns",
        "columns",
        None,
        "2025,export,intro2,answer,introduced,,,,,",
        ("columns", 23, "question_id"),
        "One question on two columns: 'intro' (line 19) and 'intro2' both hold 'introduced' in "
        "wave '2025'.",
    ),
    Mistake(
        "one option on two columns",
        "columns",
        "q2[2],answer,partners,nobody",
        "q2[2],answer,partners,citizens",
        ("columns", 7, "question_id"),
        "One question on two columns: 'q2[1]' (line 6) and 'q2[2]'",
    ),
    Mistake(
        "personal column with another use",
        "columns",
        None,
        "2025,export,remark,test_flag,,,,,,",
        ("columns", 22, "role"),
        "'remark' has role personal, and another use beside it.",
    ),
    Mistake(
        "answer without a question",
        "columns",
        "q4,answer,staff",
        "q4,answer,",
        ("columns", 9, "question_id"),
        "The column 'q4' has role answer and no question_id.",
    ),
    Mistake(
        "attribute without an id",
        "columns",
        None,
        "2021,frame,law,attribute,,,,,,",
        ("columns", 23, "attribute_id"),
        "The column 'law' has role attribute and no attribute_id.",
    ),
    Mistake(
        "role with a question",
        "columns",
        "2021,export,org,organisation_key,",
        "2021,export,org,organisation_key,staff",
        ("columns", 3, "question_id"),
        "The column 'org' has role organisation_key, and its question_id is filled.",
    ),
    Mistake(
        "answer in a frame",
        "columns",
        None,
        "2021,frame,q9,answer,stage,,,,,",
        ("columns", 23, "role"),
        "A frame has no role answer.",
    ),
    Mistake(
        "attribute of the export beside a frame file",
        "columns",
        None,
        "2021,export,kind,attribute,,,organisation_type,,,",
        ("columns", 23, "role"),
        "The attribute 'organisation_type' is taken from the export, and the population of wave "
        "'2021' from a frame file.",
    ),
    Mistake(
        "column of a file that is not expected",
        "columns",
        None,
        "2023,frame,type,attribute,,,organisation_type,,,",
        ("columns", 23, "wave, kind"),
        "No frame is expected of wave '2023'.",
    ),
    Mistake(
        "multiple question without options or separator",
        "columns",
        '2023,export,partners,answer,partners,,,"; ",',
        "2023,export,partners,answer,partners,,,,",
        ("columns", 16, "option_id, separator"),
        "'partners' is a multiple question, and nothing says which option",
    ),
    Mistake(
        "option and separator",
        "columns",
        "q2[1],answer,partners,citizens,,",
        "q2[1],answer,partners,citizens,,;",
        ("columns", 6, "option_id, separator"),
        "The column 'q2[1]' has both an option and a separator.",
    ),
    Mistake(
        "separator in a single question",
        "columns",
        "q1,answer,introduced,,,",
        "q1,answer,introduced,,,;",
        ("columns", 5, "separator"),
        "'introduced' is a single question, and the separator of its column 'q1' is filled.",
    ),
    Mistake(
        "option column of a single question",
        "columns",
        "q1,answer,introduced,,",
        "q1,answer,introduced,yes,",
        ("columns", 5, "option_id"),
        "'introduced' is a single question, and the option_id of its column 'q1' is filled.",
    ),
    Mistake(
        "question mapped outside its waves",
        "columns",
        None,
        "2023,export,safe,answer,safe,,,,,",
        ("columns", 23, "question_id"),
        "'safe' is mapped in wave '2023', outside its waves.",
    ),
    Mistake(
        "option mapped outside its waves",
        "columns",
        None,
        "2021,export,q2[3],answer,partners,firms,,,,",
        ("columns", 23, "option_id"),
        "The option 'firms' of 'partners' was not offered in wave '2021'.",
    ),
    Mistake(
        "no response id",
        "columns",
        "2021,export,id,response_id",
        "2021,export,id,ignore",
        ("deliveries", 2, "wave, kind"),
        "No column of the export of wave '2021' has role response_id.",
    ),
    Mistake(
        "no organisation key in the frame",
        "columns",
        "2021,frame,key,organisation_key",
        "2021,frame,key,ignore",
        ("deliveries", 3, "wave, kind"),
        "No column of the frame of wave '2021' has role organisation_key.",
    ),
    Mistake(
        "two response ids",
        "columns",
        None,
        "2021,export,id2,response_id,,,,,,",
        ("columns", 23, "role"),
        "Two columns of the export of wave '2021' have role response_id: 'id' (line 2) and 'id2'.",
    ),
]


DBT_LAYERS = [
    Mistake(
        "column of a part that is not delivered",
        "columns",
        "q4,answer,staff,,,,",
        "q4,answer,staff,,,,north",
        ("columns", 9, "part"),
        "There is no part 'north' of wave '2021' of kind 'export' in deliveries.csv.",
    ),
    Mistake(
        "use of one part that every part has",
        "columns",
        None,
        "2021,export,q4,answer,staff,,,,main,",
        ("columns", 23, "part"),
        "The column 'q4' has the same use in every part of wave '2021' (line 9).",
    ),
    Mistake(
        "two questions on one column, one of them in every part",
        "columns",
        None,
        "2021,export,q4,answer,tested,,,,main,",
        ("columns", 23, "column_name"),
        "Two questions on one column: 'q4' of the export of wave '2021' answers 'staff' on line 9",
    ),
    Mistake(
        "one question on two columns of one part",
        "columns",
        "2021,export,q4,answer,staff,,,,,",
        "2021,export,q4,answer,staff,,,,main,\n2021,export,q5,answer,staff,,,,main,",
        ("columns", 10, "question_id"),
        "One question on two columns: 'q4' (line 9) and 'q5' both hold 'staff' in wave '2021'.",
    ),
]


def two_parts(survey, *rows: str) -> None:
    """Deliver wave 2021 in two parts, with these columns for questions of their own."""
    survey.append("deliveries", "2021,export,south,*2021*south*,csv,limesurvey,,,,,,,,true,plain")
    survey.replace("columns", "2021,export,q4,answer,staff,,,,,\n", "")
    for row in rows:
        survey.append("columns", row)


def test_parts_may_use_a_column_and_hold_a_question_in_their_own_way(survey):
    two_parts(
        survey,
        "2021,export,q4,answer,staff,,,,main,",
        "2021,export,q5,answer,staff,,,,south,",
        "2021,export,q4,personal,,,,,south,drop",
    )

    registry = load_registry(survey.path)

    assert [c.column_name for c in registry.columns_for("2021", "export", "main")][-1] == "q4"
    south = registry.columns_for("2021", "export", "south")
    assert [(c.column_name, c.role) for c in south][-2:] == [("q5", "answer"), ("q4", "personal")]
    assert len(registry.columns_for("2021", "export")) == len(south) + 1


def test_a_question_with_one_option_may_come_in_versions_where_the_part_is_named(survey):
    rows = [
        "2025,export,intro_a,answer,introduced,,,,",
        "2025,export,intro_b,answer,introduced,,,,",
    ]
    survey.replace("columns", "2025,export,intro,answer,introduced,,,,,\n", "")
    for row in rows:
        survey.append("columns", f"{row}main,")

    columns = load_registry(survey.path).columns_for("2025", "export", "main")
    assert [c.column_name for c in columns if c.question_id == "introduced"] == [
        "intro_a",
        "intro_b",
    ]

    survey.append("columns", "2025,export,intro_c,answer,introduced,,,,,")
    with pytest.raises(RegistryErrors, match="Then name the part in both rows"):
        load_registry(survey.path)


def test_a_part_without_a_needed_role_is_named(survey):
    two_parts(survey)
    survey.replace(
        "columns", "2021,export,id,response_id,,,,,,", "2021,export,id,response_id,,,,,main,"
    )

    with pytest.raises(RegistryErrors, match="wave '2021', part 'south', has role response_id"):
        load_registry(survey.path)


def test_responses_can_be_the_units_only_where_the_export_is_its_own_frame(survey):
    survey.replace("columns", "2025,export,id,organisation_key,,,,,,\n", "")

    assert load_registry(survey.path).wave("2025").frame_source == "export"

    survey.replace("columns", "2023,export,org,organisation_key,,,,,,\n", "")
    with pytest.raises(RegistryErrors, match="wave '2023' has role organisation_key"):
        load_registry(survey.path)


@pytest.mark.parametrize("mistake", [*WAVES, *COLUMNS, *DBT_LAYERS], ids=lambda m: m.name)
def test_a_mistake_in_waves_or_columns_is_told_once_with_its_place(survey, mistake):
    assert_told_once(survey, mistake)
