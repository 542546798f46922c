"""The shape page: the rope from the side, as it spins, and what it shows best beside that."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from zoetrope.core.figure import Axis, Cell, Figure, Panel
from zoetrope.core.items import Curve, Label, Rule, Scatter
from zoetrope.core.rope.outline import under_loads
from zoetrope.core.rope.profile_view import probe_edit, probe_mark, profile
from zoetrope.core.rope.solution import RopeSolution
from zoetrope.core.rope.spinning import spinning_panel

if TYPE_CHECKING:
    from zoetrope.core.rope.lab_parameters import RopeParameters


def shape_page(rope: RopeSolution, parameters: RopeParameters) -> Figure:
    """Return the page; a rope that trails its hands is seen along the axis too."""
    explaining = _along_the_axis if rope.z.any() else _tension
    return Figure(
        panels=(
            profile(rope, parameters, Cell(0, 0, row_span=2)),
            spinning_panel(rope, parameters, Cell(0, 1)),
            explaining(rope, parameters, Cell(1, 1)),
        ),
        widths=(1.3, 1.0),
        heights=(1.0, 1.0) if rope.z.any() else (1.4, 1.0),
    )


def _tension(rope: RopeSolution, parameters: RopeParameters, cell: Cell) -> Panel:
    largest = float(rope.tension.max())
    loads = under_loads(rope)
    title = "The pull is largest nearest the axis"
    if loads is not None and loads.gravity:
        title = "The upper hand also holds the weight"
    return Panel(
        name="tension",
        title=title,
        cell=cell,
        items=(
            Rule(key="axial", label=f"H = {rope.axial_force:.3g} N".replace("-", "−"), axis="y",
                 value=rope.axial_force, role="guide"),
            Curve(key="tension", label="", x=rope.s, y=rope.tension, role="data2", width=2.0),
            probe_mark(rope, parameters.probe, rope.s, rope.tension),
        ),
        x=Axis("Along the rope", "m"),
        y=Axis("Tension", "N", range=(min(0.0, 1.08 * rope.axial_force), 1.08 * largest)),
        pick_x=probe_edit(rope, rope.s),
        summary=f"The tension is {rope.end_tension[0]:.3g} N at the left end, "
        f"{float(rope.tension.min()):.3g} N at least, and {rope.end_tension[1]:.3g} N at the "
        "right end.",
    )  # fmt: skip


def _along_the_axis(rope: RopeSolution, parameters: RopeParameters, cell: Cell) -> Panel:
    """What is seen from the left hand: it turns counterclockwise here, and the rope trails."""
    loads = under_loads(rope)
    lag = loads.lag_deg if loads is not None else 0.0
    at = int(np.argmin(np.abs(rope.s - rope.s[-1] / 2)))
    angle = math.atan2(rope.z[at], rope.y[at])
    reach = rope.radius_max
    turn = np.linspace(0.0, angle, 65)
    words = f"trails by {lag:.1f}°" if lag > 0 else f"leads by {-lag:.1f}°"
    if abs(lag) < 0.05:
        words = "neither trails nor leads"
    hand0 = np.array([rope.y[0], rope.z[0]])
    hand1 = np.array([rope.y[-1], rope.z[-1]])
    ring = np.linspace(0, 2 * math.pi, 121)
    return Panel(
        name="along the axis",
        title=f"Seen along the axis, it {words}",
        cell=cell,
        items=(
            Curve(key="swept", x=reach * np.cos(ring), y=reach * np.sin(ring), role="guide",
                  width=0.8, dash="dot", layer=-1),
            Curve(key="lag", x=0.45 * reach * np.cos(turn), y=0.45 * reach * np.sin(turn),
                  role="guide", width=1.2),
            Curve(key="zero", x=[0.0, reach], y=[0.0, 0.0], role="guide", dash="dash", width=1.0),
            Curve(key="plane", x=[0.0, float(rope.y[at])], y=[0.0, float(rope.z[at])],
                  role="guide", dash="dash", width=1.0),
            Curve(key="arms", x=[0.0, hand0[0], np.nan, 0.0, hand1[0]],
                  y=[0.0, hand0[1], np.nan, 0.0, hand1[1]], role="text", width=1.6),
            Curve(key="rope", x=rope.y, y=rope.z, role="data1", width=2.6, layer=1),
            Scatter(key="middle", x=[rope.y[at]], y=[rope.z[at]], role="data1", size=7.0, layer=2),
            Scatter(key="hands", x=[hand0[0], hand1[0]], y=[hand0[1], hand1[1]], role="text",
                    size=5.0, layer=2),
            Label(key="sense", label="turns ↺", x=-0.98 * reach, y=0.98 * reach, role="guide",
                  anchor="left"),
        ),
        x=Axis("Towards the left hand", "m"),
        y=Axis("Ahead of it", "m"),
        equal=True,
        summary=f"Seen along the axis the middle of the rope {words}, and the rope stands "
        f"{loads.curl if loads else 0.0:.3g} m out of a plane.",
    )  # fmt: skip
