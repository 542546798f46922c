"""Several patterns at once: heads of a layer, and layers of a model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zoetrope.core.attention import flex_module
from zoetrope.core.attention.blocks import Layout
from zoetrope.core.attention.errors import PatternError
from zoetrope.core.attention.expression_tree import Node, whole
from zoetrope.core.attention.patterns import Pattern
from zoetrope.core.attention.rule import Rule


@dataclass(frozen=True)
class Heads:
    """The patterns of one layer's heads, all of one n."""

    patterns: tuple[Pattern, ...]

    def __post_init__(self) -> None:
        """Check that there are heads, and of one n."""
        if not self.patterns or len({pattern.n for pattern in self.patterns}) > 1:
            raise PatternError("heads", "A layer needs one or more patterns of one n.")

    def nnz(self) -> int:
        """Return the allowed pairs of all heads together."""
        return sum(pattern.nnz() for pattern in self.patterns)

    def merged(self) -> Pattern:
        """Return what the layer as a whole can see: the union of its heads."""
        found = self.patterns[0]
        for pattern in self.patterns[1:]:
            found = found | pattern
        return found

    def to_flex(self, name: str = "mask_mod", score: str = "") -> str:
        """Return a Python file for FlexAttention whose mask_mod gives each head its own pattern."""
        rule: Rule | None = None
        for head, pattern in enumerate(self.patterns):
            chosen = Node("==", (Node("name", name="h"), whole(head)))
            one = Rule(Node("and", (chosen, pattern.rule.node)), pattern.n,
                       pattern.rule.numbers, pattern.rule.tables)  # fmt: skip
            rule = one if rule is None else rule.joined("or", one)
        assert rule is not None
        title = "; ".join(f"head {i}: {p.title}" for i, p in enumerate(self.patterns))
        return flex_module.module(rule, title, None, name, score)

    def block_layout(self, size: int) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
        """Return which blocks each head computes, int64 [heads, m, m], as DeepSpeed and xFormers.

        1 where any pair of the block is allowed.
        """
        found: list[Layout] = [pattern.block_layout(size) for pattern in self.patterns]
        return (np.stack(found) > 0).astype(np.int64)


def layers(schedule: Sequence[Heads | Pattern]) -> list[Pattern]:
    """Return one pattern per layer, for reach, depth and influence."""
    return [one.merged() if isinstance(one, Heads) else one for one in schedule]
