"""The NumPy back end of rules: int64 arrays in, a bool array out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from zoetrope.core.attention.expression_tree import Node
from zoetrope.core.attention.random_hash import pair_hash
from zoetrope.core.attention.runs import Ints


def evaluate(node: Node, values: Mapping[str, Any], tables: Mapping[str, Ints]) -> Any:
    """Return the node's value; `values` holds q, k, d, h (arrays) and the parameters (ints).

    Parts of constants alone stay Python's numbers; // and % floor in both.
    """
    if node.op == "int":
        return node.value
    if node.op == "name":
        return values[node.name]
    if node.op in ("true", "false"):
        return node.op == "true"
    args = [evaluate(arg, values, tables) for arg in node.args]
    if node.op == "table":
        return tables[node.name][args[0]]
    return _OPERATIONS[node.op](*args)


def _power_of_two(a: Any) -> Any:
    return (a > 0) & ((a & (a - 1)) == 0)


def _where(condition: Any, first: Any, second: Any) -> Any:
    if isinstance(condition, bool):
        return first if condition else second
    return np.where(condition, first, second)


def _smaller(a: Any, b: Any) -> Any:
    return min(a, b) if isinstance(a, int) and isinstance(b, int) else np.minimum(a, b)


def _larger(a: Any, b: Any) -> Any:
    return max(a, b) if isinstance(a, int) and isinstance(b, int) else np.maximum(a, b)


_OPERATIONS: dict[str, Any] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "neg": lambda a: -a,
    "*": lambda a, b: a * b,
    "//": lambda a, b: a // b,
    "%": lambda a, b: a % b,
    "^": lambda a, b: a ^ b,
    "abs": abs,
    "min": _smaller,
    "max": _larger,
    "where": _where,
    "ispow2": _power_of_two,
    "rand": pair_hash,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "and": lambda a, b: a & b,
    "or": lambda a, b: a | b,
    "not": lambda a: (not a) if isinstance(a, bool) else ~a,
}
