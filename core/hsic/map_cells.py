"""Which widths and which rows the lab's map takes, so that it comes while a person waits."""

from __future__ import annotations

from typing import Any

import numpy as np

CELLS = 15
WIDEST = 20.0
NARROWEST, NARROWEST_OF_MANY = 0.02, 0.05
ALL_ROWS_UP_TO = 300  # rows whose Gram matrices a map may permute whole
MOST_MODES = 250  # frequencies a side that a map over more rows may need


def map_cells(
    x: Any,
    y: Any,
    unit_x: float | None,
    unit_y: float | None,
    *,
    seed: int,
    kernel_x: str,
    kernel_y: str,
) -> tuple[Any, Any]:
    """The widths of the lab's map in multiples of the units, and the rows that it uses.

    The narrowest kernel is about as wide as the gaps between points: narrower ones see nothing but
    ties. All rows are used up to 300, or where Gaussian kernels of columns without long tails need
    no Gram matrix; otherwise 300 rows drawn from `seed`.
    """
    n = len(x)
    narrowest = max(NARROWEST, 2 / n) if n <= ALL_ROWS_UP_TO else NARROWEST_OF_MANY
    cells = np.geomspace(narrowest, WIDEST, CELLS)
    if n <= ALL_ROWS_UP_TO or _streams(x, y, unit_x, unit_y, (kernel_x, kernel_y)):
        return cells, np.arange(n)
    chosen = np.random.default_rng(seed).choice(n, ALL_ROWS_UP_TO, replace=False)
    return cells, np.sort(chosen)


def _streams(
    x: Any, y: Any, unit_x: float | None, unit_y: float | None, kernels: tuple[str, str]
) -> bool:
    from zoetrope.core.hsic.fourier_side import modes_needed

    columns = [np.reshape(np.asarray(values), (len(values), -1)) for values in (x, y)]
    if kernels != ("gaussian", "gaussian") or any(c.shape[1] > 1 for c in columns):
        return False
    if any(np.ptp(column) == 0 for column in columns) or unit_x is None or unit_y is None:
        return False
    modes = [
        modes_needed(max(NARROWEST_OF_MANY * unit / float(np.ptp(column)), 1e-6))
        for unit, column in zip((unit_x, unit_y), columns, strict=True)
    ]
    affordable = 4 * modes[0] * modes[1] < 280 * min(len(columns[0]), 1000)
    return max(modes) <= MOST_MODES and affordable
