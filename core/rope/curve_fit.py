"""The rope through digitised points: slack, span, tilt and offset, with their errors.

Least squares of the normal distances (orthogonal regression): points read off a picture err in both
coordinates.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from zoetrope.core.rope.curve_search import (
    Found,
    Mask,
    Task,
    descend,
    free_starts,
    residuals,
    settle,
    starts_between,
    truncated,
)
from zoetrope.core.rope.elliptic import FloatArray
from zoetrope.core.rope.errors import RopeError
from zoetrope.core.rope.unit_curve import UnitCurve
from zoetrope.core.stepping import Steps, finish, within

FEWEST, FEWEST_BETWEEN_ENDS = 8, 3
CLEARLY = 0.1  # of the points' thickness: a rope this near has been found
FLAT = 1e-6  # thickness of points in a line, over their length


@dataclass(frozen=True, slots=True, eq=False)
class CurveFit:
    """The rope nearest to a set of points, in the points' unit; it bulges to the left of its chord.

    Ends `(x0, y0)` and `(x1, y1)`, `span` apart, the axis through them `tilt_deg` from the x axis;
    `slack` is L/d - 1 and `length_ratio` L/d. `errors` are standard errors by name: x0, y0, span,
    tilt_deg, length_ratio, length, sag. `covariance` [5, 5] is of (x0, y0, span, tilt in
    radians, log slack); rows of what was given are 0. `residual` [P] is the signed normal distance
    of every point, positive outside; `scatter` its standard deviation over the points believed,
    `outlier` [P] marks the others. `warnings` are sentences for people.
    """

    x0: float
    y0: float
    x1: float
    y1: float
    span: float
    tilt_deg: float
    slack: float
    length_ratio: float
    length: float
    sag: float
    errors: Mapping[str, float]
    covariance: FloatArray
    residual: FloatArray
    scatter: float
    outlier: Mask
    warnings: tuple[str, ...]

    def curve(self, n_points: int = 257) -> tuple[FloatArray, FloatArray]:
        """x and y [n_points] of the fitted rope from end 0 to end 1."""
        t = np.linspace(0.0, 1.0, n_points)
        y = UnitCurve.of_slack(self.slack).heights(t)
        tilt = math.radians(self.tilt_deg)
        along, up = self.span * t, self.span * y
        return (
            self.x0 + math.cos(tilt) * along - math.sin(tilt) * up,
            self.y0 + math.sin(tilt) * along + math.cos(tilt) * up,
        )


def fit_points(
    x: Any,
    y: Any,
    *,
    ends: tuple[tuple[float, float], tuple[float, float]] | None = None,
    robust: bool = True,
) -> CurveFit:
    """The rope of mode 1 with both ends on the axis that lies nearest to points (x, y) [P].

    The points need no order, need not reach the ends and may be of any unit. `ends` gives both
    ends where they are known, in either order, and then only the slack is sought. `robust` leaves
    out points further than four standard deviations and says which.

    Raises RopeError: "bad_value" for what are no points, "undetermined" where they are too few (8,
    or 3 between known ends) or in a straight line.
    """
    return finish(fit_steps(x, y, ends=ends, robust=robust))


def fit_steps(
    x: Any,
    y: Any,
    *,
    ends: tuple[tuple[float, float], tuple[float, float]] | None = None,
    robust: bool = True,
) -> Steps[CurveFit]:
    """`fit_points` in short steps: yields the share done and returns the fit."""
    points = _points(x, y)
    known = None if ends is None else _ends(ends)
    _enough(points, known)
    centre = points.mean(axis=1, keepdims=True)
    middle = float(centre[0, 0]), float(centre[1, 0])
    size = float(np.sqrt(np.mean((points - centre) ** 2)))
    task = Task((points - centre) / size, known is None)
    believed = np.ones(points.shape[1], dtype=bool)
    guesses = (
        (yield from free_starts(task.points))
        if known is None
        else starts_between((known - centre) / size, task.points)
    )
    thickness = float(np.linalg.svd(task.points, compute_uv=False)[1]) / math.sqrt(len(believed))
    tried: list[tuple[float, FloatArray]] = []
    for number, guess in enumerate(guesses):
        share = number / (len(guesses) + 2)
        work = descend(task, guess, believed, weighted=True, most=10, enough=1e-3)
        place = yield from within(work, share, share)
        tried.append((truncated(residuals(place, task.points)[0], task), place))
        if tried[-1][0] < (CLEARLY * thickness) ** 2:
            break
    best = min(tried, key=lambda pair: pair[0])[1]
    share = 1 - 2 / (len(guesses) + 2)
    if robust:
        best = yield from within(descend(task, best, believed, weighted=True), share, share)
        share = 1 - 1 / (len(guesses) + 2)
    found = yield from within(settle(task, best, robust), share, share)
    return _describe(task, found, middle, size)


def _points(x: Any, y: Any) -> FloatArray:
    try:
        points = np.stack([np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)])
    except (TypeError, ValueError):
        message = "x and y must be two rows of numbers of the same length."
        raise RopeError("bad_value", message, "x") from None
    if points.ndim != 2:
        raise RopeError("bad_value", "x and y must be two rows of numbers.", "x")
    if not np.isfinite(points).all():
        row = int(np.argmin(np.isfinite(points).all(axis=0))) + 1
        raise RopeError("bad_value", f"Point {row} is not two finite numbers; remove it.", "x")
    return points


def _ends(ends: Any) -> FloatArray:
    try:
        known = np.array(ends, dtype=np.float64).T
    except (TypeError, ValueError):
        known = np.empty(0)
    if known.shape != (2, 2) or not np.isfinite(known).all():
        message = "ends must be two points, ((x0, y0), (x1, y1)), of finite numbers."
        raise RopeError("bad_value", message, "ends")
    if np.array_equal(known[:, 0], known[:, 1]):
        raise RopeError("bad_value", "The two ends must not be the same point.", "ends")
    return known


def _enough(points: FloatArray, known: FloatArray | None) -> None:
    """Refuse points that no one rope follows from."""
    count = np.unique(points, axis=1).shape[1] if points.size else 0
    least = FEWEST if known is None else FEWEST_BETWEEN_ENDS
    if count < least:
        also = ", or give both ends, for which 3 are enough" if known is None else ""
        found = {0: "No points", 1: "1 point"}.get(count, f"{count} different points")
        raise RopeError(
            "undetermined",
            f"{found} cannot tell the rope; mark at least {least} along it{also}.",
            "x",
        )
    joined = points if known is None else np.concatenate([points, known], axis=1)
    sizes = np.linalg.svd(joined - joined.mean(axis=1, keepdims=True), compute_uv=False)
    if sizes[1] < FLAT * sizes[0]:
        raise RopeError(
            "undetermined",
            "The points lie on a straight line, as a rope without slack would: nothing tells how "
            "long it is between them and its ends.",
            "x",
        )


def _describe(task: Task, found: Found, middle: tuple[float, float], size: float) -> CurveFit:
    """The fit in the points' unit, with the errors that its residuals allow."""
    x0, y0, span, tilt, log_slack = (found.parameters * [size, size, size, 1, 1]).tolist()
    scatter, covariance = _covariance(task, found, size)
    slack = math.exp(log_slack)
    ratio = UnitCurve.of_slack(slack).height
    step = 1e-4
    rise = (UnitCurve.of_slack(math.exp(log_slack + step)).height - ratio) / step
    # derivatives by x0, y0, span, tilt and log slack
    gradients = {
        "x0": (1.0, 0.0, 0.0, 0.0, 0.0),
        "y0": (0.0, 1.0, 0.0, 0.0, 0.0),
        "span": (0.0, 0.0, 1.0, 0.0, 0.0),
        "tilt_deg": (0.0, 0.0, 0.0, math.degrees(1.0), 0.0),
        "length_ratio": (0.0, 0.0, 0.0, 0.0, slack),
        "length": (0.0, 0.0, 1 + slack, 0.0, span * slack),
        "sag": (0.0, 0.0, ratio, 0.0, span * rise),
    }
    errors = {
        name: math.sqrt(max(float(np.array(by) @ covariance @ np.array(by)), 0.0))
        for name, by in gradients.items()
    }
    return CurveFit(
        x0=middle[0] + x0,
        y0=middle[1] + y0,
        x1=middle[0] + x0 + span * math.cos(tilt),
        y1=middle[1] + y0 + span * math.sin(tilt),
        span=span,
        tilt_deg=math.degrees(math.remainder(tilt, 2 * math.pi)),
        slack=slack,
        length_ratio=1 + slack,
        length=span * (1 + slack),
        sag=span * ratio,
        errors=errors,
        covariance=covariance,
        residual=size * found.residual,
        scatter=scatter,
        outlier=~found.believed,
        warnings=fit_warnings(slack, errors, found.believed),
    )


def _covariance(task: Task, found: Found, size: float) -> tuple[float, FloatArray]:
    """The scatter about the rope and σ²(JᵀJ)⁻¹ over the points believed, in the points' unit."""
    inside = found.residual[found.believed]
    slopes = found.jacobian[found.believed][:, task.sought]
    freedom = max(len(inside) - slopes.shape[1], 1)
    scatter = size * math.sqrt(float(np.sum(inside**2)) / freedom)
    units = np.array([size, size, size, 1.0, 1.0])[task.sought]
    # by the triangle of the slopes, not their squares: the points may tell little
    triangle = np.linalg.qr(size * slopes / units, mode="r")
    inverse = scatter * np.linalg.pinv(triangle, rcond=1e-14)
    covariance = np.zeros((5, 5))
    covariance[np.ix_(task.sought, task.sought)] = inverse @ inverse.T
    return scatter, covariance


def fit_warnings(slack: float, errors: Mapping[str, float], believed: Mask) -> tuple[str, ...]:
    """Sentences on the points [P] that were not believed, and on what the others leave open."""
    found = []
    left_out = np.flatnonzero(~believed) + 1
    if len(left_out):
        rows = ", ".join(str(row) for row in left_out[:10]) + (", …" if len(left_out) > 10 else "")
        noun = "Point" if len(left_out) == 1 else "Points"
        verb = "lies" if len(left_out) == 1 else "lie"
        found.append(
            f"{noun} {rows} {verb} further than four standard deviations from the rope and "
            f"{'was' if len(left_out) == 1 else 'were'} left out."
        )
    if errors["length_ratio"] > slack / 2:
        found.append(
            "The points tell little of how long the rope is: mark some nearer to its ends, or give "
            "both ends."
        )
    return tuple(found)
