"""Other orders of the same tokens: residue by residue, tile by tile, along the Morton curve.

A block-sparse kernel pays for whole blocks, so the order of tokens decides how much is wasted; the
mask of a reordered sequence is the same pattern seen through a permutation.
"""

from __future__ import annotations

import numpy as np

from zoetrope.core.attention.entries import whole
from zoetrope.core.attention.errors import PatternError
from zoetrope.core.attention.expression_tree import Node, rebuilt
from zoetrope.core.attention.patterns import Pattern
from zoetrope.core.attention.rule import Rule
from zoetrope.core.attention.runs import Ints
from zoetrope.core.attention.structure import scanned

ORDERS = ("residue", "tile", "morton")


def order_of(n: int, order: str, size: int) -> Ints:
    """Return which token stands at each place, int64 [n].

    "residue": by token mod size, then token. "tile": a grid of width `size` in 8 x 8 tiles.
    "morton": a grid of width `size` along the Z-curve.
    """
    size = whole(size, "size", 1, n)
    tokens = np.arange(n)
    if order == "residue":
        return np.lexsort((tokens, tokens % size))
    y, x = tokens // size, tokens % size
    if order == "tile":
        return np.lexsort((x, y, x // 8, y // 8))
    if order == "morton":
        code = np.zeros(n, dtype=np.int64)
        for bit in range(24):
            code |= (x >> bit & 1) << (2 * bit) | (y >> bit & 1) << (2 * bit + 1)
        return np.argsort(code, kind="stable")
    raise PatternError("order", f"The orders are {', '.join(ORDERS)}, not {order!r}.")


def reordered(pattern: Pattern, order: str, size: int) -> Pattern:
    """Return the pattern with queries and keys in another order. Its rows are scanned."""
    name = "token_at"
    while name in pattern.rule.tables or name in pattern.rule.numbers:
        name += "_"

    def place(one: Node) -> Node | None:
        if one.op != "name" or one.name not in ("q", "k", "d"):
            return None
        q = Node("table", (Node("name", name="q"),), name=name)
        k = Node("table", (Node("name", name="k"),), name=name)
        return {"q": q, "k": k, "d": Node("-", (q, k))}[one.name]

    old = pattern.rule
    tables = {**old.tables, name: order_of(pattern.n, order, size)}
    rule = Rule(rebuilt(old.node, place), pattern.n, old.numbers, tables, old.head)
    spec = {"kind": "reordered", "order": order, "size": size, "of": pattern.spec}
    return Pattern(pattern.n, rule, scanned(rule, 1), spec, pattern.count, pattern.symmetric)
