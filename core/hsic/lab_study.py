"""One sample under the lab's eyes: what is known at the widths that are set, and the map."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from zoetrope.core.hsic.lab_data import LabData
from zoetrope.core.hsic.lab_jobs import FINISHED, Job, Jobs
from zoetrope.core.hsic.lab_parameters import HsicParameters

if TYPE_CHECKING:
    from torch import Tensor

    from zoetrope.core.hsic.dragging import DraggedSample
    from zoetrope.core.hsic.gram_matrix import Block, OffDiagonal
    from zoetrope.core.hsic.moments import SideMoments
    from zoetrope.core.hsic.results import TestResult, WidthGrid

CELLS = 15
WIDEST = 20.0
NARROWEST, NARROWEST_OF_MANY = 0.02, 0.05
ALL_ROWS_UP_TO = 300  # rows whose Gram matrices a map may permute whole
MOST_MODES = 250  # frequencies a side that a map over more rows may need
COARSE = 6
NOCCO_UP_TO = 500
EXACT_UP_TO = 8
WHOLE_UP_TO = 400  # rows for which n³ is nothing


@dataclass(frozen=True, eq=False)
class Side:
    """One variable at one width."""

    block: Block
    gram: OffDiagonal
    centred: Tensor
    moments: SideMoments | None


@dataclass(frozen=True, eq=False)
class AtWidths:
    """Everything about one pair of widths, in units of the data; None for a kernel without one.

    `p_value` and `log10_p` are those of the exact moments (None under 6 rows), with the `mean`,
    `variance` and `skewness` that HSIC_b has under permutation.
    """

    width_x: float | None
    width_y: float | None
    hsic: float
    hsic_u: float
    cka_b: float
    cka_u: float
    p_value: float | None = None
    log10_p: float | None = None
    mean: float = math.nan
    variance: float = math.nan
    skewness: float = math.nan
    nocco: float | None = None
    dragging: bool = False


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
        found = _together(sides[0], sides[1], self.widths(factors))
        yield found
        if self.n <= NOCCO_UP_TO and not any(b.constant for b in self.blocks):
            x, y = self.widths(factors)
            value = nocco(
                self.data.x, self.data.y, width_x=x, width_y=y,
                kernel_x=self.kernels[0], kernel_y=self.kernels[1],
            )  # fmt: skip
            yield AtWidths(**{**_fields(found), "nocco": value})

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
                steps = _moments_steps(rows, gram)
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
        factors = [np.geomspace(0.1, WIDEST, COARSE)] * 2
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


def map_cells(
    x: Any,
    y: Any,
    unit_x: float | None,
    unit_y: float | None,
    *,
    seed: int,
    kernel_x: str,
    kernel_y: str,
) -> tuple[Any, Any]:
    """The widths of the lab's map in multiples of the units, and the rows that it uses.

    The narrowest kernel is about as wide as the gaps between points: narrower ones see nothing but
    ties. All rows are used up to 300, or where Gaussian kernels of columns without long tails need
    no Gram matrix; otherwise 300 rows drawn from `seed`.
    """
    n = len(x)
    narrowest = max(NARROWEST, 2 / n) if n <= ALL_ROWS_UP_TO else NARROWEST_OF_MANY
    cells = np.geomspace(narrowest, WIDEST, CELLS)
    if n <= ALL_ROWS_UP_TO or _streams(x, y, unit_x, unit_y, (kernel_x, kernel_y)):
        return cells, np.arange(n)
    chosen = np.random.default_rng(seed).choice(n, ALL_ROWS_UP_TO, replace=False)
    return cells, np.sort(chosen)


def _streams(
    x: Any, y: Any, unit_x: float | None, unit_y: float | None, kernels: tuple[str, str]
) -> bool:
    from zoetrope.core.hsic.fourier_side import modes_needed

    columns = [np.reshape(np.asarray(values), (len(values), -1)) for values in (x, y)]
    if kernels != ("gaussian", "gaussian") or any(c.shape[1] > 1 for c in columns):
        return False
    if any(np.ptp(column) == 0 for column in columns) or unit_x is None or unit_y is None:
        return False
    modes = [
        modes_needed(max(NARROWEST_OF_MANY * unit / float(np.ptp(column)), 1e-6))
        for unit, column in zip((unit_x, unit_y), columns, strict=True)
    ]
    affordable = 4 * modes[0] * modes[1] < 280 * min(len(columns[0]), 1000)
    return max(modes) <= MOST_MODES and affordable


def _moments_steps(rows: Block, gram: OffDiagonal) -> Generator[None, None, SideMoments]:
    """The exact moments' sums, through thin factors where whole matrices would take longer."""
    from zoetrope.core.hsic.low_rank import incomplete_cholesky
    from zoetrope.core.hsic.low_rank_moments import low_rank_moments_steps
    from zoetrope.core.hsic.moments import side_moments_steps

    thin = incomplete_cholesky(rows, int(4 * rows.n**0.5)) if rows.n > WHOLE_UP_TO else None
    yield
    return (yield from (low_rank_moments_steps(thin) if thin else side_moments_steps(gram)))


def _fields(found: AtWidths) -> dict[str, Any]:
    return {name: getattr(found, name) for name in AtWidths.__dataclass_fields__}


def _together(x: Side, y: Side, widths: tuple[float | None, float | None]) -> AtWidths:
    import torch

    from zoetrope.core.hsic.estimators import undefined
    from zoetrope.core.hsic.gram_matrix import u_centre
    from zoetrope.core.hsic.moments import log10, permutation_moments

    n = x.block.n
    if x.block.constant or y.block.constant:
        return AtWidths(*widths, 0.0, 0.0, math.nan, math.nan, 1.0, 0.0)
    total = float((x.centred * y.centred).sum())
    u = [u_centre(side.gram.matrix) for side in (x, y)]
    total_u = float((u[0] * u[1]).sum())
    alive = [not undefined(s.centred, s.gram.matrix) or bool(s.gram.ridge) for s in (x, y)]
    alive_u = [not undefined(c, s.gram.matrix) for c, s in zip(u, (x, y), strict=True)]
    norm = math.prod(float(s.centred.norm()) for s in (x, y)) if all(alive) else math.nan
    norm_u = math.prod(float(c.norm()) for c in u) if all(alive_u) else math.nan
    found = AtWidths(
        *widths, total / n**2, total_u / (n * (n - 3)) if n > 3 else math.nan,
        total / norm if norm else math.nan, total_u / norm_u if norm_u else math.nan,
    )  # fmt: skip
    if x.moments is None or y.moments is None:
        return found
    moments = permutation_moments(x.moments, y.moments)
    log_p = float(moments.log_p(torch.tensor([total], dtype=torch.float64)))
    return AtWidths(
        **{
            **_fields(found),
            "p_value": max(math.exp(log_p), 5e-324),
            "log10_p": log10(log_p),
            "mean": float(moments.mean) / n**2,
            "variance": float(moments.variance) / n**4,
            "skewness": float(moments.skewness),
        }
    )
