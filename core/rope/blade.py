"""A rope's curve as the blade of a vertical-axis wind turbine: coordinates for other programs."""

import csv
import io
import math
import re
from dataclasses import dataclass

import numpy as np

from zoetrope.core.rope.arguments import whole
from zoetrope.core.rope.comparison import Overlay
from zoetrope.core.rope.elliptic import FloatArray
from zoetrope.core.rope.errors import RopeError
from zoetrope.core.rope.shape import Sampling
from zoetrope.core.rope.solution import RopeSolution
from zoetrope.core.rope.troposkein import solve

MOST_STATIONS = 100_000


@dataclass(frozen=True, slots=True, eq=False)
class BladeCoordinates:
    """A blade from its lower end up, float64 arrays [P] in metres and degrees.

    `z` is the height along the shaft, `r` the radius, `slope_deg` the angle of the blade to the
    shaft, positive where the radius grows upwards, and `s` the length along the blade.
    """

    z: FloatArray
    r: FloatArray
    slope_deg: FloatArray
    s: FloatArray


def rope_blade(
    rope: RopeSolution, n_points: int = 101, sampling: Sampling = "arc"
) -> BladeCoordinates:
    """The blade of the rope's own curve at `n_points` stations, even in arc length or height.

    `rope` is a steady rope without gravity or air, end 0 below.
    """
    fine = solve(
        rope.length,
        rope.span,
        slack=rope.slack,
        omega=rope.omega,
        density=rope.density,
        mode=rope.mode,
        radius0=rope.radius0,
        radius1=rope.radius1,
        n_points=_stations(n_points),
        sampling=sampling,
    )
    return BladeCoordinates(fine.x, fine.y, np.degrees(fine.angle), fine.s)


def straight_arc_blade(overlay: Overlay, n_points: int = 101) -> BladeCoordinates:
    """The blade of a straight-arc-straight overlay, its stations even in arc length.

    Raises RopeError("bad_value") for an overlay of another kind, or one that does not exist.
    """
    angle, radius, straight = _parts(overlay)
    s = np.linspace(0.0, overlay.length, _stations(n_points))
    from_middle = s - overlay.length / 2
    psi = np.clip(from_middle / radius, -angle, angle)
    beyond = from_middle - radius * psi
    middle = radius * math.sin(angle) + straight * math.cos(angle)
    r = overlay.sag - 2 * radius * np.sin(psi / 2) ** 2 - np.abs(beyond) * math.sin(angle)
    z = middle + radius * np.sin(psi) + beyond * math.cos(angle)
    z[0] = r[0] = r[-1] = 0.0
    return BladeCoordinates(z, r, -np.degrees(psi), s)


def straight_arc_joint(overlay: Overlay) -> tuple[float, float]:
    """(z, r) in metres where a straight-arc-straight blade's lower straight part meets its arc."""
    angle, _, straight = _parts(overlay)
    return straight * math.cos(angle), straight * math.sin(angle)


def _parts(overlay: Overlay) -> tuple[float, float, float]:
    fit = overlay.straight_arc
    if fit is None:
        why = overlay.reason or "It is not a blade of straight parts and an arc."
        raise RopeError("bad_value", why, "overlay")
    return math.radians(fit.arc_angle_deg), fit.radius, fit.straight_length


def blade_csv(blade: BladeCoordinates, title: str = "Troposkein blade") -> str:
    """`blade` as comma-separated text: a comment, the names with their units, a row a station.

    Numbers have the fewest digits that read back exactly.
    """
    file = io.StringIO()
    file.write(f"# {_one_line(title)}, from the lower end up; slope against the shaft\n")
    rows = csv.writer(file, lineterminator="\n")
    rows.writerow(["z (m)", "r (m)", "slope (deg)", "s (m)"])
    columns = (blade.z, blade.r, blade.slope_deg, blade.s)
    rows.writerows(zip(*(map(repr, column.tolist()) for column in columns), strict=True))
    return file.getvalue()


def polyline_dxf(
    x: FloatArray, y: FloatArray, z: FloatArray | None = None, *, layer: str = "ROPE"
) -> str:
    """A curve through points [P] as a drawing: one polyline in space, ASCII DXF of release 12.

    `z` is 0 where it is not given. DXF carries no unit: the numbers are written as they are, with
    the digits that read back exactly. `layer` has letters, digits, "_", "-" or "$", at most 31.
    Raises RopeError("bad_value"). After Autodesk, AutoCAD Release 12, Drawing Interchange Files.
    """
    if not re.fullmatch(r"[A-Za-z0-9_$-]{1,31}", layer):
        message = f'A layer has 1 to 31 letters, digits, "_", "-" or "$", not {layer!r}.'
        raise RopeError("bad_value", message, "layer")
    points = np.stack(np.broadcast_arrays(x, y, 0.0 if z is None else z), axis=-1)
    if points.ndim != 2 or len(points) < 2 or not np.isfinite(points).all():
        raise RopeError("bad_value", "A polyline needs two or more points of finite numbers.", "x")
    layer = layer.upper()
    low, high = points.min(axis=0).tolist(), points.max(axis=0).tolist()
    groups: list[tuple[int, object]] = [
        (0, "SECTION"), (2, "HEADER"),
        (9, "$ACADVER"), (1, "AC1009"),
        (9, "$EXTMIN"), *zip((10, 20, 30), low, strict=True),
        (9, "$EXTMAX"), *zip((10, 20, 30), high, strict=True),
        (0, "ENDSEC"),
        (0, "SECTION"), (2, "ENTITIES"),
        (0, "POLYLINE"), (8, layer), (66, 1), (70, 8), (10, 0.0), (20, 0.0), (30, 0.0),
    ]  # fmt: skip
    for point in points.tolist():
        groups += [(0, "VERTEX"), (8, layer), *zip((10, 20, 30), point, strict=True), (70, 32)]
    groups += [(0, "SEQEND"), (8, layer), (0, "ENDSEC"), (0, "EOF")]
    return "".join(f"{code:>3}\n{value}\n" for code, value in groups)


def _stations(n_points: int) -> int:
    return whole(n_points, "n_points", 2, MOST_STATIONS)


def _one_line(title: str) -> str:
    return " ".join(title.split())
