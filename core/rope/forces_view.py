"""The forces page: what pulls where on the rope, and what stays the same along it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from zoetrope.core.figure import Axis, Cell, Figure, Panel
from zoetrope.core.items import Array, Arrows, Curve, Dash, Item, Label, Role, Rule
from zoetrope.core.rope.outline import Outline, distance_from_axis, outline, under_loads
from zoetrope.core.rope.profile_view import (
    ALONG,
    AWAY,
    HEIGHT,
    IN_PLANE,
    cranks,
    probe_edit,
    probe_mark,
)
from zoetrope.core.rope.solution import RopeSolution
from zoetrope.core.rope.upright import upright

if TYPE_CHECKING:
    from zoetrope.core.rope.lab_parameters import RopeParameters

FLINGS = 17  # arrows along the rope


def forces_page(rope: RopeSolution, parameters: RopeParameters) -> Figure:
    """Return the page."""
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
    """The rope with the fling of each metre, ρω²r, and the pull of the hands at its ends."""
    shape = outline(rope)
    stands = parameters.upright_gravity > 0
    size = max(rope.span, 2 * rope.radius_max)
    at = np.searchsorted(rope.s, np.linspace(0.0, rope.s[-1], FLINGS + 2)[1:-1])
    fling = 0.16 * size * shape.r[at] / rope.radius_max
    along, across = _end_pulls(rope, 0.16 * size)
    greatest = rope.density * rope.omega**2 * rope.radius_max
    panel = Panel(
        name="pulls",
        title="Two hands hold what the rope flings out",
        cell=cell,
        items=(
            Curve(key="axis", x=[0.0, rope.span], y=[0.0, 0.0], role="guide", dash="dash",
                  width=1.0, layer=-1),
            *cranks(rope.span, shape.ends),
            Arrows(key="fling", x=shape.x[at], y=shape.r[at], dx=np.zeros_like(fling), dy=fling,
                   role="data3", width=1.4),
            *_weight(rope, shape.x[at], shape.r[at], 0.16 * size, greatest),
            Curve(key="rope", x=shape.x, y=shape.r, role="data1", width=3.0),
            Arrows(key="pull", x=shape.x[[0, -1]], y=shape.r[[0, -1]], dx=along, dy=across,
                   role="data2", width=2.4, layer=1),
            _fling_words(f"up to {greatest:.3g} N on each metre", rope, shape, size, stands),
            Label(key="pull words", label=f"  {rope.end_tension[0]:.3g} N",
                  x=float(along[0]), y=float(shape.r[0] + across[0]), role="data2",
                  anchor="right" if stands else "left"),
            probe_mark(rope, parameters.probe, shape.x, shape.r),
        ),
        x=HEIGHT if stands else ALONG,
        y=AWAY if shape.planar else IN_PLANE,
        equal=True,
        pick_x=probe_edit(rope, shape.x),
        summary=f"The rope is flung outwards with up to {greatest:.3g} newtons on each metre, and "
        f"held with {rope.end_tension[0]:.3g} N at the left end and {rope.end_tension[1]:.3g} N "
        "at the right end.",
    )  # fmt: skip
    return upright(panel) if stands else panel


def _fling_words(
    words: str, rope: RopeSolution, shape: Outline, size: float, stands: bool
) -> Label:
    """Beyond the longest arrow; over the rope where that stands upright."""
    tip = int(np.argmax(np.abs(shape.r)))
    if stands:
        top = max(rope.span, float(shape.x.max())) + 0.1 * size
        return Label(
            key="fling words",
            label=words,
            x=top,
            y=float(shape.r[tip]) / 2,
            role="data3",
            anchor="left",
        )
    outward = 1.0 if shape.r[tip] > 0 else -1.0
    return Label(key="fling words", label=words, x=float(shape.x[tip]),
                 y=float(shape.r[tip]) + 0.2 * outward * size,
                 role="data3", anchor="bottom" if outward > 0 else "top")  # fmt: skip


def _end_pulls(rope: RopeSolution, size: float) -> tuple[Array, Array]:
    """Arrows of the hands' pull along and across the axis, `size` for the stronger."""
    ends = np.array([0, -1])
    greatest = max(rope.end_tension)
    loads = under_loads(rope)
    if loads is None:
        pull = size * np.array([-1.0, 1.0]) * rope.tension[ends] / greatest
        return pull * np.cos(rope.angle[ends]), pull * np.sin(rope.angle[ends])
    turn = outline(rope).turn
    force = np.array([loads.force0, loads.force1]) * np.array([[-1.0], [1.0]]) * size / greatest
    return force[:, 0], force[:, 1] * np.cos(turn) + force[:, 2] * np.sin(turn)


def _weight(
    rope: RopeSolution, x: Array, r: Array, size: float, greatest: float
) -> tuple[Item, ...]:
    """The weight of each metre, on the scale of the fling."""
    loads = under_loads(rope)
    if loads is None or not loads.gravity or not greatest:
        return ()
    weight = rope.density * loads.gravity
    pull = np.full_like(x, -min(size * weight / greatest, 2 * size))
    return (
        Arrows(key="weight", x=x, y=r, dx=pull, dy=np.zeros_like(x), role="data6", width=1.2),
        Label(key="weight words", label=f"weight {weight:.3g} N on each metre",
              x=float(x.min()) - 0.6 * size, y=float(r[np.argmax(np.abs(r))]) / 2, role="data6",
              anchor="right"),
    )  # fmt: skip


def _balance(rope: RopeSolution, parameters: RopeParameters, cell: Cell) -> Panel:
    """Tension and what is gained where it falls, which add up to the same everywhere."""
    parts = _potentials(rope)
    total = rope.tension + sum(values for _, values, _, _ in parts)
    low = min(0.0, *(float(values.min()) for _, values, _, _ in parts))
    terms = " + ".join(name for name, _, _, _ in parts).replace("+ −", "− ")
    return Panel(
        name="balance",
        title=f"Pull lost is {terms} gained",
        cell=cell,
        items=(
            Curve(key="sum", label="sum", x=rope.s, y=total, role="data3", width=2.0,
                  label_at=0.5),
            Curve(key="tension", label="tension T", x=rope.s, y=rope.tension, role="data2",
                  width=2.0, label_at=0.12),
            *(
                Curve(key=name, label=name, x=rope.s, y=values, role=role, width=2.0, dash=dash,
                      label_at=0.5 if index == 0 else 0.85)
                for index, (name, values, role, dash) in enumerate(parts)
            ),
            *_axial(rope),
            probe_mark(rope, parameters.probe, rope.s, rope.tension),
        ),
        x=Axis("Along the rope", "m"),
        y=Axis("Force", "N", range=(1.12 * low, 1.12 * float(total.max()))),
        pick_x=probe_edit(rope, rope.s),
        summary=f"Tension, {terms} add up to {total[0]:.4g} N everywhere.",
    )  # fmt: skip


def _potentials(rope: RopeSolution) -> list[tuple[str, Array, Role, Dash]]:
    """What adds up to a constant with the tension: name, newtons along the rope, looks."""
    swing = 0.5 * rope.density * (rope.omega * distance_from_axis(rope)) ** 2
    loads = under_loads(rope)
    name = "½ρω²y²" if loads is None or not rope.z.any() else "½ρω²r²"
    parts: list[tuple[str, Array, Role, Dash]] = [(name, swing, "data1", "dash")]
    if loads is not None and loads.gravity:
        parts.append(("−ρgx", -rope.density * loads.gravity * rope.x, "data6", "dash"))
    if loads is not None and loads.elastic_number:
        parts.append(("T²/2EA", rope.tension**2 / (2 * loads.EA), "data5", "dot"))
    return parts


def _axial(rope: RopeSolution) -> tuple[Item, ...]:
    """The axial part of the tension, where it is the same everywhere."""
    loads = under_loads(rope)
    if loads is not None and (loads.gravity or loads.drag_number):
        return ()
    return (
        Rule(key="axial", label=f"H = {rope.axial_force:.3g} N", axis="y",
             value=rope.axial_force, role="guide"),
    )  # fmt: skip


def _curvature(rope: RopeSolution, parameters: RopeParameters, cell: Cell) -> Panel:
    loads = under_loads(rope)
    straight = loads is None or not (loads.gravity or loads.drag_number)
    return Panel(
        name="curvature",
        title="On the axis it does not bend" if straight else "It bends most where it pulls least",
        cell=cell,
        items=(
            Rule(key="zero", axis="y", value=0.0),
            Curve(key="curvature", x=rope.s, y=rope.curvature, role="data5", width=2.0),
            probe_mark(rope, parameters.probe, rope.s, rope.curvature),
        ),
        x=Axis("Along the rope", "m"),
        y=Axis("Curvature", "1/m"),
        pick_x=probe_edit(rope, rope.s),
        link_x="balance",
        summary=f"The curvature is {rope.apex_curvature:.3g} per metre at the apex.",
    )  # fmt: skip
