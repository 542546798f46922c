"""A camera and its projection onto a panel: three dimensions drawn with two-dimensional items.

Our own projection rather than OpenGL: it is faster than software OpenGL, needs no display, and
leaves the program as vectors. Distances are in the scene's own units.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from zoetrope.core.items import Array, Curve, Item, Role

DEPTH_LEVELS = 5  # layers that a depth-cued line takes at most


@dataclass(frozen=True, slots=True)
class Camera:
    """Looks at the origin from `distance`, turned by `azimuth` about the vertical axis (z) and
    raised by `elevation`, both in degrees. At azimuth 0 and elevation 0 the x axis points right
    and the y axis away from the eye.
    """

    azimuth: float = 0.0
    elevation: float = 0.0
    distance: float = float("inf")

    def project(self, points: Array) -> tuple[Array, Array, Array]:
        """Return (right, up, depth) of points [..., 3], each of shape [...].

        Depth is the distance in front of (+) or behind (-) the plane through the origin that
        faces the eye. With a finite distance, near things are drawn larger (by D / (D - depth)).
        """
        a, e = np.radians(self.azimuth), np.radians(self.elevation)
        x, y, z = points[..., 0], points[..., 1], points[..., 2]
        right = np.cos(a) * x + np.sin(a) * y
        away = np.cos(a) * y - np.sin(a) * x
        up = np.cos(e) * z + np.sin(e) * away
        depth = np.sin(e) * z - np.cos(e) * away
        scale = 1.0 / (1.0 - depth / self.distance)
        return right * scale, up * scale, depth


def depth_cued(
    key: str,
    points: Array,
    camera: Camera,
    *,
    radius: float,
    role: Role = "data1",
    width: float = 1.5,
    faintest: float = 0.25,
    opacity: float = 1.0,
    layer: int = 0,
    levels: int = DEPTH_LEVELS,
) -> tuple[Item, ...]:
    """Return the polyline `points` [n, 3] as curves that thin and fade with depth.

    `radius` bounds the scene: depths from -radius to radius are sorted into `levels` groups, each
    one item, drawn from the farthest to the nearest (painter's order) in the layers from `layer`
    on. NaN rows are gaps.
    """
    right, up, depth = camera.project(points)
    middle = (depth[:-1] + depth[1:]) / 2
    solid = np.isfinite(middle)
    share = np.clip((middle + radius) / (2 * radius), 0.0, 1.0)
    level = np.minimum((np.where(solid, share, 0.0) * levels).astype(int), levels - 1)
    items: list[Item] = []
    for index in range(levels):
        x, y = _runs(right, up, solid & (level == index))
        near = (index + 0.5) / levels
        items.append(
            Curve(
                key=f"{key}:{index}",
                layer=layer + index,
                x=x,
                y=y,
                role=role,
                width=width * (0.6 + 0.6 * near),
                opacity=opacity * (faintest + (1.0 - faintest) * near),
            )
        )
    return tuple(items)


def _runs(x: Array, y: Array, chosen: npt.NDArray[np.bool_]) -> tuple[Array, Array]:
    """Return the chosen segments of a line, consecutive ones joined, with NaN between the runs.

    Joined, because the ends of separate half-transparent segments would show where they overlap.
    """
    padded = np.concatenate([[False], chosen, [False]])
    touched = padded[:-1] | padded[1:]  # points that a chosen segment touches
    index = np.flatnonzero(touched)
    if index.size == 0:
        return np.empty(0), np.empty(0)
    place = np.arange(index.size)
    place[1:] += np.cumsum(~chosen[index[:-1]])  # a gap after each run but the last
    both = np.full((2, place[-1] + 1), np.nan)
    both[0, place], both[1, place] = x[index], y[index]
    return both[0], both[1]
