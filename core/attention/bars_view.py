"""Named quantities, each with its words above it: bars from zero, or dots on a log axis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from zoetrope.core.figure import Axis, Cell, Panel
from zoetrope.core.items import Item, Label, Rectangle, Role, Scatter, Segments

FEWEST = 4  # bars that a panel has room for at least
HALF = 0.14  # of a bar's height, as a share of what it has with its words


@dataclass(frozen=True)
class Bar:
    """A quantity, the words that say it, and its colour; 0 has words alone."""

    key: str
    words: str
    value: float
    role: Role = "data1"


def bars_panel(name: str, title: str, bars: Sequence[Bar], axis: Axis, cell: Cell) -> Panel:
    """Return bars from zero on a linear axis, so that a length means its value.

    The words say the values: the axis itself is not drawn.
    """
    items: list[Item] = []
    high = max([0.0, *(bar.value for bar in bars)]) or 1.0
    for y, bar in _places(bars):
        if bar.value > 0:
            items.append(
                Rectangle(key=bar.key, label="", x=(0.0, bar.value), y=(y - HALF, y + HALF),
                          role=bar.role, width=0.5, opacity=0.9)
            )  # fmt: skip
        items.append(_words(bar, 0.0, y))
    across = Axis(axis.label, axis.unit, range=(0.0, 1.02 * high), visible=False)
    return _panel(name, title, bars, items, across, cell)


def dots_panel(name: str, title: str, bars: Sequence[Bar], axis: Axis, cell: Cell) -> Panel:
    """Return a dot for each quantity on a logarithmic axis, where only places mean something."""
    positive = [bar.value for bar in bars if bar.value > 0] or [1.0]
    low = 10.0 ** math.floor(math.log10(min(positive)) - 0.2)
    high = 10.0 ** math.ceil(math.log10(max(positive)) + 0.1)
    items: list[Item] = []
    for y, bar in _places(bars):
        items += [
            Segments(key=f"{bar.key} line", x0=[low], x1=[high], y0=[y], y1=[y], role="guide",
                     width=0.8, opacity=0.35),
            _words(bar, low, y),
        ]  # fmt: skip
        if bar.value > 0:
            items.append(
                Scatter(key=bar.key, x=[bar.value], y=[y], role=bar.role, size=10.0, layer=1)
            )
    limits = (low, high * 1.2)  # so that no dot is cut at the edge
    return _panel(
        name, title, bars, items, Axis(axis.label, axis.unit, log=True, range=limits), cell
    )


def _places(bars: Sequence[Bar]) -> list[tuple[float, Bar]]:
    """Return each quantity with its height, the first uppermost."""
    return [(len(bars) - 1.0 - place, bar) for place, bar in enumerate(bars)]


def _words(bar: Bar, x: float, y: float) -> Label:
    return Label(key=f"{bar.key} words", label=bar.words, x=x, y=y + 0.38, anchor="left", size=8.5)


def _panel(
    name: str, title: str, bars: Sequence[Bar], items: Sequence[Item], x: Axis, cell: Cell
) -> Panel:
    return Panel(
        name=name, title=title, cell=cell, items=tuple(items), grid=False, x=x,
        y=Axis("", visible=False, range=(min(-0.5, len(bars) - FEWEST - 0.5), len(bars) - 0.3)),
        summary=f"{title}. " + "; ".join(bar.words for bar in bars) + ".",
    )  # fmt: skip
