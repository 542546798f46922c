"""The outline of the cells of a map that lie above a level: exact, along their edges."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from zoetrope.core.items import Array, HeatMap

Ends = tuple[Array, Array, Array, Array]


def cell_edges(low: float, high: float, cells: int, log: bool) -> Array:
    """Return the `cells` + 1 edges of cells that are equally wide on their axis."""
    return np.geomspace(low, high, cells + 1) if log else np.linspace(low, high, cells + 1)


def outline(item: HeatMap, level: float, *, log_x: bool = False, log_y: bool = False) -> Ends:
    """Return the ends x0, y0, x1, y1 of the lines round all cells whose z is above `level`.

    Each of shape [n], in data units. NaN is not above anything. Edges in a row are one line; along
    the border of the map there are none, for what lies beyond is not known.
    """
    rows, columns = item.z.shape
    x = cell_edges(item.extent[0], item.extent[1], columns, log_x)
    y = cell_edges(item.extent[2], item.extent[3], rows, log_y)
    above = np.pad(item.z > level, 1, mode="edge")
    at, first, last = _runs(above[1:, 1:-1] ^ above[:-1, 1:-1])
    across = x[first], y[at], x[last], y[at]
    at, first, last = _runs((above[1:-1, 1:] ^ above[1:-1, :-1]).T)
    upright = x[at], y[first], x[at], y[last]
    x0, y0, x1, y1 = (np.concatenate(pair) for pair in zip(across, upright, strict=True))
    return x0, y0, x1, y1


def _runs(marked: npt.NDArray[np.bool_]) -> tuple[npt.NDArray[np.intp], ...]:
    """Return the row, the first place and the place after the last of each run of marked places."""
    padded = np.pad(marked, ((0, 0), (1, 1)))
    row, first = np.nonzero(padded[:, 1:] & ~padded[:, :-1])
    _, last = np.nonzero(padded[:, :-1] & ~padded[:, 1:])
    return row, first, last
