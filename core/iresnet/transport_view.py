"""The panels of the transport page: the plane on its way to a Gaussian, and a point's way back."""

from __future__ import annotations

import math

import numpy as np

from zoetrope.core.edits import Edit, TableEdit
from zoetrope.core.figure import Axis, Cell, Panel
from zoetrope.core.iresnet.lab_data import Extent
from zoetrope.core.items import Array, Curve, Handle, Item, Places, Scatter

LINES, PER_LINE = 25, 73  # of the grid each way, and points of a line
REACH = 3.6  # of the latent plane that is shown, in standard deviations
COLOURED = (-5.0, 5.0)  # values at the ends of the colours, which would be lost on a ground
_ROUND = np.linspace(0.0, 2 * math.pi, 73)


def grid_lines(extent: Extent) -> Array:
    """Return the points [2 * 25 * 73, 2] of a grid's lines over `extent`: upright ones first."""
    x0, x1, y0, y1 = extent
    fixed, along = np.linspace(0.0, 1.0, LINES), np.linspace(0.0, 1.0, PER_LINE)
    across, up = (a.ravel() for a in np.meshgrid(fixed, along, indexing="ij"))
    upright = np.stack([x0 + across * (x1 - x0), y0 + up * (y1 - y0)], 1)
    level = np.stack([x0 + up * (x1 - x0), y0 + across * (y1 - y0)], 1)
    return np.concatenate([upright, level])


def grid_items(places: Array) -> list[Item]:
    """Return the grid's lines where they are now, as two curves with gaps."""
    found: list[Item] = []
    for key, half in zip(("upright", "level"), np.split(places, 2), strict=True):
        lines = half.reshape(LINES, PER_LINE, 2)
        gaps = np.full((LINES, 1, 2), np.nan)
        x, y = np.concatenate([lines, gaps], 1).reshape(-1, 2).T
        found.append(Curve(key=key, x=x, y=y, role="guide", width=0.6, opacity=0.55, layer=-1))
    return found


def ring(x: float, y: float, radius: float) -> Array:
    """Return a circle [73, 2]."""
    return np.stack([x + radius * np.cos(_ROUND), y + radius * np.sin(_ROUND)], 1)


def _circles() -> list[Item]:
    """One, two and three standard deviations of a Gaussian."""
    return [
        Curve(key=f"sigma{n}", x=n * np.cos(_ROUND), y=n * np.sin(_ROUND), role="text", width=0.8,
              dash="dot", opacity=0.6)
        for n in (1, 2, 3)
    ]  # fmt: skip


def way_panel(items: list[Item], depth: float, blocks: int, cell: Cell) -> Panel:
    """Return the data and the grid at a share `depth` of the way."""
    place = depth * blocks
    if depth == 0:
        title = "The data, before the first block"
    elif depth == 1:
        title = f"After {blocks} blocks: all but a Gaussian"
    else:
        title = f"After {place:.1f} of {blocks} blocks"
    return Panel(
        name="way",
        title=title,
        items=(*items, *(_circles() if depth == 1 else ())),
        x=Axis("First coordinate", range=(-REACH, REACH)),
        y=Axis("Second coordinate", range=(-REACH, REACH)),
        cell=cell,
        equal=True,
        grid=False,
        summary=f"{title}; the grid that lay over the data is bent with them.",
    )


def latent_panel(
    probes: Array,
    point: tuple[float, float],
    circle: Array,
    names: tuple[str, str],
    cell: Cell,
) -> Panel:
    """Return the latent plane, with points that can be dragged; `names` are the parameters of the
    one with the ring about it.
    """
    items: list[Item] = [
        *_circles(),
        Scatter(key="probes", x=probes[:, 0], y=probes[:, 1], values=probes[:, 0], size=4.0,
                levels=COLOURED, edits=TableEdit("probes")),
        Curve(key="ring", x=circle[:, 0], y=circle[:, 1], role="accent", width=2.0, layer=1),
        Handle(key="point", label="Drag: the latent point", x=point[0], y=point[1],
               x_edit=Edit(names[0]), y_edit=Edit(names[1])),
    ]  # fmt: skip
    return Panel(
        name="latent",
        title="Drag a point of the Gaussian …",
        items=tuple(items),
        x=Axis("Latent z₁", range=(-REACH, REACH)),
        y=Axis("Latent z₂", range=(-REACH, REACH)),
        cell=cell,
        equal=True,
        grid=False,
        brush=TableEdit("probes"),
        places=(Places(key="probes", x=probes[:, 0], y=probes[:, 1]),),
        summary=f"{len(probes)} latent points, and one at ({point[0]:.3g}, {point[1]:.3g}).",
    )


def home_panel(
    data: Array,
    probes: tuple[Array, Array],
    point: Array,
    circle: Array,
    converged: bool,
    cell: Cell,
) -> Panel:
    """Return where the latent points come from, over the data [M, 2]; `probes` are places [N, 2]
    and colours [N].
    """
    places, values = probes
    items: list[Item] = [
        Scatter(key="data", x=data[:, 0], y=data[:, 1], role="guide", size=2.0, opacity=0.4,
                layer=-2),
        Scatter(key="probes", x=places[:, 0], y=places[:, 1], values=values, size=4.0,
                levels=COLOURED),
        Curve(key="ring", x=circle[:, 0], y=circle[:, 1], role="accent", width=2.0, layer=1),
        Scatter(key="point", x=point[:1], y=point[1:], role="accent", size=9.0, layer=2,
                marker="circle" if converged else "ring"),
    ]  # fmt: skip
    title = "… and Newton follows to the data" if converged else "… and Newton finds no way back"
    return Panel(
        name="home",
        title=title,
        items=tuple(items),
        cell=cell,
        places=(Places(key="probes", x=places[:, 0], y=places[:, 1]),),
        summary=f"The latent point comes from ({point[0]:.3g}, {point[1]:.3g}).",
    )
