"""What headings and notes say: only what holds for every value that a figure can have."""

from __future__ import annotations

import dataclasses
from dataclasses import replace

import duckdb
import pytest

from publication.quality.words import Text, same
from publication.report.content.blocks import Chart, Claim, Section, Source
from publication.report.content.figures import Figure, measure_of
from publication.report.content.material import Line, Material
from publication.report.page import sections_of
from publication.report.read import one_group
from publication.report.sections.claims import claims_section
from publication.report.sections.comparisons import comparison_section
from publication.report.sections.method import method_section
from publication.report.sections.response import response_section
from publication.report.sections.scales import scale_section
from publication.report.sections.seen import across_groups, highest, lowest, rests_on_enough
from publication.report.sections.waves import before_break, break_note

SHARE = measure_of({"kind": "share"})
LABEL = Text("Bakt", "Bakes")
WHOLE = (Text("Alle", "All"), Figure(SHARE, 0.6))


def ranged(lower: float, upper: float, estimate: float | None = None) -> Figure:
    return Figure(SHARE, estimate, range_lower=lower, range_upper=upper)


def seen(*figures: Figure) -> str:
    return across_groups(LABEL, WHOLE, [(same(f"g{n}"), one) for n, one in enumerate(figures)]).en


def charts(*sections: Section | None) -> dict[str, Chart]:
    blocks = [block for section in sections if section for block in section.blocks]
    return {block.anchor: block for block in blocks if isinstance(block, Chart)}


def test_the_ends_are_given_where_nothing_can_lie_outside_them():
    figures = (Figure(SHARE, 0.4), ranged(0.5, 0.7), Figure(SHARE, 0.8))

    assert seen(*figures) == "Bakes. All: 60 %; by group from g0 (40 %) to g2 (80 %)"


@pytest.mark.parametrize(
    "other",
    [
        Figure(SHARE, None),
        Figure(SHARE, 0.9, is_low=True),
        ranged(0.7, 0.9),
        ranged(0.0, 0.45),
        ranged(0.75, 0.85, 0.8),
    ],
    ids=["withheld", "imprecise end", "range above", "range below", "rounded to the same"],
)
def test_no_ends_are_given_where_another_group_can_lie_outside_them(other):
    figures = (Figure(SHARE, 0.4), Figure(SHARE, 0.8), other)

    assert seen(*figures) == "Bakes. All: 60 %"


def test_no_ends_are_given_that_are_written_the_same_and_none_of_one_group():
    assert seen(Figure(SHARE, 0.401), Figure(SHARE, 0.404)) == "Bakes. All: 60 %"
    assert seen(Figure(SHARE, 0.4)) == "Bakes. All: 60 %"
    assert across_groups(LABEL, (same("All"), Figure(SHARE, None)), []) == LABEL


def test_the_highest_and_the_lowest_are_so_whatever_ranges_hide():
    figures = [Figure(SHARE, 0.8), ranged(0.3, 0.7), Figure(SHARE, 0.2)]

    assert (highest(figures), lowest(figures)) == (0, 2)
    assert highest([Figure(SHARE, 0.8), ranged(0.3, 0.8)]) is None
    assert highest([Figure(SHARE, 0.8), Figure(SHARE, 0.8)]) is None
    assert lowest([ranged(0.0, 0.1), Figure(SHARE, 0.5)]) is None


def test_parents_are_no_ends_of_their_children(material):
    heading = charts(*sections_of(material))["flour-groups-rye"].heading.en

    assert heading.startswith("rye en. All bakers: 33 %; by group from Bread bakers (35 %) to Cake")


def test_a_part_of_which_nothing_is_shown_could_be_an_end(bakers, tmp_path):
    path = tmp_path / "own.duckdb"
    path.write_bytes(bakers("internal").read_bytes())
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "update bread.findings set precision_status = 'sufficient';"
            "insert into bread.findings by name select * replace ('large' as group_id,"
            " estimate + 0.2 as estimate) from bread.findings where group_id = 'small'"
        )
        whole = one_group(connection, "bread")
        connection.execute(
            "insert into bread.findings by name select * replace ('tiny' as group_id,"
            " 'suppressed' as suppression_status) from bread.findings where group_id = 'small'"
        )
        holed = one_group(connection, "bread")

    assert whole is not None
    assert holed is not None
    first, second = (charts(*sections_of(one))["flour-groups-rye"] for one in (whole, holed))
    assert "by group from" in first.heading.en
    assert second.heading.en == "rye en. Bread bakers: 35 %"


def test_a_heading_rests_on_figures_with_answers_enough(material):
    assert rests_on_enough(Figure(SHARE, 0.5, n=30))
    assert rests_on_enough(Figure(SHARE, 0.5, at_least=30))
    assert not rests_on_enough(Figure(SHARE, 0.5, n=29))
    assert not rests_on_enough(Figure(SHARE, 0.5))
    few = tuple({**line, "n_answered": 29} for line in material.bands)
    found = charts(scale_section(replace(material, bands=few)))
    assert found["bands-mood"].heading.en == "Mood"
    assert found["outcomes-mood"].heading.en == "rye en: 20 % at “low en”, 40 % at “high en”"


def test_no_statement_is_called_the_highest_where_two_are(material):
    assert charts(scale_section(material))["answers-mood"].heading.en == "Answers to the statements"


def test_waves_before_another_question_are_marked(material):
    lines: list[Line] = [
        {"wave": "w2", "comparable_from_wave": "w2"},
        {"wave": "w1", "comparable_from_wave": None},
    ]

    assert before_break(material, lines) == {"w1"}
    assert before_break(material, [{"wave": "w2", "comparable_from_wave": "w1"}]) == set()
    assert before_break(material, [{"wave": "w2"}]) == set()
    assert break_note(material, ["w1"]).en.startswith("Before Wave 2 the question was another one")
    assert break_note(material, []) == same("")


def test_charts_over_waves_mark_a_break(material):
    topics = tuple(
        replace(topic, lines=tuple({**one, "comparable_from_wave": "w2"} for one in topic.lines))
        for topic in material.topics
    )

    found = charts(*sections_of(replace(material, topics=topics)))
    for anchor in ("flour-groups-rye", "loaves-amounts-by-wave"):
        marks = [mark for row in found[anchor].rows for mark in row.marks]
        assert {mark.series for mark in marks if mark.is_apart} == {1}
        assert "not comparable" in found[anchor].note.en


def test_pairs_with_a_range_stand_after_those_with_two_figures(material):
    names = ("estimate_b", "range_lower_b", "range_upper_b")
    shared = material.comparisons[0]
    lines = (
        {**shared, **dict(zip(names, (None, 0.9, 1.0), strict=True))},
        {**shared, "indicator_id": "spelt", "indicator_label_en": "spelt en"},
    )

    section = comparison_section(replace(material, comparisons=lines))
    (chart,) = charts(section).values()
    assert [row.label.en for row in chart.rows] == ["spelt en", "rye en"]
    assert chart.heading.en.endswith(". Demonstrable: 2 of the 2 differences shown here")


def claimed(material: Material, **changes: object) -> Claim:
    line = {**material.claims[0], **changes}
    section = claims_section(replace(material, claims=(line,)))
    assert section is not None
    (claim,) = section.blocks[-1]
    return claim


def test_a_claim_says_what_its_verdict_asks_for(material):
    said = [line.en for line in claimed(material, minimum_difference=0.1, n_tests=5).lines]

    assert "Asked for: at least 10 percentage points; tested together: 5 claims." in said
    assert not [line for line in claimed(material).lines if "sked for" in line.en]
    section = claims_section(material)
    assert section is not None
    assert "also allows for the claims that are tested together" in section.blocks[0].en


def test_a_source_is_said_once_and_in_its_own_language(material):
    section = claims_section(material)

    assert section is not None
    assert section.blocks[1] == Source("A book")
    assert claimed(material).source is None


def verdicts(error_rate: str, chance: float) -> Line:
    return {
        **{"wave": "w2", "purpose": "comparison", "error_rate": error_rate},
        **{"n_tests": 1387, "n_families": 198, "n_verdicts": 9, "expected_by_chance": chance},
    }


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            verdicts("family_wise", 9.9),
            "Per family the chance of any false one is at most 5 %.",
        ),
        (
            verdicts("false_discovery", 0.45),
            "Of those at most 5 % are expected to be false.",
        ),
    ],
)
def test_what_is_expected_by_chance_is_said_of_what_it_is_counted_in(material, line, said):
    section = method_section(replace(material, verdicts=(line,)))

    text = next(block.en for block in section.blocks if block.en.startswith("1,387"))
    assert "in 198 families" in text
    assert "9 are demonstrable" in text
    assert text.endswith(said)


def test_the_public_note_says_what_an_interval_holds(material):
    public = replace(material, about={**material.about, "edition": "public"})

    said = " ".join(block.en for block in method_section(public).blocks)
    assert "the widest of any count in the range" in said


def test_the_response_of_a_group_is_shown_where_its_findings_are_not(bakers, tmp_path):
    path = tmp_path / "withheld.duckdb"
    path.write_bytes(bakers("internal").read_bytes())
    with duckdb.connect(str(path)) as connection:
        connection.execute("update bread.findings set suppression_status = 'suppressed'")
        connection.execute(
            "update bread.response_rates set suppression_status = 'suppressed', n_responses = 7"
            " where group_id = 'bread'"
        )
        found = one_group(connection, "bread")

    assert found is not None
    chart = charts(response_section(found))["response-rates"]
    assert chart.heading.en == "Small ones: 40 of 80 bakers answered (50 %)"
    assert dataclasses.asdict(chart.rows[0].label) == {"nl": "Kleine", "en": "Small ones"}
