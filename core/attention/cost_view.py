"""What a pattern costs beside full and causal attention, and in whole blocks."""

from __future__ import annotations

import numpy as np

from zoetrope.core.attention.cost_model import BlockCost
from zoetrope.core.attention.lab_study import Count
from zoetrope.core.attention.lab_words import share_words, times_words
from zoetrope.core.figure import Axis, Cell, Item, Label, Panel, Role, Segments


def cost_panel(
    name: str, n: int, count: Count | None, blocks: BlockCost | None, size: int, cell: Cell
) -> Panel:
    """Return the pairs that are computed, as bars from one pair a query on."""
    lines: list[tuple[str, str, float, Role]] = [
        ("full", "Full attention", float(n) * n, "guide"),
        ("causal", "Causal attention", n * (n + 1) / 2, "guide"),
    ]
    title = "What it costs"
    if count is not None:
        share = share_words(count.nnz / n**2)
        title = f"Needs {'' if count.exact else 'about '}{share} of full attention"
        if blocks is not None and count.nnz:
            lines.append(("blocks", f"In blocks of {size}", float(blocks.computed), "data2"))
            title += f"; blocks of {size} compute {times_words(blocks.waste)} × that"
        lines.append(("pattern", name, float(count.nnz), "data1"))
    low = 10.0 ** np.floor(
        np.log10(max(1.0, min(value for *_, value, _ in lines if value > 0) / 4))
    )
    items: list[Item] = []
    for place, (key, label, value, role) in enumerate(lines):
        y = len(lines) - 1.0 - place
        items.append(
            Segments(key=key, x0=[low], x1=[max(value, low)], y0=[y], y1=[y], role=role, width=9.0,
                     opacity=0.9)
        )  # fmt: skip
        about = "≈ " if key == "pattern" and count is not None and not count.exact else ""
        words = f"{label}, {about}{share_words(value / n**2)}"
        items.append(
            Label(key=f"{key} words", label=words, x=low, y=y + 0.36, anchor="left", size=8.5)
        )
    return Panel(
        name="cost",
        title=title,
        cell=cell,
        items=tuple(items),
        x=Axis("Pairs computed", log=True, range=(low, 1.15 * n * n)),
        y=Axis("", visible=False, range=(-0.5, len(lines) - 0.35)),
        grid=False,
        summary=f"{title}. " + "; ".join(str(i.label) for i in items if isinstance(i, Label)) + ".",
    )
