"""Corrections of a wave that is public, and a respondent who is forgotten."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import duckdb
import pytest
from public_survey import INDICATORS, build_file, publish, redrawn, registry, settings_in, survey

from protection.audit.revisions import EarlierEdition, protect_revision
from publication.editions import edition_of
from publication.public import release as public_release
from publication.public.ledger.ledger import read_ledger
from publication.public.method.corrections import changed_responses, fingerprints
from publication.public.method.counts import count
from publication.public.method.intervals import interval_of
from publication.public.method.protect import protect_wave
from publication.public.method.rules import wave_rules
from publication.public.release import forget_in_ledger
from publication.store.releases import kept_releases

KEY = b"secret"
RULES = wave_rules(registry(), "2025", INDICATORS)


def figures(settings) -> list[tuple[object, ...]]:
    edition = edition_of(settings, "public")
    with duckdb.connect(str(edition.current / edition.file_name), read_only=True) as connection:
        return connection.execute(
            "select wave, * exclude (wave, n_responses, is_latest_wave)"
            " from core.mart_estimates order by all"
        ).fetchall()


def test_two_changed_responses_change_nothing_that_is_public(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    first = publish(settings, survey(2))
    before = figures(settings)

    again = publish(settings, redrawn(survey(2), 7, 2, "overig_rijk"))

    assert again.unchanged
    assert again.release_id == first.release_id
    assert figures(settings) == before


def test_many_changed_responses_give_a_release_that_is_audited_with_the_earlier_one(
    tmp_path: Path,
) -> None:
    settings = settings_in(tmp_path)
    publish(settings, survey(2))
    later = publish(settings, redrawn(survey(2), 7, 40, "overig_rijk"))
    first, second = read_ledger(settings)

    assert not later.unchanged
    assert later.release_id.startswith("0002-")
    assert second.waves[0].changed["overheidslaag.overig_rijk"] >= 3
    assert second.waves[0].changed["overheidslaag.rechtswezen"] == 0
    assert not any(first.waves[0].tags.values())
    assert any(second.waves[0].tags.values())
    assert [one.is_current for one in kept_releases(edition_of(settings, "public"))] == [
        False,
        True,
    ]


def test_corrections_that_come_one_by_one_count_from_what_is_public(tmp_path: Path) -> None:
    one = survey(2)
    wave = protect_wave(one, RULES, [], KEY)
    step = redrawn(one, 11, 1, "overig_rijk")
    held = protect_wave(step, RULES, [wave], KEY)
    two = redrawn(step, 12, 20, "overig_rijk")
    counted = count(two, RULES)

    assert held.edition.cells == wave.edition.cells
    assert held.tags == wave.tags
    now = counted.constants, fingerprints(counted, KEY)
    numbers = changed_responses(held.edition.constants, held.tags, *now)
    assert numbers == changed_responses(wave.edition.constants, wave.tags, *now)


def test_a_new_wave_leaves_the_figures_of_the_one_before(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    publish(settings, survey(2, "2023"))
    before = figures(settings)

    publish(settings, survey(2, "2023"), survey(3, "2025"))

    assert [row for row in figures(settings) if row[0] == "2023"] == before


def test_a_wave_that_did_not_change_is_what_holding_all_of_it_gives() -> None:
    first = protect_wave(survey(2), RULES, [], KEY)
    counted = count(survey(2), RULES)
    held = protect_revision(
        counted.counts,
        counted.bases,
        RULES.plan,
        counted.constants,
        [EarlierEdition(first.edition, first.bases)],
        {},
        interval_of,
    )

    again = protect_wave(survey(2), RULES, [first], KEY)

    assert not any(again.changed.values())
    assert again.edition.rows == held.edition.rows
    assert set(again.edition.cells) == set(held.edition.cells)
    assert (again.means, again.tags) == (first.means, first.tags)
    assert again.bases == held.bases


def test_the_rules_of_a_wave_stay_those_of_its_first_release(tmp_path: Path, monkeypatch) -> None:
    settings = settings_in(tmp_path)
    publish(settings, survey(2))

    def otherwise(*arguments: object):
        raise AssertionError("the rules of a public wave were worked out anew")

    monkeypatch.setattr(public_release, "wave_rules", otherwise)

    assert publish(settings, survey(2)).unchanged


def test_the_ledger_holds_nothing_of_a_respondent_who_was_forgotten(
    tmp_path: Path, monkeypatch
) -> None:
    settings = settings_in(tmp_path)
    one = survey(2)
    gone = replace(
        one.respondents[0],
        values={name: Fraction(0) for name in one.respondents[0].values},
    )
    with_gone = replace(one, respondents=(gone, *one.respondents[1:]))
    without = replace(one, respondents=one.respondents[1:])
    publish(settings, with_gone)
    publish(settings, without)
    monkeypatch.setattr(public_release, "read_build", lambda *_: build_file(without))

    forget_in_ledger(settings, registry())

    first, entry = read_ledger(settings)
    assert not any(first.waves[0].tags.values())
    key = (settings.home / "public_ledger" / "key").read_text().strip()
    counted = count(without, entry.waves[0].rules)
    present = fingerprints(counted, bytes.fromhex(key))
    kept = entry.waves[0].tags
    assert sum(len(tags) for tags in kept.values()) == len(without.respondents)
    assert {atom: tags for atom, tags in kept.items() if tags} == {
        atom: tags for atom, tags in present.items() if tags
    }
    # He still counts as one change, so that the next ones are held as they would have been.
    before = entry.waves[0]
    numbers = changed_responses(before.edition.constants, before.tags, counted.constants, present)
    assert numbers["overheidslaag.overheid"] == 1


def test_the_ledger_names_no_response_and_no_organisation(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    publish(settings, survey(2))
    (path,) = (settings.home / "public_ledger").glob("*.json")
    (wave,) = json.loads(path.read_text())["waves"]

    assert {len(tag) for tags in wave["tags"].values() for tag in tags} == {4}
    assert set(wave) == {
        "wave",
        "groups",
        "indicators",
        "sets",
        "means",
        "averages",
        "withheld",
        "atoms",
        "cells",
        "mean_cells",
        "bases",
        "changed",
        "tags",
        "amounts",
    }


@pytest.mark.parametrize("part", ["atoms", "cells", "rules"])
def test_a_wave_is_read_back_from_the_ledger_as_it_was(tmp_path: Path, part: str) -> None:
    settings = settings_in(tmp_path)
    publish(settings, survey(2))
    (entry,) = read_ledger(settings)
    wave = protect_wave(survey(2), RULES, [], KEY)
    read = entry.waves[0]

    assert {
        "atoms": read.edition.constants == wave.edition.constants,
        "cells": (read.edition.cells, read.means) == (wave.edition.cells, wave.means),
        "rules": (read.rules.plan, read.rules.means) == (wave.rules.plan, wave.rules.means),
    }[part]
