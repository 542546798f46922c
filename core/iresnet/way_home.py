"""The way back through a flow as a path of every point: block by block, iteration by iteration."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from torch import Tensor

from zoetrope.core.iresnet import block_maps
from zoetrope.core.iresnet.inverse_solvers import SOLVERS, Iterate
from zoetrope.core.iresnet.inversion import Report
from zoetrope.core.iresnet.model import Model
from zoetrope.core.items import Array
from zoetrope.core.stepping import Steps

FINEST = 1e-12  # residual from which one more of Newton's steps is exact to rounding
_LONGEST = 60  # iterations of that


@dataclass(frozen=True, slots=True, eq=False)
class WayHome:
    """places [M, N, 2]: the points on their way, each block's iterates one after another, in each
    block's coordinates; the last are where they began, standardised. block [M]: the block that is
    being undone there (from K down to 1; 0 at the end).
    """

    places: Array
    block: Array
    points: Tensor  # [N, 2], in the data's coordinates
    report: Report

    def at(self, share: float) -> tuple[Array, int, int]:
        """Return the places [N, 2] at a share of the way, the block and the place along the way."""
        position = share * (len(self.places) - 1)
        index = min(int(position), len(self.places) - 2) if len(self.places) > 1 else 0
        after = min(index + 1, len(self.places) - 1)
        tau = position - index
        now = (1 - tau) * self.places[index] + tau * self.places[after]
        return now, int(self.block[round(position)]), index


def way_home_steps(model: Model, latent: Tensor, method: str, iterations: int) -> Steps[WayHome]:
    """Return the way of latent points [N, 2] under one of the solvers, in steps."""
    points, report = yield from model.inverse_steps(latent, method, max_iter=iterations, trace=True)
    assert report.trace is not None
    places, blocks = [latent.numpy()], [model.flow.count]
    for k in reversed(range(model.flow.count)):
        path = report.trace[:, k].numpy()
        moved = np.flatnonzero((path[1:] != path[:-1]).any((1, 2)))
        count = 2 + int(moved[-1]) if moved.size else 1
        places += list(path[:count])
        blocks += [k + 1] * count
        yield (model.flow.count - k) / model.flow.count
    places.append(((points - model.mean) / model.std).numpy())
    blocks.append(0)
    return WayHome(np.stack(places), np.array(blocks), points, report)


@dataclass(frozen=True, slots=True, eq=False)
class BlockErrors:
    """How three solvers undo one block on N points: by solver, [n + 1], the largest distance from
    the exact answer after each iteration, and the largest residual |y - x - g(x)|, which for Picard
    is also his next step. exact: whether the exact answer is that.
    """

    errors: dict[str, Array]
    residuals: dict[str, Array]
    exact: bool


def block_errors_steps(
    model: Model, latent: Tensor, block: int, iterations: int
) -> Steps[BlockErrors]:
    """Return the errors in one block, 1 to K, at the latent points [N, 2] as they come to it."""
    flow, k = model.flow, block - 1
    y = latent.t()
    for later in reversed(range(k + 1, flow.count)):
        y = block_maps.unaffine(flow, later + 1, y)
        y = (yield from _undone(model, later, y)).x
    y = block_maps.unaffine(flow, block, y)
    exact = yield from _undone(model, k, y)
    errors, residuals = {}, {}
    for name, solver in SOLVERS.items():
        distances, left = [], []
        for number, iterate in enumerate(solver(flow, k, y, float(model.bounds[k]))):
            distances.append(float(block_maps.length(iterate.x - exact.x).max()))
            left.append(float(iterate.residual.max()))
            if number >= iterations:
                break
            yield 0.5
        errors[name], residuals[name] = np.array(distances), np.array(left)
    return BlockErrors(errors, residuals, bool((exact.residual < 1e-9).all()))


def _undone(model: Model, k: int, y: Tensor) -> Steps[Iterate]:
    """Newton's last iterate in a block: the first that is fine enough, and one more."""
    last: Iterate | None = None
    fine = False
    for number, last in enumerate(SOLVERS["newton"](model.flow, k, y, float(model.bounds[k]))):
        if fine or number >= _LONGEST:
            break
        fine = bool((last.residual <= FINEST).all())
        yield 0.0
    assert last is not None
    return last


def iterations_steps(
    model: Model, latent: Tensor, most: int, wanted: float
) -> Steps[dict[str, Array]]:
    """Return, by solver, how many iterations the slowest point needs in each block [K] until its
    residual is below `wanted`: NaN where `most` are too few.
    """
    flow = model.flow
    needed = {name: np.full(flow.count, np.nan) for name in SOLVERS}
    y = latent.t()
    for k in reversed(range(flow.count)):
        y = block_maps.unaffine(flow, k + 1, y)
        for name, solver in SOLVERS.items():
            for number, iterate in enumerate(solver(flow, k, y, float(model.bounds[k]))):
                if bool((iterate.residual <= wanted).all()):
                    needed[name][k] = number
                    break
                if number >= most:
                    break
                yield 0.5
        y = (yield from _undone(model, k, y)).x
    return needed
