"""A sample at one pair of widths, in steps: whole Gram matrices, or engines for many rows."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from zoetrope.core.hsic.at_widths import AtWidths, Side, moments_steps, together
from zoetrope.core.hsic.lab_data import LabData

if TYPE_CHECKING:
    from zoetrope.core.hsic.gram_matrix import Block
    from zoetrope.core.hsic.kernels import Kernel
    from zoetrope.core.hsic.map_count import MapCount
    from zoetrope.core.hsic.pairing import PairOptions
    from zoetrope.core.hsic.results import TestResult

Widths = tuple[float | None, float | None]
NOCCO_UP_TO = 500
EXACT_UP_TO = 8
WHOLE_UP_TO = 1000  # rows up to which whole Gram matrices are kept, where there is another way
KEPT_BYTES = 40_000_000


class OneWidth:
    """What is computed at one pair of widths at a time."""

    def __init__(self, data: LabData, blocks: tuple[Block, Block], seed: int) -> None:
        self.data, self.blocks, self.seed = data, blocks, seed
        self._sides: dict[tuple[int, Any], Side] = {}
        self._many: tuple[Widths, MapCount] | None = None

    @property
    def many(self) -> bool:
        """Whether the rows are too many for whole matrices and the kernels can do without."""
        kernels = self.blocks[0].kernel, self.blocks[1].kernel
        return self.data.n > WHOLE_UP_TO and without_pairs(self.data, kernels)

    def at_steps(self, widths: Widths, given: tuple[Any, Any]) -> Iterator[AtWidths | None]:
        """HSIC, CKA and the instant p."""
        if self.many:
            yield from self._at_many(widths)
            return
        sides = []
        for index, width in enumerate(given):
            for side in self._side_steps(index, width):
                yield None
                if side is not None:
                    sides.append(side)
        found = together(sides[0], sides[1], widths)
        yield found
        # with other kernels ε = 1e-5 means little: the data's unit decides what it is small beside
        bounded = all(b.kernel.unit_diagonal and not b.constant for b in self.blocks)
        if self.data.n <= NOCCO_UP_TO and bounded:
            from zoetrope.core.hsic.estimators import nocco

            value = nocco(
                self.data.x, self.data.y, width_x=given[0], width_y=given[1],
                kernel_x=self.blocks[0].kernel, kernel_y=self.blocks[1].kernel,
                **self.blocks[0].where,
            )  # fmt: skip
            yield replace(found, nocco=value)

    def side(self, index: int, width: Any) -> Side | None:
        """A variable at a width, if it is at hand."""
        return self._sides.get((index, width))

    def _side_steps(self, index: int, width: Any) -> Iterator[Side | None]:
        from zoetrope.core.hsic.gram_matrix import off_diagonal
        from zoetrope.core.hsic.moments import LEAST_N

        key = (index, width)
        if key not in self._sides:
            rows = self.blocks[index].with_width(width)
            gram = off_diagonal(rows)
            yield None
            centred = gram.centred()
            yield None
            moments = None
            if self.data.n >= LEAST_N:
                moments = yield from moments_steps(rows, gram)
            most = max(2, KEPT_BYTES // (8 * self.data.n**2))
            while len(self._sides) >= most:
                del self._sides[next(iter(self._sides))]
            self._sides[key] = Side(rows, gram, centred, moments)
        yield self._sides[key]

    def null_steps(
        self, widths: Widths, options: PairOptions, count: int, block_length: int
    ) -> Iterator[TestResult | None]:
        """The permutation test; all arrangements for very few rows."""
        if not self.many:
            from zoetrope.core.hsic.permutation_sample import permutation_steps

            exact = self.data.n <= EXACT_UP_TO and block_length == 1
            yield from permutation_steps(
                self.data.x, self.data.y, n_perm="exact" if exact else count, seed=self.seed,
                block_length=block_length, **options,
            )  # fmt: skip
            return
        from zoetrope.core.hsic.many_rows import null_of_many

        yield from self._ready(widths)
        assert self._many is not None
        yield from null_of_many(self._many[1], widths, count, self.seed, block_length)

    def _at_many(self, widths: Widths) -> Iterator[AtWidths | None]:
        from zoetrope.core.hsic.many_rows import at_many

        yield from self._ready(widths)
        assert self._many is not None
        yield at_many(self._many[1], widths)

    def _ready(self, widths: Widths) -> Iterator[None]:
        """Prepare the engine for these widths, if it is not the one at hand."""
        if self._many is not None and self._many[0] == widths:
            return
        from zoetrope.core.hsic.many_rows import many_rows_steps

        for found in many_rows_steps(*self.blocks, widths):
            yield None
            if found is not None:
                self._many = (widths, found)

    @property
    def engine(self) -> tuple[str, float]:
        """How HSIC at the widths was computed, and what it may be off by."""
        if self._many is not None:
            from zoetrope.core.hsic.many_rows import error_bound

            return self._many[1].engine.name, error_bound(self._many[1])
        return "whole Gram matrices", math.nan


def without_pairs(data: LabData, kernels: tuple[Kernel, Kernel]) -> bool:
    """Whether engines for many rows take these kernels: none compares every pair of rows."""
    from zoetrope.core.hsic.choose_engine import OF_DISTANCE

    varies = all(np.ptp(values) > 0 for values in (data.x, data.y))
    known = all(k.name in OF_DISTANCE and k.columns == "joint" for k in kernels)
    return data.drawable and varies and known
