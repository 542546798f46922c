"""The pages of the rope lab as figures."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from zoetrope.core.figure import (
    Array,
    Arrows,
    Axis,
    Band,
    Cell,
    Curve,
    Edit,
    Figure,
    Handle,
    Item,
    Label,
    Panel,
    Rule,
    Scatter,
)
from zoetrope.core.rope.readouts import nearest_sample
from zoetrope.core.rope.solution import RopeSolution
from zoetrope.core.rope.spinning import sizes_in_words, spinning_panel

if TYPE_CHECKING:
    from zoetrope.core.rope.lab_parameters import RopeParameters

PICK_KNOTS = 65
NARROWEST_ANGLE = math.radians(15)  # that is written beside its arc
FLINGS = 17  # arrows along the rope


def figure(rope: RopeSolution, parameters: RopeParameters) -> Figure:
    """Return the figure of the page that is shown."""
    if parameters.page == "forces":
        return _forces_page(rope, parameters)
    return _shape_page(rope, parameters)


# -- Shape ---------------------------------------------------------------------------------------


def _shape_page(rope: RopeSolution, parameters: RopeParameters) -> Figure:
    return Figure(
        panels=(
            _profile(rope, parameters, Cell(0, 0, row_span=2)),
            spinning_panel(rope, parameters, Cell(0, 1)),
            _tension(rope, parameters, Cell(1, 1)),
        ),
        widths=(1.3, 1.0),
        heights=(1.4, 1.0),
    )


def _profile(rope: RopeSolution, parameters: RopeParameters, cell: Cell) -> Panel:
    angle = rope.end_angle_deg[0]
    return Panel(
        name="profile",
        title="Lengths alone set the curve, not the speed",
        cell=cell,
        items=(
            Curve(
                key="axis", label="", x=[0.0, rope.span], y=[0.0, 0.0], role="guide", dash="dash",
                width=1.0, layer=-1,
            ),
            *_cranks(rope),
            Band(key="area", x=rope.x, low=np.zeros_like(rope.y), high=rope.y, role="data1",
                 opacity=0.09, layer=-1),
            *_end_angle(rope),
            Curve(key="rope", label="", x=rope.x, y=rope.y, role="data1", width=3.0),
            _sizes(rope),
            _probe(rope, parameters.probe, rope.x, rope.y),
            *_profile_handles(rope),
        ),
        x=Axis("Along the axis", "m"),
        y=Axis("Distance from the axis", "m"),
        equal=True,
        pick_x=_probe_edit(rope, rope.x),
        summary=f"A rope of {rope.length:.3g} m over a span of {rope.span:.3g} m stands out "
        f"{rope.sag:.3g} m from the axis and leaves it at {angle:.1f} degrees.",
    )  # fmt: skip


def _cranks(rope: RopeSolution) -> tuple[Item, ...]:
    """The arms that hold ends off the axis."""
    if rope.radius0 == 0 == rope.radius1:
        return ()
    arms = np.array([0.0, rope.radius0, np.nan, rope.radius1, 0.0])
    x = np.array([0.0, 0.0, np.nan, rope.span, rope.span])
    return (Curve(key="cranks", x=x, y=arms, role="text", width=1.2, layer=-1),)


def _sizes(rope: RopeSolution) -> Label:
    """What was measured, below the rope: it travels with the figure."""
    low, high = min(0.0, float(rope.y.min())), max(0.0, float(rope.y.max()))
    return Label(key="sizes", label=sizes_in_words(rope), x=rope.span / 2,
                 y=low - 0.09 * max(rope.span, high - low), role="guide", anchor="top")  # fmt: skip


def _end_angle(rope: RopeSolution) -> tuple[Item, ...]:
    """An arc at the left end with the angle in degrees, where there is room to read it."""
    angle = math.radians(rope.end_angle_deg[0])
    size = 0.12 * min(rope.span, 2 * rope.radius_max)
    if abs(angle) < NARROWEST_ANGLE or size < 0.06 * max(rope.span, rope.radius_max):
        return ()
    turn = np.linspace(0.0, angle, 33)
    middle = angle / 2
    return (
        Curve(key="angle", x=size * np.cos(turn), y=rope.radius0 + size * np.sin(turn),
              role="guide", width=1.0),
        Label(key="angle words", label=f"{rope.end_angle_deg[0]:.1f}°".replace("-", "−"),
              x=1.25 * size * math.cos(middle), y=rope.radius0 + 1.25 * size * math.sin(middle),
              role="guide"),
    )  # fmt: skip


def _profile_handles(rope: RopeSolution) -> tuple[Handle, ...]:
    apex = int(np.argmax(rope.y))
    return (
        Handle(key="left end", label="Drag up or down: radius of the left end", x=0.0,
               y=rope.radius0, y_edit=Edit("radius0")),
        Handle(key="right end", label="Drag sideways: span. Up or down: radius of the right end",
               x=rope.span, y=rope.radius1, x_edit=Edit("span"), y_edit=Edit("radius1")),
        Handle(key="apex", label="Drag up or down: sag", x=float(rope.x[apex]), y=rope.sag,
               y_edit=Edit("sag")),
    )  # fmt: skip


def _probe(rope: RopeSolution, probe: float, x: Array, y: Array) -> Scatter:
    index = nearest_sample(rope, probe)
    return Scatter(key="probe", label="", x=x[index : index + 1], y=y[index : index + 1],
                   role="text", size=6.0, marker="diamond", layer=2)  # fmt: skip


def _probe_edit(rope: RopeSolution, coordinate: Array) -> Edit:
    """Read the probe, a share of the rope's length, off a coordinate that rises along the rope."""
    knots = np.linspace(0, len(coordinate) - 1, PICK_KNOTS).astype(int)
    shares = rope.s / rope.s[-1]
    return Edit("probe", knots=tuple((float(coordinate[i]), float(shares[i])) for i in knots))


def _tension(rope: RopeSolution, parameters: RopeParameters, cell: Cell) -> Panel:
    largest = float(rope.tension.max())
    return Panel(
        name="tension",
        title="The pull is largest nearest the axis",
        cell=cell,
        items=(
            Rule(key="axial", label=f"H = {rope.axial_force:.3g} N", axis="y",
                 value=rope.axial_force, role="guide"),
            Curve(key="tension", label="", x=rope.s, y=rope.tension, role="data2", width=2.0),
            _probe(rope, parameters.probe, rope.s, rope.tension),
        ),
        x=Axis("Along the rope", "m"),
        y=Axis("Tension", "N", range=(0.0, 1.08 * largest)),
        pick_x=_probe_edit(rope, rope.s),
        summary=f"The tension falls from {rope.end_tension[0]:.3g} N at the left end to "
        f"{float(rope.tension.min()):.3g} N and rises to {rope.end_tension[1]:.3g} N.",
    )  # fmt: skip


# -- Forces --------------------------------------------------------------------------------------


def _forces_page(rope: RopeSolution, parameters: RopeParameters) -> Figure:
    return Figure(
        panels=(
            _pulls(rope, parameters, Cell(0, 0, row_span=2)),
            _balance(rope, parameters, Cell(0, 1)),
            _curvature(rope, parameters, Cell(1, 1)),
        ),
        widths=(1.1, 1.0),
        heights=(1.3, 1.0),
    )


def _pulls(rope: RopeSolution, parameters: RopeParameters, cell: Cell) -> Panel:
    """The rope with the fling of each metre, ρω²y, and the pull of the hands at its ends."""
    size = max(rope.span, 2 * rope.radius_max)
    at = np.searchsorted(rope.s, np.linspace(0.0, rope.s[-1], FLINGS + 2)[1:-1])
    fling = 0.16 * size * rope.y[at] / rope.radius_max
    ends = np.array([0, -1])
    pull = 0.16 * size * np.array([-1.0, 1.0]) * rope.tension[ends] / max(rope.end_tension)
    along, across = pull * np.cos(rope.angle[ends]), pull * np.sin(rope.angle[ends])
    greatest = rope.density * rope.omega**2 * rope.radius_max
    tip = int(np.argmax(np.abs(rope.y)))
    upward = rope.y[tip] > 0
    return Panel(
        name="pulls",
        title="Two hands hold what the rope flings out",
        cell=cell,
        items=(
            Curve(key="axis", x=[0.0, rope.span], y=[0.0, 0.0], role="guide", dash="dash",
                  width=1.0, layer=-1),
            *_cranks(rope),
            Arrows(key="fling", x=rope.x[at], y=rope.y[at], dx=np.zeros_like(fling), dy=fling,
                   role="data3", width=1.4),
            Curve(key="rope", x=rope.x, y=rope.y, role="data1", width=3.0),
            Arrows(key="pull", x=rope.x[ends], y=rope.y[ends], dx=along, dy=across,
                   role="data2", width=2.4, layer=1),
            Label(key="fling words", label=f"up to {greatest:.3g} N on each metre",
                  x=float(rope.x[tip]), y=float(rope.y[tip]) + (0.2 if upward else -0.2) * size,
                  role="data3", anchor="bottom" if upward else "top"),
            Label(key="pull words", label=f"  {rope.end_tension[0]:.3g} N",
                  x=float(along[0]), y=float(rope.y[0] + across[0]), role="data2",
                  anchor="left"),
            _probe(rope, parameters.probe, rope.x, rope.y),
        ),
        x=Axis("Along the axis", "m"),
        y=Axis("Distance from the axis", "m"),
        equal=True,
        pick_x=_probe_edit(rope, rope.x),
        summary=f"The rope is flung outwards with up to {greatest:.3g} newtons on each metre, and "
        f"held with {rope.end_tension[0]:.3g} N at the left end and {rope.end_tension[1]:.3g} N "
        "at the right end.",
    )  # fmt: skip


def _balance(rope: RopeSolution, parameters: RopeParameters, cell: Cell) -> Panel:
    """Tension and the centrifugal potential, which add up to the same everywhere."""
    swing = 0.5 * rope.density * (rope.omega * rope.y) ** 2
    total = rope.tension + swing
    return Panel(
        name="balance",
        title="Pull lost is ½ρω²y² gained",
        cell=cell,
        items=(
            Curve(key="sum", label="sum", x=rope.s, y=total, role="data3", width=2.0,
                  label_at=0.5),
            Curve(key="tension", label="tension T", x=rope.s, y=rope.tension, role="data2",
                  width=2.0, label_at=0.12),
            Curve(key="swing", label="½ρω²y²", x=rope.s, y=swing, role="data1", width=2.0,
                  dash="dash", label_at=0.5),
            Rule(key="axial", label=f"H = {rope.axial_force:.3g} N", axis="y",
                 value=rope.axial_force, role="guide"),
            _probe(rope, parameters.probe, rope.s, rope.tension),
        ),
        x=Axis("Along the rope", "m"),
        y=Axis("Force", "N", range=(0.0, 1.12 * float(total.max()))),
        pick_x=_probe_edit(rope, rope.s),
        summary=f"Tension and one half rho omega² y² add up to {total[0]:.4g} N everywhere.",
    )  # fmt: skip


def _curvature(rope: RopeSolution, parameters: RopeParameters, cell: Cell) -> Panel:
    return Panel(
        name="curvature",
        title="On the axis it does not bend",
        cell=cell,
        items=(
            Rule(key="zero", axis="y", value=0.0),
            Curve(key="curvature", x=rope.s, y=rope.curvature, role="data5", width=2.0),
            _probe(rope, parameters.probe, rope.s, rope.curvature),
        ),
        x=Axis("Along the rope", "m"),
        y=Axis("Curvature", "1/m"),
        pick_x=_probe_edit(rope, rope.s),
        link_x="balance",
        summary=f"The curvature is {rope.apex_curvature:.3g} per metre at the apex.",
    )  # fmt: skip


# -- The straight rope ---------------------------------------------------------------------------


def taut(parameters: RopeParameters) -> Figure:
    """Return the picture of a rope as long as the distance between its ends: a straight line."""
    left, right, span = parameters.radius0, parameters.radius1, parameters.span
    panel = Panel(
        name="profile",
        title="A rope without slack stays straight at any tension",
        items=(
            Curve(key="rope", x=[0.0, span], y=[left, right], role="data1", width=2.4),
            Handle(key="right end", label="Drag sideways: span", x=span, y=right,
                   x_edit=Edit("span"), y_edit=Edit("radius1")),
            Handle(key="apex", label="Drag up: sag", x=span / 2, y=(left + right) / 2,
                   y_edit=Edit("sag")),
        ),
        x=Axis("Along the axis", "m"),
        y=Axis("Distance from the axis", "m"),
        equal=True,
        summary="A straight line between the two ends.",
    )  # fmt: skip
    return Figure(panels=(panel,))
