"""Lines along which a function on a grid has one value, and the value that holds a share of it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from zoetrope.core.items import Array

Mask = npt.NDArray[np.bool_]
Ends = tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]  # squares, and edges of theirs

# The corners of a square of the grid, in turn: edge k goes from corner k to k + 1.
_CORNERS = ((0, 0), (0, 1), (1, 1), (1, 0))  # row, column


def contour_segments(
    values: Array, extent: tuple[float, float, float, float], level: float
) -> tuple[Array, Array, Array, Array]:
    """Return (x0, y0, x1, y1), each [m]: the straight pieces of the contour at a level.

    values [rows, columns] stand at the middles of the cells that fill `extent` (x from, x to, y
    from, y to). Marching squares with linear interpolation on the edges; where all four edges of a
    square are crossed, the mean of its corners decides which way it is passed (Lorensen and Cline
    1987, in the plane). No piece touches a square with a value that is not finite.
    """
    rows, columns = values.shape
    squares = np.stack([values[r : rows - 1 + r, c : columns - 1 + c] for r, c in _CORNERS])
    above = squares > level
    mixed = above.any(0) & ~above.all(0) & np.isfinite(squares).all(0)
    corners, above = squares[:, mixed], above[:, mixed]
    lower = np.argwhere(mixed)  # [m, 2], row and column of corner 0
    places = np.array(_CORNERS)[:, None, :] + lower  # [4, m, 2]
    following = np.roll(corners, -1, 0)
    crossed = above != np.roll(above, -1, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(crossed, (level - corners) / (following - corners), 0.0)
    points = places + share[:, :, None] * (np.roll(places, -1, 0) - places)
    first, second = _joined(crossed, above, corners.mean(0) > level)
    x0, x1, y0, y1 = extent
    found = []
    for square, edge in (first, second):
        row, column = points[edge, square].T
        found += [x0 + (column + 0.5) * (x1 - x0) / columns, y0 + (row + 0.5) * (y1 - y0) / rows]
    return found[0], found[1], found[2], found[3]


def _joined(crossed: Mask, above: Mask, middle: Mask) -> tuple[Ends, Ends]:
    """Return, for both ends of each piece, the squares and which of their edges they are on."""
    saddle = crossed.all(0)
    plain = np.flatnonzero(~saddle)
    begin = np.argmax(crossed[:, plain], 0)
    end = 3 - np.argmax(crossed[::-1, plain], 0)
    # A saddle's corners 0 and 2 are joined through its middle, or cut off each by a piece.
    one, other = (
        np.flatnonzero(saddle & kind) for kind in (above[0] == middle, above[0] != middle)
    )
    squares = np.concatenate([plain, one, one, other, other])
    edges = [np.full(len(one), k) for k in (0, 2)] + [np.full(len(other), k) for k in (3, 1)]
    others = [np.full(len(one), k) for k in (1, 3)] + [np.full(len(other), k) for k in (0, 2)]
    return (squares, np.concatenate([begin, *edges])), (squares, np.concatenate([end, *others]))


def holding(density: Array, share: float) -> float:
    """Return the level above which a density on a grid has a share of all that the grid holds."""
    falling = np.sort(density, axis=None)[::-1]
    held = np.cumsum(falling)
    return float(falling[min(int(np.searchsorted(held, share * held[-1])), len(falling) - 1)])
