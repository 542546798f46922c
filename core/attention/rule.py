"""A rule with its numbers: the predicate of every pattern, typed or from the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from zoetrope.core.attention import expression_interval, expression_numpy
from zoetrope.core.attention.expression_interval import Interval
from zoetrope.core.attention.expression_parser import parse
from zoetrope.core.attention.expression_tree import Node, mirrored, names, positions, renamed
from zoetrope.core.attention.runs import Bools, Ints

MOST_HEADS = 1 << 16


@dataclass(frozen=True, eq=False)
class Rule:
    """A condition on q, k, d = q - k and the head h, over n tokens.

    `numbers` are its named whole numbers, `tables` int64 arrays it looks things up in, `head` the
    head it is asked about.
    """

    node: Node
    n: int
    numbers: Mapping[str, int] = field(default_factory=dict)
    tables: Mapping[str, Ints] = field(default_factory=dict)
    head: int = 0

    @property
    def uses_head(self) -> bool:
        """Whether heads differ."""
        return "h" in positions(self.node)

    def mask(self, q: Any, k: Any) -> Bools:
        """Return whether q may attend to k, for broadcasting int64 arrays within 0 ... n-1."""
        q, k = np.asarray(q, dtype=np.int64), np.asarray(k, dtype=np.int64)
        values = {**self.numbers, "n": self.n, "h": self.head, "q": q, "k": k}
        if "d" in positions(self.node):
            values["d"] = q - k
        found = expression_numpy.evaluate(self.node, values, self.tables)
        return np.broadcast_to(found, np.broadcast_shapes(q.shape, k.shape))

    def bounds(self, q: Interval, k: Interval) -> Interval:
        """Return bounds within 0 ... 1 over boxes of queries and keys, int64 arrays."""
        found = expression_interval.evaluate(self.node, self._boxes(q, k), self.tables)
        shape = np.shape(q.low)
        return Interval(np.broadcast_to(found.low, shape), np.broadcast_to(found.high, shape))

    def check(self) -> None:
        """Refuse a rule that could divide by 0 or pass 2**62 at this n: ExpressionError."""
        every = Interval(0, self.n - 1)
        boxes = self._boxes(every, every)
        boxes["h"] = Interval(0, MOST_HEADS)
        expression_interval.evaluate(self.node, boxes, self.tables, check=True)

    def _boxes(self, q: Interval, k: Interval) -> dict[str, Interval]:
        constants = {**self.numbers, "n": self.n, "h": self.head}
        boxes = {name: Interval(value, value) for name, value in constants.items()}
        boxes |= {"q": q, "k": k, "d": Interval(q.low - k.high, q.high - k.low)}
        return boxes

    def transposed(self) -> Rule:
        """Return the rule of the mirrored mask."""
        return Rule(mirrored(self.node), self.n, self.numbers, self.tables, self.head)

    def joined(self, op: str, other: Rule) -> Rule:
        """Return "and" or "or" of two rules; names that mean different things get a number."""
        mine = {*self.numbers, *self.tables}
        new_names: dict[str, str] = {}
        for name in (*other.numbers, *other.tables):
            same = name in other.numbers and self.numbers.get(name) == other.numbers[name]
            if name in mine and not same:
                number = 2
                while f"{name}_{number}" in {*mine, *other.numbers, *other.tables}:
                    number += 1
                new_names[name] = f"{name}_{number}"
                mine.add(new_names[name])
        numbers = {new_names.get(name, name): value for name, value in other.numbers.items()}
        tables = {new_names.get(name, name): value for name, value in other.tables.items()}
        node = Node(op, (self.node, renamed(other.node, new_names)))
        return Rule(node, self.n, {**self.numbers, **numbers}, {**self.tables, **tables}, self.head)

    def negated(self) -> Rule:
        """Return the rule of the pairs outside."""
        return Rule(Node("not", (self.node,)), self.n, self.numbers, self.tables, self.head)


def built(
    text: str, n: int, numbers: Mapping[str, int], tables: Mapping[str, Ints] | None = None
) -> Rule:
    """Return a rule of the catalogue, keeping the numbers it mentions."""
    tables = tables or {}
    node = parse(text, numbers, tables, limited=False)
    used = names(node)
    return Rule(node, n, {name: numbers[name] for name in used}, tables)
