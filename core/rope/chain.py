"""A chain of equal rigid links that moves as a rope does, seen from the frame that turns with it.

Masses ρa at the joints, a = L/N, and Verlet's scheme in the frame at rest, written in the turning
one: with Y = R(φ)X the place in space and R± the frame's turn over the next and the last step,

    (1 + c) R₊x₊ = 2x - (1 - c) R₋x₋ + c (R₊ - R₋) x + h² (f + (T₊d₊ - T₋d₋)/ρa),    c = γh/2,

where the tensions T of the links, along their present directions d, are those that keep every link
its length at the new place (SHAKE: Ryckaert, Ciccotti and Berendsen, J. Comput. Phys. 23 (1977)
327). Centrifugal, Coriolis and Euler forces are in the turns and exact for any history of the
speed. Without damping the scheme is reversible, keeps the angular momentum to rounding and the
energy without drift; a shape at rest in the turning frame is a steady one of the chain for any
step, and differs from the rope's by O(1/N²).
"""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple, get_args

import numpy as np

from zoetrope.core.rope.arguments import at_least_zero, positive, whole
from zoetrope.core.rope.elliptic import FloatArray
from zoetrope.core.rope.errors import RopeError
from zoetrope.core.rope.tridiagonal import solve_tridiagonal
from zoetrope.core.rope.troposkein import DEFAULT_DENSITY, DEFAULT_OMEGA, solve

GravityDirection = Literal["along", "across"]
SAFETY = 3.0  # how many times shorter a step is than the steady rope's fastest wave allows
LONGEST_TURN = 0.02  # radians in a step
ROUGHLY = 1e-7  # of a link's squared length
WILDLY = 1e3
MOST_TURNS = 12
CUT, MOST_CUT = 8, 500  # parts of a step that failed, and the finest part of the chain's own step
FEWEST_SEGMENTS, MOST_SEGMENTS = 4, 1024


@dataclass(frozen=True)
class Chain:
    """What moves: a rope of `length` between ends on a rod, `span` metres apart along its axis.

    `omega` in rad/s is the rod's speed, reached smoothly in `spin_up` seconds from rest; from time
    `stop` on it comes to rest in `spin_down` seconds. The ends sit on it at `radius0`, `radius1`.
    `damping` in 1/s brakes the motion relative to the rod, and so drives the rope; it does not move
    the steady shapes. None takes omega, which settles fast. `gravity` in m/s² points from end 1 to
    end 0 ("along" the axis) or, at time 0, towards -y ("across"). `drag_number` is
    ρ_air·C_d·D·d/2ρ with the rope's diameter D: air at rest brakes it, normal to the rope.

    Raises RopeError: "bad_value", "too_short", "taut", "undetermined" as `solve` does.
    """

    length: float
    span: float
    omega: float = DEFAULT_OMEGA
    density: float = DEFAULT_DENSITY
    segments: int = 96
    radius0: float = 0.0
    radius1: float = 0.0
    damping: float | None = None
    gravity: float = 0.0
    gravity_direction: GravityDirection = "along"
    drag_number: float = 0.0
    spin_up: float = 0.0
    stop: float = math.inf
    spin_down: float = 0.5

    def __post_init__(self) -> None:
        """Refuse what no chain can be."""
        whole(self.segments, "segments", FEWEST_SEGMENTS, MOST_SEGMENTS)
        for name in ("gravity", "drag_number", "spin_up", "spin_down"):
            at_least_zero(getattr(self, name), name)
        if self.damping is not None:
            at_least_zero(self.damping, "damping")
        if self.stop != math.inf:
            at_least_zero(self.stop, "stop")
        if self.gravity_direction not in get_args(GravityDirection):
            message = (
                f'gravity_direction must be "along" or "across", not {self.gravity_direction!r}.'
            )
            raise RopeError("bad_value", message, "gravity_direction")
        self.step  # noqa: B018 - solves the steady rope, which checks the rest

    @property
    def segment(self) -> float:
        """The length of a link in metres."""
        return self.length / self.segments

    @property
    def rate(self) -> float:
        """The damping in 1/s."""
        return self.omega if self.damping is None else self.damping

    @cached_property
    def step(self) -> float:
        """The time step in seconds.

        Verlet's scheme is stable while a wave passes less than a link in a step. The steady rope's
        fastest wave runs at √(T_end/ρ), to which what gravity may add is added; a third of that
        step leaves room for tensions nine times as large, and a turn of 0.02 for accuracy.
        """
        rope = solve(
            self.length,
            self.span,
            omega=self.omega,
            density=self.density,
            radius0=self.radius0,
            radius1=self.radius1,
            n_points=2,
        )
        chord = math.hypot(self.span, self.radius1 - self.radius0)
        hanging = math.sqrt(3 / 8 * chord * (self.length - chord))  # the sag of a shallow parabola
        fall = self.gravity * (self.length + chord * chord / (8 * hanging))
        wave = math.sqrt(max(rope.end_tension) / self.density + fall)
        quickest = min(self.segment / (SAFETY * wave), LONGEST_TURN / self.omega)
        return min(quickest, 0.2 / self.rate) if self.rate > 0 else quickest

    def speed_at(self, time: float) -> float:
        """The rod's speed in rad/s at `time` seconds: smoothly up, and down from `stop` on."""
        up = _ramp(time, self.spin_up) if self.spin_up > 0 else 1.0
        return self.omega * (up - _ramp(time - self.stop, self.spin_down))

    def angle_at(self, time: float) -> float:
        """The angle in radians through which the rod has turned since time 0."""
        up = _ramp_integral(time, self.spin_up) if self.spin_up > 0 else time
        return self.omega * (up - _ramp_integral(time - self.stop, self.spin_down))


class ChainState(NamedTuple):
    """A chain in motion, after `steps` steps.

    `position` and `previous` [3, segments + 1] are the joints now and one step ago, in metres in
    the frame that turns with the rod: x along the axis, y and z across. `tension` [segments] in
    newtons is what held each link in the last step.
    """

    chain: Chain
    steps: int
    position: FloatArray
    previous: FloatArray
    tension: FloatArray

    @property
    def time(self) -> float:
        """Seconds since the start."""
        return self.steps * self.chain.step


def advance(state: ChainState, duration: float) -> ChainState:
    """The chain `duration` seconds later, rounded to whole steps of `state.chain.step`, 1 at least.

    Raises RopeError("no_solution") where no tensions keep the links their length, which a chain
    that is started with sensible speeds does not meet.
    """
    steps = max(1, round(positive(duration, "duration") / state.chain.step))
    stepper = _Stepper(state.chain, state.chain.step)
    position, previous, tension = state.position, state.previous, state.tension
    for number in range(state.steps, state.steps + steps):
        time = number * stepper.step
        position, previous, tension = stepper.take(time, position, previous, tension)
    return ChainState(state.chain, state.steps + steps, position, previous, tension)


def in_space(state: ChainState) -> FloatArray:
    """The joints [3, segments + 1] in the frame at rest, in metres."""
    return turn(state.chain.angle_at(state.time)) @ state.position


def turn(angle: float) -> FloatArray:
    """The matrix [3, 3] that turns columns x, y, z about the x axis, from y towards z, radians."""
    cosine, sine = math.cos(angle), math.sin(angle)
    return np.array([[1.0, 0.0, 0.0], [0.0, cosine, -sine], [0.0, sine, cosine]])


class _Stepper:
    """The constants of a chain's step, and the step itself."""

    def __init__(self, chain: Chain, step: float) -> None:
        self.chain = chain
        self.step = step
        self.half_rate = chain.rate * step / 2
        self.segment = chain.segment
        mass = chain.density * self.segment
        # how far a newton in a link moves a joint in a step
        self.mobility = self.step**2 / (mass * (1 + self.half_rate))
        self.middle = np.full(chain.segments, -4 * self.mobility)
        self.middle[[0, -1]] /= 2
        self.shift = np.zeros((3, chain.segments + 1))

    def take(
        self, time: float, position: FloatArray, previous: FloatArray, tension: FloatArray
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        """The joints a step after `time`, those at it, and the tensions that held the links.

        Where the chain cracks like a whip, too fast for the step, it is cut into shorter ones.
        """
        held = self._attempt(time, position, previous, tension)
        if held is not None:
            return held[0], position, held[1]
        if self.step < self.chain.step / MOST_CUT:
            raise RopeError(
                "no_solution",
                "The chain moves too fast to keep the length of its links; start it closer to a "
                "steady shape, or give it more damping.",
            )
        finer = _Stepper(self.chain, self.step / CUT)
        angle = self.chain.angle_at
        moved = position - turn(angle(time - self.step) - angle(time)) @ previous
        before = turn(angle(time) - angle(time - finer.step)) @ (position - moved / CUT)
        now = position
        for part in range(CUT):
            now, before, tension = finer.take(time + part * finer.step, now, before, tension)
        return now, position, tension

    def _attempt(
        self, time: float, position: FloatArray, previous: FloatArray, tension: FloatArray
    ) -> tuple[FloatArray, FloatArray] | None:
        """The joints a step later and the tensions, or None where none are found."""
        angle = self.chain.angle_at
        step, damped = self.step, self.half_rate
        ahead = turn(angle(time + step) - angle(time))
        behind = turn(angle(time - step) - angle(time))
        onward = (2 * np.eye(3) + damped * (ahead - behind)) / (1 + damped)
        back = (damped - 1) / (1 + damped) * behind
        free = onward @ position + back @ previous
        force = self._force(position, previous, time)
        if force is not None:
            free[:, 1:-1] += step * step / (1 + damped) * force
        free[:, :: position.shape[1] - 1] = ahead @ position[:, :: position.shape[1] - 1]
        direction = (position[:, 1:] - position[:, :-1]) / self.segment
        held = self._holding(free[:, 1:] - free[:, :-1], direction, tension)
        if held is None:
            return None
        pull = held * direction
        free[:, 1:-1] += self.mobility * (pull[:, 1:] - pull[:, :-1])
        return ahead.T @ free, held

    def _holding(
        self, free: FloatArray, direction: FloatArray, tension: FloatArray
    ) -> FloatArray | None:
        """The tensions that bring the links [3, segments] from where they go free to their length.

        Newton's method from the tensions of the last step: each turn solves for all links at once.
        Where the error is as small as ROUGHLY, the next one is its square, and need not be seen.
        """
        square, shift = self.segment**2, self.shift
        double = 2 * self.mobility
        for _ in range(MOST_TURNS):
            pull = tension * direction
            np.subtract(pull[:, 1:], pull[:, :-1], out=shift[:, 1:-1])
            links = free + self.mobility * (shift[:, 1:] - shift[:, :-1])
            excess = np.einsum("ij,ij->j", links, links) - square
            below = double * np.einsum("ij,ij->j", links[:, 1:], direction[:, :-1])
            above = double * np.einsum("ij,ij->j", links[:, :-1], direction[:, 1:])
            middle = self.middle * np.einsum("ij,ij->j", links, direction)
            worst = np.abs(excess).max()
            if not worst < WILDLY * square:
                return None
            tension = tension - solve_tridiagonal(below, middle, above, excess)
            if worst < ROUGHLY * square:
                return tension
        return None

    def _force(self, position: FloatArray, previous: FloatArray, time: float) -> FloatArray | None:
        """Gravity and drag on the inner joints, force per mass [3, segments - 1], turning frame."""
        chain = self.chain
        if chain.gravity == 0 and chain.drag_number == 0:
            return None
        inner = position[:, 1:-1]
        force = np.zeros_like(inner)
        if chain.gravity_direction == "along":
            force[0] = -chain.gravity
        else:
            angle = chain.angle_at(time)
            force[1] = -chain.gravity * math.cos(angle)
            force[2] = chain.gravity * math.sin(angle)
        if chain.drag_number > 0:
            speed = chain.speed_at(time)
            wind = (inner - previous[:, 1:-1]) / self.step  # relative to the rod, of the last step
            wind[1] -= speed * inner[2]
            wind[2] += speed * inner[1]
            along = position[:, 2:] - position[:, :-2]
            along /= np.sqrt(np.einsum("ij,ij->j", along, along))
            wind -= np.einsum("ij,ij->j", wind, along) * along
            strength = np.sqrt(np.einsum("ij,ij->j", wind, wind))
            force -= chain.drag_number / chain.span * strength * wind
        return force


def _ramp(time: float, rise: float) -> float:
    """3t² - 2t³ of t = time/rise: from 0 at time 0 to 1 and on."""
    if time <= 0:
        return 0.0
    if time >= rise:
        return 1.0
    t = time / rise
    return t * t * (3 - 2 * t)


def _ramp_integral(time: float, rise: float) -> float:
    """The integral of `_ramp` from time 0 to `time`."""
    if time <= 0:
        return 0.0
    if time >= rise:
        return time - rise / 2
    t = time / rise
    return rise * t**3 * (1 - t / 2)
