"""The way back through a whole flow, block by block, with a bound on the error of each point."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor

from zoetrope.core.iresnet.block_maps import length, unaffine
from zoetrope.core.iresnet.inverse_solvers import SOLVERS, Iterate
from zoetrope.core.iresnet.weights import Blocks
from zoetrope.core.stepping import Steps

_ROUNDING = 8 * torch.finfo(torch.float64).eps


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """How an inversion went, for N points; float64 unless said.

    iterations [N]: the most that any block took for the point, int64.
    residual [N]: the largest |y - F(x)| left in a block, in the block's coordinates.
    converged [N]: whether every block's error is surely below the tolerance; where the Lipschitz
        bound is 1 or more, whether its residual is.
    bound [N]: what |x - exact x| cannot exceed in the data's coordinates: residuals divided by
        1 - L, carried through all blocks. Infinite if a block's Lipschitz bound is 1 or more.
    trace [iterations + 1, K, N, 2], if asked for: iterates in each block's own coordinates, the
        first being the block's y; a block that is done stays where it is.
    """

    iterations: Tensor
    residual: Tensor
    converged: Tensor
    bound: Tensor
    trace: Tensor | None


def inverse_steps(
    flow: Blocks,
    bounds: Tensor,
    latent: Tensor,
    method: str,
    tol: float,
    max_iter: int,
    keep_trace: bool,
) -> Steps[tuple[Tensor, Report]]:
    """Invert the flow at z [2, N]; yields after every iteration. `bounds` [K] are the blocks'
    Lipschitz bounds. Returns x [2, N] in the data's coordinates and the report.
    """
    n = latent.shape[1]
    iterations = torch.zeros(n, dtype=torch.int64)
    worst, error = latent.new_zeros(n), latent.new_zeros(n)
    converged = torch.ones(n, dtype=torch.bool)
    traces: list[list[Tensor]] = []
    x = latent
    for k in reversed(range(flow.count)):
        x = unaffine(flow, k + 1, x)
        error = error / flow.scale[k + 1].abs().min()
        lipschitz = float(bounds[k])
        allowed = _allowed(x, lipschitz, tol)
        taken = torch.full((n,), max_iter)
        path: list[Tensor] = []
        last: Iterate | None = None
        for i, last in enumerate(SOLVERS[method](flow, k, x, lipschitz)):
            size = last.residual
            arrived = size <= allowed
            taken.masked_fill_(arrived & (taken == max_iter), i)
            path += [last.x] if keep_trace else []
            if i >= max_iter or bool(arrived.all()):
                break
            yield (flow.count - 1 - k + min(i / max_iter, 1)) / flow.count
        assert last is not None
        x = last.x
        iterations, worst = torch.maximum(iterations, taken), torch.maximum(worst, size)
        converged &= arrived
        error = (error + size) / (1 - lipschitz) if lipschitz < 1 else error + math.inf
        traces.insert(0, path)
    x = unaffine(flow, 0, x) * flow.std[:, None] + flow.mean[:, None]
    error = error / flow.scale[0].abs().min() * flow.std.max()
    trace = _stacked(traces) if keep_trace else None
    return x, Report(iterations, worst, converged, error, trace)


def _allowed(y: Tensor, lipschitz: float, tol: float) -> Tensor:
    """The residual [N] at which a block's error is below `tol`, or rounding's if that is more."""
    wanted = tol * (1 - lipschitz) if lipschitz < 1 else tol
    rounding = _ROUNDING * (1 + length(y))
    return torch.clamp(rounding, min=wanted)


def _stacked(traces: list[list[Tensor]]) -> Tensor:
    most = max((len(path) for path in traces), default=0)
    full = [torch.stack([*path, *[path[-1]] * (most - len(path))]) for path in traces]
    return torch.stack(full, 1).transpose(2, 3).contiguous() if full else torch.zeros(0, 0, 0, 2)


def errors_of(trace: Tensor, exact: Tensor) -> Tensor:
    """Return the distances [iterations + 1, K, N] of a trace's iterates from x [K, N, 2], each
    block's exact answer: what the solvers' error curves show.
    """
    distances: Tensor = torch.linalg.vector_norm(trace - exact, dim=-1)
    return distances


def steps_of(trace: Tensor) -> Tensor:
    """Return the lengths [iterations, K, N] of a trace's steps, for the bounds from them."""
    return torch.stack([torch.linalg.vector_norm(b - a, dim=-1) for a, b in pairwise(trace)])
