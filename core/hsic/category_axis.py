"""Categories in the plane: cells in place of a line of numbers, and points that do not cover
each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from zoetrope.core.hsic.lab_study import Study

MOST_CATEGORIES = 24
SPREAD = 0.7  # of a cell, which the points of a category fill
TURNS = (0.7548776662466927, 0.5698402909980532)  # 1/g and 1/g² for g³ = g + 1: evenly in a square


def categories(study: Study, side: int) -> int:
    """How many categories 0, 1, ... x (side 0) or y (1) has; 0 where it is anything else.

    A delta kernel tells nothing but equal from unequal.
    """
    if study.names[side] != "delta" or not study.data.drawable:
        return 0
    return codes(study.data.plane[side])


def codes(column: Any) -> int:
    """k where the numbers [n] are codes 0, 1, ..., k - 1 of few categories, else 0."""
    low, high = float(column.min()), float(column.max())
    few = low == 0 and high < MOST_CATEGORIES and (column == np.rint(column)).all()
    return int(high) + 1 if few else 0


def spread_out(column: Any, side: int) -> Any:
    """Codes [n] moved to places evenly over the cells of their categories."""
    return column + SPREAD * ((np.arange(len(column)) * TURNS[side]) % 1.0 - 0.5)
