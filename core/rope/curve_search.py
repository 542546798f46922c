"""The search for the rope nearest to points: weighted least squares of normal distances.

Levenberg's and Marquardt's method on (x0, y0, span, tilt, log slack). The derivative of a normal
distance by any of them is that of the curve along the normal, as the foot moves along the tangent.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from zoetrope.core.rope.elliptic import FloatArray
from zoetrope.core.rope.unit_curve import PLACES, UnitCurve
from zoetrope.core.stepping import Steps

Mask = NDArray[np.bool_]
LOW, HIGH = math.log(1e-7), math.log(1e5)  # of the slack
OUTLYING = 4.0  # standard deviations beyond which a point is not believed


class Task(NamedTuple):
    """Points [2, P] of unit size about the origin, and whether the ends are free."""

    points: FloatArray
    free: bool

    @property
    def sought(self) -> list[int]:
        """Which parameters are sought."""
        return [0, 1, 2, 3, 4] if self.free else [4]


class Found(NamedTuple):
    """Where a search ended: parameters (x0, y0, span, tilt, log slack), what is left, and how."""

    parameters: FloatArray
    residual: FloatArray
    jacobian: FloatArray
    believed: Mask


def residuals(parameters: FloatArray, points: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Signed normal distances [P] and their derivatives [P, 5]."""
    x0, y0, span, tilt, log_slack = parameters
    cosine, sine = math.cos(tilt), math.sin(tilt)
    dx, dy = points[0] - x0, points[1] - y0
    u, v = (cosine * dx + sine * dy) / span, (cosine * dy - sine * dx) / span
    curve = UnitCurve.of_slack(math.exp(log_slack))
    t, height, slope = curve.feet(u, v)
    speed = np.sqrt(1 + slope * slope)
    nu, nv = -slope / speed, 1 / speed  # the normal in the rope's own directions
    residual = span * ((u - t) * nu + (v - height) * nv)
    step = 1e-4
    above = UnitCurve.of_slack(math.exp(log_slack + step)).heights(t)
    below = UnitCurve.of_slack(math.exp(log_slack - step)).heights(t)
    jacobian = np.stack(
        [
            -(cosine * nu - sine * nv),
            -(sine * nu + cosine * nv),
            -(t * nu + height * nv),
            -span * (t * nv - height * nu),
            -span * nv * (above - below) / (2 * step),
        ],
        axis=1,
    )
    return residual, jacobian


def settle(task: Task, parameters: FloatArray, robust: bool) -> Steps[Found]:
    """The least squares near a start; robustly, over the points that the fit itself believes."""
    believed = np.ones(task.points.shape[1], dtype=bool)
    if robust:
        believed = _believable(residuals(parameters, task.points)[0], task)
    for _ in range(10 if robust else 1):
        parameters = yield from descend(task, parameters, believed, weighted=False)
        residual, jacobian = residuals(parameters, task.points)
        found = Found(parameters, residual, jacobian, believed)
        following = _believable(residual, task)
        if np.array_equal(following, believed):
            break
        believed = following
    return found


def _believable(residual: FloatArray, task: Task) -> Mask:
    """Which points lie within four standard deviations; at least half of all do."""
    near: Mask = np.abs(residual) <= OUTLYING * _spread(residual, task) + 1e-9
    return near


def truncated(residual: FloatArray, task: Task) -> float:
    """The mean square of residuals that count no further than an outlier's would."""
    bound = OUTLYING * _spread(residual, task) + 1e-9
    return float(np.mean(np.minimum(residual**2, bound**2)))


def _spread(residual: FloatArray, task: Task) -> float:
    """The standard deviation of normal errors from the median of their sizes."""
    count = len(residual)
    freedom = math.sqrt(count / max(count - (5 if task.free else 1), 1))
    return 1.4826 * float(np.median(np.abs(residual))) * freedom


def descend(
    task: Task,
    start: FloatArray,
    believed: Mask,
    *,
    weighted: bool,
    most: int = 60,
    enough: float = 1e-9,
) -> Steps[FloatArray]:
    """Levenberg-Marquardt over the points believed; weighted, each by 1/√(1 + (r/1.5σ)²).

    It ends after `most` steps, or where one gains less than the share `enough` of what is left.
    Yields after each place that it tries.
    """
    points, sought = task.points[:, believed], task.sought
    parameters, damping = start.copy(), 1e-3
    residual, jacobian = residuals(parameters, points)
    for _ in range(most):
        weight = np.ones_like(residual)
        if weighted:
            scale = 1.5 * _spread(residual, task) + 1e-12
            weight = 1 / np.sqrt(1 + (residual / scale) ** 2)
        cost = float(np.sum(weight * residual**2))
        slopes = jacobian[:, sought]
        normal = slopes.T @ (weight[:, None] * slopes)
        downhill = -slopes.T @ (weight * residual)
        change = None
        while damping < 1e8:
            damped = normal + damping * np.diag(np.maximum(np.diag(normal), 1e-12))
            change = np.linalg.solve(damped, downhill)
            attempt = parameters.copy()
            attempt[sought] += change
            if _sensible(attempt):
                new_residual, new_jacobian = residuals(attempt, points)
                new_cost = float(np.sum(weight * new_residual**2))
                yield 0.0
                if new_cost <= cost:
                    break
            damping *= 4
        else:
            return parameters
        parameters, residual, jacobian = attempt, new_residual, new_jacobian
        damping = max(damping / 10, 1e-12)
        if cost - new_cost <= enough * cost:
            break
    return parameters


def _sensible(parameters: FloatArray) -> bool:
    """Whether parameters describe a rope of a size comparable with the points."""
    return bool(1e-3 < parameters[2] < 1e4 and LOW <= parameters[4] <= HIGH)


def free_starts(points: FloatArray) -> Steps[list[FloatArray]]:
    """Guesses of all five parameters: chords below the points in 24 directions, the nearest four.

    Points that stop short of the ends belong to a larger rope: each direction is also tried with
    the chord lowered.
    """
    guesses = []
    for tilt in np.arange(24) * (math.pi / 12):
        u, v = _turned(points, -tilt)
        low, high = float(u.min()), float(u.max())
        floor, top = float(v.min()), float(v.max())
        for lower in (0.0, 0.5):
            base = floor - lower * (top - floor)
            wide = (high - low) * (1 + lower / 2)
            start = (low + high - wide) / 2
            x0, y0 = _turned(np.array([start, base]), tilt)
            log_slack = _log_slack_of_sag((top - base) / wide)
            guesses.append(np.array([float(x0), float(y0), wide, tilt, log_slack]))
    misfits = []
    for guess in guesses:
        misfits.append(_misfit(guess, points))
        yield 0.0
    return [guesses[index] for index in np.argsort(misfits, kind="stable")[:4]]


def starts_between(ends: FloatArray, points: FloatArray) -> list[FloatArray]:
    """Guesses with both ends given: the rope to either side of the chord."""
    starts = []
    for first, second in ((0, 1), (1, 0)):
        x0, y0 = ends[:, first]
        dx, dy = ends[:, second] - ends[:, first]
        span, tilt = math.hypot(dx, dy), math.atan2(dy, dx)
        top = float(_turned(points - ends[:, [first]], -tilt)[1].max())
        log_slack = _log_slack_of_sag(max(top / span, 1e-2))
        starts.append(np.array([x0, y0, span, tilt, log_slack]))
    return starts


def _misfit(parameters: FloatArray, points: FloatArray) -> float:
    """The median distance of points from the samples of a rope."""
    x0, y0, span, tilt, log_slack = parameters
    u, v = _turned(points - np.array([[x0], [y0]]), -tilt) / span
    curve = UnitCurve.of_slack(math.exp(log_slack))
    thin = slice(None, None, max(1, len(u) // 200))
    places = PLACES[::3]
    squares = (u[thin, None] - places) ** 2 + (v[thin, None] - curve.heights(places)) ** 2
    return float(span * np.median(np.sqrt(squares.min(axis=1))))


def _log_slack_of_sag(ratio: float) -> float:
    """About the log slack of the rope with sag/d = `ratio`: (πh/2d)² for small, 2h/d for large."""
    small = (math.pi * ratio / 2) ** 2
    return min(max(math.log(small / (1 + small / (2 * ratio + 0.1))), LOW + 1), HIGH - 1)


def _turned(points: FloatArray, angle: float) -> FloatArray:
    cosine, sine = math.cos(angle), math.sin(angle)
    return np.array([[cosine, -sine], [sine, cosine]]) @ points
