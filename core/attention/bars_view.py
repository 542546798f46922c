"""Named quantities as bars from the left, each with its words above it, on one log axis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from zoetrope.core.figure import Axis, Cell, Item, Label, Panel, Role, Segments


@dataclass(frozen=True)
class Bar:
    """A quantity, the words that say it, and its colour."""

    key: str
    words: str
    value: float
    role: Role = "data1"


def bars_panel(
    name: str, title: str, bars: Sequence[Bar], axis: Axis, cell: Cell, low: float | None = None
) -> Panel:
    """Return the bars from `low` on, by default from below the smallest of them."""
    positive = [bar.value for bar in bars if bar.value > 0] or [1.0]
    start = 10.0 ** math.floor(math.log10(min(positive)) - 0.2) if low is None else low
    items: list[Item] = []
    for place, bar in enumerate(bars):
        y = len(bars) - 1.0 - place
        items += [
            Segments(key=bar.key, x0=[start], x1=[max(bar.value, start)], y0=[y], y1=[y],
                     role=bar.role, width=8.0, opacity=0.9),
            Label(key=f"{bar.key} words", label=bar.words, x=start, y=y + 0.38, anchor="left",
                  size=8.5),
        ]  # fmt: skip
    high = max([2 * start, *positive])
    return Panel(
        name=name, title=title, cell=cell, items=tuple(items), grid=False,
        x=Axis(axis.label, axis.unit, log=True, range=(start, high**1.02 * start**-0.02 * 1.1)),
        y=Axis("", visible=False, range=(-0.5, len(bars) - 0.3)),
        summary=f"{title}. " + "; ".join(bar.words for bar in bars) + ".",
    )  # fmt: skip
