"""One sample under the lab's eyes: what is known at the widths that are set, and the map."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from zoetrope.core.hsic.at_widths import AtWidths, Side, moments_steps, together
from zoetrope.core.hsic.lab_data import LabData
from zoetrope.core.hsic.lab_jobs import FINISHED, Job, Jobs
from zoetrope.core.hsic.lab_parameters import HsicParameters
from zoetrope.core.hsic.map_cells import WIDEST, map_cells

if TYPE_CHECKING:
    from zoetrope.core.hsic.dragging import DraggedSample
    from zoetrope.core.hsic.results import TestResult, WidthGrid

COARSE = 6
NOCCO_UP_TO = 500
EXACT_UP_TO = 8


class Study:
    """A sample, its kernels, and the jobs that find out about it."""

    def __init__(self, data: LabData, parameters: HsicParameters) -> None:
        from zoetrope.core.hsic.gram_matrix import block

        self.data = data
        self.kernels = (parameters.kernel_x, parameters.kernel_y)
        self.seed = parameters.seed
        self.jobs = Jobs()
        self.before: WidthGrid | None = None  # the map of the points as they stood before
        self._dragged: tuple[tuple[float, float], DraggedSample] | None = None
        self._sides: dict[tuple[int, float], Side] = {}
        blocks = []
        self.notes: list[tuple[str, str]] = []  # sentence, parameter
        for axis, values, kernel in zip("xy", (data.x, data.y), self.kernels, strict=True):
            made = block(values, parameters.width_rule, kernel, axis)
            blocks.append(made)
            self.notes += [(f"{axis}: {note}", f"width_{axis}") for note in made.notes]
        self.blocks = (blocks[0], blocks[1])
        self.units = tuple(b.width if isinstance(b.width, float) else math.nan for b in blocks)
        self.key = (data.key, self.kernels, parameters.width_rule)

    @property
    def n(self) -> int:
        """The number of pairs."""
        return self.data.n

    @property
    def few(self) -> bool:
        """Whether the null of a variable is too discrete for a smooth curve."""
        return any(len(np.unique(v, axis=0)) < 6 for v in (self.data.x, self.data.y))

    def widths(self, factors: tuple[float, float]) -> tuple[float | None, float | None]:
        """The widths in units of the data."""
        return tuple(
            None if math.isnan(unit) else unit * factor
            for unit, factor in zip(self.units, factors, strict=True)
        )  # type: ignore[return-value]

    # -- at one pair of widths ---------------------------------------------------------------------

    def at(self, factors: tuple[float, float]) -> Job[AtWidths]:
        """HSIC and the instant p at widths in multiples of the rule's."""
        return self.jobs.get("at", factors, lambda: self._at_steps(factors))

    def _at_steps(self, factors: tuple[float, float]) -> Iterator[AtWidths | None]:
        from zoetrope.core.hsic.estimators import nocco

        sides = []
        for index, factor in enumerate(factors):
            for side in self._side_steps(index, factor):
                yield None
                if side is not None:
                    sides.append(side)
        found = together(sides[0], sides[1], self.widths(factors))
        yield found
        if self.n <= NOCCO_UP_TO and not any(b.constant for b in self.blocks):
            x, y = self.widths(factors)
            value = nocco(
                self.data.x, self.data.y, width_x=x, width_y=y,
                kernel_x=self.kernels[0], kernel_y=self.kernels[1],
            )  # fmt: skip
            yield replace(found, nocco=value)

    def side(self, index: int, factor: float) -> Side | None:
        """A variable at a width, if it is at hand."""
        return self._sides.get((index, factor))

    def _side_steps(self, index: int, factor: float) -> Iterator[Side | None]:
        from zoetrope.core.hsic.gram_matrix import off_diagonal
        from zoetrope.core.hsic.moments import LEAST_N

        key = (index, factor if not math.isnan(self.units[index]) else 1.0)
        if key not in self._sides:
            width = self.widths((factor, factor))[index]
            rows = self.blocks[index].with_width(width)
            gram = off_diagonal(rows)
            yield None
            centred = gram.centred()
            yield None
            moments = None
            if self.n >= LEAST_N:
                steps = moments_steps(rows, gram)
                while moments is None:
                    try:
                        next(steps)
                        yield None
                    except StopIteration as end:
                        moments = end.value
            most = max(2, 40_000_000 // (8 * self.n**2))
            while len(self._sides) >= most:
                del self._sides[next(iter(self._sides))]
            self._sides[key] = Side(rows, gram, centred, moments)
        yield self._sides[key]

    # -- permutations at one pair of widths --------------------------------------------------------

    def null(self, factors: tuple[float, float], count: int) -> Job[TestResult]:
        """The permutation test at these widths; all arrangements for very few rows."""
        from zoetrope.core.hsic.permutation_sample import permutation_steps

        exact = self.n <= EXACT_UP_TO
        width_x, width_y = self.widths(factors)

        def steps() -> Iterator[TestResult | None]:
            return permutation_steps(
                self.data.x, self.data.y, n_perm="exact" if exact else count, seed=self.seed,
                width_x=width_x, width_y=width_y,
                kernel_x=self.kernels[0], kernel_y=self.kernels[1],
            )  # fmt: skip

        def make() -> Iterator[TestResult | None]:
            key = (*self.key, "null", self.seed, factors, count)
            return FINISHED.steps(key, steps, lambda result: 8 * len(result.null))

        return self.jobs.get("null", (factors, count), make)

    # -- the map -----------------------------------------------------------------------------------

    def coarse(self) -> Job[WidthGrid]:
        """A quick look at few cells of the map, without permutations."""
        factors = [np.geomspace(max(0.1, 2 / self.n), WIDEST, COARSE)] * 2
        return self.jobs.get("coarse", None, lambda: self._grid_steps(factors, 0))

    def map(self, count: int) -> Job[WidthGrid]:
        """The whole map, then the honest p from `count` permutations."""
        key = (*self.key, self.seed, count)

        def make() -> Iterator[WidthGrid | None]:
            return FINISHED.steps(
                key,
                lambda: self._grid_steps(self.factors, count),
                lambda grid: 8 * 8 * grid.hsic.size,
            )

        return self.jobs.get("map", count, make)

    def _grid_steps(self, factors: Any, count: int) -> Iterator[WidthGrid | None]:
        from zoetrope.core.hsic.width_map import width_grid_steps

        rows = self.map_rows
        x, y = self.data.x, self.data.y
        if rows is not None:
            x, y = x[rows], y[rows]
        grids = [
            None if math.isnan(unit) else unit * np.asarray(factor)
            for unit, factor in zip(self.units, factors, strict=True)
        ]
        return width_grid_steps(
            x,
            y,
            grids[0],
            grids[1],
            n_perm=count,
            seed=self.seed,
            kernel_x=self.kernels[0],
            kernel_y=self.kernels[1],
        )

    @property
    def factors(self) -> tuple[Any, Any]:
        """The widths of the map's cells, in multiples of the rule's."""
        cells, _ = self._cells
        return cells, cells

    @property
    def map_rows(self) -> Any:
        """The rows that the map uses; None for all of them."""
        _, rows = self._cells
        return rows if len(rows) < self.n else None

    @cached_property
    def _cells(self) -> tuple[Any, Any]:
        units = [None if math.isnan(unit) else unit for unit in self.units]
        return map_cells(
            self.data.x, self.data.y, units[0], units[1], seed=self.seed,
            kernel_x=self.kernels[0], kernel_y=self.kernels[1],
        )  # fmt: skip

    # -- a point that moves ------------------------------------------------------------------------

    def drag(self, row: int, x: float, y: float, factors: tuple[float, float]) -> AtWidths | None:
        """Move one point and answer at once, at the widths as they were; None where that fails."""
        from zoetrope.core.hsic.dragging import DraggedSample

        if "delta" in self.kernels or not self.data.single or self.n < 6:
            return None
        dragged = self._dragged
        if dragged is None or dragged[0] != factors:
            width_x, width_y = self.widths(factors)
            sample = DraggedSample(
                self.data.x, self.data.y, width_x=width_x, width_y=width_y,
                kernel_x=self.kernels[0], kernel_y=self.kernels[1],
            )  # fmt: skip
            dragged = (factors, sample)
            self._dragged = dragged
        value = dragged[1].move(row, x, y)
        p, log10_p = dragged[1].p_value()
        columns = [self.data.x[:, 0].copy(), self.data.y[:, 0].copy()]
        columns[0][row], columns[1][row] = x, y
        self.data = self.data.moved(columns[0], columns[1])
        unknown = math.nan
        return AtWidths(
            *self.widths(factors), value, unknown, unknown, unknown, p, log10_p, dragging=True
        )
