"""Points that keep their colour on the way through the network."""

from __future__ import annotations

import math

import numpy as np

from zoetrope.core.iresnet.lab_data import Extent
from zoetrope.core.items import Array, Item, Role, Scatter

SECTORS: tuple[Role, ...] = ("data1", "data3", "data5", "data2", "data4")


def sectors(points: Array, extent: Extent) -> Array:
    """Return in which of five sectors about the middle of `extent` the points [N, 2] lie."""
    x0, x1, y0, y1 = extent
    across = (points[:, 0] - (x0 + x1) / 2) / (x1 - x0)
    up = (points[:, 1] - (y0 + y1) / 2) / (y1 - y0)
    angle = np.arctan2(up, across)
    return np.floor((angle + math.pi) / (2 * math.pi) * len(SECTORS)) % len(SECTORS)


def coloured(
    key: str,
    places: Array,
    sector: Array,
    density: Array | None = None,
    *,
    size: float = 3.0,
    opacity: float = 0.8,
    layer: int = 0,
) -> list[Item]:
    """Return scatters of places [N, 2]: one for each sector, or one by `density` [N] if given."""
    if density is not None:
        return [
            Scatter(key=key, x=places[:, 0], y=places[:, 1], values=density, size=size,
                    opacity=opacity, layer=layer)
        ]  # fmt: skip
    found: list[Item] = []
    for number, role in enumerate(SECTORS):
        x, y = places[sector == number].T
        found.append(Scatter(key=f"{key}{number}", x=x, y=y, role=role, size=size,
                             opacity=opacity, layer=layer))  # fmt: skip
    return found
