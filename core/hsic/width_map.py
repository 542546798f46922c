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
from typing import Any, Literal, Unpack

import numpy as np
import torch
from torch import Tensor

from zoetrope.core.hsic import arguments
from zoetrope.core.hsic.choose_engine import choose_engine
from zoetrope.core.hsic.errors import HsicError
from zoetrope.core.hsic.gram_matrix import Block
from zoetrope.core.hsic.kernels import Kernel, as_kernel
from zoetrope.core.hsic.map_count import MapCount
from zoetrope.core.hsic.pairing import KernelOptions, pair_steps
from zoetrope.core.hsic.permutations import arrangements, classes, count_arrangements, draw
from zoetrope.core.hsic.results import Floats, WidthGrid

SLICE_SECONDS = 0.025
FACTORS = tuple(np.geomspace(0.02, 20, 15).tolist())  # of the median width: good everywhere
MOST_ARRANGEMENTS = 50_000
SLOW_DRAW = 200_000  # rows from which drawing a permutation is a step of its own


def width_grid(
    x: Any,
    y: Any,
    widths_x: Any = None,
    widths_y: Any = None,
    *,
    n_perm: int | Literal["exact"] = 0,
    seed: int = 0,
    block_length: int = 1,
    progress: Callable[[float], None] | None = None,
    cancel: Callable[[], bool] | None = None,
    **options: Unpack[KernelOptions],
) -> WidthGrid:
    """HSIC, CKA and p at every pair of widths, and with `n_perm` > 0 the honest p of the map.

    "exact" goes through all distinct arrangements of y instead (at most 50,000: n = 8 and more
    with ties); `block_length` keeps so many neighbours together (see `serial_dependence`).

    Widths are in the units of the data; None means 0.02 to 20 times the median in 15 steps, the
    grid that served best in the power study. Kernels without a width take None and make one row or
    column. `progress` hears a share from 0 to 1 and `cancel` is asked at least every 50 ms or so;
    a cancelled map is returned as far as it came. The engine is chosen and named in the result.
    """
    steps = width_grid_steps(
        x, y, widths_x, widths_y, n_perm=n_perm, seed=seed, block_length=block_length, **options
    )
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
    n_perm: int | Literal["exact"] = 0,
    seed: int = 0,
    block_length: int = 1,
    **options: Unpack[KernelOptions],
) -> Iterator[WidthGrid | None]:
    """As `width_grid` in steps: None while preparing, then the map, then it with ever more
    permutations. Every yielded map is complete in itself for the permutations it counts.
    """
    if n_perm != "exact":
        arguments.whole(n_perm, "n_perm", 0)
    arguments.whole(seed, "seed", 0)
    arguments.whole(block_length, "block_length", 1)
    any_x = _placeholder(widths_x, options.get("kernel_x", "gaussian"), "x")
    any_y = _placeholder(widths_y, options.get("kernel_y", "gaussian"), "y")
    bx, by = yield from pair_steps(x, y, width_x=any_x, width_y=any_y, **options)
    arguments.at_least(bx.n, 4, "A map over widths")
    yield None
    grid_x, grid_y = (_widths(b, w, n) for b, w, n in ((bx, widths_x, "x"), (by, widths_y, "y")))
    engine = choose_engine(bx, by, grid_x, grid_y)
    yield from engine.prepare()
    total, orders = _orders(by, n_perm, seed, block_length)
    count = MapCount(
        engine, grid_x, grid_y, bx.notes + by.notes,
        n_perm=total, exact=n_perm == "exact", seed=seed, block_length=block_length,
    )  # fmt: skip
    yield count.result()
    sides = yield from engine.moments()
    count.set_moments(*sides)
    yield count.result()
    if total:
        count.begin()
        yield None
    began = time.perf_counter()
    for order in orders:
        if bx.n >= SLOW_DRAW:
            yield None
        permuted = yield from engine.permuted(order)
        count.add(permuted)
        if time.perf_counter() - began > SLICE_SECONDS and count.done < total:
            yield count.result()
            began = time.perf_counter()
    if total:
        yield count.result()


def _orders(
    y: Block, n_perm: int | Literal["exact"], seed: int, block_length: int
) -> tuple[int, Iterator[Tensor]]:
    """How many permutations of y there will be, and these."""
    if n_perm != "exact":
        return n_perm, islice(draw(y.n, seed, block_length), n_perm)
    labels = classes(y)
    total = count_arrangements(labels)
    if total > MOST_ARRANGEMENTS or block_length > 1:
        raise HsicError(
            "too_large",
            f"A map for each of the {total:.3g} distinct arrangements of y, or for each order of "
            "blocks, is too much; give n_perm a number of permutations to draw.",
            "n_perm",
        )
    return total, (torch.tensor(order) for order in arrangements(labels))


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
