"""The panels of the costs page: work over length, the cache step by step, blocks, memory."""

from __future__ import annotations

import numpy as np

from zoetrope.core.attention.bars_view import Bar, bars_panel, dots_panel
from zoetrope.core.attention.cost_model import BlockCost, Cost
from zoetrope.core.attention.growth import Growth
from zoetrope.core.attention.lab_words import (
    bytes_words,
    count_words,
    times_words,
)
from zoetrope.core.attention.runs import Floats
from zoetrope.core.figure import Axis, Cell, Panel
from zoetrope.core.items import Curve, Item, Role, Scatter


def work_panel(
    name: str, n: int, growth: Growth | None, per_pair: int, nnz: int | None, cell: Cell
) -> Panel:
    """Return forward products over the number of tokens, beside full and causal attention."""
    items: list[Item] = []
    title = f"{name}: work over length"
    lengths = np.geomspace(64, max(1 << 20, n), 33)
    for key, label, values in (
        ("full", "full", lengths**2),
        ("causal", "causal", lengths * (lengths + 1) / 2),
    ):
        items.append(
            Curve(key=key, label=label, x=lengths, y=values * per_pair, role="guide", width=1.2,
                  dash="dash" if key == "full" else "dot", label_at=0.85 if key == "full" else 0.35)
        )  # fmt: skip
    if growth is not None:
        items.append(
            Curve(key="pattern", label="this pattern", x=growth.n, y=growth.nnz * per_pair,
                  role="data1", width=2.4, label_at=0.95)
        )  # fmt: skip
        factor = growth.doubling(n)
        if factor is not None:
            title = f"{name}: twice the tokens, {times_words(factor)} × the work; full, 4 ×"
    if nnz:
        items.append(
            Scatter(key="here", label="", x=[n], y=[float(nnz) * per_pair], role="accent", size=9.0)
        )
    return Panel(
        name="work", title=title, cell=cell, items=tuple(items),
        x=Axis("Tokens", log=True), y=Axis("Forward products", "FLOP", log=True),
        summary=f"{title}. Forward products over the number of tokens; the dot is n = {n:,}.",
    )  # fmt: skip


def cache_panel(n: int, steps: Floats | None, kept: Floats | None, cell: Cell) -> Panel:
    """Return how many keys the cache holds while a sequence is generated."""
    causal = np.linspace(1.0, n, 21)
    items: list[Item] = [
        Curve(key="causal", label="causal", x=causal - 1, y=causal, role="guide",
              dash="dash", width=1.2, label_at=0.45)
    ]  # fmt: skip
    title = "The cache, key by key"
    if steps is not None and kept is not None:
        items.append(
            Curve(key="kept", label="kept", x=steps, y=kept, role="data1", width=2.4, label_at=0.8)
        )
        top = float(kept.max())
        share = top / n
        title = (
            "The cache grows like causal attention’s: no memory saved" if share > 0.9
            else f"The cache never holds more than {count_words(top)} of {n:,} keys"
        )  # fmt: skip
    return Panel(
        name="cache", title=title, cell=cell, items=tuple(items),
        x=Axis("Step of generation", range=(0.0, float(n))),
        y=Axis("Keys kept", range=(0.0, 1.04 * n)),
        summary=f"{title}. Keys up to the step that some query from there on still sees.",
    )  # fmt: skip


def waste_panel(found: dict[int, BlockCost | None], chosen: int, cell: Cell) -> Panel:
    """Return what kernels of whole blocks compute for every pair needed."""
    known = {size: cost.waste for size, cost in found.items() if cost is not None and cost.waste}
    title = "Waste in whole blocks"
    if chosen in known:
        title = f"Blocks of {chosen} compute {times_words(known[chosen])} × what is needed"
    elif not known:
        title = "Blocks are not counted here"
    bars = [
        Bar(str(size), f"Blocks of {size}, {times_words(known[size])} ×", known[size],
            "data2" if size == chosen else "data1")
        if size in known else Bar(str(size), f"Blocks of {size} are not counted", 0.0)
        for size in found
    ]  # fmt: skip
    bars.insert(0, Bar("needed", "Nothing wasted, 1 ×", 1.0, "guide"))
    return bars_panel("waste", title, bars, Axis("Pairs computed for each needed", "×"), cell)


def memory_panel(layer: Cost | None, dtype: str, cell: Cell) -> Panel:
    """Return the bytes of what implementations keep."""
    if layer is None:
        return dots_panel("memory", "Memory is not counted here", [], Axis("Bytes"), cell)
    bars = [
        Bar(key, f"{label}, {bytes_words(value)}", float(value), role)
        for key, label, value, role in _kept(layer)
    ]
    factor = layer.score_bytes / layer.stream_bytes
    title = f"Naive scores take {times_words(factor)} × what is read and written"
    return dots_panel("memory", title, bars, Axis(f"Bytes, in {dtype}"), cell)


def _kept(layer: Cost) -> list[tuple[str, str, int, Role]]:
    return [
        ("scores", "Naive scores", layer.score_bytes, "guide"),
        ("csr", "Sparse indices (CSR)", layer.csr_bytes, "data1"),
        ("flex", "FlexAttention’s block mask", layer.block_mask_bytes, "data1"),
        ("stream", "Q, K, V and output", layer.stream_bytes, "data3"),
    ]
