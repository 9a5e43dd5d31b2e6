"""What an outsider knows of a survey whose figures are rounded, for `rounded_attack`.

Of the build it takes what everybody may know and, so as to be strong, who answered which question;
never what anybody answered. Figures are those of the published file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

import duckdb
from rounded_attack import Attack, Cell, Printed
from rounded_forms import BAND, Indicator, Question, Registry

BASE_STEPS = (1, 2, 3, 5, 7)
"""Bases behind a filter are told as ten, a hundred … times one of these."""


@dataclass(frozen=True)
class Response:
    """Who responded.

    Attributes:
        answered: questions that have an answer.
        bases: indicators that it is in the base of.
        silent: questions that only some were asked, it too, and that have no answer.
    """

    stratum: str
    weight: float
    groups: frozenset[str]
    answered: frozenset[str]
    bases: frozenset[str]
    silent: frozenset[str]


class Outsider:
    """Somebody with the registry, the frame, the response and a published file.

    Args:
        build: build database.
        public: published file.
        wave: the wave.
    """

    def __init__(
        self, build: duckdb.DuckDBPyConnection, public: duckdb.DuckDBPyConnection, wave: str
    ) -> None:
        self._build, self._wave = build, wave
        self.printed: dict[str, list[Printed]] = defaultdict(list)
        place = "classification_id || '.' || group_id, range_lower, range_upper"
        where = f"where wave = '{wave}' and protection = 'rounded'"
        for name, group, low, high, base in public.execute(
            f"select indicator_id, {place}, case when n_answered is null then smallest_base end"
            f" from core.mart_estimates {where} union all"
            f" select scale_id || '{BAND}' || band_id, {place}, null"
            f" from core.mart_scale_distribution {where}"
        ).fetchall():
            if name in self.registry.indicators:
                self.print(name, group, low, high, base)

    def print(
        self, name: str, group: str, low: float, high: float, base: float | None = None
    ) -> None:
        """Add a range: the upper edge is in it only where it is the largest value."""
        self.printed[name].append(
            Printed(
                group,
                name,
                low,
                None if high >= self.registry.largest(name) else high,
                None if base is None else told(base),
            )
        )

    @cached_property
    def registry(self) -> Registry:
        """The questions of the wave with options, and what is counted of them."""
        questions = self._questions()
        indicators = self._indicators()
        return Registry(
            questions,
            {name: each for name, each in indicators.items() if each.questions <= questions.keys()},
        )

    def _questions(self) -> dict[str, Question]:
        options: dict[str, dict[str, float | None]] = defaultdict(dict)
        alone: dict[str, set[str]] = defaultdict(set)
        for name, option, score, is_exclusive in self._rows(
            "select question_id, option_id, score, is_exclusive from registry.options"
            f" where not is_missing and coalesce(first_wave, '') <= '{self._wave}'"
            f" and coalesce(last_wave, '9999') >= '{self._wave}' order by question_id, position"
        ):
            options[name][option] = score
            alone[name] |= {option} if is_exclusive else set()
        return {
            name: Question(options[name], frozenset(alone[name]), kind == "multiple", most)
            for name, kind, most in self._rows(
                "select question_id, answer_type, maximum_answers from registry.questions"
            )
            if name in options
        }

    def _indicators(self) -> dict[str, Indicator]:
        items: dict[str, set[tuple[str, str | None]]] = defaultdict(set)
        about = {}
        for name, kind, least, most, question, option in self._rows(
            "select indicator_id, kind, minimum_count, maximum_count, question_id, option_id"
            f" from cleaned.cln_wave_indicators where wave = '{self._wave}'"
            " and kind in ('share', 'count', 'mean')"
        ):
            items[name].add((question, option))
            about[name] = (kind, least, most)
        found = {
            name: Indicator(kind, frozenset(items[name]), least, most)
            for name, (kind, least, most) in sorted(about.items())
        }
        for scale, band, least, most in self._rows(
            "select scale_id, band_id, minimum_score, maximum_score from registry.scale_bands"
        ):
            if scale in found:
                found[f"{scale}{BAND}{band}"] = Indicator("band", found[scale].items, least, most)
        return found

    @cached_property
    def responses(self) -> list[Response]:
        """Who responded."""
        answered: dict[str, set[str]] = defaultdict(set)
        bases: dict[str, set[str]] = defaultdict(set)
        asked: dict[str, set[str]] = defaultdict(set)
        for found, table, name, condition in (
            (answered, "cln_response_questions", "question_id", "status = 'answered'"),
            (bases, "cln_indicator_values", "indicator_id", "status = 'answered'"),
            (asked, "cln_routed_questions", "question_id", "is_asked"),
        ):
            for response, each in self._rows(
                f"select response_key, {name} from cleaned.{table}"
                f" where wave = '{self._wave}' and {condition}"
            ):
                found[response].add(each)
        return [
            Response(
                stratum,
                weight,
                frozenset([*groups, f"stratum {stratum}"]),
                frozenset(answered[key]),
                frozenset(
                    name for name in self.registry.indicators if name.split(BAND)[0] in bases[key]
                ),
                frozenset(asked[key] - answered[key]),
            )
            for key, stratum, weight, groups in self._rows(
                "select w.response_key, w.stratum_id, w.weight, (select list(g.classification_id"
                " || '.' || g.group_id) from cleaned.cln_organisation_groups as g where g.wave ="
                " w.wave and g.organisation_key = w.organisation_key) || coalesce((select list("
                "a.classification_id || '_x_' || b.classification_id || '.' || a.group_id || '_x_'"
                " || b.group_id) from registry.crossings as c inner join"
                " cleaned.cln_organisation_groups as a on a.classification_id ="
                " c.classification_id and a.wave = w.wave and a.organisation_key ="
                " w.organisation_key inner join cleaned.cln_organisation_groups as b on"
                " b.classification_id = c.crossed_classification_id and b.wave = w.wave and"
                " b.organisation_key = w.organisation_key), [])"
                f" from cleaned.cln_weights as w where w.wave = '{self._wave}' order by 1"
            )
        ]

    def blocks(self) -> list[tuple[str, ...]]:
        """Return the indicators that rest on the same answers, directly or by way of others."""
        left = dict(self.registry.indicators)
        found = []
        while left:
            name, first = left.popitem()
            block, asked = [name], set(first.questions)
            while more := [each for each, own in left.items() if own.questions & asked]:
                for each in more:
                    block.append(each)
                    asked |= left.pop(each).questions
            found.append(tuple(sorted(block)))
        return sorted(found)

    def attack(self, block: Collection[str], seconds: float) -> Attack:
        """Return the attack on indicators that rest on the same answers."""
        asked = frozenset().union(*(self.registry.indicators[name].questions for name in block))
        numbers: dict[tuple[float, frozenset[str], frozenset[str], frozenset[str]], int] = (
            defaultdict(int)
        )
        for one in self.responses:
            answered, bases = one.answered & asked, one.bases & frozenset(block)
            if bases:
                numbers[one.weight, one.groups, answered, bases] += 1
        cells = [
            Cell(number, weight, groups, self.registry.form(answered, bases), bases)
            for (weight, groups, answered, bases), number in numbers.items()
        ]
        return Attack(cells, [each for name in block for each in self.printed[name]], seconds)

    def tell_passed(self, attack: Attack, name: str) -> None:
        """Add what bases that are told of routed questions say of how many passed a filter.

        Args:
            attack: on the filter and what rests on the same answers.
            name: indicator that counts those who passed.
        """
        failing = {
            question
            for (question,) in self._rows(
                "select distinct question_id from registry.routing where rule = 'none_of'"
            )
        }
        for each in (own for ranges in self.printed.values() for own in ranges):
            if each.base is None:
                continue
            inside = [one for one in self.responses if each.group in one.groups]
            elsewhere = sum(name not in one.bases for one in inside)
            if self.registry.indicators[each.indicator].questions <= failing:
                attack.limit((each.group, name), 0, len(inside) - each.base[0])
            else:
                attack.limit((each.group, name), each.base[0] - elsewhere, len(inside))

    def attack_on_filter(
        self, name: str, routed: Collection[str], seconds: float, *, knows_silent: bool = False
    ) -> Attack:
        """Return the attack on a filter by what was asked of those who passed it.

        Args:
            name: indicator that counts those who passed.
            routed: indicators of questions that only they were asked, one each.
            seconds: after which a program is left unfinished.
            knows_silent: who passed and did not answer a question is known to be so many.
        """
        questions = {each: self.registry.indicators[each].questions for each in routed}
        asked = frozenset().union(*questions.values())
        form = self.registry.form_of_asked(asked, frozenset(routed))
        numbers: dict[tuple[float, frozenset[str], bool], list[Response]] = defaultdict(list)
        for one in self.responses:
            numbers[one.weight, one.groups, name in one.bases].append(one)
        cells = [
            Cell(
                len(those),
                weight,
                groups,
                form,
                frozenset([*routed, *([name] if counts else [])]),
                name,
                {
                    each: sum(bool(own & one.silent) for one in those)
                    for each, own in questions.items()
                    if knows_silent
                },
            )
            for (weight, groups, counts), those in numbers.items()
        ]
        return Attack(
            cells, [each for own in (name, *routed) for each in self.printed[own]], seconds
        )

    def _rows(self, sql: str) -> list[tuple]:  # type: ignore[type-arg]
        return self._build.execute(sql).fetchall()


def told(base: float) -> tuple[float, float]:
    """Return the least and the largest base that is told as this one behind a filter."""
    steps = sorted(each * 10**power for each in BASE_STEPS for power in range(1, 8))
    return base, min(each for each in steps if each > base) - 1
