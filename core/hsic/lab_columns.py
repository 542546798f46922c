"""Which rows of a table of columns are compared, and which columns are tested together."""

from __future__ import annotations

from typing import Any

import numpy as np

MOST_ROWS = 2000  # of which every pair is compared
FEW_COLUMNS, FEW_ROWS = 4, 250  # that are tested together without being asked for


def rows_compared(table: Any, seed: int) -> Any:
    """The complete rows, at most so many, drawn from the seed."""
    rows = np.flatnonzero(np.isfinite(table).all(axis=1)) if table.size else np.zeros(0, int)
    if len(rows) > MOST_ROWS:
        rows = np.sort(np.random.default_rng(seed).choice(rows, MOST_ROWS, replace=False))
    return rows


def dhsic_defined(table: Any, kernel: str) -> bool:
    """Whether the columns [n, p] can be tested together under a kernel."""
    unit = kernel not in ("distance", "linear", "polynomial")
    return bool(unit and table.shape[1] >= 3 and len(table) >= 2 * table.shape[1])
