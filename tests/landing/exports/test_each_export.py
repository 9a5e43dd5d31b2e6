"""Each real export: it lands, as what and how large, or is refused and why."""

from __future__ import annotations

from pathlib import Path

import pytest
from any_landing import keys_of, land_one, query, registry_for, settings_for

from landing.findings.errors import LandingError
from landing.headers import interpret_header
from landing.readers import SourceTable, read_table

pytestmark = pytest.mark.shared_data

R_SURVEY = "google-forms/2019 English R Community Survey Responses"
MAINTAINERS_2020 = "surveymonkey/CNCF_Maintainers_Survey_2020_H1.csv"
MAINTAINERS_2021 = "surveymonkey/CNCF_Maintainers_Survey_2021_H1.csv"
CLOUD_2019 = "surveymonkey/Cloud_Native_Survey_2019.csv"

# File: tool, format, encoding, responses, columns.
LANDED = {
    f"{R_SURVEY}.csv": ("google_forms", "csv", "utf-8", 1838, 52),
    f"{R_SURVEY}.tsv": ("google_forms", "tsv", "utf-8", 1838, 52),
    f"{R_SURVEY}.xlsx": ("google_forms", "xlsx", None, 1838, 52),
    "google-forms/survey-questions-2019-en.csv": ("generic", "csv", "utf-8", 52, 2),
    "spss/hebrews.sav": ("spss", "sav", "UTF-8", 99, 1),
    "spss/missing_test.sav": ("spss", "sav", "windows-1252", 2, 1),
    "spss/ordered_category.sav": ("spss", "sav", "UTF-8", 4, 1),
    "spss/sample.por": ("spss", "por", None, 5, 7),
    "spss/sample.sav": ("spss", "sav", "windows-1252", 5, 7),
    "spss/sample.zsav": ("spss", "zsav", "windows-1252", 5, 7),
    "spss/sample_missing.sav": ("spss", "sav", "windows-1252", 7, 7),
    "spss/simple_alltypes.sav": ("spss", "sav", "windows-1252", 6, 12),
    MAINTAINERS_2020: ("surveymonkey", "csv", "utf-8", 79, 71),
    MAINTAINERS_2021: ("surveymonkey", "csv", "utf-8", 93, 133),
    CLOUD_2019: ("surveymonkey", "csv", "utf-8", 1337, 427),
}
# The same for the files of another survey that lie beside them.
LIMESURVEY = {
    "../rse/2016_uk.csv": ("limesurvey", "csv", "utf-8", 273, 67),
    "../rse/2017_de.csv": ("limesurvey", "csv", "utf-8", 325, 248),
    "../rse/2017_nl.csv": ("limesurvey", "csv", "utf-8", 77, 131),
    "../rse/2017_uk.csv": ("limesurvey", "csv", "utf-8", 253, 245),
    "../rse/2017_us.csv": ("limesurvey", "csv", "utf-8", 164, 242),
    "../rse/2018.csv": ("limesurvey", "csv", "utf-8", 997, 707),
}
# Texts of licences: prose with commas, so rows of unequal width.
REFUSED = {
    "google-forms/LICENSE": "do not have as many cells",
    "spss/LICENSE": "do not have as many cells",
    "surveymonkey/LICENSE": "do not have as many cells",
}


def read(shared_data: Path, name: str) -> SourceTable:
    return read_table(shared_data / "exports" / name)


def test_no_file_is_forgotten(shared_data: Path) -> None:
    folder = shared_data / "exports"
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}

    assert files == set(LANDED) | set(REFUSED)


@pytest.mark.parametrize("name", [*LANDED, *LIMESURVEY])
def test_it_lands(shared_data: Path, tmp_path: Path, name: str) -> None:
    """The whole way: read, checked, kept, and every cell in the warehouse."""
    path = shared_data / "exports" / name
    table = read_table(path)
    names = [column.name for column in table.columns if column.name]
    assert len(names) == len(set(names))
    settings = settings_for(tmp_path / "home")

    report = land_one(path, settings, registry_for(keys_of(table)))

    assert not report.checks[0].errors
    (found,) = query(
        settings,
        "select tool, format, encoding, row_count, column_count, archive_path, superseded_by "
        "from raw.exports",
    )
    expected = (LANDED | LIMESURVEY)[name]
    assert found[:5] == expected
    assert (settings.archive / found[5]).read_bytes() == path.read_bytes()
    assert found[6] is None
    rows, columns = expected[3:]
    assert query(settings, "select count(*), max(row_number) from raw.cells") == [
        (rows * columns, rows)
    ]
    assert query(settings, "select count(distinct column_position) from raw.export_columns") == [
        (columns,)
    ]


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused(shared_data: Path, tmp_path: Path, name: str) -> None:
    settings = settings_for(tmp_path / "home")

    with pytest.raises(LandingError, match=REFUSED[name]) as caught:
        land_one(shared_data / "exports" / name, settings, registry_for())

    assert "Export again with quotes around texts" in str(caught.value)
    assert not settings.home.exists()


def test_a_question_over_many_columns_names_them_all(shared_data: Path) -> None:
    table = read(shared_data, MAINTAINERS_2020)
    names = [column.name for column in table.columns]

    assert names[:4] == ["Respondent ID", "Collector ID", "Start Date", "End Date"]
    assert names[4].startswith("Which CNCF Project(s) are you ")
    assert names[4].endswith(" [Kubernetes]")
    helm = next(i for i, name in enumerate(names, start=1) if name.endswith(" [Helm]"))
    assert set(table.column_values(helm)) == {"", "Helm"}


def test_columns_that_a_publisher_emptied_have_no_name(shared_data: Path) -> None:
    """The respondent was blanked, headings too: such columns go by their position."""
    table = read(shared_data, MAINTAINERS_2021)

    assert [column.name for column in table.columns[:12]] == [""] * 12
    assert not any(cell for position in range(1, 13) for cell in table.column_values(position))
    assert all(column.name for column in table.columns[12:])


def test_non_breaking_spaces_stay_in_labels_and_not_in_names(shared_data: Path) -> None:
    table = read(shared_data, CLOUD_2019)
    column = next(c for c in table.columns if c.label and "Public\u00a0Cloud" in c.label)

    assert column.name.endswith(" [Public Cloud]")
    assert table.columns[0].name == "What is your geographic location?"


def test_texts_of_other_scripts_are_read(shared_data: Path) -> None:
    assert read(shared_data, "spss/hebrews.sav").columns[0].name == "ותק_ב"


def test_user_missing_values_are_kept_and_named(shared_data: Path) -> None:
    table = read(shared_data, "spss/sample_missing.sav")

    assert [(m.position, m.low, m.high) for m in table.user_missing][:2] == [
        (2, "2000", "3000"),
        (2, "-1", "-1"),
    ]
    assert "2500" in table.column_values(2)


def test_multiple_response_sets_are_named(shared_data: Path) -> None:
    table = read(shared_data, "spss/simple_alltypes.sav")

    assert {(s.name, s.label, s.counted_value, s.positions) for s in table.multiple_sets} == {
        ("mymrset", "My multiple response set", "1", (5, 6, 7)),
        ("categorical_array", None, None, (8, 9, 10)),
    }
    labels = {(label.position, label.raw_value): label.label for label in table.value_labels}
    assert labels[(1, "2")] == "green"


def test_quarters_are_dates(shared_data: Path) -> None:
    assert read(shared_data, "spss/simple_alltypes.sav").column_values(12)[0] == "2014-10-01"


def test_what_a_portable_file_cannot_keep_is_said(shared_data: Path) -> None:
    assert [n.code for n in read(shared_data, "spss/sample.por").notices] == ["por_user_missing"]


@pytest.mark.parametrize(
    ("name", "separator"),
    [
        ("2016_uk", ". "), ("2017_de", ". "), ("2017_nl", ". "), ("2017_uk", ". "),
        ("2017_us", ". "), ("2018", "._."),
    ],
)  # fmt: skip
def test_limesurvey_headings_of_either_separator(
    shared_data: Path, name: str, separator: str
) -> None:
    path = shared_data / "rse" / f"{name}.csv"
    verbatim = [column.name for column in read_table(path, tool="generic").columns]

    table = read_table(path)

    assert table.tool == "limesurvey" == interpret_header([verbatim]).tool
    rebuilt = [c.name + separator + (c.label or "") if c.name else "" for c in table.columns]
    assert [text.strip() for text in rebuilt] == [text.strip() for text in verbatim]
    assert len({column.name for column in table.columns}) == len(table.columns)
