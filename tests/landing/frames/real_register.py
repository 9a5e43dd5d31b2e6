"""The real register file and what an independent count says of it."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from functools import cached_property
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from register_xml import export, field

UNKNOWN = "1900-01-01"


def folded(name: str) -> str:
    # Some names stand in it with both kinds of apostrophe.
    return " ".join(name.replace("’", "'").split()).lower()


class RealRegister:
    """`register/organisations.csv` as the csv module reads it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with path.open(encoding="utf-8", newline="") as stream:
            self.rows = list(csv.DictReader(stream))

    def kept(self, reference_end: str) -> list[dict[str, str]]:
        ended = {row["record_id"] for row in self.ended(reference_end)}
        return [row for row in self.rows if row["record_id"] not in ended]

    def ended(self, reference_end: str) -> list[dict[str, str]]:
        # Dates of this file are all ISO, so that they sort as text.
        return [
            row
            for row in self.rows
            if row["valid_until"] not in ("", UNKNOWN) and row["valid_until"] < reference_end
        ]

    @cached_property
    def by_roo_id(self) -> dict[str, list[int]]:
        found = defaultdict(list)
        for number, row in enumerate(self.rows, start=1):
            if row["roo_id"]:
                found[row["roo_id"]].append(number)
        return found

    def names(self, reference_end: str) -> Counter[str]:
        return Counter(folded(row["name"]) for row in self.kept(reference_end))

    def as_xml(self) -> str:
        """The same organisations as the register would export them."""
        return export(*(self._organisation(row) for row in self.rows))

    def _organisation(self, row: dict[str, str]) -> str:
        tooi = f" p:resourceIdentifierTOOI={quoteattr(row['tooi'])}" if row["tooi"] else ""
        fields = [
            field("naam", escape(row["name"])),
            "<p:types>" + field("type", row["type"]) + "</p:types>",
            field("startDatum", row["valid_from"]),
        ]
        for name, column in (("afkorting", "abbreviation"), ("eindDatum", "valid_until")):
            if row[column]:
                fields.append(field(name, escape(row[column])))
        if row["record_id"] == FTE_LARGE:
            fields.append("<p:personeelsomvang>" + field("aantalFte", "1.234,5"))
            fields.append("</p:personeelsomvang>")
        if row["record_id"] == FTE_SMALL:
            fields.append(field("aantalFte", "12,5"))
        return (
            f"<p:organisatie p:systeemId={quoteattr(row['record_id'])}{tooi}>"
            + "".join(fields)
            + "</p:organisatie>\n"
        )


FTE_LARGE = "org:min-az"
FTE_SMALL = "org:min-bz"
