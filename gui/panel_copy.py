"""A panel's numbers as a table that pastes into a spreadsheet."""

from __future__ import annotations

from itertools import zip_longest
from typing import Any

import numpy as np

from zoetrope.core.figure import Panel
from zoetrope.core.items import (
    Arrows,
    Band,
    Bars,
    Curve,
    HeatMap,
    Item,
    Rectangle,
    Region,
    Rule,
    Scatter,
    Segments,
)

_COLUMNS: dict[type[Item], tuple[str, ...]] = {
    Curve: ("x", "y"),
    Segments: ("x0", "y0", "x1", "y1"),
    Band: ("x", "low", "high"),
    Scatter: ("x", "y", "values"),
    Bars: ("x", "height"),
    Arrows: ("x", "y", "dx", "dy"),
    Rule: ("value",),
    Region: ("low", "high"),
    Rectangle: ("x", "y"),
}


def panel_text(panel: Panel) -> str:
    """Return tab-separated columns with all digits, two or more for each item.

    The first line names the columns: the item's label and what is in the column.
    """
    headers: list[str] = []
    columns: list[list[str]] = []
    for item in panel.items:
        for name, values in _columns(item):
            headers.append(f"{item.label or item.key}: {name}".replace("\t", " "))
            columns.append([repr(float(value)) for value in values])
    rows = zip_longest(*columns, fillvalue="")
    return "\n".join("\t".join(row) for row in [headers, *rows]) + "\n"


def _columns(item: Item) -> list[tuple[str, Any]]:
    if isinstance(item, HeatMap):
        return [(f"column {k}", item.z[:, k]) for k in range(item.z.shape[1])]
    found = []
    for name in _COLUMNS.get(type(item), ()):
        values = getattr(item, name)
        if values is not None:
            found.append((name, np.atleast_1d(values)))
    return found
