"""The families page: many ropes at once, and the curves that hold for every rope."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from zoetrope.core.edits import Edit
from zoetrope.core.figure import Axis, Cell, Figure, Panel
from zoetrope.core.items import Array, Curve, Handle, Item, Region, Role, Scatter
from zoetrope.core.rope.solution import RopeSolution
from zoetrope.core.rope.universal import HIGHEST, LOWEST, UniversalCurves, family_curves

if TYPE_CHECKING:
    from zoetrope.core.rope.lab_parameters import RopeParameters


def families_page(
    rope: RopeSolution, parameters: RopeParameters, curves: UniversalCurves | None, device: str
) -> Figure:
    """Return the page; without `curves`, which take a moment the first time, only the rope."""
    lower = {"angle": _angle_panel, "forces": _force_panel, "inertia": _inertia_panel}
    return Figure(
        panels=(
            _family(rope, parameters, curves, device),
            _sag_panel(rope, parameters, curves),
            lower[parameters.universal](rope, parameters, curves),
        ),
        widths=(1.25, 1.0),
    )


def _family(
    rope: RopeSolution, parameters: RopeParameters, curves: UniversalCurves | None, device: str
) -> Panel:
    low, high = sorted((parameters.family_low, parameters.family_high))
    items: list[Item] = []
    if curves is not None:
        _, x, y = family_curves(low, high, parameters.family, parameters.mode, device)
        items.append(_joined("family", x, y))
    items.append(
        Curve(key="rope", label=_name(rope), x=rope.x / rope.span, y=rope.y / rope.span,
              role="data1", width=3.0, label_at=0.5, layer=1)
    )  # fmt: skip
    return Panel(
        name="family",
        title=f"{parameters.family} ropes of one span, {1 + low:.4g} to {1 + high:.4g} spans long",
        cell=Cell(0, 0, row_span=2),
        items=tuple(items),
        x=Axis("Along the axis", "spans"),
        y=Axis("Distance from the axis", "spans"),
        equal=True,
        summary=f"{parameters.family} ropes with slacks from {low:.3g} to {high:.3g}.",
    )


def _name(rope: RopeSolution) -> str:
    on_axis = rope.radius0 == 0 == rope.radius1
    return "your rope" if on_axis else "your rope, its ends off the axis"


def _joined(key: str, x: Array, y: Array) -> Curve:
    """Draw many ropes as one curve with gaps, which is far faster than as many curves."""
    gap = np.full((len(y), 1), np.nan)
    all_x = np.hstack([np.broadcast_to(x, y.shape), gap]).ravel()
    return Curve(
        key=key, x=all_x, y=np.hstack([y, gap]).ravel(), role="guide", width=1.0, opacity=0.6
    )


def _slack_axis() -> Axis:
    return Axis("Slack, L/d − 1", log=True, range=(LOWEST, HIGHEST))


def _universal(
    name: str,
    row: int,
    title: str,
    y: Axis,
    lines: tuple[tuple[str, str, float, Role], ...],
    rope: RopeSolution,
    parameters: RopeParameters,
    curves: UniversalCurves | None,
    extra: tuple[Item, ...] = (),
) -> Panel:
    """A panel of curves over the slack, each with the point where this rope stands.

    `lines` holds label, field of `UniversalCurves`, this rope's value, and role.
    """
    items: list[Item] = [*extra]
    for label, field, here, role in lines:
        if curves is not None:
            values = getattr(curves, field)
            items.append(
                Curve(key=label, label=label, x=curves.slack, y=values, role=role, width=2.0,
                      label_at=0.9)
            )  # fmt: skip
        if rope.radius0 == 0 == rope.radius1:
            items.append(Scatter(key=f"{label} here", x=[rope.slack], y=[here], role="accent",
                             size=8.0, layer=2))  # fmt: skip
    return Panel(
        name=name, title=title, cell=Cell(row, 1), items=tuple(items), x=_slack_axis(), y=y,
        pick_x=Edit("slack") if LOWEST <= rope.slack <= HIGHEST else None,
        link_x="" if name == "sag" else "sag",
        summary=f"{title}. This rope stands at a slack of {rope.slack:.3g}.",
    )  # fmt: skip


def _sag_panel(
    rope: RopeSolution, parameters: RopeParameters, curves: UniversalCurves | None
) -> Panel:
    low, high = parameters.family_low, parameters.family_high
    brush = (
        Region(key="brush", axis="x", low=min(low, high), high=max(low, high), role="data1"),
        Handle(key="from", label="Drag: slack of the shortest rope of the family", x=low,
               y=0.01, x_edit=Edit("family_low")),
        Handle(key="to", label="Drag: slack of the longest rope of the family", x=high,
               y=0.01, x_edit=Edit("family_high")),
    )  # fmt: skip
    percent = 200 * math.sqrt(0.01) / (math.pi * parameters.mode)
    return _universal(
        "sag", 0, f"1\u00a0% of slack already gives {percent:.0f}\u00a0% of sag",
        Axis("Sag", "spans", log=True),
        (("sag", "sag", rope.sag / rope.span, "data1"),),
        rope, parameters, curves, brush,
    )  # fmt: skip


def _angle_panel(
    rope: RopeSolution, parameters: RopeParameters, curves: UniversalCurves | None
) -> Panel:
    return _universal(
        "angle", 1, "Two spans of rope already leave at 72°",
        Axis("End angle", "°", range=(0.0, 95.0)),
        (("end angle", "end_angle_deg", rope.end_angle_deg[0], "data4"),),
        rope, parameters, curves,
    )  # fmt: skip


def _force_panel(
    rope: RopeSolution, parameters: RopeParameters, curves: UniversalCurves | None
) -> Panel:
    force = rope.density * (rope.omega * rope.span) ** 2
    return _universal(
        "forces", 1, "The hands' pull soars, its axial part lags",
        Axis("Force", "ρω²d²", log=True),
        (
            ("axial force", "axial_force", rope.axial_force / force, "data3"),
            ("end tension", "end_tension", rope.end_tension[0] / force, "data2"),
        ),
        rope, parameters, curves,
    )  # fmt: skip


def _inertia_panel(
    rope: RopeSolution, parameters: RopeParameters, curves: UniversalCurves | None
) -> Panel:
    inertia = rope.density * rope.span**3
    return _universal(
        "inertia", 1, "Twice a long rope has eight times the inertia",
        Axis("Moment of inertia", "ρd³", log=True),
        (("inertia", "inertia", rope.inertia / inertia, "data5"),),
        rope, parameters, curves,
    )  # fmt: skip
