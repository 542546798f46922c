"""The normal form of a typed rule, where it has one.

Parts that know only q - k become distances, parts that know only q or only k become rows and
columns, and comparisons of a number of q with a monotone number of k become one interval a row.
What is left joins them by the structures' own algebra. Where that fails the rule stays as it is,
and its rows are scanned.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from zoetrope.core.attention import expression_numpy
from zoetrope.core.attention.expression_tree import (
    COMPARISONS,
    Node,
    bound,
    positions,
    rebuilt,
    whole,
)
from zoetrope.core.attention.progressions import Distances
from zoetrope.core.attention.rule import Rule
from zoetrope.core.attention.runs import Bools, Columns, Ints, Runs, Term, one_per_row
from zoetrope.core.attention.structure import (
    Structure,
    complement,
    everything,
    from_distances,
    intersection,
    scanned,
    union,
)

_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


def structure_of(rule: Rule) -> Structure:
    """Return the normal form of a rule; rows are scanned where none is found."""
    numbers = {**rule.numbers, "n": rule.n, "h": rule.head}
    found = _of(replace(rule, node=_in_distances(bound(rule.node, numbers))))
    if found is not None:
        return found
    return scanned(rule, 1)


def _in_distances(node: Node) -> Node:
    """Write q - k as d wherever a number, or a comparison, depends on nothing else."""

    def change(one: Node) -> Node | None:
        if one.op in ("==", "!=") and _same_divisor(*one.args):
            # a % m == b % m means (a - b) % m == 0
            first, second = one.args
            apart = Node("-", (first.args[0], second.args[0]))
            return _in_distances(
                Node(one.op, (Node("%", (apart, first.args[1])), whole(0)), column=one.column)
            )
        if one.op in COMPARISONS:
            left, right = _affine(one.args[0]), _affine(one.args[1])
            if left is None or right is None:
                return None
            by_q, by_k, constant = (a - b for a, b in zip(left, right, strict=True))
            if by_q == -by_k and (left[0] != -left[1] or right[0] != -right[1]):
                return Node(one.op, (_times_d(by_q, constant), whole(0)), column=one.column)
            return None
        if one.is_condition:
            return None
        affine = _affine(one)
        if affine is None or affine[0] != -affine[1] or affine[0] == 0:
            return None
        return _times_d(affine[0], affine[2])

    return rebuilt(node, change)


def _same_divisor(first: Node, second: Node) -> bool:
    if first.op != "%" or second.op != "%":
        return False
    divisors = first.args[1], second.args[1]
    return divisors[0].op == divisors[1].op == "int" and divisors[0].value == divisors[1].value


def _times_d(factor: int, constant: int) -> Node:
    d = Node("name", name="d")
    return Node("+", (Node("*", (whole(factor), d)), whole(constant)))


def _affine(node: Node) -> tuple[int, int, int] | None:
    """Return (a, b, c) if the node is a q + b k + c."""
    if node.op == "int":
        return 0, 0, node.value
    if node.op == "name":
        return {"q": (1, 0, 0), "k": (0, 1, 0), "d": (1, -1, 0)}.get(node.name)
    if node.op not in ("+", "-", "neg", "*"):
        return None
    first = _affine(node.args[0])
    second = (0, 0, 0) if node.op == "neg" else _affine(node.args[1])
    if first is None or second is None:
        return None
    if node.op == "*":
        if first[:2] != (0, 0):
            first, second = second, first
        if first[:2] != (0, 0):
            return None
        return first[2] * second[0], first[2] * second[1], first[2] * second[2]
    if node.op == "neg":
        first, second = second, first
    sign = 1 if node.op == "+" else -1
    return first[0] + sign * second[0], first[1] + sign * second[1], first[2] + sign * second[2]


def _of(rule: Rule) -> Structure | None:
    """Return the structure of a rule whose numbers are written out."""
    node, n = rule.node, rule.n
    known = positions(node)
    tokens = np.arange(n)
    if not known:
        every = everything(n)
        return every if rule.mask(0, 0) else complement(every)
    if known == {"d"}:
        # d from -(n-1) to n-1: the first row backwards, then the first column
        def allowed() -> Bools:
            below = rule.mask(np.zeros(1, dtype=np.int64), tokens[:0:-1])
            return np.concatenate((below, rule.mask(tokens, np.zeros(1, dtype=np.int64))))

        return from_distances(Distances(n, allowed=allowed))
    if known == {"q"}:
        return _rows_where(rule)
    if known == {"k"}:
        columns = Columns(lambda: rule.mask(np.zeros(1, dtype=np.int64), tokens))
        return Structure(n, (one_per_row(lambda rows: (0, n), columns=columns),), granule=n)
    if node.op == "not":
        inner = _of(replace(rule, node=node.args[0]))
        return None if inner is None else complement(inner)
    if node.op in ("and", "or"):
        return _joined(rule)
    simpler = _split(node)
    if simpler is not None:
        return _of(replace(rule, node=simpler))
    if node.op in COMPARISONS and known == {"q", "k"}:
        return _compared(rule)
    return None


def _split(node: Node) -> Node | None:
    """Write a choice, or a comparison of abs, min or max, as "and" and "or" of simpler ones."""
    if node.op == "where":
        condition, first, second = node.args
        other = Node("and", (Node("not", (condition,)), second))
        return Node("or", (Node("and", (condition, first)), other))
    if node.op not in ("<", "<=", ">", ">="):
        return None
    op, (left, right) = node.op, node.args
    if right.op in ("abs", "min", "max") and left.op not in ("abs", "min", "max"):
        op, left, right = _FLIPPED[op], right, left
    both = op in ("<", "<=")
    if left.op == "abs":
        above = Node(op, (left.args[0], right))
        below = Node(_FLIPPED[op], (left.args[0], Node("neg", (right,))))
        return Node("and" if both else "or", (above, below))
    if left.op in ("min", "max"):
        parts = Node(op, (left.args[0], right)), Node(op, (left.args[1], right))
        return Node("and" if both == (left.op == "max") else "or", parts)
    return None


def _rows_where(rule: Rule) -> Structure:
    """Return the rows, whole, whose q the rule holds for."""

    def runs(rows: Ints) -> Runs:
        row = np.flatnonzero(rule.mask(rows, np.zeros(1, dtype=np.int64)))
        return Runs(row, np.zeros_like(row), np.full_like(row, rule.n))

    return Structure(rule.n, (Term(runs),))


def _joined(rule: Rule) -> Structure | None:
    """Join the parts of an "and" or "or", those that know the same positions first."""
    op = rule.node.op
    groups: dict[frozenset[str], list[Node]] = {}
    for part in _parts(rule.node, op):
        groups.setdefault(positions(part), []).append(part)
    found: Structure | None = None
    for known, parts in groups.items():
        pure = len(known) <= 1
        for node in [_chain(op, parts)] if pure else parts:
            one = _of(replace(rule, node=node))
            if one is None:
                return None
            join = intersection if op == "and" else union
            found = one if found is None else join(found, one)
            if found is None:
                return None
    return found


def _parts(node: Node, op: str) -> Iterator[Node]:
    if node.op != op:
        yield node
        return
    for arg in node.args:
        yield from _parts(arg, op)


def _chain(op: str, parts: list[Node]) -> Node:
    found = parts[0]
    for part in parts[1:]:
        found = Node(op, (found, part))
    return found


def _compared(rule: Rule) -> Structure | None:
    """Return the rows of f(q) ? g(k), g monotone: one interval a row (two for !=)."""
    op = rule.node.op
    sides: dict[str, Node | None] = {"q": None, "k": None}
    for sign, side in zip((1, -1), rule.node.args, strict=True):
        for part_sign, part in _summands(side, sign):
            known = positions(part)
            if len(known) > 1:
                return None
            name = "k" if known == {"k"} else "q"
            signed = part if part_sign > 0 else Node("neg", (part,))
            so_far = sides[name]
            sides[name] = signed if so_far is None else Node("+", (so_far, signed))
    if sides["q"] is None or sides["k"] is None:
        return None
    of_q, of_k = replace(rule, node=sides["q"]), replace(rule, node=Node("neg", (sides["k"],)))
    if op == "!=":
        equal = _of(replace(rule, node=replace(rule.node, op="==")))
        return None if equal is None else complement(equal)
    g = _numbers(of_k, "k", np.arange(rule.n))
    sign = 1 if np.all(g[1:] >= g[:-1]) else -1
    if sign < 0:
        g, op = -g, _FLIPPED[op]
        if not np.all(g[1:] >= g[:-1]):
            return None

    def bounds(rows: Ints) -> tuple[Ints | int, Ints | int]:
        f = sign * _numbers(of_q, "q", rows)
        low = np.searchsorted(g, f, "left") if op in ("<=", ">", "==") else 0
        high = np.searchsorted(g, f, "right") if op in ("<", ">=", "==") else 0
        ends = {"<": (high, rule.n), "<=": (low, rule.n), ">": (0, low), ">=": (0, high)}
        return ends.get(op, (low, high))

    return Structure(rule.n, (one_per_row(bounds),))


def _summands(node: Node, sign: int) -> Iterator[tuple[int, Node]]:
    if node.op in ("+", "-"):
        yield from _summands(node.args[0], sign)
        yield from _summands(node.args[1], sign if node.op == "+" else -sign)
    elif node.op == "neg":
        yield from _summands(node.args[0], -sign)
    else:
        yield sign, node


def _numbers(rule: Rule, name: str, at: Ints) -> Ints:
    """Return the numbers that a part of a rule takes where q, or k, is at these tokens."""
    found = expression_numpy.evaluate(rule.node, {name: at}, rule.tables)
    return np.broadcast_to(found, at.shape).astype(np.int64)
