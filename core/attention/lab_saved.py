"""Saved patterns and their combinations: A | B, A & ~B, A.T."""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from zoetrope.core.attention.errors import PatternError
from zoetrope.core.attention.lab_choices import CONTROLS, SAVED
from zoetrope.core.attention.lab_parameters import AttentionParameters
from zoetrope.core.attention.patterns import Pattern
from zoetrope.core.lab import Action
from zoetrope.core.parameters import ParameterError

KEPT = frozenset(
    {"pattern", "written_as"} | {c for controls in CONTROLS.values() for c in controls.values()}
) - {"formula"}
PLAIN = (
    ast.Name, ast.Load, ast.BinOp, ast.BitAnd, ast.BitOr, ast.UnaryOp, ast.Invert,
)  # fmt: skip
HOW = "Write saved patterns with | & ~ and .T, such as A & ~B."


def read_saved(parameters: AttentionParameters) -> dict[str, AttentionParameters]:
    """Return the saved patterns, by letter, at the present number of tokens."""
    return {
        letter: _made(json.dumps(values, sort_keys=True), parameters.n)
        for letter, values in _stored(parameters.saved).items()
    }


@lru_cache(maxsize=32)
def _made(values: str, n: int) -> AttentionParameters:
    try:
        return AttentionParameters.make({**json.loads(values), "n": n})
    except ParameterError as error:
        raise ParameterError("saved", f"A saved pattern cannot be read: {error}") from None


def _stored(text: str) -> dict[str, dict[str, Any]]:
    if not text.strip():
        return {}
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    good = isinstance(found, dict) and all(
        letter in SAVED and isinstance(values, dict) and set(values) <= KEPT
        and values.get("pattern") != "composed"
        for letter, values in found.items()
    )  # fmt: skip
    if not good:
        raise ParameterError("saved", "The saved patterns cannot be read; empty the field.")
    return dict(found)


def saved_with(parameters: AttentionParameters) -> tuple[str, str] | None:
    """Return the next free letter, and the text with this pattern saved under it."""
    stored = _stored(parameters.saved)
    free = [letter for letter in SAVED if letter not in stored]
    if not free or parameters.pattern == "composed":
        return None
    used = {"written_as", *CONTROLS[parameters.pattern].values()}
    declared, usual = parameters.declarations(), AttentionParameters()
    kept = {
        name: declared[name].plain(getattr(parameters, name))
        for name in sorted(used & KEPT)
        if getattr(parameters, name) != getattr(usual, name)
    } | {"pattern": parameters.pattern}
    text = json.dumps({**stored, free[0]: kept}, separators=(",", ":"))
    return (free[0], text) if len(text) <= 20_000 else None


def save(parameters: AttentionParameters) -> Action:
    """Return the keeping of this pattern under the next free letter."""
    kept = saved_with(parameters)
    if kept is None:
        return Action("save", "Save", "Eight patterns are saved, or this is a combination itself: "
                      "empty “Saved patterns” or choose another.", enabled=False)  # fmt: skip
    letter, text = kept
    return Action("save", f"Save as {letter}", "Keep this pattern, to compare with and to combine.",
                  change={"saved": text})  # fmt: skip


def letters(formula: str) -> list[str]:
    """Return the saved patterns that a formula names. ParameterError where it is none."""
    return sorted({node.id for node in ast.walk(_parsed(formula)) if isinstance(node, ast.Name)})


def combined(formula: str, parts: Mapping[str, Pattern]) -> Pattern:
    """Return the combination of saved patterns that a formula says."""
    tree = _parsed(formula)
    missing = [letter for letter in letters(formula) if letter not in parts]
    if missing:
        known = ", ".join(parts) or "none"
        raise ParameterError(
            "formula", f"Nothing is saved as {missing[0][:20]}; saved are: {known}. {HOW}"
        )
    try:
        return _evaluated(tree, parts)
    except PatternError as error:
        raise ParameterError("formula", error.message) from None


def _parsed(formula: str) -> ast.expr:
    """Read a formula; nothing of it is ever run by Python."""
    try:
        tree = ast.parse(formula.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ParameterError("formula", f"This is no combination. {HOW}") from None
    for node in ast.walk(tree):
        transposed = isinstance(node, ast.Attribute) and node.attr == "T"
        if not (isinstance(node, PLAIN) or transposed):
            raise ParameterError("formula", f"A combination knows no {_called(node)}. {HOW}")
    return tree


def _called(node: ast.AST) -> str:
    return {"Constant": "numbers", "Call": "functions", "Compare": "comparisons"}.get(
        type(node).__name__, "such sign"
    )


def _evaluated(node: ast.AST, parts: Mapping[str, Pattern]) -> Pattern:
    if isinstance(node, ast.Name):
        return parts[node.id]
    if isinstance(node, ast.Attribute):
        return _evaluated(node.value, parts).T
    if isinstance(node, ast.UnaryOp):
        return ~_evaluated(node.operand, parts)
    assert isinstance(node, ast.BinOp)
    left, right = _evaluated(node.left, parts), _evaluated(node.right, parts)
    return left & right if isinstance(node.op, ast.BitAnd) else left | right
