"""The panels of the layers page: who sees a pair, what each head keeps, and the list of layers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from zoetrope.core.attention.bars_view import Bar, bars_panel
from zoetrope.core.attention.lab_schedule import Layer
from zoetrope.core.attention.lab_words import share_words
from zoetrope.core.attention.matrix_view import LOG_EMPTY, shades
from zoetrope.core.edits import Edit
from zoetrope.core.figure import Axis, Cell, Panel
from zoetrope.core.items import HeatMap, Item, Label, Rectangle

MOST_BARS = 8
MOST_COLUMNS = 12  # layers that are listed
THUMB, GAP = 48, 4  # pixels of a head's small picture, and between two


class Shares:
    """The shares of all pairs that the heads of a layer keep, and all of them together."""

    def __init__(self, each: Sequence[float], together: float | None, exact: bool) -> None:
        self.each, self.together, self.exact = tuple(each), together, exact

    @property
    def total(self) -> float:
        """The sum over heads: what is computed."""
        return sum(self.each)


def union_panel(
    number: int, layer: Layer, seen_by: Any, shares: Shares, n: int, cell: Cell
) -> Panel:
    """Return how many heads of a layer see each pair, [rows, columns]; None while not known."""
    items: list[Item] = []
    many = len(layer.names)
    heads = f"{many} heads" if many > 1 else "one head"
    title = f"Layer {number}: {heads}"
    if shares.together is not None:
        title += f", {'together ' if many > 1 else ''}{share_words(shares.together)} of all pairs"
        if many > 1 and shares.together:
            title += f", each seen by {shares.total / shares.together:.3g} of them"
    if seen_by is not None:
        items.append(
            HeatMap(key="heads", label="Heads that see a pair", z=seen_by, colours="viridis",
                    levels=(0.0, float(many)), extent=(0.0, float(n), 0.0, float(n)))
        )  # fmt: skip
    return Panel(
        name="union", title=title, cell=cell, items=tuple(items), grid=False, square=True,
        x=Axis("Key", range=(0.0, float(n))), y=Axis("Query", range=(float(n), 0.0)),
        summary=f"{title}. Colours count the heads that may attend from a query (down) to a key.",
    )  # fmt: skip


def heads_panel(layer: Layer, titles: Mapping[str, str], shares: Shares, cell: Cell) -> Panel:
    """Return the share of pairs that each head of a layer keeps, and their union."""
    about = "" if shares.exact else "about "
    bars = [
        Bar(f"head {head}", f"Head {head}, {name}: {titles[name]}, {about}{share_words(share)}",
            100 * share)
        for head, (name, share) in enumerate(zip(layer.names, shares.each, strict=False))
    ]  # fmt: skip
    left = len(bars) - MOST_BARS
    if left > 0:
        bars = [*bars[:MOST_BARS], Bar("more", f"and {left} more", 0.0)]
    title = "What each head keeps"
    if shares.together is not None and len(layer.names) > 1:
        bars.append(
            Bar("together", f"Together, {about}{share_words(shares.together)}",
                100 * shares.together, "data2")
        )  # fmt: skip
        mean = shares.total / len(layer.names)
        title = f"A head keeps {about}{share_words(mean)} of all pairs on average"
    return bars_panel("heads", title, bars, Axis("Share of all pairs", "%"), cell)


def list_panel(
    layers: Sequence[Layer], thumbs: Mapping[str, Any], chosen: int, cell: Cell
) -> Panel:
    """Return the list: a column a layer, the input at the left, each head as a small picture.

    `thumbs`: densities [THUMB, THUMB] by the names of patterns; those not known yet are left out.
    """
    shown = list(layers)[:MOST_COLUMNS]
    high = max(len(layer.names) for layer in shown)
    side = THUMB + GAP
    z = np.full((high * side, len(shown) * side), np.nan)
    items: list[Item] = []
    for column, layer in enumerate(shown):
        for head, name in enumerate(layer.names):
            if name in thumbs:
                picture, _ = shades(thumbs[name], "log")
                down, right = head * side + GAP // 2, column * side + GAP // 2
                z[down : down + picture.shape[0], right : right + picture.shape[1]] = picture
            items.append(
                Label(key=f"{column} {head}", label=name, x=column + 0.44, y=head - 0.44,
                      anchor="right", layer=1)
            )  # fmt: skip
    items.insert(
        0,
        HeatMap(key="heads", z=z, levels=(LOG_EMPTY, 0.0), bar=False,
                extent=(-0.5, len(shown) - 0.5, -0.5, high - 0.5)),
    )  # fmt: skip
    at = (chosen - 1) % len(layers)
    if at < len(shown) and len(shown) > 1:
        items.append(
            Rectangle(key="chosen", label="", x=(at - 0.5, at + 0.5), y=(-0.5, high - 0.5),
                      width=2.0, opacity=0.0, layer=2)
        )  # fmt: skip
    rest = "" if len(shown) == len(layers) else f", the first {len(shown)} of {len(layers)}"
    title = (
        f"{len(layers)} layers take turns, from the input on{rest}" if len(layers) > 1
        else "Every layer is the same"
    )  # fmt: skip
    return Panel(
        name="list", title=title, cell=cell, items=tuple(items), grid=False, equal=True,
        x=Axis("Layer", range=(-0.5, len(shown) - 0.5),
               words=tuple(str(column + 1) for column in range(len(shown)))),
        y=Axis("Head", range=(high - 0.5, -0.5), words=tuple(map(str, range(high)))),
        pick_x=Edit("layer", offset=1.0) if len(layers) > 1 else None,
        summary=f"{title}: " + "; ".join(" + ".join(layer.names) for layer in shown) + ".",
    )  # fmt: skip
