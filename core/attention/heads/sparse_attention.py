"""Exact sparse attention of any pattern, in time and memory that follow its pairs."""

from __future__ import annotations

import math
from collections.abc import Iterator

import torch
from torch import Tensor

from zoetrope.core.attention.final import final
from zoetrope.core.attention.heads.band_pass import add_progression
from zoetrope.core.attention.heads.errors import HeadsError
from zoetrope.core.attention.heads.gathered_pass import add_pattern
from zoetrope.core.attention.heads.partial_softmax import Attended
from zoetrope.core.attention.patterns import Pattern


@torch.no_grad()
def attend(
    q: Tensor, k: Tensor, v: Tensor, pattern: Pattern, scale: float | None = None,
    return_lse: bool = False,
) -> Tensor | tuple[Tensor, Tensor]:  # fmt: skip
    """Return softmax(scale q k^T, over the keys that the pattern allows) v.

    `q`, `k` [..., n, d] and `v` [..., n, e] of one floating dtype on one device; all leading sizes
    are equal. `scale` is 1 / sqrt(d) unless given. The result has the shape [..., n, e]; with
    `return_lse` also log sum exp of each query's scores [..., n]. A query without a key gives 0 and
    -inf. Never an n x n array: passes over disjoint keys are merged (see `partial_softmax`).
    Halves are computed in float32. No gradients. Raises HeadsError for shapes that do not fit.
    """
    found = final(attend_steps(q, k, v, pattern, scale))
    out = found.out.reshape(*q.shape[:-1], v.shape[-1]).to(v.dtype)
    return (out, found.lse.reshape(q.shape[:-1])) if return_lse else out


def attend_steps(
    q: Tensor, k: Tensor, v: Tensor, pattern: Pattern, scale: float | None = None
) -> Iterator[Attended]:
    """Yield between steps what `attend` has so far, its leading sizes flattened into one."""
    _check(q, k, v, pattern)
    dtype = torch.float64 if q.dtype == torch.float64 else torch.float32
    one, other, values = (part.to(dtype).reshape(-1, *part.shape[-2:]) for part in (q, k, v))
    found = Attended.nothing(values, 1 / math.sqrt(q.shape[-1]) if scale is None else scale)
    yield found
    distances = pattern.structure.distances
    progressions = None if distances is None else distances.progressions
    if progressions is None:
        passes = [add_pattern(one, other, values, pattern, found)]
    else:
        passes = [add_progression(one, other, values, part, found) for part in progressions]
    for steps in passes:
        for _ in steps:
            yield found


def _check(q: Tensor, k: Tensor, v: Tensor, pattern: Pattern) -> None:
    if q.shape != k.shape or q.shape[:-1] != v.shape[:-1] or q.ndim < 2:
        shapes = ", ".join(str(tuple(part.shape)) for part in (q, k, v))
        raise HeadsError(
            "q", f"q, k and v must be [..., n, d], [..., n, d], [..., n, e]: {shapes}."
        )
    if q.shape[-2] != pattern.n:
        raise HeadsError(
            "pattern", f"The pattern has {pattern.n:,} tokens and q {q.shape[-2]:,}; make them "
            "equal.",
        )  # fmt: skip
    if not q.dtype == k.dtype == v.dtype or not q.is_floating_point():
        raise HeadsError("q", "q, k and v must be of one floating dtype.")
