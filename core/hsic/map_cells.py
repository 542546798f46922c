"""Which widths and which rows the lab's map takes, so that it comes while a person waits."""

from __future__ import annotations

from typing import Any

import numpy as np

CELLS = 15
WIDEST = 20.0
NARROWEST, NARROWEST_OF_MANY = 0.02, 0.05
FINE_UP_TO = 300  # rows for which the narrowest widths cost little
ALL_ROWS_UP_TO = 500  # rows of which a map may compare every pair
BLUNTEST = 0.2  # the narrowest width that long tails may cost a map of many rows


def map_cells(
    x: Any,
    y: Any,
    unit_x: float | None,
    unit_y: float | None,
    *,
    seed: int,
    kernel_x: str,
    kernel_y: str,
    most: int = ALL_ROWS_UP_TO,
) -> tuple[Any, Any]:
    """The widths of the lab's map in multiples of the units, and the rows that it uses.

    The narrowest kernel is about as wide as the gaps between points: narrower ones see nothing but
    ties. All rows are used up to `most`, or where kernels of the distance on columns without long
    tails need no Gram matrix; otherwise `most` rows drawn from `seed`.
    """
    n = len(x)
    narrowest = max(NARROWEST, 2 / n) if n <= FINE_UP_TO else NARROWEST_OF_MANY
    rows = np.arange(n)
    if n > most:
        grid = finest_of_many(x, y, unit_x, unit_y, kernel_x, kernel_y)
        if grid <= BLUNTEST:
            narrowest = max(narrowest, grid)
        else:
            rows = np.sort(np.random.default_rng(seed).choice(n, most, replace=False))
    return np.geomspace(narrowest, WIDEST, CELLS), rows


def finest_of_many(
    x: Any, y: Any, unit_x: float | None, unit_y: float | None, kernel_x: str, kernel_y: str
) -> float:
    """The narrowest width, in multiples of the units, that an engine for many rows resolves;
    infinite where none takes these kernels or columns.
    """
    from zoetrope.core.hsic.choose_engine import FINEST, OF_DISTANCE

    found = 0.0
    for values, unit, kernel in ((x, unit_x, kernel_x), (y, unit_y, kernel_y)):
        column = np.reshape(np.asarray(values), (len(values), -1))
        extent = float(np.ptp(column))
        if kernel not in OF_DISTANCE or column.shape[1] > 1 or extent == 0:
            return float("inf")
        if unit is not None:
            found = max(found, 1.001 * FINEST * extent / unit)
    return found
