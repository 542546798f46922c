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
    causal = (n + 1) / (2 * n)
    bars = [
        Bar("full", "Full attention, 100 %", 100.0, "guide"),
        Bar("causal", f"Causal attention, {share_words(causal)}", 100 * causal, "guide"),
    ]
    title = "What it costs"
    if count is not None:
        about = "" if count.exact else "about "
        share = share_words(count.nnz / n**2)
        title = f"Needs {about}{share} of all pairs"
        if blocks is not None and count.nnz:
            computed = blocks.computed / n**2
            bars.append(
                Bar("blocks", f"In blocks of {size}, {share_words(computed)}", 100 * computed,
                    "data2")
            )  # fmt: skip
            title += f"; in blocks {times_words(blocks.waste)}× that"
        bars.append(Bar("pattern", f"{name}, {about}{share}", 100 * count.nnz / n**2))
    return bars_panel("cost", title, bars, Axis("Share of full attention", "%"), cell)
