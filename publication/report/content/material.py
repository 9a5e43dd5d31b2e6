"""What one page is made from: rows of a release's tables, and the order they are told in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from publication.quality.words import Text

Line = Mapping[str, Any]
Lines = tuple[Line, ...]


@dataclass(frozen=True)
class Group:
    """A group of organisations.

    Attributes:
        classification: it is part of.
        label: its name.
        is_total: other groups of the classification are part of it.
        parent: the group it is part of, where that is known.
    """

    group_id: str
    classification: str
    label: Text
    classification_label: Text
    is_total: bool
    parent: str | None


@dataclass(frozen=True)
class Topic:
    """The findings about one topic.

    Attributes:
        topic_id: name of its table, or of the topic itself.
        label: its name.
        lines: rows of all groups of the page, in the order of the topic.
        order: column of its own that orders its indicators, where there is one.
        facet: column of its own that divides them, where there is one.
    """

    topic_id: str
    label: Text
    lines: Lines
    order: str | None = None
    facet: str | None = None


@dataclass(frozen=True)
class Material:
    """Everything that one page is made from.

    Attributes:
        about: the row that says which release it is.
        group: the schema of the group that the page is about; None for the whole release.
        waves: id and name, earliest first.
        groups: all groups of the page in their order.
        focus: the group that figures are about where they are about one.
        topics: what was found, by topic.
    """

    about: Line
    group: str | None
    waves: tuple[tuple[str, Text], ...]
    groups: tuple[Group, ...]
    focus: Group
    topics: tuple[Topic, ...]
    comparisons: Lines = ()
    bands: Lines = ()
    outcomes: Lines = ()
    answers: Lines = ()
    claims: Lines = ()
    responses: Lines = ()
    representativeness: Lines = ()
    verdicts: Lines = ()
    group_pages: tuple[tuple[str, Text], ...] = ()

    @property
    def is_public(self) -> bool:
        """Whether anybody may read it."""
        return bool(self.about["edition"] == "public")

    @cached_property
    def side_by_side(self) -> tuple[Group, ...]:
        """The groups that are shown beside each other.

        Of the whole release those of one classification; of a group it and what divides it, as
        far as the last wave says anything of them.
        """
        if self.group is None:
            kind = self.focus.classification
            return tuple(group for group in self.groups if group.classification == kind)
        return tuple(group for group in self.groups if group not in self.unseen)

    @cached_property
    def unseen(self) -> tuple[Group, ...]:
        """The groups of which the last wave says nothing in this edition."""
        seen = {
            line["group_id"]
            for topic in self.topics
            for line in topic.lines
            if line["wave"] == self.latest and line["suppression_status"] != "suppressed"
        }
        return tuple(group for group in self.groups if group.group_id not in seen)

    @property
    def units(self) -> Text:
        """What those who answer are called, in the plural."""
        return Text(
            str(self.about.get("organisation_term_nl") or "organisaties"),
            str(self.about.get("organisation_term_en") or "organisations"),
        )

    @cached_property
    def scales(self) -> Mapping[str, Line]:
        """Unit and scale of every indicator in the last wave, for tables that do not say them."""
        names = ("kind", "unit", "unit_label_nl", "unit_label_en", "scale_minimum", "scale_maximum")
        return {
            str(line["indicator_id"]): {name: line.get(name) for name in names}
            for topic in self.topics
            for line in topic.lines
            if line["wave"] == self.latest and line["group_id"] == self.focus.group_id
        }

    @cached_property
    def latest(self) -> str:
        """The last wave."""
        return self.waves[-1][0]

    def wave_label(self, wave: str) -> Text:
        """Return the name of a wave."""
        return dict(self.waves)[wave]

    def label_of(self, group_id: str) -> Text:
        """Return the name of a group."""
        return next((one.label for one in self.groups if one.group_id == group_id), Text("", ""))
