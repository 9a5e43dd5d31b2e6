"""Write the responses of a wave, without who gave them, with replicate weights.

For analysts who may see the answers. It is about single responses: no release has such a file.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from barometer.databases import BUILD_FILE, opened
from barometer.errors import UsageError
from barometer.private import OTHERS, set_rights
from estimation.replicate_weights import (
    BOOTSTRAP,
    JACKKNIFE,
    ReplicateWeights,
    Sample,
    bootstrap,
    jackknife,
)
from publication.tables import literal

MOST_UNITS = 2_000
"""From more units than this, leaving out each gives a file that nobody can read."""

_FILES = 0o777 & ~OTHERS & ~0o111
_FOLDER = 0o777 & ~OTHERS
_NOTE = """CONFIDENTIAL: single responses of wave {wave} of survey {survey}.

Names, keys and free text of the organisations are not in these files; which groups an
organisation is in, and what it answered, can still tell which one it is. They are for analysts who
may see the answers. Do not pass them on, and publish no figure about fewer than {minimum} answers,
nor one from which such a figure follows. They are no part of a release, are not protected as the
public edition is, and a respondent who is forgotten (`barometer forget`) stays in them: delete them
after use.

  responses.csv    one row per response that counts, in random order: groups (group_...),
                   indicators (a ratio also has ..._denominator; blank is not in the base),
                   weight, replicate weights
  replicates.csv   the factor of every replicate
  read.R           reads them with the R package survey

Made by: {method}, seed {seed}.
"""
_READ = """# Figures and standard errors from replicate weights.
library(survey)
responses <- read.csv("responses.csv")
replicates <- read.csv("replicates.csv")
design <- svrepdesign(
  data = responses[, !grepl("^replicate_", names(responses))], weights = ~weight,
  repweights = as.matrix(responses[, replicates$replicate]), combined.weights = TRUE,
  type = "{kind}", scale = {scale!r}, rscales = replicates$rscale, mse = TRUE
)
# svymean(~{example}, design, na.rm = TRUE)
"""


@dataclass(frozen=True)
class Written:
    """What was written: the folder, and how many responses and replicates."""

    folder: Path
    n_responses: int
    n_replicates: int


@dataclass(frozen=True)
class _Responses:
    header: list[str]
    rows: list[list[Any]]
    sample: Sample
    example: str
    minimum_base: str


def write_microdata(
    database: Path,
    survey: str,
    wave: str,
    folder: Path,
    *,
    method: str = JACKKNIFE,
    replicates: int = 500,
    seed: int = 1,
) -> Written:
    """Write the responses of a wave with replicate weights to a new folder, for its owner alone.

    Args:
        database: the build database of the survey.
        survey: its name.
        wave: the wave.
        folder: the folder to make.
        method: leave out each unit, or draw units anew.
        replicates: how many to draw; units left out are as many as there are.
        seed: of the order of the rows, and of what is drawn.

    Raises:
        UsageError: there is no such wave, its weights are calibrated, it has too many units to
            leave out each, or the folder is there already.
    """
    if method not in (JACKKNIFE, BOOTSTRAP):
        raise UsageError(
            f"There is no method '{method}'.",
            expected=f"{JACKKNIFE} or {BOOTSTRAP}",
            remedy="Name one of the two.",
        )
    with opened(UsageError, BUILD_FILE, database) as connection:
        responses = _read(connection, wave, seed)
    weights = _replicated(responses.sample, wave, method, replicates, seed)
    _make(folder)
    names = [f"replicate_{number}" for number in range(1, weights.weights.shape[1] + 1)]
    _write(
        folder / "responses.csv",
        [*responses.header, *names],
        ([*row, *own] for row, own in zip(responses.rows, weights.weights.tolist(), strict=True)),
    )
    factors = zip(names, weights.rscales.tolist(), strict=True)
    _write(folder / "replicates.csv", ["replicate", "rscale"], map(list, factors))
    kind = "JKn" if method == JACKKNIFE else "bootstrap"
    read = _READ.format(kind=kind, scale=weights.scale, example=responses.example)
    note = _NOTE.format(
        survey=survey, wave=wave, method=method, seed=seed, minimum=responses.minimum_base
    )
    for name, text in (("read.R", read), ("README.txt", note)):
        (folder / name).write_text(text, encoding="utf-8")
        set_rights(folder / name, _FILES)
    return Written(folder, len(responses.rows), len(names))


def _replicated(
    sample: Sample, wave: str, method: str, replicates: int, seed: int
) -> ReplicateWeights:
    if method == BOOTSTRAP:
        return bootstrap(sample, replicates, seed)
    n_units = len(set(zip(sample.strata, sample.units, strict=True)))
    if n_units > MOST_UNITS:
        raise UsageError(
            f"Wave '{wave}' has {n_units} units: leaving out each takes as many columns.",
            expected=f"at most {MOST_UNITS} units",
            remedy="Draw replicates instead: --method bootstrap.",
        )
    return jackknife(sample)


def _read(connection: duckdb.DuckDBPyConnection, wave: str, seed: int) -> _Responses:
    quoted = literal(wave)
    waves = [name for (name,) in connection.execute("from registry.waves select wave").fetchall()]
    weights = connection.execute(
        "select response_key, organisation_key, stratum_id, coalesce(cluster_id, response_key),"
        f" sampled_fraction, weight from cleaned.cln_weights where wave = {quoted}"
        " order by response_key"
    ).fetchall()
    if not weights:
        raise UsageError(
            f"There is no response of wave '{wave}' that counts.",
            expected="one of: " + ", ".join(waves),
            remedy="Name a wave that was refreshed.",
        )
    calibrated = f"from cleaned.cln_weighting_margins select count(*) where wave = {quoted}"
    if connection.execute(calibrated).fetchall() != [(0,)]:
        raise UsageError(
            f"The weights of wave '{wave}' add up to margins, and its replicates would not.",
            expected="a wave without rows in weighting_margins.csv",
            remedy="Work from the standard errors of the release: they know the margins.",
        )
    # Rows in an order of their own: that of the export, or of keys, may tell who is who.
    order = np.random.default_rng([seed, len(weights)]).permutation(len(weights))
    weights = [weights[place] for place in order]
    classifications = _column(connection, "classification_id from registry.classifications")
    groups = _pairs(
        connection,
        "select organisation_key, classification_id, group_id from cleaned.cln_organisation_groups"
        f" where wave = {quoted} and is_leaf",
    )
    kinds = dict(
        connection.execute(
            "select distinct indicator_id, kind from cleaned.cln_wave_indicators"
            f" where wave = {quoted} order by indicator_id"
        ).fetchall()
    )
    answered = "from cleaned.cln_indicator_values where status = 'answered' and wave = " + quoted
    values = _pairs(connection, f"select response_key, indicator_id, value {answered}")
    below = _pairs(connection, f"select response_key, indicator_id, denominator {answered}")
    ratios = [name for name, kind in kinds.items() if kind == "ratio"]
    (minimum,) = _column(
        connection, "value from registry.publication_rules where rule_id = 'minimum_base'"
    )
    return _Responses(
        [
            "row",
            *(f"group_{name}" for name in classifications),
            *kinds,
            *(f"{name}_denominator" for name in ratios),
            "weight",
        ],
        [
            [
                number,
                *(groups.get((organisation, name), "") for name in classifications),
                *(values.get((key, name), "") for name in kinds),
                *(below.get((key, name), "") for name in ratios),
                weight,
            ]
            for number, (key, organisation, _, _, _, weight) in enumerate(weights, start=1)
        ],
        Sample(
            np.array([row[5] for row in weights], dtype=float),
            [row[2] for row in weights],
            [row[3] for row in weights],
            np.array([row[4] for row in weights], dtype=float),
        ),
        next(iter(kinds), "weight"),
        minimum,
    )


def _column(connection: duckdb.DuckDBPyConnection, selected: str) -> list[str]:
    return [value for (value,) in connection.execute(f"select {selected} order by 1").fetchall()]


def _pairs(connection: duckdb.DuckDBPyConnection, query: str) -> dict[tuple[str, str], Any]:
    return {(key, name): value for key, name, value in connection.execute(query).fetchall()}


def _make(folder: Path) -> None:
    if not folder.parent.is_dir() or folder.exists():
        raise UsageError(
            f"The folder '{folder.name}' cannot be made.",
            where=str(folder.absolute().parent),
            expected="the name of a new folder, in one that is there",
            remedy="Name another folder, or delete the one that is there.",
        )
    folder.mkdir(mode=_FOLDER)


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    with path.open("x", encoding="utf-8", newline="") as file:
        set_rights(path, _FILES)
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
