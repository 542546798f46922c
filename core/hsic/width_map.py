"""The map of HSIC over all pairs of widths, and the one p-value that holds for the whole map.

The smallest p of a map is below 5 % for half of all independent data. The honest p compares it
with the smallest p of the same map after permuting (min-p, Westfall & Young 1993): exact by
exchangeability for any number of permutations. Each cell's p comes from the exact moments and not
from its rank among the permutations, where all good cells would tie.
"""

import math
import time
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, Unpack

import numpy as np
import torch
from torch import Tensor

from zoetrope.core.hsic import arguments
from zoetrope.core.hsic.choose_engine import choose_engine
from zoetrope.core.hsic.errors import HsicError
from zoetrope.core.hsic.gram_matrix import Block
from zoetrope.core.hsic.kernels import Kernel, as_kernel
from zoetrope.core.hsic.map_engine import MapEngine
from zoetrope.core.hsic.moments import LEAST_N, PermutationMoments, SideMoments, permutation_moments
from zoetrope.core.hsic.pairing import KernelOptions, pair_steps
from zoetrope.core.hsic.permutations import draw
from zoetrope.core.hsic.results import Floats, WidthGrid

SLICE_SECONDS = 0.025
FACTORS = tuple(np.geomspace(0.02, 20, 15).tolist())  # of the median width: good everywhere
PREPARED = 0.1  # share of the progress bar that preparation gets when permutations follow
TIE = 1e-12
SLOW_DRAW = 200_000  # rows from which drawing a permutation is a step of its own


def width_grid(
    x: Any,
    y: Any,
    widths_x: Any = None,
    widths_y: Any = None,
    *,
    n_perm: int = 0,
    seed: int = 0,
    progress: Callable[[float], None] | None = None,
    cancel: Callable[[], bool] | None = None,
    **options: Unpack[KernelOptions],
) -> WidthGrid:
    """HSIC, CKA and p at every pair of widths, and with `n_perm` > 0 the honest p of the map.

    Widths are in the units of the data; None means 0.02 to 20 times the median in 15 steps, the
    grid that served best in the power study. Kernels without a width take None and make one row or
    column. `progress` hears a share from 0 to 1 and `cancel` is asked at least every 50 ms or so;
    a cancelled map is returned as far as it came. The engine is chosen and named in the result.
    """
    steps = width_grid_steps(x, y, widths_x, widths_y, n_perm=n_perm, seed=seed, **options)
    last: WidthGrid | None = None
    for grid in steps:
        last = grid or last
        if progress is not None and last is not None:
            progress(last.progress)
        if cancel is not None and last is not None and cancel():
            break
    assert last is not None  # the last step is always a map
    return last


def width_grid_steps(
    x: Any,
    y: Any,
    widths_x: Any = None,
    widths_y: Any = None,
    *,
    n_perm: int = 0,
    seed: int = 0,
    **options: Unpack[KernelOptions],
) -> Iterator[WidthGrid | None]:
    """As `width_grid` in steps: None while preparing, then the map, then it with ever more
    permutations. Every yielded map is complete in itself for the permutations it counts.
    """
    arguments.whole(n_perm, "n_perm", 0)
    arguments.whole(seed, "seed", 0)
    any_x = _placeholder(widths_x, options.get("kernel_x", "gaussian"), "x")
    any_y = _placeholder(widths_y, options.get("kernel_y", "gaussian"), "y")
    bx, by = yield from pair_steps(x, y, width_x=any_x, width_y=any_y, **options)
    arguments.at_least(bx.n, 4, "A map over widths")
    yield None
    grid_x, grid_y = (_widths(b, w, n) for b, w, n in ((bx, widths_x, "x"), (by, widths_y, "y")))
    engine = choose_engine(bx, by, grid_x, grid_y)
    for _ in engine.prepare():
        yield None
    count = _Count(engine, grid_x, grid_y, n_perm, seed, bx.notes + by.notes)
    yield count.result()
    steps = engine.moments()
    while True:
        try:
            next(steps)
            yield None
        except StopIteration as end:
            count.set_moments(*end.value)
            break
    yield count.result()
    orders = islice(draw(bx.n, seed), n_perm)
    began = time.perf_counter()
    for order in orders:
        if bx.n >= SLOW_DRAW:
            yield None
        permuted = yield from engine.permuted(order)
        count.add(permuted)
        if time.perf_counter() - began > SLICE_SECONDS and count.done < n_perm:
            yield count.result()
            began = time.perf_counter()
    if n_perm:
        yield count.result()


class _Count:
    """The map so far: what is known of every cell, and the permutations counted against it."""

    def __init__(
        self,
        engine: MapEngine,
        widths_x: Floats,
        widths_y: Floats,
        n_perm: int,
        seed: int,
        notes: tuple[str, ...],
    ) -> None:
        self.engine = engine
        self.widths = (widths_x, widths_y)
        self.n_perm, self.seed, self.notes = n_perm, seed, notes
        self.statistic = engine.observed()
        unknown = np.full(tuple(self.statistic.shape), math.nan)
        self.values = {"hsic_u": unknown, "cka_b": unknown, "cka_u": unknown}
        self.moments: PermutationMoments | None = None
        self.log_p: Tensor | None = None
        self.done = 0
        self.progress = 0.05

    def set_moments(self, x: SideMoments, y: SideMoments) -> None:
        """Fill in what the two sides' sums tell, and get ready to count."""
        n = x.n
        a, b = x.facing(1), y.facing(0)
        unbiased = self.statistic - a.trace * b.trace / (n - 1)
        unbiased = unbiased - n / (n - 2) * self.engine.diagonal_products()
        norm = (a.norm_squared * b.norm_squared).sqrt()
        norm_u = (a.unbiased_norm_squared * b.unbiased_norm_squared).sqrt()
        self.values = {
            "hsic_u": (unbiased / (n * (n - 3))).numpy(),
            "cka_b": _ratio(self.statistic, norm),
            "cka_u": _ratio(unbiased, norm_u),
        }
        self.progress = PREPARED if self.n_perm else 1.0
        if n < LEAST_N:
            self.notes += (f"The exact-moment p needs {LEAST_N} rows and there are {n}.",)
        else:
            self.moments = permutation_moments(a, b)
            self.log_p = self.moments.log_p(self.statistic)
        if self.n_perm:
            self.ranked = self.engine.ranked()
            self.threshold = self.ranked - TIE * max(1.0, n / 50) * norm
            self.exceeding = torch.zeros_like(self.statistic)
            self.smallest = self._smallest(self.ranked)
            self.smaller = 0

    def _smallest(self, statistic: Tensor) -> float:
        """log of the smallest exact-moment p of a map of T."""
        if self.moments is None:
            return math.nan
        return float(self.moments.log_p(statistic).min())

    def add(self, permuted: Tensor) -> None:
        """Count one permuted map."""
        self.exceeding += permuted >= self.threshold
        if self.moments is not None:
            tie = 1e-9 * (1 + abs(self.smallest))
            self.smaller += self._smallest(permuted) <= self.smallest + tie
        self.done += 1
        self.progress = PREPARED + (1 - PREPARED) * self.done / self.n_perm

    def result(self) -> WidthGrid:
        """The map as it stands."""
        log_p = None if self.log_p is None else self.log_p.numpy()
        best = None
        if log_p is not None:
            place = np.unravel_index(int(np.argmin(log_p)), log_p.shape)
            best = (int(place[0]), int(place[1]))
        counted = self.done > 0
        return WidthGrid(
            widths_x=self.widths[0],
            widths_y=self.widths[1],
            hsic=self.statistic.numpy() / self.engine.n**2,
            **self.values,
            p_moment=None if log_p is None else np.maximum(np.exp(log_p), 5e-324),
            log10_p_moment=None if log_p is None else log_p / math.log(10),
            p_value=(1 + self.exceeding.numpy()) / (1 + self.done) if counted else None,
            p_global=(1 + self.smaller) / (1 + self.done)
            if counted and self.moments is not None
            else None,
            best=best,
            n=self.engine.n,
            n_perm=self.done,
            seed=self.seed,
            engine=self.engine.name,
            error_bound=self.engine.error,
            progress=self.progress,
            notes=self.notes,
        )


def _ratio(value: Tensor, norm: Tensor) -> Floats:
    """value/norm, NaN where the norm is 0."""
    found: Floats = torch.where(norm > 0, value / norm, math.nan).numpy()
    return found


def _placeholder(widths: Any, kernel: str | Kernel, name: str) -> Any:
    """The width to check a block with: the median only where the grid is made from it."""
    if not as_kernel(kernel, f"kernel_{name}").has_width:
        if widths is not None:
            raise HsicError("bad_width", "This kernel has no width; pass None.", f"widths_{name}")
        return None
    return "median" if widths is None else 1.0


def _widths(block: Block, widths: Any, name: str) -> Floats:
    """The widths of one side, checked; NaN stands for a kernel without one."""
    if not block.kernel.has_width:
        return np.array([math.nan])
    if widths is None:
        centre = block.width if isinstance(block.width, float) else 1.0
        return np.asarray(centre * np.array(FACTORS), dtype=np.float64)
    try:
        found = np.atleast_1d(np.array(widths, dtype=np.float64))
    except (TypeError, ValueError) as error:
        raise HsicError(
            "bad_width", f"widths_{name} must be a list of numbers.", f"widths_{name}"
        ) from error
    if found.ndim != 1 or found.size == 0 or not (np.isfinite(found) & (found > 0)).all():
        raise HsicError(
            "bad_width",
            f"widths_{name} must be a list of finite numbers greater than 0.",
            f"widths_{name}",
        )
    return found
