"""What a pattern costs beside full and causal attention, and in whole blocks."""

from __future__ import annotations

from zoetrope.core.attention.bars_view import Bar, bars_panel
from zoetrope.core.attention.cost_model import BlockCost
from zoetrope.core.attention.lab_study import Count
from zoetrope.core.attention.lab_words import share_words, times_words
from zoetrope.core.figure import Axis, Cell, Panel


def cost_panel(
    name: str, n: int, count: Count | None, blocks: BlockCost | None, size: int, cell: Cell
) -> Panel:
    """Return the pairs that are computed, as shares of full attention."""
    bars = [
        Bar("full", "Full attention, 100 %", float(n) * n, "guide"),
        Bar("causal", f"Causal attention, {share_words((n + 1) / (2 * n))}", n * (n + 1) / 2,
            "guide"),
    ]  # fmt: skip
    title = "What it costs"
    if count is not None:
        about = "" if count.exact else "about "
        share = share_words(count.nnz / n**2)
        title = f"Needs {about}{share} of full attention"
        if blocks is not None and count.nnz:
            computed = share_words(blocks.computed / n**2)
            bars.append(
                Bar("blocks", f"In blocks of {size}, {computed}", float(blocks.computed), "data2")
            )
            title += f"; blocks of {size} compute {times_words(blocks.waste)}\u00a0× that"
        bars.append(Bar("pattern", f"{name}, {about}{share}", float(count.nnz)))
    return bars_panel("cost", title, bars, Axis("Pairs computed"), cell)
