"""Groups, strata, weights and indicator values of the example survey, straight from its files."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from ibo_cleaning import (
    ANSWERED,
    DONT_KNOW,
    NOT_APPLICABLE,
    NOT_ASKED,
    asked_in,
    options,
    responses,
)
from ibo_deliveries import frame, normal, rule, seed


def _holds(row, organisation: str, attributes: pd.Series) -> bool:
    if row.attribute_id == "organisation_key":
        return organisation == row.match_value
    value = attributes[row.attribute_id]
    if row.match_value:
        return normal(value) == normal(row.match_value)
    if not str(value).strip():
        return False
    number = float(str(value).replace(",", "."))
    return (not row.match_minimum or number >= float(row.match_minimum)) and (
        not row.match_maximum or number < float(row.match_maximum)
    )


@cache
def groups(wave: str) -> pd.DataFrame:
    """Per organisation of the frame (index) and classification (column): its group or ''."""
    end = seed("waves").query("wave == @wave").reference_end.iloc[0]
    rules = [
        r
        for r in seed("organisation_membership").itertuples()
        if (not r.valid_from or r.valid_from <= end) and (not r.valid_to or end <= r.valid_to)
    ]
    found: dict[str, dict[str, str]] = {}
    for organisation, attributes in frame(wave).iterrows():
        best: dict[str, tuple[int, str]] = {}
        for row in rules:
            if _holds(row, organisation, attributes):
                candidate = (int(row.priority), row.group_id)
                if row.classification_id not in best or candidate < best[row.classification_id]:
                    best[row.classification_id] = candidate
        found[organisation] = {name: group for name, (_, group) in best.items()}
    return pd.DataFrame.from_dict(found, orient="index").fillna("")


@cache
def ancestors(classification: str, group: str) -> tuple[str, ...]:
    """The group and everything above it."""
    rows = seed("organisation_groups").query("classification_id == @classification")
    parent = dict(zip(rows.group_id, rows.parent_group_id, strict=True))
    line = [group]
    while parent[line[-1]]:
        line.append(parent[line[-1]])
    return tuple(line)


@cache
def members(wave: str, classification: str, group: str) -> frozenset[str]:
    """Organisations of the frame in a group, the groups below it included."""
    own = groups(wave)[classification]
    return frozenset(
        organisation
        for organisation, leaf in own.items()
        if leaf and group in ancestors(classification, leaf)
    )


@cache
def plain_groups() -> list[tuple[str, str]]:
    rows = seed("organisation_groups")
    return list(zip(rows.classification_id, rows.group_id, strict=True))


@cache
def crossed_groups() -> list[tuple[str, str, tuple[tuple[str, str], tuple[str, str]]]]:
    """Derived classification and group of every registered crossing, with its two sides."""
    rows = []
    for crossing in seed("crossings").itertuples():
        first, second = crossing.classification_id, crossing.crossed_classification_id
        for a in (g for c, g in plain_groups() if c == first):
            for b in (g for c, g in plain_groups() if c == second):
                rows.append((f"{first}_x_{second}", f"{a}_x_{b}", ((first, a), (second, b))))
    return rows


@cache
def domain(wave: str, classification: str, group: str) -> frozenset[str]:
    """Organisations of a plain, crossed or complement group (``~a`` within ``rest_of``)."""
    if group.startswith("~"):
        raise AssertionError("complements are asked for with complement()")
    for derived, name, ((c1, g1), (c2, g2)) in crossed_groups():
        if (derived, name) == (classification, group):
            return members(wave, c1, g1) & members(wave, c2, g2)
    return members(wave, classification, group)


def complement(wave: str, classification: str, group: str, rest_of: str) -> frozenset[str]:
    return domain(wave, classification, rest_of) - domain(wave, classification, group)


@dataclass(frozen=True)
class Design:
    """Stratum of every organisation; per response (index organisation) N_h, n_h and weight."""

    table: pd.DataFrame
    collapsed: int
    stratum: pd.Series


@cache
def design(wave: str) -> Design:
    names = seed("strata_design").query("wave == @wave").sort_values("position").classification_id
    cell = groups(wave)[list(names)].agg("|".join, axis=1)
    answered = list(responses(wave))
    n, big_n = cell[answered].value_counts(), cell.value_counts()
    n = n.reindex(big_n.index, fill_value=0)
    target = {h: h for h in big_n.index}
    for h in big_n.index:
        if n[h] < rule("minimum_stratum_responses") and n[h] < big_n[h] and len(names) > 1:
            siblings = [o for o in big_n.index if o != h and o.split("|")[:-1] == h.split("|")[:-1]]
            if siblings:
                target[h] = min(siblings, key=lambda o: (-n[o], -big_n[o], o))
    stratum = cell.map(target)
    population = stratum.value_counts()
    table = pd.DataFrame({"stratum": stratum[answered]})
    table["big_n"] = table.stratum.map(population).astype(float)
    table["n"] = table.stratum.map(table.stratum.value_counts()).astype(float)
    table["w"] = table.big_n / table.n
    return Design(table, sum(h != t for h, t in target.items()), stratum)


@cache
def _items(indicator: str, part: str, wave: str) -> list[tuple[str, str]]:
    rows = seed("indicator_items").query("indicator_id == @indicator and part == @part")
    return [
        (r.question_id, r.option_id)
        for r in rows.itertuples()
        if r.question_id in asked_in(wave)
        and (not r.option_id or (r.question_id, r.option_id) in options(wave))
    ]


@cache
def indicators(wave: str) -> dict[str, object]:
    """The indicators that the wave offered something for."""
    return {
        i.indicator_id: i
        for i in seed("indicators").itertuples()
        if _items(i.indicator_id, "numerator", wave)
    }


def _score(question: str, answer: dict, wave: str) -> float | None:
    if answer["number"] is not None:
        return answer["number"]
    for option in answer["options"]:
        return float(options(wave)[(question, option)].score)
    return None


@cache
def scale_of(wave: str, name: str) -> tuple[float, float] | None:
    """The lowest and highest value that one response can have; None where numbers are asked."""
    kind, items = indicators(wave)[name].kind, _items(name, "numerator", wave)
    if kind == "share":
        return 0.0, 1.0
    if kind == "mean":
        asked = {question for question, _ in items}
        scores = [
            [
                float(row.score)
                for (q, _), row in options(wave).items()
                if q == question and row.score
            ]
            for question in asked
        ]
        found = [score for of_question in scores for score in of_question]
        return (min(found), max(found)) if all(scores) else None
    most = 0
    questions = {row.question_id: row for row in seed("questions").itertuples()}
    for question in {q for q, _ in items}:
        counted = sum(q == question for q, _ in items)
        several = questions[question].answer_type == "multiple"
        allowed = int(questions[question].maximum_answers or counted)
        most += min(counted, allowed) if several else 1
    return 0.0, float(most)


def _bounds(indicator) -> tuple[float, float] | None:
    low = getattr(indicator, "minimum_count", "")
    high = getattr(indicator, "maximum_count", "")
    if not low and not high:
        return None
    return float(low or 0), float(high or "inf")


@cache
def values(wave: str) -> pd.DataFrame:
    """One row per response and indicator: y (nan outside the base), x, and its state."""
    rows = []
    for organisation, answers in responses(wave).items():
        for name, indicator in indicators(wave).items():
            items = _items(name, "numerator", wave)
            asked = list(dict.fromkeys(question for question, _ in items))
            done = [q for q in asked if answers[q]["status"] == ANSWERED]
            enough = len(done) >= int(indicator.minimum_answered or 1)
            hits = sum(o in answers[q]["options"] for q, o in items if o)
            if indicator.kind == "share" and _bounds(indicator):
                low, high = _bounds(indicator)
                y = float(low <= hits <= high) if enough else np.nan
            elif indicator.kind == "share":
                y = float(hits > 0) if enough else np.nan
            elif indicator.kind == "count":
                y = float(hits) if enough else np.nan
            elif indicator.kind == "mean":
                scores = [_score(q, answers[q], wave) for q in done]
                y = float(np.mean(scores)) if enough and scores else np.nan
            else:
                raise AssertionError(
                    f"{name}: the example has no indicator of kind {indicator.kind}"
                )
            rows.append((organisation, name, y, _state(y, [answers[q]["status"] for q in asked])))
    return pd.DataFrame(rows, columns=["organisation", "indicator", "y", "state"])


def _state(y: float, statuses: list[str]) -> str:
    if not np.isnan(y):
        return ANSWERED
    if all(s == NOT_ASKED for s in statuses):
        return NOT_ASKED
    for reason in (DONT_KNOW, NOT_APPLICABLE):
        if reason in statuses:
            return reason
    return "no_answer"


@cache
def by_indicator(wave: str) -> dict[str, pd.DataFrame]:
    """Per indicator: index organisation, columns y and state."""
    return {
        name: part.set_index("organisation")[["y", "state"]]
        for name, part in values(wave).groupby("indicator")
    }


def all_groups() -> list[tuple[str, str]]:
    return plain_groups() + [(c, g) for c, g, _ in crossed_groups()]
