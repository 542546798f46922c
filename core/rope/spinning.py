"""The spinning rope in three dimensions: its surface, where it was, and where it is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from zoetrope.core.edits import Edit, Orbit
from zoetrope.core.figure import Axis, Cell, Panel
from zoetrope.core.items import Array, Item, Label
from zoetrope.core.rope.solution import RopeSolution
from zoetrope.core.scene3d import DEPTH_LEVELS, Camera, depth_cued

if TYPE_CHECKING:
    from zoetrope.core.rope.lab_parameters import RopeParameters

GHOSTS = 10
TRAIL_DEGREES = 100.0
STROBES = 12
RINGS = 7
CIRCLE = np.linspace(0.0, 2 * math.pi, 41)


def turned(points: Array, degrees: float, stands: bool = False) -> Array:
    """Return points [n, 3] of the turning frame, (along the axis, y, z), in space.

    In space the last coordinate is up. At 0° y points up where the axis lies level, and away from
    the viewer where it stands upright; the frame turns from y to z.
    """
    angle = math.radians(degrees)
    x, y, z = points.T
    ahead = y * math.sin(angle) + z * math.cos(angle)
    beside = y * math.cos(angle) - z * math.sin(angle)
    return np.stack([ahead, beside, x] if stands else [x, ahead, beside], axis=-1)


def spinning_panel(rope: RopeSolution, parameters: RopeParameters, cell: Cell) -> Panel:
    """Return the panel in which the rope turns; dragging it turns the camera."""
    reach = _reach(rope)
    camera = Camera(
        parameters.azimuth,
        parameters.elevation,
        4 * reach if parameters.perspective else math.inf,
    )
    window = 1.12 * reach
    return Panel(
        name="spinning",
        title="The surface that it sweeps",
        cell=cell,
        items=(
            *_items(rope, parameters, camera, reach),
            Label(key="sizes", label=sizes_in_words(rope), x=0.0, y=-1.16 * window, role="guide",
                  anchor="bottom"),
        ),
        x=Axis(visible=False, range=(-window, window)),
        y=Axis(visible=False, range=(-1.18 * window, 0.9 * window)),
        equal=True,
        grid=False,
        orbit=Orbit(Edit("azimuth"), Edit("elevation")),
        summary=f"The rope turned by {parameters.phase:.0f} degrees on the surface it sweeps.",
    )  # fmt: skip


def sizes_in_words(rope: RopeSolution) -> str:
    """Length, span and speed, as they stand in a figure."""
    speed = rope.omega * 30 / math.pi
    return f"L = {rope.length:.4g} m,  d = {rope.span:.4g} m,  {speed:.4g} rpm"


def _reach(rope: RopeSolution) -> float:
    """The radius of the ball about the middle of the span that holds the rope in every turn."""
    along = max(rope.span / 2, float(np.abs(rope.x - rope.span / 2).max()))
    return math.hypot(along if rope.x.min() < 0 else rope.span / 2, rope.radius_max)


def _items(
    rope: RopeSolution, parameters: RopeParameters, camera: Camera, reach: float
) -> tuple[Item, ...]:
    points = _thinned(rope)
    stands = parameters.upright_gravity > 0
    items = [
        *_surface(points, camera, reach, stands),
        *_axis(rope, parameters.phase, camera, reach, stands),
        *_earlier(points, parameters, camera, reach, stands),
    ]
    items += depth_cued(
        "rope",
        turned(points, parameters.phase, stands),
        camera,
        radius=reach,
        role="data1",
        width=3.0,
        faintest=1.0,
        layer=2 * DEPTH_LEVELS,
    )
    return tuple(items)


def _thinned(rope: RopeSolution) -> Array:
    """Every eighth sample [n, 3], the axis centred on the origin: enough for so small a drawing."""
    return np.stack([rope.x[::8] - rope.span / 2, rope.y[::8], rope.z[::8]], axis=-1)


def _surface(points: Array, camera: Camera, reach: float, stands: bool) -> tuple[Item, ...]:
    """Rings of the surface that the rope sweeps."""
    parts = []
    for index in np.linspace(0, len(points) - 1, RINGS + 2)[1:-1].astype(int):
        x, radius = points[index, 0], math.hypot(points[index, 1], points[index, 2])
        ring = np.stack(
            [np.full_like(CIRCLE, x), radius * np.cos(CIRCLE), radius * np.sin(CIRCLE)], axis=-1
        )
        parts += [turned(ring, 0.0, stands), np.full((1, 3), np.nan)]
    return depth_cued(
        "surface", np.concatenate(parts), camera, radius=reach, role="guide", width=0.8,
        faintest=0.15, opacity=0.55,
    )  # fmt: skip


def _axis(
    rope: RopeSolution, phase: float, camera: Camera, reach: float, stands: bool
) -> tuple[Item, ...]:
    """The axis, and the cranks on it that hold ends at a radius."""
    half = rope.span / 2
    beyond = [1.16 * half, 0.0, 0.0]
    left, right = [half, rope.y[0], rope.z[0]], [half, rope.y[-1], rope.z[-1]]
    gap = [math.nan] * 3
    on_right = np.array([[half, 0.0, 0.0], right, [half, 0.0, 0.0], beyond])
    mirror = np.array([-1.0, 1.0, 1.0])
    on_left = np.array([beyond, [half, 0.0, 0.0], left, [half, 0.0, 0.0]]) * mirror
    whole = np.concatenate([on_left, [gap], on_right, [gap], on_right[-1:], on_left[:1]])
    return depth_cued(
        "axis", turned(whole, phase, stands), camera, radius=reach, role="text", width=1.2,
        faintest=0.8, layer=DEPTH_LEVELS, levels=1,
    )  # fmt: skip


def _earlier(
    points: Array, parameters: RopeParameters, camera: Camera, reach: float, stands: bool
) -> list[Item]:
    """Where the rope was: a fading trail, or frozen positions all round."""
    items: list[Item] = []
    if parameters.trail == "trail":
        for ghost in range(1, GHOSTS + 1):
            share = ghost / GHOSTS
            earlier = turned(points, parameters.phase - TRAIL_DEGREES * share, stands)
            items += depth_cued(
                f"ghost{ghost}", earlier, camera, radius=reach, role="data1", width=1.6,
                opacity=0.5 * (1 - share) ** 1.2 + 0.03, layer=DEPTH_LEVELS + 1, levels=1,
            )  # fmt: skip
    elif parameters.trail == "strobe":
        gap = np.full((1, 3), np.nan)
        parts = [
            part
            for flash in range(1, STROBES)
            for part in (
                turned(points, parameters.phase + 360.0 * flash / STROBES, stands), gap,
            )
        ]  # fmt: skip
        items += depth_cued(
            "strobe", np.concatenate(parts), camera, radius=reach, role="data1", width=1.5,
            opacity=0.85, layer=DEPTH_LEVELS,
        )  # fmt: skip
    return items
