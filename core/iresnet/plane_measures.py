"""What only the plane allows: grids, where a network folds, and all points it maps to one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from zoetrope.core.iresnet import block_maps
from zoetrope.core.iresnet.config import whole
from zoetrope.core.iresnet.errors import IResNetError
from zoetrope.core.iresnet.weights import Blocks
from zoetrope.core.stepping import Steps

Extent = Sequence[float]  # x from, x to, y from, y to
MOST_CELLS = 4096  # along a side
_NEWTON = 60
SAME = 1e-6  # closer preimages are one
_FOUND = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Folds:
    """Orientation of the map on a grid: signs [n, n] are 1, -1 where it is mirrored (0 on a fold);
    `share` is the part of the area that is mirrored.
    """

    signs: Tensor
    share: float


class _Flow(Protocol):
    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]: ...
    def jacobian(self, x: Tensor) -> Tensor: ...


def checked_extent(extent: Extent) -> tuple[float, float, float, float]:
    """Return (x from, x to, y from, y to), or raise a sentence."""
    try:
        sides = [float(side) for side in extent]
    except (TypeError, ValueError):
        sides = []
    if len(sides) == 4 and all(map(math.isfinite, sides)):
        left, right, bottom, top = sides
        if left < right and bottom < top:
            return left, right, bottom, top
    raise IResNetError(
        "bad_value", f"The extent is {extent!r}; give x from, x to, y from, y to.", "extent"
    )


def twice_as_wide(extent: Extent) -> tuple[float, float, float, float]:
    """Return the extent about the same middle whose sides are twice as long."""
    left, right, bottom, top = checked_extent(extent)
    x, y = (right - left) / 2, (top - bottom) / 2
    return left - x, right + x, bottom - y, top + y


def grid_points(extent: tuple[float, float, float, float], n: int) -> Tensor:
    """Return the middles of n x n cells [n n, 2]; x runs faster, y goes up."""
    whole("n", n, 1, MOST_CELLS)
    left, right, bottom, top = extent
    middles = (torch.arange(n, dtype=torch.float64) + 0.5) / n
    y, x = torch.meshgrid(
        bottom + (top - bottom) * middles, left + (right - left) * middles, indexing="ij"
    )
    return torch.stack([x.flatten(), y.flatten()], 1)


def mass_within(log_density: Tensor, extent: Extent) -> tuple[Tensor, Tensor]:
    """Return half the width of growing squares about the middle of a grid [n, n] as
    `Model.density_grid`'s, as a share of the whole (0 to 1) [n // 2], and the integral over each.

    By the midpoint rule; n must be even.
    """
    left, right, bottom, top = checked_extent(extent)
    n = len(log_density)
    from_middle = (torch.arange(n) - (n - 1) / 2).abs()
    ring = torch.maximum(from_middle[:, None], from_middle[None]).long()
    rings = torch.zeros(n // 2, dtype=torch.float64)
    rings.index_add_(0, ring.flatten(), log_density.exp().flatten())
    cell = (right - left) * (top - bottom) / n**2
    return (torch.arange(n // 2, dtype=torch.float64) + 1) / (n // 2), rings.cumsum(0) * cell


def orientation_steps(flow: Blocks, points: Tensor) -> Steps[Tensor]:
    """Return the sign of the whole map's determinant [N] at points [2, N], in steps."""
    signs = torch.empty_like(points[0])
    size = block_maps.chunk(flow)
    for start in range(0, points.shape[1], size):
        part = slice(start, start + size)
        x = (points[:, part] - flow.mean[:, None]) / flow.std[:, None]
        x, sign = block_maps.affine(flow, 0, x), torch.ones_like(x[0])
        for k in range(flow.count):
            step, jacobian = block_maps.residual_and_jacobian(flow, k, x)
            sign *= block_maps.determinant(jacobian).sign()
            x = block_maps.affine(flow, k + 1, x + step)
        signs[part] = sign
        yield min(1.0, (start + size) / points.shape[1])
    return signs


def preimages_steps(flow: _Flow, target: Tensor, extent: Extent, starts: int) -> Steps[Tensor]:
    """Return the distinct solutions [m, 2] of flow(x) = target [2] within the extent, by Newton's
    method with shortened steps from starts x starts places.
    """
    bounds = checked_extent(extent)
    x = grid_points(bounds, whole("starts", starts, 1, 256))
    missing = target - flow.forward(x)[0]
    found = [x[:0]]
    for i in range(_NEWTON):
        direction, _ = torch.linalg.solve_ex(flow.jacobian(x), missing.unsqueeze(2))
        x, missing, better = _shortened(flow, target, x, missing, direction.squeeze(2))
        size = torch.linalg.vector_norm(missing, dim=1)
        there = ~better & (size < _FOUND)  # as near as rounding lets it come
        found.append(x[there])
        x, missing = x[better], missing[better]
        yield (i + 1) / _NEWTON
        if not len(x):
            break
    points = torch.cat([*found, x[torch.linalg.vector_norm(missing, dim=1) < _FOUND]])
    left, right, bottom, top = bounds
    inside = (points[:, 0] > left) & (points[:, 0] < right)
    inside &= (points[:, 1] > bottom) & (points[:, 1] < top)
    return _distinct(points[inside])


def _shortened(
    flow: _Flow, target: Tensor, x: Tensor, missing: Tensor, direction: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """Take the longest of the steps direction / 4^k, k = 0..4, that brings a point nearer to the
    target; return places, what is missing there, and which points came nearer [N].
    """
    size = torch.linalg.vector_norm(missing, dim=1)
    left = torch.arange(len(x))
    x, missing = x.clone(), missing.clone()
    for shortening in range(5):
        tried = x[left] + direction[left].nan_to_num(0.0) / 4**shortening
        off = target - flow.forward(tried)[0]
        nearer = torch.linalg.vector_norm(off, dim=1) < size[left]
        x[left[nearer]], missing[left[nearer]] = tried[nearer], off[nearer]
        left = left[~nearer]
        if not len(left):
            break
    better = torch.ones(len(x), dtype=torch.bool)
    better[left] = False
    return x, missing, better


def _distinct(points: Tensor) -> Tensor:
    kept: list[Tensor] = []
    while len(points):
        kept.append(points[0])
        points = points[torch.linalg.vector_norm(points - points[0], dim=1) > SAME]
    return torch.stack(kept) if kept else points.new_empty(0, 2)
