"""The grid of heads: a small picture of each, and one number of each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from zoetrope.core.attention.heads.heads_choices import MEASURES, UNITS
from zoetrope.core.attention.heads.pooled_weights import FAINTEST
from zoetrope.core.attention.runs import Floats
from zoetrope.core.edits import Edit
from zoetrope.core.figure import Axis, Cell, Panel
from zoetrope.core.items import HeatMap, Item, Label, Rectangle, Scatter

MOST_WRITTEN = 5  # heads of a layer beside each other whose numbers are all written out
SHARES = ("first", "own", "mass", "error")


def mosaic_panel(z: Floats | None, layers: int, heads: int, number: int, cell: Cell) -> Panel:
    """Return all heads' weights, query against key; the chosen one is framed."""
    items: list[Item] = []
    if z is not None:
        items.append(
            HeatMap(key="weights", label="log₁₀ of the heaviest weight in a pixel", z=z,
                    extent=_extent(layers, heads), levels=(FAINTEST, 0.0), colours="viridis")
        )  # fmt: skip
    items += _picks(layers, heads, number, ())
    x, y = _axes(layers, heads)
    title = "Some heads look near, some at the first token, some everywhere"
    return Panel(
        name="mosaic", title=title, cell=cell, items=tuple(items), grid=False,
        x=x,
        y=y,
        summary=f"{layers} layers of {heads} heads, each a picture of its attention weights: "
        "queries downwards, keys to the right. Click on one to choose it.",
    )  # fmt: skip


def measure_panel(
    values: Floats | None, measure: str, layers: int, heads: int, number: int, cell: Cell
) -> Panel:
    """Return one number of each head, float64 [layers, heads], as colours and written out."""
    items: list[Item] = []
    words: tuple[str, ...] = ()
    x, y = _axes(layers, heads)
    title = MEASURES[measure]
    if values is not None:
        shown = values.reshape(-1)
        words = tuple(f"Layer {i // heads}, head {i % heads}: {number_words(measure, value)} "
                      f"{UNITS[measure]}" for i, value in enumerate(shown))  # fmt: skip
        levels = (0.0, 1.0) if measure in SHARES else (0.0, max(1e-9, float(np.nanmax(values))))
        items.append(
            HeatMap(key="measure", label=UNITS[measure], z=values, extent=_extent(layers, heads),
                    levels=levels, colours="cividis")
        )  # fmt: skip
        least, most = float(np.nanmin(values)), float(np.nanmax(values))
        title = f"{title}: {number_words(measure, least)} to {number_words(measure, most)}"
    items += _picks(layers, heads, number, words)
    if values is not None:
        written = range(len(shown)) if heads <= MOST_WRITTEN else (number,)
        items += [
            Label(key=f"value {i}", label=number_words(measure, value), x=i % heads,
                  y=i // heads, anchor="center", size=8.0, layer=3,
                  role="text")
            for i, value in ((i, shown[i]) for i in written)
        ]  # fmt: skip
    return Panel(
        name="measure", title=title, cell=cell, items=tuple(items), grid=False,
        x=x,
        y=y,
        summary=f"{title}, in {UNITS[measure]}, of every head, layers downwards.",
    )  # fmt: skip


def number_words(measure: str, value: float) -> str:
    """ "12", "7.9", ".48"; "–" for what there is not."""
    if not np.isfinite(value):
        return "–"
    if measure in SHARES:
        return f"{value:.2f}"
    return f"{value:.0f}" if value >= 99.5 else f"{value:.3g}"


def _extent(layers: int, heads: int) -> tuple[float, float, float, float]:
    return -0.5, heads - 0.5, -0.5, layers - 0.5


def _axes(layers: int, heads: int) -> tuple[Axis, Axis]:
    return (
        Axis("Head of its layer", range=(-0.5, heads - 0.5)),
        Axis("Layer", range=(layers - 0.5, -0.5)),
    )


def _picks(layers: int, heads: int, number: int, words: Sequence[str]) -> list[Item]:
    """Return what is clicked on, and the frame of the chosen head."""
    places = np.arange(layers * heads)
    layer, index = divmod(number, heads)
    return [
        Scatter(key="heads", x=places % heads, y=places // heads, size=24.0,
                opacity=0.0, pick=Edit("head_number"), words=tuple(words), layer=2),
        Rectangle(key="chosen", x=(index - 0.5, index + 0.5), y=(layer - 0.5, layer + 0.5),
                  role="accent", width=2.4, opacity=0.0, layer=4),
    ]  # fmt: skip
