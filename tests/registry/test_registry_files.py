"""Files that cannot be read, and cells that do not fit their column."""

from __future__ import annotations

import pytest

from registry import RegistryErrors, load_registry


def only_error(folder):
    with pytest.raises(RegistryErrors) as caught:
        load_registry(folder)
    assert len(caught.value.errors) == 1, str(caught.value)
    return caught.value.errors[0]


def test_a_missing_file(survey):
    survey.file("claims").unlink()

    error = only_error(survey.path)

    assert error.file == survey.file("claims")
    assert error.line is None
    assert error.what == "The registry claims.csv is missing."
    assert error.expected.startswith("a file with the header claim_id,sentence_nl")


def test_a_missing_file_that_others_refer_to_is_reported_once(survey):
    survey.file("questions").unlink()

    assert only_error(survey.path).what == "The registry questions.csv is missing."


def test_an_empty_file(survey):
    survey.file("codes").write_bytes(b"")

    assert only_error(survey.path).what == "The registry codes.csv is empty."


def test_a_file_in_another_encoding(survey):
    text = survey.file("questions").read_text(encoding="utf-8").replace("Fase", "Fasé")
    survey.file("questions").write_bytes(text.encode("latin-1"))

    error = only_error(survey.path)

    assert (error.line, error.what) == (7, "The registry questions.csv is not UTF-8: byte 0xe9.")
    assert "CSV UTF-8" in error.remedy


def test_a_file_with_a_byte_order_mark(survey):
    survey.file("waves").write_bytes(b"\xef\xbb\xbf" + survey.file("waves").read_bytes())

    error = only_error(survey.path)

    assert (error.line, error.what) == (1, "The registry waves.csv begins with a byte order mark.")


def test_a_file_with_semicolons(survey):
    text = survey.file("strata").read_text(encoding="utf-8")
    survey.file("strata").write_text(text.replace(",", ";"), encoding="utf-8")

    assert only_error(survey.path).what == "The cells of this file are not separated by commas."


def test_a_quote_that_is_never_closed(survey):
    line = survey.append("claims", 'lonely,"Diensten vaker.,x,,,,,innovated,,positive,said')

    error = only_error(survey.path)

    assert error.line == line
    assert error.what.startswith("This row cannot be read as CSV")


@pytest.mark.parametrize(
    ("old", "new", "column", "what"),
    [
        ("label_nl,label_en", "label_nl", "label_en", "The column 'label_en' is missing."),
        (
            "label_nl,label_en",
            "label_nl,label_en,colour",
            "colour",
            "The column 'colour' is unknown.",
        ),
        (
            "label_nl,label_en",
            "label_nl,label_en,label_en",
            "label_en",
            "The column 'label_en' occurs twice.",
        ),
        (
            "label_nl,label_en",
            "label_en,label_nl",
            "",
            "The columns are not in the declared order.",
        ),
    ],
)
def test_a_wrong_header(survey, old, new, column, what):
    survey.replace("classifications", old, new)

    error = only_error(survey.path)

    assert (error.line, error.column, error.what) == (1, column, what)
    assert error.expected == (
        "the header classification_id,label_nl,label_en,position,is_exhaustive,within_group_id"
    )


def test_a_misspelt_header_suggests_the_right_one(survey):
    survey.replace("classifications", "is_exhaustive", "is_exhaustiv")

    with pytest.raises(RegistryErrors) as caught:
        load_registry(survey.path)

    assert [error.what for error in caught.value.errors] == [
        "The column 'is_exhaustive' is missing.",
        "The column 'is_exhaustiv' is unknown.",
    ]
    assert "Did you mean 'is_exhaustive'?" in caught.value.errors[1].remedy


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ("2021,courts", "This row has 2 cells."),
        ("2023,courts,5,6", "This row has 4 cells."),
        ("", "This line is empty."),
    ],
)
def test_a_ragged_row(survey, row, what):
    line = survey.append("strata", row)

    error = only_error(survey.path)

    assert (error.line, error.what) == (line, what)
    assert error.expected == "3 cells, as in the header"


@pytest.mark.parametrize(
    ("table", "old", "new", "line", "column", "what", "expected"),
    [
        (
            "strata",
            ",12",
            ",12.5",
            2,
            "population_count",
            "'12.5' cannot be read as integer.",
            "a whole number, such as 3",
        ),
        (
            "options",
            ",agree,5,",
            ',agree,"5,0",',
            8,
            "score",
            "'5,0' cannot be read as double.",
            "a number with a point for decimals, such as 2.5",
        ),
        (
            "options",
            ",agree,5,",
            ",agree,nan,",
            8,
            "score",
            "'nan' cannot be read as double.",
            "a number with a point for decimals, such as 2.5",
        ),
        (
            "deliveries",
            "limesurvey,,,,,,,,true",
            "limesurvey,,,,,,,,TRUE",
            2,
            "is_synthetic",
            "'TRUE' cannot be read as boolean.",
            "true or false",
        ),
        (
            "organisation_succession",
            "O1,O2,2022-01-01",
            "O1,O2,1-1-2022",
            2,
            "effective_date",
            "'1-1-2022' cannot be read as date.",
            "a date as YYYY-MM-DD, such as 2021-05-31",
        ),
        (
            "organisation_succession",
            "O1,O2,2022-01-01",
            "O1,O2,2022-02-30",
            2,
            "effective_date",
            "'2022-02-30' cannot be read as date.",
            "a date as YYYY-MM-DD, such as 2021-05-31",
        ),
        (
            "claims",
            "agencies_more,Diensten vaker.",
            "agencies_more,",
            2,
            "sentence_nl",
            "'sentence_nl' is empty.",
            "a value in every row",
        ),
        (
            "claims",
            "Climate helps.",
            "Climate helps. ",
            3,
            "sentence_en",
            "'Climate helps. ' has white space around it.",
            "'Climate helps.'",
        ),
        (
            "claims",
            "agencies_more",
            "Agencies-more",
            2,
            "claim_id",
            "'Agencies-more' is not a proper id.",
            "lower-case letters, digits and single underscores, beginning with a letter",
        ),
    ],
)
def test_a_cell_that_does_not_fit(survey, table, old, new, line, column, what, expected):
    survey.replace(table, old, new)

    error = only_error(survey.path)

    assert error.file == survey.file(table)
    assert (error.line, error.column, error.what) == (line, column, what)
    assert error.expected == expected


def test_a_ragged_row_that_others_refer_to_is_reported_once(survey):
    survey.replace("classifications", "kind,Soort,Kind,1,true,", "kind,Soort,Kind,1,true")

    assert only_error(survey.path).what == "This row has 5 cells."


def test_a_value_that_is_not_allowed_suggests_the_nearest(survey):
    survey.replace("indicators", "higher_is_better,%", "higher_is_beter,%")

    error = only_error(survey.path)

    assert error.what == "'higher_is_beter' is not a value of 'direction'."
    assert error.expected == "one of: higher_is_better, lower_is_better, neutral"
    assert error.remedy.startswith("Did you mean 'higher_is_better'?")


def test_line_numbers_count_lines_within_quoted_cells(survey):
    survey.replace("columns", "2025,export,budget,", '2025,export,"bud\nget",')
    survey.replace("columns", ",,,,,,drop", ",,,,,,nonsense")

    assert only_error(survey.path).line == 23


def test_all_problems_are_reported_in_one_pass(survey):
    survey.replace("strata", ",12", ",many")
    survey.replace("claims", "agencies,courts", "agencies,court")
    survey.replace("routing", "partners,any_of,introduced,yes", "partners,any_of,introduced,yess")
    survey.replace("publication_rules", "minimum_base,10", "minimum_base,ten")

    with pytest.raises(RegistryErrors) as caught:
        load_registry(survey.path)

    found = [(error.file.name, error.line) for error in caught.value.errors]
    assert found == [
        ("claims.csv", 2),
        ("publication_rules.csv", 2),
        ("routing.csv", 2),
        ("strata.csv", 2),
    ]
    text = str(caught.value)
    assert text.startswith(f"The registries in {survey.path} have 4 mistakes.")
    assert f"{survey.file('claims')}, line 2, column group_b" in text
    assert "Did you mean 'courts'?" in text
