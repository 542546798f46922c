"""The rope from the side, with what can be dragged."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from zoetrope.core.edits import Edit
from zoetrope.core.figure import Axis, Cell, Panel
from zoetrope.core.items import Array, Band, Curve, Handle, Item, Label, Scatter
from zoetrope.core.rope.outline import Outline, outline
from zoetrope.core.rope.readouts import nearest_sample
from zoetrope.core.rope.solution import RopeSolution
from zoetrope.core.rope.spinning import sizes_in_words
from zoetrope.core.rope.upright import upright

if TYPE_CHECKING:
    from zoetrope.core.rope.lab_parameters import RopeParameters

PICK_KNOTS = 65
NARROWEST_ANGLE = math.radians(15)  # that is written beside its arc
STEEPEST = 0.3  # cosine of the turn of the plane, below which an end cannot be dragged in it

ALONG = Axis("Along the axis", "m")
HEIGHT = Axis("Height", "m")
AWAY = Axis("Distance from the axis", "m")
IN_PLANE = Axis("In the plane of the farthest point", "m")


def profile(rope: RopeSolution, parameters: RopeParameters, cell: Cell) -> Panel:
    """Return the panel of the rope from the side; its axis stands upright if gravity is along it.

    A rope that is not plane is seen in the plane of its farthest point.
    """
    shape = outline(rope)
    stands = parameters.upright_gravity > 0
    panel = Panel(
        name="profile",
        title=_title(rope, parameters, shape),
        cell=cell,
        items=(
            Curve(key="axis", x=[0.0, rope.span], y=[0.0, 0.0], role="guide", dash="dash",
                  width=1.0, layer=-1),
            *cranks(rope.span, shape.ends),
            *_area(shape),
            *_end_angle(rope, shape),
            Curve(key="rope", x=shape.x, y=shape.r, role="data1", width=3.0),
            _sizes(rope, shape, stands),
            probe_mark(rope, parameters.probe, shape.x, shape.r),
            *_handles(rope, shape),
        ),
        x=HEIGHT if stands else ALONG,
        y=AWAY if shape.planar else IN_PLANE,
        equal=True,
        pick_x=probe_edit(rope, shape.x),
        summary=f"A rope of {rope.length:.3g} m over a span of {rope.span:.3g} m stands out "
        f"{rope.radius_max:.3g} m from the axis and leaves it at {rope.end_angle_deg[0]:.1f} "
        "degrees.",
    )  # fmt: skip
    return upright(panel) if stands else panel


def _title(rope: RopeSolution, parameters: RopeParameters, shape: Outline) -> str:
    if not shape.planar:
        return "In the plane of its farthest point"
    if parameters.upright_gravity:
        return "Gravity draws its belly down"
    if parameters.stretches:
        return "An elastic rope grows with its speed"
    if parameters.axis == "across":
        return "Without gravity: no steady shape in it"
    return "Lengths alone set the curve, not the speed"


def cranks(span: float, ends: tuple[float, float]) -> tuple[Item, ...]:
    """The arms that hold ends off the axis."""
    if ends == (0.0, 0.0):
        return ()
    arms = np.array([0.0, ends[0], np.nan, ends[1], 0.0])
    x = np.array([0.0, 0.0, np.nan, span, span])
    return (Curve(key="cranks", x=x, y=arms, role="text", width=1.2, layer=-1),)


def _area(shape: Outline) -> tuple[Item, ...]:
    if np.any(np.diff(shape.x) <= 0):  # it overhangs
        return ()
    return (
        Band(key="area", x=shape.x, low=np.zeros_like(shape.r), high=shape.r, role="data1",
             opacity=0.09, layer=-1),
    )  # fmt: skip


def _sizes(rope: RopeSolution, shape: Outline, stands: bool) -> Label:
    """What was measured, below the rope: it travels with the figure."""
    words = sizes_in_words(rope)
    if stands:  # turned upright later: what is x here will be the height
        low, high = min(0.0, float(shape.x.min())), max(rope.span, float(shape.x.max()))
        reach = float(shape.r.max()) + min(0.0, float(shape.r.min()))
        x, y = low - 0.09 * max(high - low, reach), reach / 2
        return Label(key="sizes", label=words, x=x, y=y, role="guide", anchor="right")
    low, high = min(0.0, float(shape.r.min())), max(0.0, float(shape.r.max()))
    return Label(key="sizes", label=words, x=rope.span / 2,
                 y=low - 0.09 * max(rope.span, high - low), role="guide", anchor="top")  # fmt: skip


def _end_angle(rope: RopeSolution, shape: Outline) -> tuple[Item, ...]:
    """An arc at the left end with the angle in degrees, where there is room to read it."""
    angle = math.radians(rope.end_angle_deg[0])
    size = 0.12 * min(rope.span, 2 * rope.radius_max)
    small = abs(angle) < NARROWEST_ANGLE or size < 0.06 * max(rope.span, rope.radius_max)
    if small or not shape.planar:
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


def _handles(rope: RopeSolution, shape: Outline) -> tuple[Handle, ...]:
    apex = int(np.argmax(shape.r))
    top = rope.sag if shape.planar else rope.radius_max
    return (
        Handle(key="left end", label="Drag across the axis: radius of the left end", x=0.0,
               y=shape.ends[0], y_edit=_radius_edit("radius0", shape.turn)),
        Handle(key="right end", label="Drag along the axis: span. Across it: radius of this end",
               x=rope.span, y=shape.ends[1], x_edit=Edit("span"),
               y_edit=_radius_edit("radius1", shape.turn - _phase(rope))),
        Handle(key="apex", label="Drag away from the axis: sag", x=float(shape.x[apex]), y=top,
               y_edit=Edit("sag")),
    )  # fmt: skip


def _phase(rope: RopeSolution) -> float:
    return math.atan2(rope.z[-1], rope.y[-1]) if rope.z[-1] else 0.0


def _radius_edit(parameter: str, turn: float) -> Edit | None:
    """An end's radius by its place in a plane turned against it, unless that is seen end on."""
    cosine = math.cos(turn)
    return Edit(parameter, scale=1 / cosine) if abs(cosine) > STEEPEST else None


def probe_mark(rope: RopeSolution, probe: float, x: Array, y: Array) -> Scatter:
    """Where the rope is probed."""
    index = nearest_sample(rope, probe)
    return Scatter(key="probe", x=x[index : index + 1], y=y[index : index + 1],
                   role="text", size=6.0, marker="diamond", layer=2)  # fmt: skip


def probe_edit(rope: RopeSolution, coordinate: Array) -> Edit | None:
    """Read the probe, a share of the length, off a coordinate, if it rises along the rope."""
    knots = np.linspace(0, len(coordinate) - 1, PICK_KNOTS).astype(int)
    if np.any(np.diff(coordinate[knots]) <= 0):
        return None
    shares = rope.s / rope.s[-1]
    return Edit("probe", knots=tuple((float(coordinate[i]), float(shares[i])) for i in knots))
