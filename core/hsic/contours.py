"""Level lines of a grid of values, by marching squares."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

# The two edges that the line crosses, by which corners lie above: 1 lower left, 2 lower right,
# 4 upper right, 8 upper left. Edges: 0 lower, 1 right, 2 upper, 3 left. Saddles have two lines.
CROSSED: dict[int, tuple[tuple[int, int], ...]] = {
    1: ((3, 0),), 2: ((0, 1),), 3: ((3, 1),), 4: ((1, 2),), 5: ((3, 2), (0, 1)), 6: ((0, 2),),
    7: ((3, 2),), 8: ((2, 3),), 9: ((2, 0),), 10: ((3, 0), (1, 2)), 11: ((2, 1),), 12: ((1, 3),),
    13: ((1, 0),), 14: ((0, 3),),
}  # fmt: skip

DIGITS = 10


def level_line(x: Floats, y: Floats, z: Floats, level: float) -> tuple[Floats, Floats]:
    """The line where z [len(y), len(x)] is `level`, as one curve with NaN between its pieces.

    x and y must be of the order of 1. z is taken as bilinear between the grid points; where it is
    not finite there is no line.
    """
    segments: list[tuple[tuple[float, float], tuple[float, float]]] = []
    above = z >= level
    for j in range(len(y) - 1):
        for i in range(len(x) - 1):
            corners = ((j, i), (j, i + 1), (j + 1, i + 1), (j + 1, i))
            case = sum(1 << k for k, at in enumerate(corners) if above[at])
            if case in (0, 15) or not np.isfinite(z[j : j + 2, i : i + 2]).all():
                continue
            for start, end in CROSSED[case]:
                ends = [_cross(x, y, z, level, corners[e], corners[(e + 1) % 4])
                        for e in (start, end)]  # fmt: skip
                if ends[0] != ends[1]:  # a level that a corner has touches its cells in a point
                    segments.append((ends[0], ends[1]))
    lines = _joined(segments)
    if not lines:
        return np.empty(0), np.empty(0)
    gap = np.array([[np.nan, np.nan]])
    points = np.concatenate([part for line in lines for part in (line, gap)])[:-1]
    return points[:, 0], points[:, 1]


def _cross(
    x: Floats, y: Floats, z: Floats, level: float, a: tuple[int, int], b: tuple[int, int]
) -> tuple[float, float]:
    """Where the level lies on the edge between two grid points (row, column)."""
    share = (level - z[a]) / (z[b] - z[a])
    return (  # rounded, for neighbouring cells must find the same point
        round(float(x[a[1]] + share * (x[b[1]] - x[a[1]])), DIGITS),
        round(float(y[a[0]] + share * (y[b[0]] - y[a[0]])), DIGITS),
    )


def _joined(segments: list[tuple[tuple[float, float], tuple[float, float]]]) -> list[Floats]:
    """Segments that share ends, strung together."""
    at: dict[tuple[float, float], list[int]] = {}
    for index, segment in enumerate(segments):
        for end in segment:
            at.setdefault(end, []).append(index)
    left = set(range(len(segments)))
    lines = []
    while left:
        first = left.pop()
        line = list(segments[first])
        for _ in range(2):
            while (found := next((k for k in at[line[-1]] if k in left), None)) is not None:
                left.discard(found)
                a, b = segments[found]
                line.append(b if a == line[-1] else a)
            line.reverse()
        lines.append(np.array(line))
    return lines
