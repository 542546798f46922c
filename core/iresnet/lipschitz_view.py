"""The Lipschitz page as panels: each block's bound and truth, ways, slopes, and where it acts."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import torch

from zoetrope.core.edits import Edit
from zoetrope.core.figure import Axis, Cell, Panel
from zoetrope.core.iresnet.activations import derivatives, slope_range
from zoetrope.core.iresnet.plane_panel import on_plane, with_points
from zoetrope.core.items import Array, Bars, Curve, HeatMap, Item, Label, Role, Rule, Scatter

if TYPE_CHECKING:
    from zoetrope.core.iresnet.config import IResNetConfig
    from zoetrope.core.iresnet.lab_data import LabData
    from zoetrope.core.iresnet.model import Lipschitz

_ARGUMENTS = 8.0  # of activations, either way
_ABOVE = 1.12  # times the tallest mark: room for what says which mark is which
_SECTORS: tuple[Role, ...] = ("data1", "data2", "data3", "data4", "data5", "data6", "data7")


def bars_panel(found: Lipschitz, config: IResNetConfig, block: int, cell: Cell) -> Panel:
    """Return each block's bound as a bar, the product of its layers' norms, and the truth found."""
    bound, product = found.bound.numpy(), (found.sigma1 * found.sigma2).numpy()
    empirical, count = found.empirical.numpy(), len(found.bound)
    if not count:
        return _empty("bars", "No blocks: nothing to bound", cell)
    number = np.arange(1.0, count + 1)
    limit = config.lip if config.constrained else 1.0
    top = max(limit, float(bound.max()))
    tallest = min(max(1.25 * top, 1.1 * float(product.max())), 3.0 * top)
    inside = product <= tallest
    shown = _ABOVE * tallest
    safe = bound < 1
    items: list[Item] = [
        Bars(key="bound", x=number[safe], height=bound[safe], width=0.7, opacity=0.55),
        Bars(key="unsafe", x=number[~safe], height=bound[~safe], width=0.7, role="warn",
             opacity=0.55),
        Scatter(key="empirical", x=number, y=empirical, role="accent", size=7.0, layer=1),
        Scatter(key="product", x=number[inside], y=product[inside], role="data2", size=6.0,
                marker="triangle", layer=1),
        Scatter(key="beyond", x=number[~inside], y=np.full((~inside).sum(), 0.985 * tallest),
                role="data2", size=6.0, marker="cross", layer=1),
        Label(key="marks", label="▲ ‖W₁‖ ‖W₂‖    ● largest ‖J‖ found    ▮ bound", x=0.6,
              y=0.96 * shown, role="guide"),
        Rule(key="limit", axis="y", value=limit, dash="solid",
             role="guide" if limit < 1 else "warn",
             label=f"c = {limit:g}" if config.constrained else "1: invertible below"),
    ]  # fmt: skip
    if config.constrained and config.lip >= 1:
        items.append(Rule(key="one", axis="y", value=1.0, label="1: invertible below", role="warn"))
    if block:
        items.append(Rule(key="block", axis="x", value=float(block), role="guide", dash="dot"))
    title = bars_title(found)
    return Panel(
        name="bars", title=title, cell=cell, items=tuple(items),
        x=Axis("Block", range=(0.4, count + 0.6)),
        y=Axis("Lipschitz constant of g", range=(0.0, shown)),
        pick_x=Edit("seen_block"), grid=False,
        summary=f"{title}. Bars: bounds; dots: the largest ‖J‖ found; triangles: σ₁σ₂.",
    )  # fmt: skip


def bars_title(found: Lipschitz) -> str:
    """Say how much of the bound is used."""
    highest, truth = float(found.bound.max()), float(found.empirical.max())
    unsafe = int((found.bound >= 1).sum())
    if unsafe:
        blocks = "1 block" if unsafe == 1 else f"{unsafe} blocks"
        return f"{blocks} may not be invertible: bound {highest:.3g}"
    return f"Up to {truth:.3f} is found, {highest:.3g} guaranteed"


def ways_panel(ways: Array, starts: Array, cell: Cell) -> Panel:
    """Return ways [steps, N, 2] of points through all layers, in colours of their directions at
    the start [N] (radians).
    """
    sector = ((starts / (2 * math.pi) + 0.5) * len(_SECTORS)).astype(int) % len(_SECTORS)
    items: list[Item] = []
    for index, role in enumerate(_SECTORS):
        some = ways[:, sector == index]
        if some.shape[1]:
            gap = np.full((1, *some.shape[1:]), np.nan)
            line = np.concatenate([some, gap]).transpose(1, 0, 2).reshape(-1, 2)
            items.append(
                Curve(key=f"ways {index}", x=line[:, 0], y=line[:, 1], role=role, width=1.1,
                      opacity=0.75)
            )  # fmt: skip
    items += [
        Scatter(key="from", x=ways[0, :, 0], y=ways[0, :, 1], role="guide", size=2.5),
        Scatter(key="to", x=ways[-1, :, 0], y=ways[-1, :, 1], role="accent", size=3.0),
    ]
    reach = 1.08 * min(float(np.abs(ways).max(initial=1.0)), 6.0)
    title = "Points’ ways from data (grey) to Gaussian"
    return Panel(
        name="ways", title=title, cell=cell, items=tuple(items), equal=True, grid=False,
        x=Axis("x₁, standardised", range=(-reach, reach)),
        y=Axis("x₂, standardised", range=(-reach, reach)),
        summary=f"{title}: {ways.shape[1]} points.",
    )  # fmt: skip


def slopes_panel(activation: str, cell: Cell) -> Panel:
    """Return the activation's slope over its argument, beside swish's, which exceeds 1."""
    argument = torch.linspace(-_ARGUMENTS, _ARGUMENTS, 481, dtype=torch.float64)
    x = argument.numpy()
    slope, swish = (derivatives(name, argument)[1].numpy() for name in (activation, "swish"))
    low, high = slope_range(activation)
    items: list[Item] = [
        Rule(key="one", axis="y", value=1.0, role="warn"),
        Rule(key="minus one", axis="y", value=-1.0, role="warn"),
        Curve(key="swish", x=x, y=swish, label="swish, to 1.1", role="warn", width=1.2,
              dash="dash", label_at=0.72),
        Curve(key="slope", x=x, y=slope, label=activation, role="data1", width=2.2,
              label_at=0.3),
    ]  # fmt: skip
    used = "the whole of" if low <= -0.99 else "about half of"
    title = f"{activation}’s slopes use {used} [−1, 1]"
    return Panel(
        name="slopes", title=title, cell=cell, items=tuple(items),
        x=Axis("Argument a", range=(-_ARGUMENTS, _ARGUMENTS)),
        y=Axis("Slope φ′(a)", range=(-1.3, 1.5)),
        summary=f"{title}: from {low:.3g} to {high:.3g}. Swish’s reach 1.0998, beyond 1, though "
        "the article says 1.",
    )  # fmt: skip


def stretch_panel(found: Lipschitz, block: int, data: LabData, cell: Cell) -> Panel:
    """Return where in the data's plane a block's ||J|| is large, known on a grid of it."""
    if not block:
        return _empty("stretch", "No block to look at", cell)
    values = found.norms[block - 1].numpy()
    n = math.isqrt(len(values))
    highest = float(values.max())
    title = f"Block {block} stretches by up to {highest:.3g}"
    panel = Panel(
        name="stretch", title=title, cell=cell,
        items=(
            HeatMap(key="stretch", label="‖J‖ of g", z=values.reshape(n, n), extent=data.extent,
                    levels=(0.0, max(highest, 1e-6))),
        ),
        summary=f"{title}; the least is {float(values.min()):.3g}.",
    )  # fmt: skip
    return with_points(on_plane(panel, data), data)


def _empty(name: str, words: str, cell: Cell) -> Panel:
    return Panel(
        name=name, title=words, cell=cell, grid=False, summary=words,
        items=(Label(key="words", label=words, x=0.5, y=0.5, anchor="center", role="guide"),),
        x=Axis(visible=False, range=(0.0, 1.0)), y=Axis(visible=False, range=(0.0, 1.0)),
    )  # fmt: skip
