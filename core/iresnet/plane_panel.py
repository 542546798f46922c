"""A panel that shows the plane of the data."""

from __future__ import annotations

from dataclasses import replace

from zoetrope.core.figure import Axis, Panel
from zoetrope.core.iresnet.lab_data import LabData


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
