"""A LimeSurvey questionnaire: read as columns, drafted as questions, options, codes and routing."""

from __future__ import annotations

import pytest
from ibo_questionnaire import write_questionnaire
from lss_file import Lss, write_lss

from drafting.limesurvey import QuestionnaireError, clean_text, read_questionnaire
from drafting.newwave import new_wave
from registry import load_registry

ANSWERS = {
    "A1": {"nl": "Ja", "en": "Yes"},
    "A2": {"nl": "Nee", "en": "No"},
    "A3": {"nl": "Weet niet", "en": "Don't know"},
}
NETWORK = Lss(
    "Q20",
    "L",
    {"nl": "Doet u mee aan een netwerk?", "en": "Do you take part in a network?"},
    {},
    ANSWERS,
    'G03Q03.NAOK == "A1" && !(G03Q04_SQ001 == "Y")',
)
NETWORKS = Lss(
    "Q21",
    "M",
    {"nl": "Welke netwerken?", "en": "Which networks?"},
    {
        "SQ001": {"nl": "Provinciaal", "en": "Provincial"},
        "SQ002": {"nl": "Europees", "en": "European"},
    },
    {},
    'Q20 == "A1"',
    "Y",
)
HARD = Lss("Q22", "L", {"nl": "Was dat nuttig?"}, {}, ANSWERS, "count(Q21_SQ001, Q21_SQ002) > 1")


@pytest.fixture
def questionnaire(settings, tmp_path):
    registry = load_registry(settings.seeds)
    return write_questionnaire(tmp_path / "IBO2027.lss", registry, [NETWORK, NETWORKS, HARD])


@pytest.mark.parametrize(
    ("kind", "columns"),
    [
        ("L", ["q", "q[other]"]),
        ("O", ["q", "q[comment]"]),
        ("M", ["q[SQ1]", "q[SQ2]", "q[other]"]),
        ("P", ["q[SQ1]", "q[SQ1comment]", "q[SQ2]", "q[SQ2comment]", "q[other]"]),
        ("F", ["q[SQ1]", "q[SQ2]"]),
        ("1", ["q[SQ1][1]", "q[SQ1][2]", "q[SQ2][1]", "q[SQ2][2]"]),
        ("R", ["q[1]", "q[2]", "q[3]"]),
        ("K", ["q[SQ1]", "q[SQ2]"]),
        ("N", ["q"]),
        ("T", ["q"]),
        ("X", []),
        ("*", ["q"]),
    ],
)
def test_every_type_of_question_gives_the_columns_of_its_export(tmp_path, kind, columns) -> None:
    parts = {"SQ1": {"nl": "een"}, "SQ2": {"nl": "twee"}}
    question = Lss("q", kind, {"nl": "Vraag"}, parts, ANSWERS, other="Y")
    form = read_questionnaire(write_lss(tmp_path / "q.lss", [question]))

    own = ["id", "submitdate", "lastpage", "startlanguage", "seed"]
    assert [column.name for column in form.columns] == [*own, *columns]


def test_texts_come_in_every_language_and_without_markup(tmp_path) -> None:
    form = read_questionnaire(write_lss(tmp_path / "q.lss", [NETWORK]))

    column = form.columns[-1]
    assert column.texts == NETWORK.texts
    assert [value.texts for value in column.values] == list(ANSWERS.values())
    assert clean_text("<p>Hoe&nbsp;<b>nieuw</b>?<br/></p>\n") == "Hoe nieuw ?"


def test_the_older_format_with_a_row_per_language_is_read(tmp_path) -> None:
    def question(language: str, text: str) -> str:
        return (
            "<row><qid>1</qid><parent_qid>0</parent_qid><gid>3</gid><type>L</type><title>q1</title>"
            f"<question>{text}</question><language>{language}</language></row>"
        )

    def answer(language: str, text: str) -> str:
        return (
            f"<row><qid>1</qid><code>A1</code><answer>{text}</answer><sortorder>1</sortorder>"
            f"<language>{language}</language><scale_id>0</scale_id></row>"
        )

    path = tmp_path / "old.lss"
    path.write_text(
        "<document><LimeSurveyDocType>Survey</LimeSurveyDocType><DBVersion>146</DBVersion>"
        f"<questions><rows>{question('nl', 'Hoe?')}{question('en', 'How?')}</rows></questions>"
        f"<answers><rows>{answer('nl', 'Zo')}{answer('en', 'So')}</rows></answers></document>",
        encoding="utf-8",
    )
    column = read_questionnaire(path).columns[-1]
    assert column.texts == {"nl": "Hoe?", "en": "How?"}
    assert [(value.raw, value.texts) for value in column.values] == [
        ("A1", {"nl": "Zo", "en": "So"})
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('<!DOCTYPE d [<!ENTITY a "b">]><document>&a;</document>', "document type or entities"),
        (
            '<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]><document>&a;</document>',
            "document type or entities",
        ),
        ("<document>", "not well-formed"),
        ("<document><LimeSurveyDocType>Group</LimeSurveyDocType></document>", "but a Group"),
        ("<html/>", "no LimeSurvey survey"),
        ("", "not well-formed"),
    ],
)
def test_other_files_and_unsafe_xml_are_refused(tmp_path, content, message) -> None:
    path = tmp_path / "q.lss"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(QuestionnaireError, match=message):
        read_questionnaire(path)


def test_a_missing_questionnaire_is_refused(tmp_path) -> None:
    with pytest.raises(QuestionnaireError, match="is not there"):
        read_questionnaire(tmp_path / "none.lss")


def test_known_questions_are_found_under_their_new_codes(settings, questionnaire) -> None:
    report = new_wave(settings, "2027", source="2025", questionnaire=questionnaire)
    columns = {row.values["column_name"]: row for row in report.draft.of("columns")}

    assert columns["id"].values["role"] == "response_id"
    assert columns["submitdate"].values["role"] == "submitted_at"
    assert columns["orgcode"].values["role"] == "organisation_key"
    assert columns["G02Q02[SQ002]"].values["question_id"] == "inn_service"
    assert columns["G03Q03"].values["question_id"] == "novelty"
    box = columns["G03Q04[SQ003]"].values
    assert (box["question_id"], box["option_id"]) == ("triggers", "citizens")
    codes = {
        (row.values["question_id"], row.values["raw_value"]): row.values["option_id"]
        for row in report.draft.of("codes")
        if row.action == "add"
    }
    assert codes["novelty", "A2"] == "inspired"
    assert codes["inn_service", "A3"] == "dont_know"
    assert codes["triggers", "Y"] == "selected"
    assert ("novelty", "2") not in codes


def test_new_questions_come_with_options_and_routing_in_both_languages(
    settings, questionnaire
) -> None:
    report = new_wave(settings, "2027", source="2025", questionnaire=questionnaire)
    questions = {row.values["question_id"]: row for row in report.draft.of("questions")}
    options = {
        (row.values["question_id"], row.values["option_id"]): row.values
        for row in report.draft.of("options")
    }

    assert questions["q20"].values["wording_en"] == NETWORK.texts["en"]
    assert questions["q21"].values["answer_type"] == "multiple"
    assert options["q20", "dont_know"]["is_missing"] == "true"
    assert options["q21", "european"]["label_nl"] == "Europees"
    routes = {
        tuple(row.cells(("question_id", "rule", "condition_question_id", "condition_option_id")))
        for row in report.draft.of("routing")
        if row.action == "add"
    }
    assert routes == {
        ("q20", "any_of", "novelty", "first_developed"),
        ("q20", "none_of", "triggers", "management"),
        ("q21", "any_of", "q20", "yes"),
    }
    (hard,) = [row for row in report.draft.of("routing") if row.is_open]
    assert "too complex to translate: count(Q21_SQ001, Q21_SQ002) > 1" in hard.decide
    assert "Fill wording_en" in questions["q22"].decide


def test_a_changed_condition_of_a_known_question_is_asked_about(settings, tmp_path) -> None:
    registry = load_registry(settings.seeds)
    wording = registry.question("ai_use")
    changed = Lss(
        "AI",
        "L",
        {"nl": wording.wording_nl, "en": wording.wording_en},
        {},
        ANSWERS,
        'G03Q03.NAOK == "A1"',
    )
    path = write_questionnaire(tmp_path / "IBO2027.lss", registry, [changed])
    report = new_wave(settings, "2027", source="2025", questionnaire=path)

    (row,) = report.draft.of("routing")
    assert row.action == "skip"
    assert "asks 'ai_use' under another condition" in row.decide


def test_a_questionnaire_can_be_reviewed_and_written(settings, questionnaire, review) -> None:
    report = new_wave(settings, "2027", source="2025", questionnaire=questionnaire)

    def answer(table: str, row: dict[str, str]) -> None:
        if row["draft"] == "new q22":
            row["wording_en"] = "Was it useful?"
        if row["decide"]:
            row["decided"] = "ok"

    review(report.folder, answer)
    assert new_wave(settings, "2027", write=True).written
    registry = load_registry(settings.seeds)
    assert {route.question_id for route in registry.routing if route.question_id[0] == "q"} == {
        "q20",
        "q21",
    }


def test_an_export_is_described_by_its_questionnaire(settings, questionnaire, tmp_path) -> None:
    export = tmp_path / "IBO2027_synthetic_export_v1.csv"
    export.write_text(
        "id,submitdate,orgcode,G01Q01,G03Q03,G03Q04[SQ001],Q20\n"
        + "".join(f"{n},2027-03-01 10:00:00,0{n},{n}0,A2,Y,A1\n" for n in range(101, 121)),
        encoding="utf-8",
    )
    report = new_wave(settings, "2027", source="2025", export=export, questionnaire=questionnaire)
    columns = {
        row.values["column_name"]: row.values
        for row in report.draft.of("columns")
        if row.values["kind"] == "export"
    }
    assert columns["G01Q01"]["question_id"] == "employees"
    assert columns["G03Q04[SQ001]"]["option_id"] == "management"
    assert columns["Q20"]["question_id"] == "q20"
    # The questionnaire describes columns; which ones there are, the export says.
    assert "Q21[SQ001]" not in columns
    delivery = next(r for r in report.draft.of("deliveries") if r.values["kind"] == "export")
    assert delivery.values["format"] == "csv"
    assert delivery.values["file_pattern"] == "IBO2027_synthetic_export*.csv"
    assert "The export is csv" in delivery.decide
