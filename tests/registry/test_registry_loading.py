"""Reading the registries into records."""

from __future__ import annotations

import dataclasses
import datetime
import typing
from pathlib import Path

import pytest
import yaml

from barometer.errors import UsageError
from barometer.labels import normalise_label
from barometer.settings import PROJECT_ROOT, known_surveys, survey_seeds
from registry import TABLES, Registry, RegistryErrors, load_registry
from registry.documents import PROPERTIES

TYPES = {
    "string": str,
    "integer": int,
    "double": float,
    "boolean": bool,
    "date": datetime.date,
}

SURVEYS = known_surveys()


def test_the_minimal_survey_is_read_into_typed_records(survey):
    registry = load_registry(survey.path)

    assert registry.survey.survey_id == "mini"
    wave = registry.wave("2021")
    assert wave.reference_start == datetime.date(2019, 1, 1)
    assert (wave.complete_from_page, wave.row) == (3, 2)
    assert registry.wave("2025").complete_from_page is None
    assert registry.questions[0].wording_en == "Introduced, or not?"
    assert registry.question("staff").maximum == 100000.0
    assert registry.deliveries[0].is_synthetic is True
    assert registry.codes[6].question_id is None
    mapping = registry.columns_for("2023", "export")[-1]
    assert (mapping.column_name, mapping.separator, mapping.row) == ("partners", "; ", 16)


def test_helpers_find_rows_and_name_what_is_known(survey):
    registry = load_registry(survey.path)

    assert registry.wave_ids == ("2021", "2023", "2025")
    assert registry.rule("minimum_base") == "10"
    assert [d.kind for d in registry.deliveries_for("2021", "frame")] == ["frame"]
    assert [o.option_id for o in registry.options_for("partners")] == [
        "citizens",
        "nobody",
        "firms",
    ]
    with pytest.raises(UsageError, match=r"no wave '2022'(.|\n)*one of: 2021, 2023, 2025"):
        registry.wave("2022")
    with pytest.raises(UsageError, match=r"Did you mean 'minimum_base'\?"):
        registry.rule("minimum_bases")
    with pytest.raises(UsageError, match=r"Did you mean 'partners'\?"):
        registry.question("partner")


def test_registries_with_only_a_header_are_read(survey):
    for table in ("claims", "organisation_succession", "comparability_bridges", "routing"):
        header = survey.file(table).read_text(encoding="utf-8").splitlines()[0]
        survey.file(table).write_text(header + "\n", encoding="utf-8")

    assert load_registry(survey.path).claims == ()


@pytest.mark.parametrize("survey_id", SURVEYS)
def test_every_survey_of_the_project_is_free_of_mistakes(survey_id):
    registry = load_registry(survey_seeds(PROJECT_ROOT, survey_id))

    assert registry.survey.survey_id == survey_id


@pytest.mark.parametrize("survey_id", SURVEYS)
def test_the_declaration_has_exactly_the_columns_of_the_files(survey_id):
    folder = survey_seeds(PROJECT_ROOT, survey_id)
    headers = {
        path.stem: tuple(path.read_text(encoding="utf-8").splitlines()[0].split(","))
        for path in folder.glob("*.csv")
    }

    assert headers == {name: schema.header for name, schema in TABLES.items()}


@pytest.mark.parametrize("survey_id", SURVEYS)
def test_every_value_has_the_type_that_its_field_declares(survey_id):
    registry = load_registry(survey_seeds(PROJECT_ROOT, survey_id))

    for name, schema in TABLES.items():
        hints = typing.get_type_hints(schema.record)
        for row in (registry.survey,) if name == "surveys" else getattr(registry, name):
            for column in schema.columns:
                value = getattr(row, column.name)
                may_be_empty = type(None) in typing.get_args(hints[column.name])
                assert may_be_empty == (not column.required)
                allowed = (TYPES[column.data_type], *((type(None),) if may_be_empty else ()))
                assert type(value) in allowed, (name, row.row, column.name, value)


def test_the_registry_has_one_attribute_per_file():
    fields = [field.name for field in dataclasses.fields(Registry)]

    assert fields == ["survey", *[name for name in TABLES if name != "surveys"]]


def test_every_column_is_described_and_typed_in_the_declaration():
    for seed in yaml.safe_load(PROPERTIES.read_text(encoding="utf-8"))["seeds"]:
        assert seed["description"].startswith("One row per "), seed["name"]
        names = [column["name"] for column in seed["columns"]]
        assert list(seed["config"]["column_types"]) == names
        assert all(column["description"].endswith(".") for column in seed["columns"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  Ja,\u00a0 zeker\t", "ja, zeker"),
        ("JA,\r\nZEKER", "ja, zeker"),
        ("\u00a0", ""),
        ("\ufeff1 (None  at all)", "1 (none at all)"),
        ("Één", "één"),
    ],
)
def test_labels_that_differ_in_case_and_white_space_become_one(text, expected):
    assert normalise_label(text) == expected


def test_a_folder_without_registries_names_every_missing_file(tmp_path: Path):
    with pytest.raises(RegistryErrors) as caught:
        load_registry(tmp_path)

    assert len(caught.value.errors) == len(TABLES)
