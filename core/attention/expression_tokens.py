"""The words and signs of a typed rule, each with its column."""

from __future__ import annotations

import re
from typing import NamedTuple

from zoetrope.core.attention.errors import ExpressionError

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d*|[eE]\d+)?|\.\d+)|(?P<name>[A-Za-z_][A-Za-z_0-9]*)"
    r"|(?P<symbol>\*\*|//|<<|>>|<=|>=|==|!=|->|:=|[-+*%^<>&|~(),/\[\].=]))",
    re.ASCII,
)


class Token(NamedTuple):
    """A "number", "name" or "symbol", or the "end", and its column from 1."""

    kind: str
    text: str
    column: int


def tokens(text: str) -> list[Token]:
    """Cut a rule into tokens, an "end" after the last. Raises ExpressionError."""
    found: list[Token] = []
    at = 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            at += len(text[at:]) - len(text[at:].lstrip())
            what = "a string" if text[at] in "\"'" else f"“{text[at]}”"
            raise ExpressionError(at + 1, f"{what} cannot stand in a rule.")
        kind = str(match.lastgroup)
        found.append(Token(kind, match[kind], match.start(kind) + 1))
        at = match.end()
    found.append(Token("end", "", len(text) + 1))
    return found
