"""What the attention lab knows of one pattern: worked out once, in steps, page by page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from zoetrope.core.attention.blocks import MOST_BLOCKS
from zoetrope.core.attention.cost_model import BlockCost, block_cost_steps
from zoetrope.core.attention.lab_build import build, rival
from zoetrope.core.attention.lab_parameters import AttentionParameters
from zoetrope.core.attention.lab_row import RowSeen, row_steps
from zoetrope.core.attention.lab_schedule import Layer, layers_of
from zoetrope.core.attention.patterns import Pattern
from zoetrope.core.attention.runs import Floats
from zoetrope.core.attention.schedule import layers
from zoetrope.core.long_work import Job, Jobs

MOST_SUMMED = 1 << 21  # tokens whose rows are added up: a step must stay short
MOST_RUNS = 1 << 23  # runs, for sums and exact tiles: seconds
MOST_SCANNED = 1 << 24  # eighths of cells, where every row takes a pass over all keys
MOST_BLOCKS_COUNTED = MOST_BLOCKS // 2  # a side, where only distances matter
MOST_BLOCKS_BY_ROWS = 2048  # a side, for others
ESTIMATE_PIXELS = 256


@dataclass(frozen=True, eq=False)
class Count:
    """How many pairs a pattern allows; about as many where `exact` is false.

    `rows`: the keys of every query, float64 [n], where they were counted one by one.
    """

    nnz: int
    exact: bool = True
    rows: Floats | None = None

    @cached_property
    def dead(self) -> int:
        """Queries without any key, 0 where rows were not counted."""
        return 0 if self.rows is None else int(np.sum(self.rows < 0.5))


class Study:
    """A pattern and what was found out about it."""

    def __init__(self, parameters: AttentionParameters) -> None:
        self.pattern, self.said = build(parameters)
        self.n = self.pattern.n
        self.jobs = Jobs()
        self._parameters = parameters

    @cached_property
    def layers(self) -> list[Layer]:
        """The heads of the layers that are cycled through, from the input on."""
        return layers_of(self._parameters, self.pattern)

    @cached_property
    def schedule(self) -> list[Pattern]:
        """What each of these layers sees as a whole."""
        return layers([layer.heads for layer in self.layers])

    @cached_property
    def affordable(self) -> bool:
        """Whether all rows can be gone through."""
        structure = self.pattern.structure
        most = MOST_SCANNED if structure.scanned else MOST_RUNS
        return self.n <= MOST_SUMMED and structure.work <= most

    @cached_property
    def countable(self) -> bool:
        """Whether the pairs can be counted: row by row, or at once where only distances matter."""
        return self.affordable or (
            self.pattern.structure.distances is not None and self.n <= MOST_SUMMED
        )

    @cached_property
    def compared(self) -> tuple[Pattern, Pattern, Pattern]:
        """The pairs of this pattern and of its rival: in both, only here, only there."""
        here, there = self.pattern, rival(self._parameters, self.n)
        assert there is not None
        return here & there, here & ~there, there & ~here

    def count(self) -> Job[Count]:
        """The number of pairs: at once where a formula is known, else row by row."""
        return self.jobs.get("count", None, self._count)

    def _count(self) -> Iterator[Count | None]:
        pattern = self.pattern
        if pattern.count is not None:
            yield Count(pattern.count)
        elif not self.countable:
            n, side = self.n, min(ESTIMATE_PIXELS, self.n)
            tile = pattern.tile(0, n, 0, n, side, side, exact=False)
            yield Count(round(float(tile.density.mean()) * n * n), exact=False)
        if self.countable:
            for rows in pattern.row_count_steps():
                yield None if rows is None else Count(round(float(rows.sum())), True, rows)

    def counted(self) -> Pattern | None:
        """The pattern with its exact count, when that is known."""
        found = self.count().result
        return replace(self.pattern, count=found.nnz) if found and found.exact else None

    def countable_blocks(self, size: int) -> bool:
        """Whether blocks of this size can be counted in seconds."""
        blocks = -(-self.n // size)
        if self.pattern.structure.distances is not None:
            return size <= self.n and blocks <= MOST_BLOCKS_COUNTED
        return size <= self.n and blocks <= MOST_BLOCKS_BY_ROWS and self.affordable

    def blocks(self, size: int) -> Job[BlockCost]:
        """What blocks of a size cost; nothing where it cannot be said."""

        def steps() -> Iterator[BlockCost | None]:
            pattern = self.counted()
            if pattern is not None and self.countable_blocks(size):
                yield from block_cost_steps(pattern, size)

        return self.jobs.get(f"blocks {size}", None, steps)

    def row(self, query: int) -> Job[RowSeen]:
        """The keys of a query."""
        q = min(query, self.n - 1)
        return self.jobs.get("row", q, lambda: row_steps(self.pattern, q))
