"""One sample under the lab's eyes: what is known at the widths that are set, and the map."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from zoetrope.core.hsic.at_widths import AtWidths
from zoetrope.core.hsic.lab_choices import RULES
from zoetrope.core.hsic.lab_data import LabData
from zoetrope.core.hsic.lab_kernels import kernel_of
from zoetrope.core.hsic.lab_one_width import OneWidth, Widths, without_pairs
from zoetrope.core.hsic.lab_parameters import HsicParameters
from zoetrope.core.hsic.map_cells import WIDEST, map_cells
from zoetrope.core.hsic.stepping import Steps
from zoetrope.core.lab import Mark, Notice
from zoetrope.core.long_work import FINISHED, Job, Jobs
from zoetrope.core.stepping import finish

if TYPE_CHECKING:
    from zoetrope.core.hsic.dragging import DraggedSample
    from zoetrope.core.hsic.gram_matrix import Block
    from zoetrope.core.hsic.pairing import KernelOptions, PairOptions
    from zoetrope.core.hsic.results import TestResult, WidthGrid
    from zoetrope.core.hsic.serial import SerialDependence
    from zoetrope.core.hsic.where import Where

R = TypeVar("R")
COARSE = 6
EXACT_MAP_UP_TO = 7  # rows; their 5040 orders take a second
LEAST_SERIES = 20
OF_SPREAD = ("scott", "std")
MARKED = ("median", "gretton", *OF_SPREAD)  # rules whose widths are ticks on the sliders
MOST_MARKED = 5000  # rows up to which the median of all distances comes at once
FEWEST_DISTINCT = 6  # rows of a variable for a smooth law
HEAD = 1000  # rows that are looked at first
MOST_DRAGGED = 2000  # rows up to which a dragged point is answered within a frame


@dataclass(frozen=True, eq=False)
class Known:
    """What is found out about a sample before anything is shown.

    `serial` says how rows resemble their neighbours, where they came in an order; `few` whether the
    null of a variable is too discrete for a smooth curve.
    """

    blocks: tuple[Block, Block]
    serial: SerialDependence | None
    few: bool


def study_steps(data: LabData, parameters: HsicParameters, engine: str) -> Steps[Study]:
    """Cut the rows to as many as the kernels can serve, find the widths' units, look at the order.

    `engine` is the device that the program computes on, in double precision: where that has none,
    the CPU does and a sentence says so.

    Steps are below 100 ms for a million rows.
    """
    from zoetrope.core.hsic import serial
    from zoetrope.core.hsic.gram_matrix import block_steps
    from zoetrope.core.hsic.where import PRECISE

    kernels = (kernel_of(parameters, "x"), kernel_of(parameters, "y"))
    most = parameters.most_rows
    said: tuple[Notice, ...] = ()
    device = engine if engine in PRECISE else "cpu"
    if device != engine:
        said = (
            Notice(
                "The Apple GPU has no double precision, which HSIC needs: this lab computes on the "
                "CPU."
            ),
        )
    if data.n > most and not without_pairs(data, kernels):
        said += (
            Notice(
                f"{most} of {data.n} rows are used, drawn at random with seed {parameters.seed}: "
                "here every pair of rows is compared. “Rows at most” says how many.",
                "warning",
                "most_rows",
            ),
        )
        data = data.of_rows(drawn(data.n, most, parameters.seed))
    yield
    _ = data.key  # which is asked for again and again
    yield
    x = yield from block_steps(data.x, parameters.width_rule, kernels[0], "x", device=device)
    y = yield from block_steps(data.y, parameters.width_rule, kernels[1], "y", device=device)
    found = None
    if data.series and not any(data.square) and data.n >= LEAST_SERIES:
        found = yield from serial.serial_steps(data.x, data.y)
    few = any(
        not square and fewer_distinct(values, FEWEST_DISTINCT)
        for values, square in zip((data.x, data.y), data.square, strict=True)
    )
    yield
    return Study(data, parameters, said, Known((x, y), found, few))


def fewer_distinct(rows: Any, count: int) -> bool:
    """Whether there are fewer than so many different rows [n, p]."""
    if len(rows) > HEAD and not fewer_distinct(rows[:HEAD], count):
        return False
    for _ in range(count - 1):
        rows = rows[(rows != rows[0]).any(axis=1)]
        if not len(rows):
            return True
    return False


def drawn(n: int, most: int, seed: int) -> Any:
    """So many of n rows, in their order."""
    return np.sort(np.random.default_rng(seed).choice(n, most, replace=False))


class Study:
    """A sample, its kernels, and the jobs that find out about it."""

    def __init__(
        self, data: LabData, parameters: HsicParameters, said: tuple[Notice, ...], known: Known
    ) -> None:
        self.names = parameters.kernel_names
        self.kernels = (kernel_of(parameters, "x"), kernel_of(parameters, "y"))
        self.seed, self.rule = parameters.seed, parameters.width_rule
        self.most_on_map, self.block_length = parameters.map_rows, parameters.block_length
        self.jobs = Jobs()
        self.before: WidthGrid | None = None  # the map of the points as they stood before
        self._dragged: tuple[tuple[float, float], DraggedSample] | None = None
        self._some: dict[int, Study] = {}
        self._made: dict[str, Any] = {}
        self.data, self.blocks = data, known.blocks
        self.said = said  # what was left out
        self.serial, self.few = known.serial, known.few
        self.notes = [  # sentence, parameter
            (f"{axis}: {note}", f"width_{axis}")
            for axis, block in zip("xy", self.blocks, strict=True)
            for note in block.notes
        ]
        self.units = tuple(_unit(block.width) for block in self.blocks)
        self.key = (
            self.data.key, self.kernels, parameters.width_rule, self.block_length, self.device
        )  # fmt: skip
        self.one = OneWidth(self.data, self.blocks, self.seed)

    def some(self, most: int, parameters: HsicParameters) -> Study:
        """The same study of at most so many rows, at the same widths in units of the data."""
        if self.n <= most:
            return self
        if most not in self._some:
            rows = drawn(self.n, most, self.seed)
            part = finish(study_steps(self.data.of_rows(rows), parameters, self.device))
            part.units, part.seed = self.units, self.seed
            self._some[most] = part
        return self._some[most]

    @property
    def n(self) -> int:
        """The number of pairs."""
        return self.data.n

    def once(self, name: str, make: Callable[[], R]) -> R:
        """What takes long to draw, made the first time only."""
        if name not in self._made:
            self._made[name] = make()
        found: R = self._made[name]
        return found

    @property
    def exact(self) -> bool:
        """Whether the map goes through all orders of the pairs."""
        return self.n <= EXACT_MAP_UP_TO and self.block_length == 1

    @property
    def in_time(self) -> bool:
        """Whether neighbours are so alike that shuffling every row misleads."""
        return self.serial is not None and self.serial.notable

    @property
    def constant(self) -> bool:
        """Whether a variable does not vary."""
        return any(block.constant for block in self.blocks)

    @property
    def has_widths(self) -> bool:
        """Whether both kernels have a width."""
        return not any(math.isnan(unit) for unit in self.units)

    @cached_property
    def marks(self) -> dict[str, tuple[Mark, ...]]:
        """What other rules would say of each width, in multiples of the one in force."""
        found: dict[str, tuple[Mark, ...]] = {}
        for axis, block, unit in zip("xy", self.blocks, self.units, strict=True):
            joint = isinstance(block.width, float) and not block.constant
            rules = MARKED if self.n <= MOST_MARKED else (self.rule, *OF_SPREAD)
            if joint:
                widths = {rule: self._rule_width(axis, rule, unit) for rule in dict.fromkeys(rules)}
                found[f"width_{axis}"] = tuple(
                    Mark(width / unit, RULES[rule]) for rule, width in widths.items()
                )
        return found

    def _rule_width(self, axis: str, rule: str, unit: float) -> float:
        from zoetrope.core.hsic.widths import rule_width

        values = self.data.x if axis == "x" else self.data.y
        return unit if rule == self.rule else rule_width(values, rule)[0]

    def widths(self, factors: tuple[float, float]) -> Widths:
        """The widths in units of the data."""
        return tuple(
            None if math.isnan(unit) else unit * factor
            for unit, factor in zip(self.units, factors, strict=True)
        )  # type: ignore[return-value]

    @property
    def device(self) -> str:
        """What computes, as torch calls it."""
        return str(self.blocks[0].values.device)

    @property
    def where(self) -> Where:
        """Where and how to compute, as the library's functions take it."""
        return self.blocks[0].where

    @property
    def kernel_options(self) -> KernelOptions:
        """The kernels with `where`, as the library's functions take them."""
        return {"kernel_x": self.kernels[0], "kernel_y": self.kernels[1], **self.where}

    def pair_options(self, factors: tuple[float, float]) -> PairOptions:
        """The widths and kernels as the library's functions take them."""
        width_x, width_y = self.given(factors)
        return {"width_x": width_x, "width_y": width_y, **self.kernel_options}

    def given(self, factors: tuple[float, float]) -> tuple[Any, Any]:
        """The widths, one for each column where the kernels are joined column by column."""
        return tuple(
            width if width is None or kernel.columns == "joint" else (width,) * values.shape[1]
            for width, kernel, values in zip(
                self.widths(factors), self.kernels, (self.data.x, self.data.y), strict=True
            )
        )  # type: ignore[return-value]

    # -- at one pair of widths ---------------------------------------------------------------------

    def at(self, factors: tuple[float, float]) -> Job[AtWidths]:
        """HSIC and the instant p at widths in multiples of the rule's."""
        return self.jobs.get(
            "at", factors, lambda: self.one.at_steps(self.widths(factors), self.given(factors))
        )

    def null(self, factors: tuple[float, float], count: int) -> Job[TestResult]:
        """The permutation test at these widths; all arrangements for very few rows."""

        def make() -> Iterator[TestResult | None]:
            key = (*self.key, "null", self.seed, factors, count)
            return FINISHED.steps(
                key,
                lambda: self.one.null_steps(
                    self.widths(factors), self.pair_options(factors), count, self.block_length
                ),
                lambda result: 8 * len(result.null),
            )

        return self.jobs.get("null", (factors, count), make)

    # -- the map -----------------------------------------------------------------------------------

    def coarse(self) -> Job[WidthGrid]:
        """A quick look at few cells of the map, without permutations."""
        factors = [np.geomspace(max(0.1, 2 / self.n), WIDEST, COARSE)] * 2
        return self.jobs.get("coarse", None, lambda: self._grid_steps(factors, 0))

    def map(self, count: int) -> Job[WidthGrid]:
        """The whole map, then the honest p from `count` permutations."""
        key = (*self.key, self.seed, count, self.most_on_map)

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
        data = self.data if rows is None else self.data.of_rows(rows)
        grids = [
            None if math.isnan(unit) else unit * np.asarray(factor)
            for unit, factor in zip(self.units, factors, strict=True)
        ]
        return width_grid_steps(
            data.x, data.y, grids[0], grids[1], seed=self.seed,
            n_perm="exact" if count and self.exact else count, block_length=self.block_length,
            **self.kernel_options,
        )  # fmt: skip

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
            kernel_x=self.names[0], kernel_y=self.names[1], most=self.most_on_map,
        )  # fmt: skip

    # -- a point that moves ------------------------------------------------------------------------

    def drag(self, row: int, x: float, y: float, factors: tuple[float, float]) -> AtWidths | None:
        """Move one point and answer at once, at the widths as they were; None where that fails."""
        from zoetrope.core.hsic.dragging import DraggedSample

        if "delta" in self.names or not self.data.drawable or not 6 <= self.n <= MOST_DRAGGED:
            return None
        dragged = self._dragged
        if dragged is None or dragged[0] != factors:
            sample = DraggedSample(self.data.x, self.data.y, **self.pair_options(factors))
            dragged = (factors, sample)
            self._dragged = dragged
        sample = dragged[1]
        value = sample.move(row, x, y)
        p, log10_p = sample.p_value()
        columns = [self.data.x[:, 0].copy(), self.data.y[:, 0].copy()]
        columns[0][row], columns[1][row] = x, y
        self.data = self.data.moved(columns[0], columns[1])
        unknown = math.nan
        return AtWidths(
            *self.widths(factors), value, unknown, sample.cka, unknown, p, log10_p, dragging=True
        )


def _unit(width: Any) -> float:
    """The width of 1 ×; NaN for a kernel without one. Joined columns share the first's."""
    if isinstance(width, tuple):
        return float(np.mean([w for w in width if w is not None]))
    return width if isinstance(width, float) else math.nan
