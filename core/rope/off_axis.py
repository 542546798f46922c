"""Ropes whose ends are held at a radius: the same curve y = h sn(u), other ends.

The unknowns are q = log(m/mc), the middle of the run of u in half-waves, and the logarithm of that
run; the equations are the two end radii and the length. The length is compared through
L - D = ∫ 2 sin²((θ-β)/2) ds, β the slope angle of the straight line D between the ends: a sum of
positive terms, exact for an almost straight rope where L and D share nearly all their digits.
Newton's method starts from the rope on the axis, or from small vibrations about the straight line,
and follows a path of easier ropes where the start is too far away.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from zoetrope.core.rope.elliptic import FloatArray, JacobiValues, Modulus, ratio_from_slack
from zoetrope.core.rope.errors import RopeError
from zoetrope.core.rope.shape import Shape, panels

Unknowns = FloatArray  # [3]: q = log(m/mc), middle of the run, log of the run, in half-waves
LARGEST_STEP = np.array([2.0, 0.3, 1.0])
SHORTEST_PATH_STEP = 1e-3
MIRRORED = (
    "The only rope between these ends bulges to the negative side; one that bulges to the positive "
    "side needs more length."
)


class Target(NamedTuple):
    """What a rope must do, in spans: the radii of its ends and its slack over their distance."""

    radius0: float
    radius1: float
    slack: float

    @property
    def mirrored(self) -> "Target":
        """The same ends on the other side of the axis."""
        return Target(-self.radius0, -self.radius1, self.slack)

    @property
    def distance(self) -> float:
        """The straight distance between the ends."""
        return math.hypot(1.0, self.radius1 - self.radius0)

    @property
    def reach(self) -> float:
        """The greater distance of an end from the axis."""
        return max(abs(self.radius0), abs(self.radius1))

    @property
    def scale(self) -> float:
        """The size against which an error in the radii is measured: of the ends, or the sag."""
        return max(self.reach, math.sqrt(self.slack), 1e-3 * self.slack)


class Solved(NamedTuple):
    """A root of the equations: unknowns, Newton steps taken, error left, side of the fold."""

    unknowns: Unknowns
    iterations: int
    residual: float
    side: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Residuals [3] and their derivatives [3, 3] at some unknowns, and the error they stand for."""

    residual: FloatArray
    jacobian: FloatArray
    error: float

    @property
    def side(self) -> float:
        """Sign of the determinant: it changes where two ropes merge and vanish, at a fold."""
        return float(np.sign(np.linalg.det(self.jacobian)))


def solve_off_axis(
    slack: float, radius0: float, radius1: float, mode: int
) -> tuple[Shape, Solved, tuple[str, ...]]:
    """The rope of `mode` with its ends at radii in spans, connected to the one on the axis.

    In mode 1 that rope bulges towards positive radii, and ends at negative radii hold a rope that
    crosses the axis. Where the slack is too small for that, the rope that bulges to the negative
    side is returned with a warning. Higher modes have no such rule.
    Raises RopeError("no_solution").
    """
    target = Target(radius0, radius1, slack)
    below = mode == 1 and min(radius0, radius1) < 0
    solved = None
    if not (below and _is_hopeless(target)):
        solved = _first_success(target, mode)
    mirrored = solved is None and below
    if mirrored:
        solved = _first_success(target.mirrored, mode)
    if solved is None:
        raise RopeError("no_solution", _unreachable(mode), "radius0" if radius0 else "radius1")
    return shape_of(solved.unknowns, target, mirrored), solved, (MIRRORED,) if mirrored else ()


def _is_hopeless(target: Target) -> bool:
    """Whether the ends are several times too far on the negative side for a rope of mode 1.

    Those across the axis vanish where the sum of the radii is about -0.64 √slack, or -slack/2.
    """
    most = 3 * target.distance**2 * (math.sqrt(target.slack) + target.slack)
    return -(target.radius0 + target.radius1) > most


def _first_success(target: Target, mode: int) -> Solved | None:
    """The first way that leads to the rope."""
    axis = _axis_start(target.slack, mode)
    for attempt in _attempts(target, axis, mode):
        solved = attempt()
        if solved is not None and _is_wanted(solved, target, mode):
            return solved
    return None


Attempt = Callable[[], Solved | None]


def _attempts(target: Target, axis: "_AxisStart", mode: int) -> Iterator[Attempt]:
    """Ways to the rope, the quickest first."""
    outward = mode == 1 and target.radius0 + target.radius1 >= 0
    near = 0.3 * axis.sag / target.reach
    if near >= 1:
        yield lambda: newton(axis.unknowns, target, axis.side)
    steepness = 1 + (target.radius1 - target.radius0) ** 2
    if outward and near < 1 and target.slack * steepness < 0.1:
        yield lambda: newton(vibration_start(target), target, axis.side)
    if outward and near < 1 and target.slack < 0.3:
        yield lambda: _follow(*_slack_path(target), axis.side)
    yield lambda: _follow(_radius_path(target, min(near, 1.0)), axis.unknowns, axis.side)
    if outward and near < 1 and target.slack >= 0.3:
        yield lambda: _follow(*_slack_path(target), axis.side)
    if outward and target.radius0 * target.radius1 < 0:
        yield lambda: _from_lifted_ends(target, axis.side)


def _is_wanted(solved: Solved, target: Target, mode: int) -> bool:
    """Whether an outward rope of mode 1 is the simple one, within half a wave."""
    if mode > 1 or target.radius0 + target.radius1 < 0:
        return True
    _, middle, log_run = solved.unknowns
    return bool(log_run < 1e-9 and -1e-9 < middle < 1 + 1e-9)


def _unreachable(mode: int) -> str:
    return (
        f"No rope of mode {mode} and this length was found between ends at these radii; make the "
        "rope longer or the radii smaller."
    )


@dataclass(frozen=True, slots=True)
class _AxisStart:
    """The rope of the same slack on the axis, where every search begins."""

    unknowns: Unknowns
    sag: float
    side: float


def _axis_start(slack: float, mode: int) -> _AxisStart:
    ratio, _ = ratio_from_slack(slack)
    modulus = Modulus.from_ratio(ratio)
    unknowns = np.array([math.log(ratio), mode / 2, math.log(mode)])
    side = evaluate(unknowns, Target(0.0, 0.0, slack)).side
    return _AxisStart(unknowns, modulus.k / (mode * modulus.K * modulus.mc), side)


def shape_of(unknowns: Unknowns, target: Target, mirrored: bool) -> Shape:
    """The rope of `unknowns`, which are those of its mirror image if it is `mirrored`."""
    q, middle, log_run = unknowns.tolist()
    run = math.exp(log_run)
    middle -= 1.0 if mirrored else 0.0  # sn(u - 2K) = -sn(u)
    excess = target.distance * (1 + target.slack) - 1
    return Shape(
        Modulus.from_ratio(math.exp(q)),
        middle - run / 2,
        middle + run / 2,
        target.radius0,
        target.radius1,
        target.slack,
        excess,
    )


def evaluate(unknowns: Unknowns, target: Target) -> Evaluation:
    """Residuals y(0) - y₀, y(1) - y₁, log of slack over wanted slack, and their derivatives.

    At a fixed share of the quarter period ∂sn/∂q = ½ cn (m sn cn - Z dn); the rest follows.
    """
    q, middle, log_run = unknowns.tolist()
    run = math.exp(log_run)
    modulus = Modulus.from_ratio(math.exp(q))
    start, stop = middle - run / 2, middle + run / 2
    nodes, weights, _ = panels(modulus, [start, stop])
    values = modulus.jacobi(np.concatenate([[start, stop], nodes]))
    ends = JacobiValues(*(array[:2] for array in values))
    inside = JacobiValues(*(array[2:] for array in values))
    radii, radii_slopes = _radii(modulus, ends, run)
    slack, slack_slopes = _slack(modulus, inside, (nodes - start) / run, weights / run, run, target)
    residual, jacobian = np.empty(3), np.empty((3, 3))
    residual[:2] = radii - (target.radius0, target.radius1)
    residual[2] = math.log(slack / target.slack)
    jacobian[:2], jacobian[2] = radii_slopes, slack_slopes / slack
    miss = float(np.abs(residual[:2]).max()) / target.scale
    return Evaluation(residual, jacobian, max(miss, abs(float(residual[2]))))


def _half_sn_slope(modulus: Modulus, values: JacobiValues) -> FloatArray:
    """(∂sn/∂q)/cn at a fixed share of the quarter period."""
    return (modulus.m * values.sn * values.cn - values.zeta * values.dn) / 2


def _radii(modulus: Modulus, ends: JacobiValues, run: float) -> tuple[FloatArray, FloatArray]:
    """Radii h sn of both ends [2], and their derivatives [2, 3]."""
    m, mc = modulus.m, modulus.mc
    amplitude = modulus.k / (mc * modulus.K * run)
    radii = amplitude * ends.sn
    by_q = (mc / 2 + m - m * modulus.r / 2) * radii
    by_q = by_q + amplitude * ends.cn * _half_sn_slope(modulus, ends)
    by_phase = amplitude * 2 * modulus.K * ends.cn * ends.dn
    by_log_run = -radii + by_phase * np.array([-run / 2, run / 2])
    return radii, np.column_stack([by_q, by_phase, by_log_run])


def _slack(
    modulus: Modulus,
    inside: JacobiValues,
    share: FloatArray,
    weights: FloatArray,
    run: float,
    target: Target,
) -> tuple[float, FloatArray]:
    """Slack as the mean of (1 - cos(θ-β)) ds/dx over D, and its derivatives [3].

    `share` [nodes] runs from 0 to 1 along the span, `weights` sum to 1. The slope p of the curve
    varies the integrand by (sin θ - sin β) δp, where the ends keep their radii.
    """
    m, mc, ratio = modulus.m, modulus.mc, modulus.ratio
    sn, cn, dn = inside.sn, inside.cn, inside.dn
    steepest = 2 * modulus.k / mc
    angle, straight = 2 * np.arctan(modulus.k * cn / dn), math.atan(target.radius1 - target.radius0)
    turn = np.sin((angle - straight) / 2)
    slack = float(2 * weights @ (turn * turn * (1 + 2 * ratio * cn * cn)))
    lever = weights * 2 * np.cos((angle + straight) / 2) * turn
    half_slope = _half_sn_slope(modulus, inside)
    dn_slope = -m * sn / dn * (mc / 2 * sn + cn * half_slope)
    by_q = steepest * ((mc / 2 + m) * cn * dn - sn * half_slope * dn + cn * dn_slope)
    by_phase = -steepest * 2 * modulus.K * sn * (dn * dn + m * cn * cn)
    slopes = np.array(
        [
            lever @ by_q,
            lever @ by_phase,
            lever @ (by_phase * (share - 0.5)) * run,
        ]
    )
    return slack / target.distance, slopes / target.distance


def newton(start: Unknowns, target: Target, side: float, rough: bool = False) -> Solved | None:
    """The rope near `start` on the given side of every fold, or None where none is found.

    A `rough` answer, to three digits or so, serves on the way to another rope.
    """
    unknowns = start
    tolerance = max(1e-9, 1e-14 / math.sqrt(target.slack))
    last = math.inf
    for iteration in range(1, 7 if rough else 13):
        here = evaluate(unknowns, target)
        if not np.all(np.isfinite(here.jacobian)) or not np.all(np.isfinite(here.residual)):
            return None
        step = _newton_step(here)
        if step is None:
            return None
        relative = step / np.array([1.0, math.exp(unknowns[2]), 1.0])
        size = float(np.abs(relative).max())
        shortened = min(1.0, *(LARGEST_STEP / np.maximum(np.abs(step), 1e-300)))
        unknowns = unknowns + shortened * step
        if not -300 < unknowns[0] < 250 or not -300 < unknowns[2] < 12:
            return None
        if rough and size < 3e-2:
            return Solved(unknowns, iteration, here.error, side) if here.side == side else None
        if size < tolerance or (size < 1e-6 and size > last / 2):
            done = evaluate(unknowns, target)
            right = done.error < max(1e-8, 1e-15 / math.sqrt(target.slack)) and done.side == side
            return Solved(unknowns, iteration, done.error, done.side) if right else None
        last = size
    return None


def _newton_step(here: Evaluation) -> FloatArray | None:
    scale = np.abs(here.jacobian).max(axis=1)
    if not np.all(scale > 0):
        return None
    try:
        return -np.linalg.solve(here.jacobian / scale[:, None], here.residual / scale)
    except np.linalg.LinAlgError:
        return None


Path = Callable[[float], Target]


def _follow(path: Path, start: Unknowns, side: float) -> Solved | None:
    """Solve along `path`, from its parameter 0 to 1, each rope started from the ones before.

    Returns the last rope, or None where the path breaks off.
    """
    first = newton(start, path(0.0), side, rough=True)
    if first is None:
        return None
    places, found = [0.0], [first]
    step, iterations = 0.25, first.iterations
    while places[-1] < 1:
        place = min(1.0, places[-1] + step)
        guess = _extrapolated(places, found, place)
        solved = newton(guess, path(place), side, rough=place < 1)
        if solved is not None and _is_near(solved.unknowns, found[-1].unknowns):
            iterations += solved.iterations
            places, found = [*places[-1:], place], [*found[-1:], solved]
            step *= 2 if solved.iterations < 4 else 1
            continue
        step = (place - places[-1]) / 3
        if step < SHORTEST_PATH_STEP:
            return None
    last = found[-1]
    return Solved(last.unknowns, iterations, last.residual, last.side)


def _extrapolated(places: list[float], found: list[Solved], place: float) -> Unknowns:
    if len(places) < 2:
        return found[-1].unknowns
    slope = (found[1].unknowns - found[0].unknowns) / (places[1] - places[0])
    return found[1].unknowns + slope * (place - places[1])


def _is_near(unknowns: Unknowns, before: Unknowns) -> bool:
    """Whether a path can have come here in one step rather than jumped to another branch."""
    change = np.abs(unknowns - before)
    return bool(change[1] < 0.35 and change[2] < 4)


def _radius_path(target: Target, near: float) -> Path:
    """From radii the axis solution knows about to the wanted ones, evenly in their logarithm."""

    def path(place: float) -> Target:
        share = near ** (1 - place)
        return Target(share * target.radius0, share * target.radius1, target.slack)

    return path


def _slack_path(target: Target) -> tuple[Path, Unknowns]:
    """From an almost straight rope between the same ends to the wanted slack."""
    steepness = 1 + (target.radius1 - target.radius0) ** 2
    first = min(target.slack, 1e-4 / steepness)

    def path(place: float) -> Target:
        return target._replace(slack=first ** (1 - place) * target.slack**place)

    return path, vibration_start(path(0.0))


def _from_lifted_ends(target: Target, side: float) -> Solved | None:
    """Down to ends on either side of the axis from ends lifted clear of it."""
    lift = 1.5 * target.reach

    def path(place: float) -> Target:
        rise = lift * (1 - place)
        return Target(target.radius0 + rise, target.radius1 + rise, target.slack)

    start = _first_success(path(0.0), 1)
    return None if start is None else _follow(path, start.unknowns, side)


def vibration_start(target: Target) -> Unknowns:
    """Unknowns of the small vibration y'' = -κ²y of a nearly straight rope that bulges outwards.

    With y = A sin(κx + φ) its slack is ½∫(y' - rise)²dx/D⁴, which grows with κ from 0 to π.
    """
    radius0, radius1, slack = target
    if radius0 > radius1:
        q, middle, log_run = vibration_start(Target(radius1, radius0, slack)).tolist()
        return np.array([q, 1 - middle, log_run])
    low, high = 0.0, math.pi
    for _ in range(52):
        kappa = (low + high) / 2
        low, high = (kappa, high) if _vibration_slack(kappa, target) < slack else (low, kappa)
    kappa = (low + high) / 2
    inward = (radius1 - radius0 * math.cos(kappa)) / math.sin(kappa)
    steepest = kappa * math.hypot(radius0, inward)
    ratio = 2 * (steepest / 2) ** 2 / (1 + math.hypot(1.0, steepest))
    modulus = Modulus.from_ratio(ratio)
    run = kappa / math.sqrt(1 + modulus.m) / (2 * modulus.K)
    start = modulus.half_waves(math.atan2(radius0, inward))
    middle = 0.5 if radius0 == radius1 else start + run / 2
    return np.array([math.log(ratio), middle, math.log(run)])


def _vibration_slack(kappa: float, target: Target) -> float:
    a, b, rise = target.radius0, target.radius1, target.radius1 - target.radius0
    if kappa < 0.1:
        variance = kappa**4 * (a * a / 12 + a * rise / 12 + rise * rise / 45)
    else:
        sine, cosine = math.sin(kappa), math.cos(kappa)
        square = (a * a + b * b) * (0.5 + math.sin(2 * kappa) / (4 * kappa))
        cross = a * b * (cosine + sine / kappa)
        variance = (kappa / sine) ** 2 * (square - cross) - rise * rise
    return variance / (2 * target.distance**4)
