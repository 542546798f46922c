"""A panel that shows the plane of the data, or its points somewhere else."""

from __future__ import annotations

from dataclasses import replace

from zoetrope.core.figure import Axis, Panel
from zoetrope.core.iresnet.lab_data import LabData
from zoetrope.core.items import Array, Places


def on_plane(panel: Panel, data: LabData) -> Panel:
    """Return the panel with the data's coordinates for axes, over all of the data."""
    x, y = data.axes
    x0, x1, y0, y1 = data.extent
    return replace(
        panel,
        x=Axis(x, range=(x0, x1)),
        y=Axis(y, range=(y0, y1)),
        equal=data.equal,
        grid=False,
    )


def beside_another(panel: Panel) -> Panel:
    """Return the panel as it stands right of one that shows the same plane: that has the axis up
    for both, and the picture its room.
    """
    return replace(panel, y=replace(panel.y, visible=False))


def with_points(panel: Panel, data: LabData, places: Array | None = None) -> Panel:
    """Return the panel with the data's first points to be marked: where they are in the data, or
    at `places` [n, 2].
    """
    x, y = (data.shown.numpy() if places is None else places).T
    return replace(panel, places=(*panel.places, Places(key=data.key, x=x, y=y)))
