"""The picture of the rope with a free end: all its shapes, one in space, and how many there are."""

from __future__ import annotations

import math

import numpy as np

from zoetrope.core.edits import Edit, Orbit
from zoetrope.core.figure import Axis, Cell, Figure, Panel
from zoetrope.core.items import Curve, Handle, Item, Label, Scatter
from zoetrope.core.rope.free_end import FreeEndShape
from zoetrope.core.rope.lab_parameters import RopeParameters
from zoetrope.core.rope.spinning import turned
from zoetrope.core.scene3d import DEPTH_LEVELS, Camera, depth_cued

RPM = 30 / math.pi
GHOSTS = 9
TRAIL = 90.0  # degrees
CIRCLE = np.linspace(0.0, 2 * math.pi, 61)


def free_figure(
    shapes: tuple[FreeEndShape, ...],
    chosen: int,
    length: float,
    onsets: tuple[float, ...],
    parameters: RopeParameters,
) -> Figure:
    """Return the shapes of a rope of `length` metres, `chosen` of them bold; `onsets` in turns a
    minute.
    """
    return Figure(
        panels=(
            _all(shapes, chosen, length, onsets, parameters, Cell(0, 0, row_span=2)),
            _scene(shapes, chosen, length, parameters, Cell(0, 1)),
            _stairs(shapes, onsets, parameters, Cell(1, 1)),
        ),
        widths=(1.1, 1.0),
        heights=(1.3, 1.0),
    )


def _all(
    shapes: tuple[FreeEndShape, ...],
    chosen: int,
    length: float,
    onsets: tuple[float, ...],
    parameters: RopeParameters,
    cell: Cell,
) -> Panel:
    support = parameters.support
    items: list[Item] = [
        Curve(key="axis", x=[0.0, 0.0], y=[-1.03 * length, 0.06 * length], role="guide",
              dash="dash", width=1.0, layer=-1),
        Curve(key="arm", x=[0.0, support], y=[0.0, 0.0], role="text", width=1.6),
    ]  # fmt: skip
    for index, shape in enumerate(shapes):
        bold = index == chosen
        items.append(
            Curve(key=f"shape{index}", label=_name(index, shape) if len(shapes) < 7 else "",
                  x=shape.y, y=shape.x, role="data1" if bold else "guide",
                  width=3.2 if bold else 1.2, opacity=1.0 if bold else 0.8,
                  layer=1 if bold else 0)
        )  # fmt: skip
    if not shapes:
        items += [
            Curve(key="shape0", x=[support] * 2, y=[0.0, -length], role="data1", width=3.2),
            Label(key="needed", label=f"leaves the axis above {onsets[0]:.4g} rpm", x=support,
                  y=-1.06 * length, role="accent", anchor="top"),
        ]  # fmt: skip
    items.append(
        Handle(key="hand", label="Drag sideways: radius of the hand", x=support, y=0.0,
               x_edit=Edit("support"))
    )  # fmt: skip
    title = f"At {parameters.speed:.4g} rpm it has {_count(len(shapes))}"
    return Panel(
        name="shapes",
        title=title if shapes else "Too slow: it hangs straight",
        cell=cell,
        items=tuple(items),
        x=Axis("Distance from the axis", "m"),
        y=Axis("Height", "m"),
        equal=True,
        summary=f"{title}. {_words(shapes, chosen)}",
    )


def _count(count: int) -> str:
    return "one shape" if count == 1 else f"{count} shapes at once"


def _name(index: int, shape: FreeEndShape) -> str:
    return f"{index + 1}: {_crossings(shape.nodes)}"


def _crossings(nodes: int) -> str:
    return "no crossing" if nodes == 0 else f"{nodes} crossing{'s' if nodes > 1 else ''}"


def _words(shapes: tuple[FreeEndShape, ...], chosen: int) -> str:
    if not shapes:
        return "It hangs straight down."
    shape = shapes[chosen]
    return (
        f"The one with {_crossings(shape.nodes)} has its free end {abs(shape.tip_radius):.3g} m "
        f"from the axis and {shape.drop:.3g} m below the hand."
    )


def _scene(
    shapes: tuple[FreeEndShape, ...],
    chosen: int,
    length: float,
    parameters: RopeParameters,
    cell: Cell,
) -> Panel:
    if shapes:
        shape = shapes[chosen]
        x, y, reach, drop = shape.x[::8], shape.y[::8], shape.radius_max, shape.drop
    else:
        drop = length
        x, reach = np.linspace(0.0, -drop, 65), parameters.support
        y = np.full(65, parameters.support)
    ball = math.hypot(max(reach, 0.05 * drop), drop / 2) * 1.2
    camera = Camera(
        parameters.azimuth, parameters.elevation, 4 * ball if parameters.perspective else math.inf
    )
    points = np.stack([x + drop / 2, y, np.zeros_like(x)], axis=-1)
    ring = np.stack([np.full_like(CIRCLE, points[-1, 0]), abs(y[-1]) * np.cos(CIRCLE),
                     abs(y[-1]) * np.sin(CIRCLE)], axis=-1)  # fmt: skip
    arm = np.array([[drop / 2 + 0.1 * drop, 0.0, 0.0], [drop / 2, 0.0, 0.0], points[0]])
    items: list[Item] = [
        *depth_cued("ring", turned(ring, 0.0, stands=True), camera, radius=ball, role="guide",
                    width=0.8, faintest=0.15, opacity=0.7),
        *depth_cued("arm", turned(arm, parameters.phase, stands=True), camera, radius=ball,
                    role="text", width=1.4, faintest=0.8, levels=1, layer=DEPTH_LEVELS),
    ]  # fmt: skip
    for ghost in range(1, GHOSTS + 1):
        share = ghost / GHOSTS
        items += depth_cued(
            f"ghost{ghost}", turned(points, parameters.phase - TRAIL * share, stands=True), camera,
            radius=ball, role="data1", width=1.4, opacity=0.45 * (1 - share) ** 1.2 + 0.03,
            levels=1, layer=DEPTH_LEVELS + 1,
        )  # fmt: skip
    items += depth_cued(
        "rope", turned(points, parameters.phase, stands=True), camera, radius=ball, role="data1",
        width=3.0, faintest=1.0, layer=2 * DEPTH_LEVELS,
    )  # fmt: skip
    return Panel(
        name="spinning",
        title="The chosen one as it turns",
        cell=cell,
        items=tuple(items),
        x=Axis(visible=False, range=(-ball, ball)),
        y=Axis(visible=False, range=(-ball, ball)),
        equal=True,
        grid=False,
        orbit=Orbit(Edit("azimuth"), Edit("elevation")),
        summary=f"The rope turned by {parameters.phase:.0f} degrees about its upright axis.",
    )


def _stairs(
    shapes: tuple[FreeEndShape, ...],
    onsets: tuple[float, ...],
    parameters: RopeParameters,
    cell: Cell,
) -> Panel:
    """How many shapes a rope held on the axis has at each speed."""
    edges = np.array([0.0, *onsets])
    x = np.repeat(edges, 2)[1:-1]
    count = np.repeat(np.arange(len(onsets) + 1.0), 2)[: len(x)]
    words = [
        Label(key=f"onset{n}", label=f"{onset:.4g}", x=onset, y=n, role="guide",
              anchor="right") for n, onset in enumerate(onsets[:-1], start=1)
    ]  # fmt: skip
    on_axis = parameters.support == 0
    here = len(shapes)
    return Panel(
        name="stairs",
        title="Each onset adds a shape" if on_axis else "Held on the axis, each onset adds one",
        cell=cell,
        items=(
            Curve(key="count", x=x, y=count, role="data1", width=2.4),
            *(words if len(onsets) < 9 else ()),
            Curve(
                key="now",
                x=[parameters.speed] * 2,
                y=[-0.2, here],
                role="text",
                width=1.0,
                dash="dot",
            ),
            Scatter(key="here", x=[parameters.speed], y=[here], role="accent", size=9.0, layer=2),
        ),
        x=Axis("Speed", "rpm", range=(0.0, onsets[-1])),
        y=Axis("Shapes", range=(-0.2, max(len(onsets), here) + 0.4)),
        pick_x=Edit("speed"),
        summary="Onsets at " + ", ".join(f"{onset:.4g}" for onset in onsets[:-1]) + " rpm.",
    )
