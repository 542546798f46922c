"""Every pattern on every head at one budget, the worst queries, and the effect on the model."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from zoetrope.core.attention.heads.heads_choices import SHOWN
from zoetrope.core.attention.heads.restricted_head import Tolerance
from zoetrope.core.attention.heads.whole_model import EmbeddingEffect, LossEffect, NextToken
from zoetrope.core.attention.lab_words import share_words
from zoetrope.core.attention.runs import Floats, Ints
from zoetrope.core.edits import Edit
from zoetrope.core.figure import Axis, Cell, Panel
from zoetrope.core.items import Bars, Curve, HeatMap, Item, Label, Rectangle, Rule, Scatter

MOST_WRITTEN = 24  # heads that are named below the table; of more, each layer's first


def table_panel(
    values: Floats, names: Sequence[str], heads: int, order: Ints, chosen: int, best: Ints,
    shown: str, title: str, cell: Cell,
) -> Panel:  # fmt: skip
    """Return patterns [rows] against heads [columns] in the given order; `heads` make a layer."""
    rows, columns = values.shape
    z = values[:, order]
    at = int(np.flatnonzero(order == chosen)[0])
    layers = [f"{number // heads}.{number % heads}" for number in order.tolist()]
    marked = range(columns) if columns <= MOST_WRITTEN else range(0, columns, heads)
    items: list[Item] = [
        HeatMap(key="table", label=SHOWN[shown].lower(), z=np.clip(z, 0.0, 1.0),
                extent=(0, columns, 0, rows), levels=(0.0, 1.0),
                colours="cividis"),
        Scatter(key="best", label="", x=np.arange(columns) + 0.5, y=best[order] + 0.82,
                marker="triangle", size=6.0, role="accent", layer=3),
        Rectangle(key="chosen", x=(at, at + 1), y=(0, rows), role="accent", width=2.0, opacity=0.0,
                  layer=4),
        *(Label(key=f"name {i}", label=name, x=-0.12, y=i + 0.5, anchor="right", size=7.0)
          for i, name in enumerate(names)),
        *(Label(key=f"head {j}", label=layers[j], x=j + 0.5, y=rows + 0.3, anchor="top", size=8.0)
          for j in marked),
        Label(key="heads", label="Layer.head", x=-0.12, y=rows + 0.8, anchor="right", size=8.0),
    ]  # fmt: skip
    items += [
        Label(key=f"value {i}", label=f"{z[i, at]:.2f}", x=at + 0.5, y=i + 0.42, anchor="center",
              size=7.0, layer=5)
        for i in range(rows) if np.isfinite(z[i, at])
    ]  # fmt: skip
    cells = np.arange(rows * columns)
    items.append(
        Scatter(key="cells", x=cells % columns + 0.5, y=cells // columns + 0.5, size=14.0,
                opacity=0.0, layer=6,
                pick=Edit("head_number", knots=tuple(
                    (float(i), float(order[i % columns])) for i in cells.tolist()
                )),
                words=tuple(f"{names[i // columns]}; layer.head {layers[i % columns]}: "
                            f"{z[i // columns, i % columns]:.3f}" for i in cells.tolist()))
    )  # fmt: skip
    room = 0.5 * columns
    return Panel(
        name="table", title=title, cell=cell, items=tuple(items), grid=False,
        x=Axis(range=(-room, float(columns)), visible=False),
        y=Axis(range=(rows + 1.4, 0.0), visible=False),
        summary=f"{title}. Rows are patterns at the budget, columns heads; a triangle marks the "
        "best pattern within the budget of each head.",
    )  # fmt: skip


def queries_panel(one: Tolerance, token: int, words: Sequence[str], cell: Cell) -> Panel:
    """Return the share of its mass that each query keeps; the worst is named."""
    kept = one.kept.numpy()
    worst = one.worst_row
    title = (
        f"The worst query, {worst:,} “{words[worst]}”, keeps {share_words(float(kept[worst]))} of "
        f"its mass; the mean, dashed, is {share_words(one.mass)}"
    )
    items: list[Item] = [
        Curve(key="kept", x=np.arange(len(kept)), y=kept, role="data1", width=1.2),
        Rule(key="mean", axis="y", value=one.mass, role="guide"),
        Scatter(key="worst", x=[worst], y=[kept[worst]], role="warn", size=8.0, layer=2),
        Rule(key="token", axis="x", value=token, role="accent", width=1.0),
    ]
    return Panel(
        name="queries", title=title, cell=cell, items=tuple(items),
        x=Axis("Query", range=(-0.5, len(kept) - 0.5)), y=Axis("Mass kept", range=(0.0, 1.05)),
        pick_x=Edit("token"), summary=f"{title}.",
    )  # fmt: skip


def effect_panel(effect: LossEffect | EmbeddingEffect | None, why: str, cell: Cell) -> Panel:
    """Return what the model makes of it: next tokens before and after, or the embedding."""
    if effect is None:
        return Panel(name="effect", title=why, cell=cell, summary=why, grid=False,
                     x=Axis(visible=False), y=Axis(visible=False))  # fmt: skip
    if isinstance(effect, EmbeddingEffect):
        return _embedding(effect, cell)
    places = np.arange(len(effect.table))
    before, after = (
        np.array([getattr(line, name) for line in effect.table]) for name in ("before", "after")
    )
    windows = len(effect.before)
    change = f"{effect.change:+.3f}".replace("-", "−")
    spread = f" ± {effect.spread:.3f}" if windows > 1 else ""
    title = f"Next-token loss {change}{spread} nats over {windows} windows"
    top = max(1e-3, float(max(before.max(), after.max())))
    items: list[Item] = [
        Bars(key="before", x=places - 0.2, height=before, width=0.38, role="data1"),
        Bars(key="after", x=places + 0.2, height=after, width=0.38, role="data2"),
        *(Label(key=f"word {i}", label=line.word, x=float(i), own=True,
                y=float(max(before[i], after[i])) + 0.08 * top, anchor="bottom", size=8.5)
          for i, line in enumerate(effect.table)),
        Scatter(key="changes", x=places, y=np.maximum(before, after), size=18.0, opacity=0.0,
                layer=3, words=tuple(change_words(line) for line in effect.table)),
    ]  # fmt: skip
    return Panel(
        name="effect", title=title, cell=cell, items=tuple(items),
        x=Axis("Likeliest next tokens: blue before, orange after", range=(-0.6, len(places) - 0.4),
               words=("",) * len(places)),
        y=Axis("Probability", range=(0.0, 1.35 * top)),
        summary=f"{title}. The bars are the likeliest next tokens before and after.",
    )  # fmt: skip


def change_words(line: NextToken) -> str:
    """ "“id” 94 → 91 %"."""
    before, after = (
        f"{100 * share:.{0 if share >= 0.0095 else 1}f}" for share in (line.before, line.after)
    )
    return f"“{line.word}” {before} → {after} %"


def _embedding(effect: EmbeddingEffect, cell: Cell) -> Panel:
    title = f"The embedding’s cosine with what it was: {effect.cosine:.3f}"
    angle = float(torch.arccos(torch.tensor(min(1.0, max(-1.0, effect.cosine)))))
    turn = np.linspace(0.0, angle, 40)
    items: list[Item] = [
        Curve(key="before", label="before", x=[0.0, 1.0], y=[0.0, 0.0], role="data1", width=2.4),
        Curve(key="after", label="after", x=[0.0, np.cos(angle)], y=[0.0, np.sin(angle)],
              role="data2", width=2.4),
        Curve(key="angle", label=f"{np.degrees(angle):.1f}°", x=0.6 * np.cos(turn),
              y=0.6 * np.sin(turn), role="guide", label_at=0.5),
    ]  # fmt: skip
    return Panel(
        name="effect", title=title, cell=cell, items=tuple(items), equal=True, grid=False,
        x=Axis(range=(-0.2, 1.2), visible=False), y=Axis(range=(-0.2, 1.1), visible=False),
        summary=f"{title}, an angle of {np.degrees(angle):.1f} degrees.",
    )  # fmt: skip
