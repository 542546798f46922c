"""The spinning rope in three dimensions: its surface, where it was, and where it is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from zoetrope.core.figure import Array, Axis, Cell, Edit, Item, Label, Orbit, Panel
from zoetrope.core.rope.solution import RopeSolution
from zoetrope.core.scene3d import DEPTH_LEVELS, Camera, depth_cued

if TYPE_CHECKING:
    from zoetrope.core.rope.lab_parameters import RopeParameters

GHOSTS = 10
TRAIL_DEGREES = 100.0
STROBES = 12
RINGS = 7
CIRCLE = np.linspace(0.0, 2 * math.pi, 41)


def turned(x: Array, radius: Array, degrees: float) -> Array:
    """Return the points [n, 3] of a plane curve turned about the x axis; 0° is straight up."""
    angle = math.radians(degrees)
    return np.stack([x, radius * math.sin(angle), radius * math.cos(angle)], axis=-1)


def spinning_panel(rope: RopeSolution, parameters: RopeParameters, cell: Cell) -> Panel:
    """Return the panel in which the rope turns; dragging it turns the camera."""
    reach = math.hypot(rope.span / 2, rope.radius_max)
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


def _items(
    rope: RopeSolution, parameters: RopeParameters, camera: Camera, reach: float
) -> tuple[Item, ...]:
    x, radius = _thinned(rope)
    items = [
        *_surface(x, radius, camera, reach),
        *_axis(rope, parameters.phase, camera, reach),
        *_earlier(x, radius, parameters, camera, reach),
    ]
    items += depth_cued(
        "rope",
        turned(x, radius, parameters.phase),
        camera,
        radius=reach,
        role="data1",
        width=3.0,
        faintest=1.0,
        layer=2 * DEPTH_LEVELS,
    )
    return tuple(items)


def _thinned(rope: RopeSolution) -> tuple[Array, Array]:
    """Every eighth sample, the axis centred on the origin: enough for a drawing this size."""
    return rope.x[::8] - rope.span / 2, rope.y[::8]


def _surface(x: Array, radius: Array, camera: Camera, reach: float) -> tuple[Item, ...]:
    """Rings and ribs of the surface that the rope sweeps."""
    parts = []
    for index in np.linspace(0, len(x) - 1, RINGS + 2)[1:-1].astype(int):
        ring = np.stack(
            [
                np.full_like(CIRCLE, x[index]),
                radius[index] * np.sin(CIRCLE),
                radius[index] * np.cos(CIRCLE),
            ],
            axis=-1,
        )
        parts += [ring, np.full((1, 3), np.nan)]
    return depth_cued(
        "surface", np.concatenate(parts), camera, radius=reach, role="guide", width=0.8,
        faintest=0.15, opacity=0.55,
    )  # fmt: skip


def _axis(rope: RopeSolution, phase: float, camera: Camera, reach: float) -> tuple[Item, ...]:
    """The axis, and the cranks on it that hold ends at a radius."""
    half = rope.span / 2
    x = np.array([-1.16, -1.0, -1.0, -1.0, np.nan, 1.0, 1.0, 1.0, 1.16, -1.16]) * half
    radius = np.array([0.0, 0.0, rope.radius0, 0.0, np.nan, 0.0, rope.radius1, 0.0, 0.0, 0.0])
    return depth_cued(
        "axis", turned(x, radius, phase), camera, radius=reach, role="text", width=1.2,
        faintest=0.8, layer=DEPTH_LEVELS, levels=1,
    )  # fmt: skip


def _earlier(
    x: Array, radius: Array, parameters: RopeParameters, camera: Camera, reach: float
) -> list[Item]:
    """Where the rope was: a fading trail, or frozen positions all round."""
    items: list[Item] = []
    if parameters.trail == "trail":
        for ghost in range(1, GHOSTS + 1):
            share = ghost / GHOSTS
            points = turned(x, radius, parameters.phase - TRAIL_DEGREES * share)
            items += depth_cued(
                f"ghost{ghost}", points, camera, radius=reach, role="data1", width=1.6,
                opacity=0.5 * (1 - share) ** 1.2 + 0.03, layer=DEPTH_LEVELS + 1, levels=1,
            )  # fmt: skip
    elif parameters.trail == "strobe":
        gap = np.full((1, 3), np.nan)
        parts = [
            part
            for flash in range(1, STROBES)
            for part in (turned(x, radius, parameters.phase + 360.0 * flash / STROBES), gap)
        ]
        items += depth_cued(
            "strobe", np.concatenate(parts), camera, radius=reach, role="data1", width=1.5,
            opacity=0.85, layer=DEPTH_LEVELS,
        )  # fmt: skip
    return items
