"""Drafts the files that are expected of the new wave."""

from __future__ import annotations

import re

from drafting.context import Context
from drafting.draft import DraftRow
from drafting.form import Form
from landing.deliveries import fits, matching_deliveries

# What people write at the end of a name when they deliver a file again.
_VERSION = re.compile(r"[ _-]*(v[0-9]+|\([0-9]+\))$", re.IGNORECASE)


def draft_deliveries(
    context: Context, form: Form | None, frame: Form | None = None
) -> list[DraftRow]:
    """Draft the deliveries of the source wave, each under the name that the new file has."""
    taken = {row["file_pattern"].lower() for row in context.rows("deliveries")}
    rows = []
    for values in context.rows("deliveries", context.source):
        before = values["file_pattern"]
        because = f"'{before}' of {context.source}"
        values["wave"] = context.wave
        values["file_pattern"] = _shifted(context, before)
        decide = []
        file = form if values["kind"] == "export" else frame
        if file is not None and file.format and _is_only(context, values):
            decide.extend(_format(context, values, file))
            if not fits(file.file_name, values["file_pattern"]):
                values["file_pattern"] = pattern_of(file.file_name, with_versions="*" in before)
                because = f"the name of the {values['kind']} that was given"
            decide.extend(_others(context, file.file_name))
        elif values["file_pattern"].lower() in taken:
            decide.append(
                f"No year could be replaced in '{before}'. What are the files of {context.wave} "
                "called?"
            )
        if values["is_synthetic"] == "true":
            decide.append(
                f"The files of {context.source} are synthetic. Are those of {context.wave}? "
                "Real answers need is_synthetic false."
            )
        name = " ".join((values["kind"], values["part"]))
        rows.append(DraftRow("deliveries", name, values, decide=" ".join(decide), because=because))
    return rows


def pattern_of(file_name: str, *, with_versions: bool) -> str:
    """Return a pattern for a file by its own name, and for its later versions where they are kept.

    Args:
        file_name: the name.
        with_versions: whether a file is delivered again under a name with something behind it.
    """
    stem, point, suffix = file_name.rpartition(".")
    if with_versions and stem:
        file_name = f"{_VERSION.sub('', stem)}*{point}{suffix}"
    # In a pattern brackets stand for one of several signs.
    return re.sub(r"[\[\]]", "?", file_name)


def _others(context: Context, file_name: str) -> list[str]:
    """Ask about a name under which landing would take the file for that of another wave."""
    found = matching_deliveries(file_name, context.registry.deliveries)
    if not found:
        return []
    listed = " and ".join(f"'{one.file_pattern}' (wave {one.wave})" for one in found)
    return [
        f"{file_name} fits {listed} too, so landing could not tell which wave it is. Rename the "
        "file and correct file_pattern, or make the other pattern narrower."
    ]


def _is_only(context: Context, values: dict[str, str]) -> bool:
    return len(context.registry.deliveries_for(context.source, values["kind"])) == 1


def _format(context: Context, values: dict[str, str], form: Form) -> list[str]:
    families = {"zsav": "sav", "por": "sav", "text": "csv", "tsv": "csv"}
    found = families.get(form.format, form.format)
    expected = families.get(values["format"], values["format"])
    if expected in {"auto", found}:
        return []
    stem, _, _ = values["file_pattern"].rpartition(".")
    suffix = form.file_name.rpartition(".")[2]
    before = values["format"]
    values.update(format=found, tool=form.tool, sheet="", file_pattern=f"{stem or '*'}.{suffix}")
    return [
        f"The {values['kind']} is {found}, read as written by {form.tool}; that of "
        f"{context.source} was {before}. Are format, tool and sheet right?"
    ]


def _shifted(context: Context, pattern: str) -> str:
    if context.source in pattern:
        return pattern.replace(context.source, context.wave)
    shifted = context.shift_years(pattern)
    if shifted != pattern:
        return shifted
    old, new = context.source[-2:], context.wave[-2:]
    return pattern.replace(old, new) if pattern.count(old) == 1 and old.isdecimal() else pattern
