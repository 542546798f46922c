"""Figures for the tests of the canvas."""

from __future__ import annotations

import numpy as np

from zoetrope.core.edits import Edit
from zoetrope.core.figure import Figure, Panel
from zoetrope.core.items import (
    Arrows,
    Band,
    Bars,
    Curve,
    Handle,
    HeatMap,
    Label,
    Region,
    Rule,
    Scatter,
    Segments,
)

X = np.linspace(0.0, 1.0, 101)


def one(*items, **panel) -> Figure:
    panel = {"name": "main", "title": "A panel", **panel}
    return Figure(panels=(Panel(items=items, **panel),))


def wave(height: float = 1.0, **how) -> Curve:
    return Curve(**{"key": "wave", "x": X, "y": height * np.sin(6 * X), **how})


def every_kind(phase: float = 0.0) -> tuple:
    y = np.sin(6 * X + phase)
    return (
        HeatMap(key="map", z=np.outer(X[:20], X[:30]) + phase, extent=(0, 1, -1, 1), label="z"),
        Band(key="band", x=X, low=y - 0.1, high=y + 0.1),
        Curve(key="curve", x=X, y=y, label="a wave"),
        Segments(key="segments", x0=X[:5], y0=y[:5], x1=X[:5] + 0.1, y1=y[:5]),
        Scatter(key="points", x=X[::9], y=y[::9], values=X[::9]),
        Bars(key="bars", x=X[::20], height=y[::20], width=0.05),
        Arrows(key="arrows", x=X[::25], y=y[::25], dx=X[::25] * 0 + 0.1, dy=y[::25]),
        Label(key="label", x=0.5, y=0.0, label=f"phase {phase:.2f}"),
        Rule(key="rule", axis="y", value=0.5, label="half"),
        Region(key="region", axis="x", low=0.2, high=0.3, label="here"),
        Handle(key="handle", x=0.5, y=float(y[50]), y_edit=Edit("height"), label="Drag me"),
    )
