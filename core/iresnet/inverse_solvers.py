"""Undoing one block, y = x + g(x): Picard's iteration, Anderson's mixing, Newton's method.

Points are columns [2, N], float64. Each solver is a generator of iterates, the first being y; it
never ends by itself, so that the caller decides when all points have arrived.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import count
from typing import NamedTuple

import torch
from torch import Tensor

from zoetrope.core.iresnet.block_looks import ExactLook, Look, RoundedLook
from zoetrope.core.iresnet.block_maps import length, residual
from zoetrope.core.iresnet.weights import Blocks

METHODS = ("newton", "picard", "anderson")
_RIDGE = 1e-10  # of Anderson's least squares, relative
_ROUNDED = 3  # iterates of Newton's that are looked at rounded, at most
_NEAR = 1e-3  # residual whose square is lost in float32's rounding
_LONGEST = 1e3  # an Anderson step longer than this many residuals gives way to Picard's


class Iterate(NamedTuple):
    """Where the points are, x [2, N], and the lengths of y - x - g(x) there, [N]."""

    x: Tensor
    residual: Tensor


Solver = Callable[[Blocks, int, Tensor, float], Iterator[Iterate]]


def picard(flow: Blocks, k: int, y: Tensor, lipschitz: float) -> Iterator[Iterate]:
    """Yield x <- y - g(x), which contracts by the Lipschitz constant (Behrmann et al., 2019)."""
    x = y
    while True:
        following = y - residual(flow, k, x)
        yield Iterate(x, length(following - x))
        x = following


def newton(flow: Blocks, k: int, y: Tensor, lipschitz: float) -> Iterator[Iterate]:
    """Yield x <- x + (I + J)^-1 r with r = y - x - g(x), by the closed 2x2 inverse.

    The first iterates are far off, so they are looked at in float32, three times faster, and the
    lengths of r are given with the rounding added. After them only J, which steers, is rounded.

    A point whose residual did not shrink by the Lipschitz constant takes Picard's step instead,
    which does that for certain: so the global convergence is kept, and at the end Newton's speed.
    """
    n, shrinking, reach = y.shape[1], min(lipschitz, 1.0), 1 + length(y)
    look: Look = RoundedLook(flow, k, n)
    x, missing = y, -look.value(y)
    size = length(missing) + look.rounding * reach
    for i in count(1):
        yield Iterate(x, size)
        tried = x + solved(look.jacobian(), missing)
        if isinstance(look, RoundedLook) and (i == _ROUNDED or bool((size < _NEAR).all())):
            look = ExactLook(flow, k, n)
        rounding = look.rounding * reach
        left = y - tried - look.value(tried)
        shorter = length(left)
        failed = ~(shorter <= torch.maximum(shrinking * size, rounding))
        if failed.any():
            picards = (x + missing)[:, failed]
            tried[:, failed] = picards
            left[:, failed] = y[:, failed] - picards - look.value_again(failed, picards)
            shorter = length(left)
        x, missing = tried, left
        size = shorter + rounding if isinstance(look, RoundedLook) else shorter


def solved(jacobian: Tensor, right: Tensor) -> Tensor:
    """Return (I + J)^-1 r [2, N] for the rows of J [4, N] and r [2, N]."""
    a, d = 1 + jacobian[0], 1 + jacobian[3]
    first, second = d * right[0], a * right[1]
    first.addcmul_(jacobian[1], right[1], value=-1)
    second.addcmul_(jacobian[2], right[0], value=-1)
    determinant = torch.mul(a, d).addcmul_(jacobian[1], jacobian[2], value=-1)
    return torch.stack([first, second]).div_(determinant)


def anderson(flow: Blocks, k: int, y: Tensor, lipschitz: float) -> Iterator[Iterate]:
    """Yield Anderson's mixing of the last three iterates (type II, memory 2).

    It is not monotone: the error may grow for some iterations before it collapses.
    """
    x = y
    history: list[tuple[Tensor, Tensor]] = []
    while True:
        image = y - residual(flow, k, x)
        missing = image - x
        yield Iterate(x, length(missing))
        history = [*history[-2:], (image, missing)]
        x = _mixed(history, x)


def _mixed(history: list[tuple[Tensor, Tensor]], x: Tensor) -> Tensor:
    image, missing = history[-1]
    if len(history) == 1:
        return image
    changes = torch.stack([missing - old for _, old in history[:-1]])  # [m, 2, N]
    images = torch.stack([image - old for old, _ in history[:-1]])
    gram = torch.einsum("ain,bin->nab", changes, changes)
    right = torch.einsum("ain,in->na", changes, missing)
    size = gram.diagonal(dim1=1, dim2=2).sum(1)
    eye = torch.eye(gram.shape[1], dtype=gram.dtype)
    gram = gram + (_RIDGE * size + torch.finfo(gram.dtype).tiny)[:, None, None] * eye
    shares, trouble = torch.linalg.solve_ex(gram, right.unsqueeze(2))
    mixed = image - torch.einsum("ain,na->in", images, shares.squeeze(2))
    too_long = length(mixed - x) > _LONGEST * length(missing)
    bad = too_long | (trouble != 0) | ~torch.isfinite(mixed).all(0)
    return torch.where(bad, image, mixed)


SOLVERS: dict[str, Solver] = {"newton": newton, "picard": picard, "anderson": anderson}


def a_priori_bound(lipschitz: float, first_step: float, iterations: int) -> float:
    """Return Picard's bound L^n / (1 - L) |x_1 - x_0| on its error; infinite for L >= 1."""
    if lipschitz >= 1:
        return math.inf
    return lipschitz**iterations / (1 - lipschitz) * first_step


def picard_iterations(lipschitz: float, error: float, first_step: float = 1.0) -> float:
    """Return after how many iterations Picard's bound is at most `error`; infinite for L >= 1."""
    if lipschitz >= 1:
        return math.inf
    if first_step <= error * (1 - lipschitz):
        return 0
    if lipschitz == 0:  # a constant g is undone by the first step
        return 1
    return math.ceil(math.log(error * (1 - lipschitz) / first_step) / math.log(lipschitz))
