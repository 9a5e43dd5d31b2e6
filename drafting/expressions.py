"""Reads a simple LimeSurvey condition (ExpressionScript) as the routing of the registries.

Routing can say: asked when any of these answers was given, and none of those. A condition that
says more is not translated but shown to a person.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_TOKEN = re.compile(
    r"\s*(?:(?P<text>\"[^\"]*\"|'[^']*')|(?P<number>[0-9]+(?:\.[0-9]+)?(?![\w.]))"
    r"|(?P<name>[A-Za-z_][\w.\[\]]*|[0-9]+X[0-9]+X[0-9]+\w*(?:\.\w+)?)"
    r"|(?P<operator>==|!=|<=|>=|&&|\|\||[()!<>,]))"
)
_SUFFIX = re.compile(r"\.(NAOK|value|code|shown|valueNAOK)$", re.IGNORECASE)
_DEEPEST = 40


class TooComplex(Exception):
    """The condition says more than routing can, or is written in a way that is not read."""


@dataclass(frozen=True, order=True)
class Given:
    """The column holds the value."""

    column: str
    value: str


@dataclass(frozen=True)
class Condition:
    """Asked when any of the first was given (or there are none), and none of the second."""

    any_of: frozenset[Given]
    none_of: frozenset[Given]


@dataclass(frozen=True)
class _Not:
    part: _Node


@dataclass(frozen=True)
class _Many:
    is_and: bool
    parts: tuple[_Node, ...]


_Node = Given | _Not | _Many


def read_condition(text: str) -> Condition:
    """Return a condition as routing.

    Raises:
        TooComplex: it cannot be expressed as routing.
    """
    text = text.strip()
    if text.startswith("{") and text.endswith("}"):
        text = text[1:-1].strip()
    if text in {"", "1"}:
        return Condition(frozenset(), frozenset())
    parser = _Parser(_tokens(text))
    node = parser.either(0)
    if parser.peek():
        raise TooComplex(text)
    return _routing(node)


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens = []
    place = 0
    while place < len(text.rstrip()):
        match = _TOKEN.match(text, place)
        if match is None or match.lastgroup is None:
            raise TooComplex(text)
        tokens.append((match.lastgroup, match.group(match.lastgroup)))
        place = match.end()
    return tokens


class _Parser:
    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._place = 0

    def peek(self) -> str:
        if self._place == len(self._tokens):
            return ""
        kind, text = self._tokens[self._place]
        return text.lower() if kind in {"name", "operator"} else kind

    def take(self) -> tuple[str, str]:
        if self._place == len(self._tokens):
            raise TooComplex
        self._place += 1
        return self._tokens[self._place - 1]

    def either(self, depth: int) -> _Node:
        parts = [self._all(depth)]
        while self.peek() in {"or", "||"}:
            self.take()
            parts.append(self._all(depth))
        return parts[0] if len(parts) == 1 else _Many(False, tuple(parts))

    def _all(self, depth: int) -> _Node:
        parts = [self._one(depth)]
        while self.peek() in {"and", "&&"}:
            self.take()
            parts.append(self._one(depth))
        return parts[0] if len(parts) == 1 else _Many(True, tuple(parts))

    def _one(self, depth: int) -> _Node:
        if depth > _DEEPEST:
            raise TooComplex
        if self.peek() in {"!", "not"}:
            self.take()
            return _Not(self._one(depth + 1))
        if self.peek() == "(":
            self.take()
            node = self.either(depth + 1)
            self._expect(")")
            return node
        kind, text = self.take()
        if kind != "name":
            raise TooComplex
        if text.lower() == "is_empty" and self.peek() == "(":
            return self._is_empty()
        operator = self.take()[1].lower()
        if operator not in {"==", "eq", "!=", "ne"}:
            raise TooComplex
        kind, value = self.take()
        if kind not in {"text", "number"}:
            raise TooComplex
        given = Given(_SUFFIX.sub("", text), value.strip("\"'"))
        node = _ticked(given)
        return _Not(node) if operator in {"!=", "ne"} else node

    def _is_empty(self) -> _Node:
        self._expect("(")
        kind, name = self.take()
        self._expect(")")
        # Only a tick box has a single value, so only there does "not empty" name it.
        if kind != "name":
            raise TooComplex
        return _Not(Given(_SUFFIX.sub("", name), "Y"))

    def _expect(self, text: str) -> None:
        if self.take()[1] != text:
            raise TooComplex


def _ticked(given: Given) -> _Node:
    # An unticked box is empty: q_SQ001 == "" is the same as not Y.
    return given if given.value else _Not(Given(given.column, "Y"))


def _routing(node: _Node) -> Condition:
    any_of: frozenset[Given] = frozenset()
    none_of: set[Given] = set()
    for part in _conjuncts(node, negated=False):
        if isinstance(part, Given):
            part = _Many(False, (part,))
        if isinstance(part, _Not):
            if not isinstance(part.part, Given):
                raise TooComplex
            none_of.add(part.part)
            continue
        if any(not isinstance(one, Given) for one in _disjuncts(part)):
            raise TooComplex
        found = frozenset(one for one in _disjuncts(part) if isinstance(one, Given))
        if any_of and found != any_of:
            raise TooComplex
        any_of = found
    return Condition(any_of, frozenset(none_of))


def _conjuncts(node: _Node, *, negated: bool) -> list[_Node]:
    if isinstance(node, _Not):
        return _conjuncts(node.part, negated=not negated)
    if isinstance(node, _Many) and node.is_and != negated:
        return [part for each in node.parts for part in _conjuncts(each, negated=negated)]
    if not negated:
        return [node]
    if isinstance(node, Given):
        return [_Not(node)]
    raise TooComplex


def _disjuncts(node: _Node) -> list[_Node]:
    if isinstance(node, _Many) and not node.is_and:
        return [part for each in node.parts for part in _disjuncts(each)]
    if isinstance(node, _Not) and isinstance(node.part, _Not):
        return _disjuncts(node.part.part)
    return [node]
