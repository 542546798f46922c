"""The panels of the reach page: influence layer by layer, and how far it spreads."""

from __future__ import annotations

import numpy as np

from zoetrope.core.attention.lab_reach import Influence, Reach
from zoetrope.core.attention.lab_words import count_words
from zoetrope.core.figure import Axis, Cell, Panel
from zoetrope.core.items import Band, Curve, HeatMap, Item, Rule

LEAST = -6.0  # log10 of the smallest share that has a colour


def field_panel(
    q: int, n: int, seen: tuple[int, int], reach: Reach | None, influence: Influence | None,
    cell: Cell,
) -> Panel:  # fmt: skip
    """Return which tokens reach the query's output through how many layers, and how much."""
    items: list[Item] = []
    title = f"What query {q:,} sees through layers"
    layers = 1
    if influence is not None:
        layers = len(influence.shares) - 1
        with np.errstate(divide="ignore"):
            z = np.maximum(np.log10(influence.shares), LEAST)
        z[influence.shares <= 0] = np.nan
        items.append(
            HeatMap(key="influence", label="log₁₀ of the share in the output", z=z,
                    extent=(float(seen[0]), float(seen[1]), -0.5, layers + 0.5),
                    levels=(LEAST, 0.0), colours="viridis")
        )  # fmt: skip
    if reach is not None:
        layers = len(reach.count) - 1
        y = np.repeat(np.arange(layers + 1.0), 2) + np.tile([-0.5, 0.5], layers + 1)
        for key, edge in (("first", reach.first), ("last", reach.last + 1)):
            items.append(
                Curve(key=key, label="reach" if key == "first" else "",
                      x=np.repeat(edge, 2).astype(float), y=y, role="data2", width=2.0, layer=2,
                      label_at=0.8)
            )  # fmt: skip
        title = (
            f"Through {layers} layers query {q:,} reaches {int(reach.count[-1]):,} of {n:,} tokens"
        )
    items.append(
        Rule(key="query", axis="x", value=q + 0.5, role="text", dash="dot", width=1.0, layer=1)
    )
    return Panel(
        name="field", title=title, cell=cell, items=tuple(items), grid=False,
        x=Axis("Token", range=(float(seen[0]), float(seen[1]))),
        y=Axis("Layers looked through", range=(layers + 0.5, -0.5)),
        summary=f"{title}. The line encloses what can reach its output at all; colours say how "
        "much each token contributes there.",
    )  # fmt: skip


def spread_panel(
    alpha: float, reach: Reach | None, influence: Influence | None, q: int, n: int, cell: Cell
) -> Panel:
    """Return reach and the distances that hold half, 90 % and 99 % of the influence."""
    items: list[Item] = []
    title = "Reach and influence"
    if reach is not None:
        far = np.maximum(q - reach.first, reach.last - q)
        layers = np.arange(len(far), dtype=float)
        items.append(
            Curve(key="reach", label="reach", x=layers, y=far, role="data2", width=2.4)
        )  # fmt: skip
        if influence is not None:
            half, ninety, most = influence.bands
            depth = np.arange(len(half), dtype=float)
            items += [
                Band(key="99", label="", x=depth, low=half, high=most, role="data1", opacity=0.16),
                Band(key="90", label="", x=depth, low=half, high=ninety, role="data1", opacity=0.3),
                Curve(key="most", label="99 %", x=depth, y=most, role="data1", width=1.2,
                      dash="dot"),
                Curve(key="ninety", label="90 %", x=depth, y=ninety, role="data1", width=1.2,
                      dash="dash"),
                Curve(key="half", label="half", x=depth, y=half, role="data1", width=2.0),
            ]  # fmt: skip
            title = (
                f"It can see {count_words(float(far[-1]))} tokens far; 99 % of the influence is "
                f"within {count_words(float(influence.bands[2][-1]))}"
            )
    return Panel(
        name="spread", title=title, cell=cell, items=tuple(items),
        x=Axis("Layers looked through"), y=Axis("Tokens away"),
        summary=f"{title}, with a residual share of {alpha:g} in each layer and uniform attention.",
    )  # fmt: skip
