"""Interval arithmetic: what a rule can be over a box of queries and keys.

The same code runs on Python's own whole numbers (to prove, before anything is computed, that no
divisor can be 0 and nothing leaves 62 bits) and on int64 arrays of boxes (to prove pixels full or
empty). A condition is an interval within 0 ... 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from zoetrope.core.attention.errors import ExpressionError
from zoetrope.core.attention.expression_tree import RANDOM_BITS, Node

LIMIT = 1 << 62


class Interval(NamedTuple):
    """The numbers low ... high: Python ints, or int64 arrays of one shape."""

    low: Any
    high: Any


def evaluate(
    node: Node, boxes: Mapping[str, Interval], tables: Mapping[str, Any], check: bool = False
) -> Interval:
    """Return bounds of the node's values over boxes of q, k, d, h and the parameters.

    With `check` (Python ints only) a divisor that may be 0 or a number that may pass 2**62 raises
    ExpressionError.
    """
    if node.op == "int":
        return Interval(node.value, node.value)
    if node.op == "name":
        return boxes[node.name]
    if node.op in ("true", "false"):
        return Interval(int(node.op == "true"), int(node.op == "true"))
    if node.op == "table":
        evaluate(node.args[0], boxes, tables, check)
        values = tables[node.name]
        return Interval(int(values.min()), int(values.max()))
    args = [evaluate(arg, boxes, tables, check) for arg in node.args]
    if check and node.op in ("//", "%") and args[1].low <= 0 <= args[1].high:
        raise ExpressionError(node.column, f"the divisor of {node.op} can be 0 here.")
    found: Interval = _OPERATIONS[node.op](*args)
    if check and not -LIMIT <= found.low <= found.high <= LIMIT:
        raise ExpressionError(node.column, "numbers can pass 2^62 here, and would wrap around.")
    return found


def _least(*values: Any) -> Any:
    if all(isinstance(value, int) for value in values):
        return min(values)
    found = values[0]
    for value in values[1:]:
        found = np.minimum(found, value)
    return found


def _most(*values: Any) -> Any:
    return -_least(*(-value for value in values))


def _choose(condition: Any, first: Any, second: Any) -> Any:
    if isinstance(condition, (bool, np.bool_)):
        return first if condition else second
    return np.where(condition, first, second)


def _true_if(condition: Any) -> Any:
    return int(condition) if isinstance(condition, (bool, np.bool_)) else condition.astype(np.int64)


def _corners(first: Interval, second: Interval, operation: Any) -> Interval:
    values = [operation(a, b) for a in first for b in second]
    return Interval(_least(*values), _most(*values))


def _times(a: Interval, b: Interval) -> Interval:
    return _corners(a, b, lambda x, y: x * y)


def _divided(a: Interval, b: Interval) -> Interval:
    return _corners(a, b, lambda x, y: x // y)


def _modulo(a: Interval, b: Interval) -> Interval:
    # within one turn of a constant divisor the remainder only grows
    turn = (b.low == b.high) & (a.low // b.low == a.high // b.low)
    low = _choose(turn, a.low % b.low, _least(b.low + 1, 0))
    high = _choose(turn, a.high % b.low, _most(b.high - 1, 0))
    return Interval(low, high)


def _filled(value: Any) -> Any:
    """Return value with every bit below its highest set."""
    for shift in (1, 2, 4, 8, 16, 32):
        value = value | value >> shift
    return value


def _xor(a: Interval, b: Interval) -> Interval:
    point = (a.low == a.high) & (b.low == b.high)
    signed = (a.low < 0) | (b.low < 0)
    most = _filled(_most(a.high, b.high, -1 - a.low, -1 - b.low, 0))
    exact = a.low ^ b.low
    return Interval(
        _choose(point, exact, _choose(signed, -1 - most, 0)), _choose(point, exact, most)
    )


def _absolute(a: Interval) -> Interval:
    return Interval(_most(a.low, -a.high, 0), _most(a.high, -a.low))


def _power_of_two(a: Interval) -> Interval:
    filled = _filled(_most(a.high, 0))
    top = filled - (filled >> 1)  # the largest power of two up to a.high
    some = (a.high >= 1) & (top >= a.low)
    return Interval(_true_if(some & (a.low == a.high)), _true_if(some))


def _where(c: Interval, a: Interval, b: Interval) -> Interval:
    low = _choose(c.low == 1, a.low, _choose(c.high == 0, b.low, _least(a.low, b.low)))
    high = _choose(c.low == 1, a.high, _choose(c.high == 0, b.high, _most(a.high, b.high)))
    return Interval(low, high)


def _less(a: Interval, b: Interval) -> Interval:
    return Interval(_true_if(a.high < b.low), _true_if(a.low < b.high))


def _at_most(a: Interval, b: Interval) -> Interval:
    return Interval(_true_if(a.high <= b.low), _true_if(a.low <= b.high))


def _equal(a: Interval, b: Interval) -> Interval:
    same = (a.low == a.high) & (b.low == b.high) & (a.low == b.low)
    return Interval(_true_if(same), _true_if((a.low <= b.high) & (b.low <= a.high)))


def _not(a: Interval) -> Interval:
    return Interval(1 - a.high, 1 - a.low)


_OPERATIONS: dict[str, Any] = {
    "+": lambda a, b: Interval(a.low + b.low, a.high + b.high),
    "-": lambda a, b: Interval(a.low - b.high, a.high - b.low),
    "neg": lambda a: Interval(-a.high, -a.low),
    "*": _times,
    "//": _divided,
    "%": _modulo,
    "^": _xor,
    "abs": _absolute,
    "min": lambda a, b: Interval(_least(a.low, b.low), _least(a.high, b.high)),
    "max": lambda a, b: Interval(_most(a.low, b.low), _most(a.high, b.high)),
    "where": _where,
    "ispow2": _power_of_two,
    "rand": lambda a, b, seed: Interval(0, (1 << RANDOM_BITS) - 1),
    "<": _less,
    ">": lambda a, b: _less(b, a),
    "<=": _at_most,
    ">=": lambda a, b: _at_most(b, a),
    "==": _equal,
    "!=": lambda a, b: _not(_equal(a, b)),
    "and": lambda a, b: Interval(_least(a.low, b.low), _least(a.high, b.high)),
    "or": lambda a, b: Interval(_most(a.low, b.low), _most(a.high, b.high)),
    "not": _not,
}
