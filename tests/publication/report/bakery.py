"""A small release of a survey that nobody knows: bakeries. No word of it stands in the code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import duckdb

HOSTILE = "</script><img src=x onerror=alert(1)>"
WAVES = (("w1", "Meting 1", "Wave 1", "2023-01-01"), ("w2", "Meting 2", "Wave 2", "2024-01-01"))
GROUPS = (
    ("kind", "all", None, "Alle bakkers", "All bakers", 1, True),
    ("kind", "bread", "all", "Broodbakkers", "Bread bakers", 2, False),
    ("kind", "cake", "all", f"Taart {HOSTILE}", f"Cake {HOSTILE}", 3, False),
    ("size", "any", None, "Met bekende grootte", "Of known size", 1, True),
    ("size", "small", "any", "Kleine", "Small ones", 2, False),
    ("size", "large", "any", "Grote", "Large ones", 3, False),
)
# Topic, indicator, whether it is a headline, unit, scale.
INDICATORS = (
    ("flour", "rye", True, "share", 0, 1),
    ("flour", "wheat", False, "share", 0, 1),
    ("flour", "spelt", False, "share", 0, 1),
    ("mood", "joy", True, "score", -2, 2),
    ("mood", "pride", False, "score", -2, 2),
    ("mood", "calm", False, "score", -2, 2),
    ("loaves", "baked", False, "loaves", None, None),
    ("loaves", "sold", False, "loaves", None, None),
    ("loaves", "lost", False, "loaves", None, None),
)


KINDS = {"share": "share", "score": "mean", "loaves": "total"}


def estimate_of(indicator: str, place: int) -> float:
    """Return a figure that is another one in every row."""
    values = {"share": 0.31, "score": -0.4, "loaves": 1_234_567.0}
    _, _, _, unit, *_ = next(one for one in INDICATORS if one[1] == indicator)
    return round(values[unit] * (1 + 0.07 * place), 4)


def findings(edition: str, groups: Iterable[Sequence[Any]] = GROUPS) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for wave, wave_nl, wave_en, date in WAVES:
        for kind, group, _, group_nl, group_en, position, is_total in groups:
            for number, (topic, indicator, headline, unit, low, high) in enumerate(INDICATORS):
                value = estimate_of(indicator, position + number)
                withheld = group == "large" and unit == "share"
                ranged = edition == "public" and indicator == "wheat"
                step = abs(value) / 10
                rows.append(
                    {
                        **{"wave": wave, "wave_label_nl": wave_nl, "wave_label_en": wave_en},
                        **{"wave_date": date, "classification_id": kind, "group_id": group},
                        **{"classification_label_nl": kind, "classification_label_en": kind},
                        "classification_position": 1 if kind == "kind" else 2,
                        **{"group_label_nl": group_nl, "group_label_en": group_en},
                        **{"group_position": position, "is_total": is_total, "topic": topic},
                        **{"topic_label_nl": f"{topic} nl", "topic_label_en": f"{topic} en"},
                        "topic_position": [one[0] for one in INDICATORS].index(topic),
                        "indicator_id": indicator,
                        "indicator_label_nl": f"{indicator} nl",
                        "indicator_label_en": f"{indicator} en",
                        **{"indicator_position": number, "is_headline": headline},
                        **{"base_nl": "wie bakt", "base_en": "who bakes", "kind": KINDS[unit]},
                        **{"unit": unit, "unit_label_nl": "broden", "unit_label_en": "loaves"},
                        **{"scale_minimum": low, "scale_maximum": high},
                        "n_answered": None if withheld else 40 + number,
                        "estimate": None if withheld or ranged else value,
                        "estimate_lower": None if withheld else value - step,
                        "estimate_upper": None if withheld else value + step,
                        "range_lower": 0.0 if ranged and not withheld else None,
                        "range_upper": 0.2 if ranged and not withheld else None,
                        "smallest_base": 10,
                        "bound_lower": 0.1 if unit == "share" and not withheld else None,
                        "bound_upper": 0.9 if unit == "share" and not withheld else None,
                        "precision_status": "low" if group == "small" else "sufficient",
                        "suppression_status": "suppressed" if withheld else "published",
                        "previous_wave": "w1" if wave == "w2" else None,
                        "estimate_previous": value if wave == "w2" else None,
                        "change_verdict_nl": "geen verschil" if wave == "w2" else None,
                        "change_verdict_en": "no difference" if wave == "w2" else None,
                    }
                )
    return rows


def comparisons() -> list[dict[str, Any]]:
    return [
        {
            **{"wave": "w2", "comparison_id": "size", "classification_id": "size"},
            **{"group_a": "small", "group_b": "large", "rest_of_group_id": None},
            **{"group_a_label_nl": "Kleine", "group_a_label_en": "Small ones"},
            **{"group_b_label_nl": "Grote", "group_b_label_en": "Large ones"},
            **{"indicator_id": "rye", "indicator_label_nl": "rye nl"},
            **{"indicator_label_en": "rye en", "kind": "share", "n_answered_a": 20},
            **{"n_answered_b": 21, "estimate_a": 0.4, "estimate_b": 0.7, "difference": -0.3},
            **{"verdict": "a_lower", "verdict_nl": "minder vaak", "verdict_en": "less often"},
            "suppression_status": "published",
        }
    ]


def claims() -> list[dict[str, Any]]:
    shared = {
        **{"wave": "w2", "group_a": "small", "group_b": "large", "indicator_id": "rye"},
        **{"group_a_label_nl": "Kleine", "group_a_label_en": "Small ones"},
        **{"group_b_label_nl": "Grote", "group_b_label_en": "Large ones"},
        **{"indicator_b": None, "unit_a": "share", "unit_b": "share", "source": "A book"},
        **{"n_answered_a": 20, "n_answered_b": 21, "difference": -0.3},
        **{"difference_lower": -0.5, "difference_upper": -0.1, "effect_measure": "cohen_h"},
        "suppression_status": "published",
    }
    return [
        {
            **shared,
            **{"claim_id": "first", "sentence_nl": "Klein bakt minder.", "estimate_a": 0.4},
            **{"sentence_en": "Small bakes less.", "estimate_b": 0.7, "verdict": "supported"},
            **{"verdict_nl": "in lijn", "verdict_en": "in line"},
        },
        {
            **shared,
            **{"claim_id": "second", "sentence_nl": "Groot bakt =beter.", "estimate_a": None},
            **{"sentence_en": "Large bakes =better.", "estimate_b": None, "verdict": "not_shown"},
            **{"verdict_nl": "niet aangetoond", "verdict_en": "not shown", "difference": None},
        },
    ]


def answers(groups: Iterable[Sequence[Any]] = GROUPS) -> list[dict[str, Any]]:
    return [
        {
            **{"wave": "w2", "classification_id": kind, "group_id": group, "scale_id": "mood"},
            **{"scale_label_nl": "Stemming", "scale_label_en": "Mood", "question_id": question},
            **{"wording_nl": f"{question} nl", "wording_en": f"{question} en"},
            **{"answer_score": score, "estimate": 0.2, "estimate_lower": 0.1},
            **{"answer_label_nl": f"{score} nl", "answer_label_en": f"{score} en"},
            **{"estimate_upper": 0.3, "n_answered": 30, "suppression_status": "published"},
        }
        for kind, group, *_ in groups
        for question in ("early", "late")
        for score in (1, 2, 3, 4, 5)
    ]


def bands(*, outcome: bool, groups: Iterable[Sequence[Any]] = GROUPS) -> list[dict[str, Any]]:
    return [
        {
            **{"wave": "w2", "classification_id": kind, "group_id": group, "scale_id": "mood"},
            **{"scale_label_nl": "Stemming", "scale_label_en": "Mood", "band_id": band},
            **{"band_label_nl": f"{band} nl", "band_label_en": f"{band} en"},
            **{"band_position": place, "outcome_indicator_id": "rye" if outcome else None},
            **{"outcome_label_nl": "rye nl", "outcome_label_en": "rye en"},
            **{"estimate": 0.2 + place / 10, "estimate_lower": 0.1, "estimate_upper": 0.6},
            **{"n_answered": 30, "suppression_status": "published"},
        }
        for kind, group, *_ in groups
        for place, band in enumerate(("low", "mid", "high"))
    ]


def responses(groups: Iterable[Sequence[Any]] = GROUPS) -> list[dict[str, Any]]:
    return [
        {
            **{"wave": "w2", "classification_id": kind, "group_id": group, "n_population": 80},
            **{"n_responses": 40, "response_rate": 0.5, "suppression_status": "published"},
        }
        for kind, group, *_ in groups
    ]


def write_release(path: Path, edition: str = "internal") -> Path:
    """Write the release of the bakers, with a page for the bread bakers."""
    own = [group for group in GROUPS if group[1] in ("bread", "small")]
    about = [
        {
            **{"release_id": "0001-abc", "survey": "bakers", "edition": edition},
            **{"survey_label_nl": "Bakkersmonitor", "survey_label_en": "Monitor of bakers"},
            **{"organisation_term_nl": "bakkers", "organisation_term_en": "bakers"},
            **{"is_synthetic": True, "confidence_level": 0.9, "label": "Label"},
        }
    ]
    dimension = [
        {
            **{"classification_id": kind, "group_id": group, "parent_group_id": parent},
            **{"label_nl": nl, "label_en": en, "position": position},
        }
        for kind, group, parent, nl, en, position, _ in GROUPS
    ]
    classifications = [
        {
            **{"classification_id": kind, "label_nl": kind, "label_en": kind},
            **{"position": place, "divided_classification_id": None},
        }
        for place, kind in enumerate(("kind", "size"))
    ]
    tables = {
        "core.about_release": about,
        "core.dim_organisation_groups": dimension,
        "core.dim_classifications": classifications,
        "core.mart_findings": findings(edition),
        "core.mart_comparisons": comparisons(),
        "core.mart_claims": claims(),
        "core.mart_item_answers": answers(),
        "core.mart_scale_distribution": bands(outcome=False),
        "core.mart_scale_cross": bands(outcome=True),
        "core.mart_response_rates": responses(),
        "bread.findings": findings(edition, own),
        "bread.comparisons": comparisons(),
        "bread.climate": [{"wave": "w2"}],
        "bread.climate_distribution": bands(outcome=False, groups=own),
        "bread.response_rates": responses(own),
    }
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema core; create schema bread")
        for name, rows in tables.items():
            columns = {column: _type(row[column] for row in rows) for column in rows[0]}
            declared = ", ".join(f"{column} {kind}" for column, kind in columns.items())
            connection.execute(f"create table {name} ({declared})")
            places = ", ".join("?" for _ in columns)
            connection.executemany(
                f"insert into {name} values ({places})", [list(row.values()) for row in rows]
            )
    return path


def _type(values: Iterable[Any]) -> str:
    kinds = {type(value) for value in values if value is not None}
    if kinds <= {int, float} and float in kinds:
        return "double"
    return {bool: "boolean", int: "bigint"}.get(next(iter(kinds), str), "varchar")
