"""What the limits page computes: the rope at many speeds, and in every drag its hands can turn."""

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from zoetrope.core.rope.drag_stall import DragBranch, drag_branch, least_radius
from zoetrope.core.rope.errors import RopeError
from zoetrope.core.rope.lab_parameters import RopeParameters
from zoetrope.core.rope.lift_off import lift_off_speed
from zoetrope.core.rope.solution import RopeSolution
from zoetrope.core.rope.steady import solve_steps
from zoetrope.core.rope.steady_solution import SteadySolution
from zoetrope.core.rope.stretched import whirl_limit, whirl_onset
from zoetrope.core.rope.world_rope import arguments_in_any_air, arguments_of
from zoetrope.core.stepping import Steps, within

RPM = 30 / math.pi
SPEEDS = 44
LAG_STEP = 6.0  # degrees between two ropes of the branch
NEAREST_LIMIT = 0.93  # of the speed at which stretch is without bound


@dataclass(slots=True)
class Limits:
    """The rope of `length` at some speeds so far, and its drags.

    `rpm` [n], `radius` in metres and `tension` in newtons go from the fastest down; nan where no
    rope is. `onset` and `limit` are turns a minute, 0 and infinite where there is none. `here` is
    the rope at the speed and in the drag set, None where there is none.
    """

    parameters: RopeParameters
    length: float
    onset: float
    limit: float
    top: float
    rpm: list[float] = field(default_factory=list)
    radius: list[float] = field(default_factory=list)
    tension: list[float] = field(default_factory=list)
    here: RopeSolution | None = None
    branch: DragBranch | None = None  # as far as it is `followed`
    followed: bool = False  # to its end
    least: float = math.nan  # hand radius in metres for a drag number of 1, by the small-radius law
    refused: RopeError | None = None  # why there is no branch

    def follow(self, branch: DragBranch) -> None:
        """Take the branch as far as it is known now."""
        self.branch = branch

    @property
    def on_axis(self) -> bool:
        """Whether both ends are."""
        return self.parameters.radius0 == 0 == self.parameters.radius1


def limits_of(parameters: RopeParameters, length: float) -> Limits:
    """Return what is known before any rope is solved."""
    onset, limit = 0.0, math.inf
    density, g = parameters.density / 1000, parameters.upright_gravity
    on_axis = parameters.radius0 == 0 == parameters.radius1
    if parameters.stretches:
        limit = RPM * whirl_limit(
            length, EA=parameters.stiffness, density=density, mode=parameters.mode
        )
        if on_axis:
            onset = RPM * whirl_onset(
                length, parameters.span, EA=parameters.stiffness, density=density, gravity=g,
                mode=parameters.mode,
            )  # fmt: skip
    elif g and on_axis and length > parameters.span:
        onset = RPM * lift_off_speed(length, parameters.span, gravity=g, mode=parameters.mode)
    top = _round_up(max(4 * onset, 2 * parameters.speed, 1.0))
    return Limits(parameters, length, onset, limit, min(top, NEAREST_LIMIT * limit))


def _round_up(value: float) -> float:
    """The next of 1, 2, 3, 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(power * step for step in (1, 2, 3, 5, 10) if power * step >= value)


def filled(limits: Limits) -> Steps[None]:
    """Fill in what is missing, rope by rope; yields the share done every few milliseconds."""
    yield from _here(limits)
    yield from _speeds(limits)
    yield from _drags(limits)


def _here(limits: Limits) -> Steps[None]:
    arguments = arguments_of(limits.parameters)
    try:
        steps = solve_steps(limits.length, limits.parameters.span, **arguments)
        limits.here = yield from within(steps, 0.0, 0.05)
    except RopeError as error:
        limits.refused = error


def _speeds(limits: Limits) -> Steps[None]:
    """From the fastest down to the onset, closer together where the rope changes most."""
    options: dict[str, Any] = {**arguments_of(limits.parameters), "n_points": 65}
    shares = np.linspace(1.0, 0.0, SPEEDS, endpoint=False) ** 2
    former: RopeSolution | None = None
    for index, share in enumerate(shares.tolist()):
        rpm = limits.onset + (limits.top - limits.onset) * share
        done = 0.05 + 0.35 * index / SPEEDS
        options |= {"omega": rpm / RPM, "start": former}
        radius = tension = math.nan
        try:
            steps = solve_steps(limits.length, limits.parameters.span, **options)
            former = rope = yield from within(steps, done, done)
            radius, tension = rope.radius_max, max(rope.end_tension)
        except RopeError as error:
            if error.code == "collapsed" and limits.on_axis:
                radius = 0.0
        limits.rpm.append(rpm)
        limits.radius.append(radius)
        limits.tension.append(tension)
        yield done
    if limits.onset:
        limits.rpm += [limits.onset, 0.0]
        limits.radius += [0.0, 0.0]
        limits.tension += [math.nan, math.nan]


def _drags(limits: Limits) -> Steps[None]:
    """The ropes of growing lag; with the hands on the axis, the law of small radii."""
    p = limits.parameters
    if limits.on_axis:
        try:
            limits.least = least_radius(limits.length, p.span, drag_number=1.0)
        except RopeError as error:
            limits.refused = error
        return
    try:
        steps = drag_branch(
            limits.length,
            p.span,
            lag_step=LAG_STEP,
            followed=limits.follow,
            **arguments_in_any_air(p),
        )
        limits.follow((yield from within(steps, 0.4, 1.0)))
        limits.followed = True
    except RopeError as error:
        limits.refused = error


def lag_of(rope: RopeSolution | None) -> float:
    """Degrees by which the middle trails the hands."""
    return rope.lag_deg if isinstance(rope, SteadySolution) else 0.0
