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
from zoetrope.core.iresnet.stepping import Steps
from zoetrope.core.iresnet.weights import Blocks

Extent = Sequence[float]  # x from, x to, y from, y to
MOST_CELLS = 4096  # along a side
_NEWTON = 60
_SAME = 1e-6  # closer preimages are one
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


def grid_points(extent: tuple[float, float, float, float], n: int) -> Tensor:
    """Return the middles of n x n cells [n n, 2]; x runs faster, y goes up."""
    whole("n", n, 1, MOST_CELLS)
    left, right, bottom, top = extent
    middles = (torch.arange(n, dtype=torch.float64) + 0.5) / n
    y, x = torch.meshgrid(
        bottom + (top - bottom) * middles, left + (right - left) * middles, indexing="ij"
    )
    return torch.stack([x.flatten(), y.flatten()], 1)


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
    for i in range(_NEWTON):
        direction, _ = torch.linalg.solve_ex(flow.jacobian(x), missing.unsqueeze(2))
        direction = direction.squeeze(2).nan_to_num(0.0)
        tried = x + direction
        left = target - flow.forward(tried)[0]
        size = torch.linalg.vector_norm(missing, dim=1)
        for shortening in range(1, 5):
            worse = ~(torch.linalg.vector_norm(left, dim=1) < size)
            if not worse.any():
                break
            tried[worse] = x[worse] + direction[worse] / 4**shortening
            left[worse] = target - flow.forward(tried[worse])[0]
        better = torch.linalg.vector_norm(left, dim=1) < size
        x, missing = (
            torch.where(better[:, None], new, old) for new, old in ((tried, x), (left, missing))
        )
        yield (i + 1) / _NEWTON
        if not better.any():
            break
    x = x[torch.linalg.vector_norm(missing, dim=1) < _FOUND]
    left_, right, bottom, top = bounds
    inside = (x[:, 0] > left_) & (x[:, 0] < right) & (x[:, 1] > bottom) & (x[:, 1] < top)
    return _distinct(x[inside])


def _distinct(points: Tensor) -> Tensor:
    kept: list[Tensor] = []
    for point in points:
        if all(float(torch.dist(point, other)) > _SAME for other in kept):
            kept.append(point)
    return torch.stack(kept) if kept else points.new_empty(0, 2)
