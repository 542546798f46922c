"""The panels of the compose page: a drawing of blocks, a combination, and what is saved."""

from __future__ import annotations

from typing import Any

import numpy as np

from zoetrope.core.attention.lab_words import share_words
from zoetrope.core.attention.matrix_view import Viewport, heat_map, tile_steps
from zoetrope.core.attention.patterns import Pattern
from zoetrope.core.edits import TableEdit
from zoetrope.core.figure import Axis, Cell, Panel
from zoetrope.core.items import HeatMap

COMBINED_PIXELS = 256
SAVED_PIXELS = 96


def drawing_panel(n: int, block: int, cells: Any, edited: bool, cell: Cell) -> Panel:
    """Return the blocks to paint, [m, m] with positive values where a block is painted."""
    m = len(cells)
    side = float(m * block)
    also = (("pattern", "drawn"), ("block", block))
    painted = int(np.count_nonzero(cells))
    title = f"Paint blocks of {block:,}: queries down, keys across"
    if not edited:
        title = f"Paint on this pattern, in blocks of {block:,}: queries down, keys across"
    return Panel(
        name="drawing", title=title, cell=cell, square=True, grid=False,
        items=(
            HeatMap(key="blocks", label="1: the block is computed", z=cells, levels=(0.0, 1.0),
                    extent=(0.0, side, 0.0, side), bar=False,
                    edits=TableEdit("painted", also=also)),
        ),
        x=Axis("", range=(0.0, side), visible=False), y=Axis("", range=(side, 0.0), visible=False),
        summary=f"{title}. {painted:,} of {m} by {m} are painted; a click paints or erases one.",
    )  # fmt: skip


def pattern_panel(name: str, title: str, found: Pattern, pixels: int, cell: Cell) -> Panel:
    """Return a pattern, whole and small."""
    n = found.n
    side = min(pixels, n)
    whole = Viewport(0, n, 0, n, side, side)
    picture = heat_map(next(tile_steps(found, whole)), whole, "log")
    return Panel(
        name=name, title=title, cell=cell, grid=False, square=True,
        items=(HeatMap(key="mask", z=picture.z, extent=picture.extent, levels=picture.levels,
                       bar=False),),
        x=Axis("", range=(0.0, float(n)), visible=False),
        y=Axis("", range=(float(n), 0.0), visible=False),
        summary=f"{title}, {n:,} tokens.",
    )  # fmt: skip


def combination_title(formula: str, found: Pattern) -> str:
    """Say what the combination keeps."""
    known = found.count is not None or found.structure.work <= 1 << 20
    kept = f": {share_words(found.nnz() / found.n**2)} of all pairs" if known else ""
    return f"{formula}{kept}"
