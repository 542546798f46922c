"""Why there is no rope under some loads, with the nearest value that works."""

import math

import numpy as np

from zoetrope.core.rope.arguments import above, below, digits
from zoetrope.core.rope.errors import RopeError
from zoetrope.core.rope.loaded_arguments import Loaded
from zoetrope.core.rope.onset import axis_rope, onset_spin
from zoetrope.core.rope.roots import crossing
from zoetrope.core.rope.steady_newton import Solved

LEAST_OPENING = 1e-6  # greatest radius over span that is told from none
BARELY_OPEN = 1e-2  # greatest radius over span of a rope about to collapse
FOLDED = 1e-4  # least tension over greatest of a rope that hangs folded


def speed(rope: Loaded, spin: float) -> float:
    """rad/s of a dimensionless spin."""
    return math.sqrt(spin * rope.acceleration / rope.setting.span)


def check_drag(rope: Loaded) -> None:
    """RopeError("stalled") for drag with both ends on the axis, which transmit no torque."""
    if not (rope.case.drag and rope.case.on_axis):
        return
    raise RopeError(
        "stalled",
        f"Ends on the axis have no lever to turn a rope against drag; the drag number "
        f"{digits(rope.drag_number)} can be reached only with an end off the axis. Set a radius, "
        "or a drag of 0.",
        "radius0",
    )


def check_stretch(rope: Loaded) -> None:
    """RopeError("no_solution") at speeds at which stretch outruns tension: ω ≥ (nπ/L)√(EA/ρ)."""
    case, mode = rope.case, rope.setting.mode
    if case.spin * case.stretch * case.length**2 < (mode * math.pi) ** 2:
        return
    length = case.length * rope.setting.span
    limit = mode * math.pi / length * math.sqrt(rope.EA / rope.setting.density)
    stiffness = rope.setting.density * (rope.setting.omega * length / (mode * math.pi)) ** 2
    raise RopeError(
        "no_solution",
        f"At {digits(rope.setting.omega)} rad/s this rope stretches without bound: its tension "
        f"grows no faster than the pull outwards. Turn it slower than {below(limit)} rad/s or give "
        f"it an EA above {above(stiffness)} N.",
        "omega",
    )


def check_axis(rope: Loaded) -> None:
    """RopeError "taut" or "collapsed" for a rope between ends on the axis too slow to whirl."""
    case, mode = rope.case, rope.setting.mode
    if not case.on_axis or case.across or (case.gravity == 0 and case.length > 1):
        return
    lying = axis_rope(case.length, case.gravity, case.stretch)
    if not lying.straight and mode > 1:
        return
    onset = onset_spin(case.length, case.gravity, case.stretch, mode)
    if case.spin > onset:
        return
    omega, least = rope.setting.omega, speed(rope, onset)
    if lying.straight:
        pull = lying.tension0 * rope.force
        raise RopeError(
            "taut",
            f"At {digits(omega)} rad/s the rope stays straight, stretched to a tension of "
            f"{digits(pull)} N at end 0; it whirls above {above(least)} rad/s.",
            "omega",
        )
    most = rope.setting.omega**2 * rope.setting.span * _most_gravity(rope)
    lighter = f", or under a gravity below {below(most)} m/s²" if most else ""
    raise RopeError(
        "collapsed",
        f"At {digits(omega)} rad/s the rope hangs collapsed on the axis, as a doubled plumb line; "
        f"it opens above {above(least)} rad/s{lighter}.",
        "omega",
    )


def _most_gravity(rope: Loaded) -> float:
    """The gravity number under which a rope of this speed lifts off, 0 if it does under none."""
    case = rope.case
    if case.spin == 0 or case.length <= 1:
        return 0.0
    stretch = case.stretch * case.spin  # in units of ρω²d
    most = case.gravity / case.spin
    return crossing(lambda gravity: onset_spin(case.length, gravity, stretch), 1.0, 0.0, most)


def lost(rope: Loaded, last: Solved) -> RopeError:
    """A rope whose way broke off at `last`: folded under gravity, or no longer there."""
    return _shut(rope, last) or RopeError(
        "no_solution",
        "No steady rope of this kind was found under these loads; the nearest one turns "
        f"{_reached(rope, last)}.",
        "gravity" if rope.gravity or rope.across else "phase" if rope.phase else "EA",
    )


def too_sharp(rope: Loaded, last: Solved | None = None, longest: float | None = None) -> RopeError:
    """A bend that no grid resolves, of `last` if the rope without gravity is not it.

    `longest` is the length over span of one without loads that a grid does resolve.
    """
    d = rope.setting.span
    shut = None if last is None else _shut(rope, last)
    nearest = (
        ""
        if longest is None
        else f"; about the longest that is resolved has {digits(longest * d)} m"
    )
    return shut or RopeError(
        "no_solution",
        f"A rope of {digits(rope.case.length * d)} m bends too sharply under these loads to be "
        f"resolved{nearest}. Make it shorter, or turn it faster against gravity.",
        "length",
    )


def _shut(rope: Loaded, last: Solved) -> RopeError | None:
    """What to say where gravity has shut the rope, or as good as shut it."""
    case, d = last.case, rope.setting.span
    tension = np.linalg.norm(last.curve.force, axis=1)
    radius = float(np.abs(last.curve.positions(case)[:, 1:]).max())
    lifting = case.on_axis and case.gravity and not case.across and rope.setting.mode == 1
    if lifting and radius < BARELY_OPEN:
        onset = speed(rope, onset_spin(rope.case.length, rope.case.gravity, rope.case.stretch))
        least = max(radius, LEAST_OPENING)
        return RopeError(
            "collapsed",
            f"At {digits(rope.setting.omega)} rad/s, just above the {digits(onset)} rad/s at which "
            f"it lifts off, the rope opens by less than {above(least * d)} m and cannot be told "
            "from a doubled plumb line; turn it faster.",
            "omega",
        )
    if case.gravity and tension.min() < FOLDED * tension.max():
        return folded(rope, f"; one that can be turns {_reached(rope, last)}")
    return None


def folded(rope: Loaded, nearest: str = "; hold one end further from the axis") -> RopeError:
    """Two legs, one above the other, with a fold at the bottom."""
    return RopeError(
        "collapsed",
        f"At {digits(rope.setting.omega)} rad/s under this gravity the rope hangs as two legs with "
        f"a fold too sharp to be resolved{nearest}.",
        "gravity",
    )


def _reached(rope: Loaded, last: Solved) -> str:
    """The loads at the end of a way, as a person could set them."""
    case, d, parts = last.case, rope.setting.span, []
    if case.spin == 0:
        parts.append("at rest")
    else:
        # the same speed, with gravity and stiffness as they stand to the spin there
        unit = rope.setting.omega**2 * d / case.spin if rope.setting.omega else rope.acceleration
        parts.append(f"at {digits(math.sqrt(case.spin * unit / d))} rad/s")
        if rope.gravity:
            parts.append(f"under a gravity of {digits(case.gravity * unit)} m/s²")
        if rope.across:
            across = abs(case.across) * unit
            parts.append(f"under a gravity of {digits(across)} m/s² across the axis")
        if case.stretch:
            stiffness = rope.setting.density * unit * d / case.stretch
            parts.append(f"with an EA of {digits(stiffness)} N")
    if rope.phase:
        parts.append(f"at a phase of {digits(math.degrees(case.phase))}°")
    parts.append(f"with a length of {digits(case.length * d)} m")
    return ", ".join(parts)


def stalled(rope: Loaded, most: float) -> RopeError:
    """More drag than the ends can turn the rope against; `most` is the most, without units."""
    number = most / rope.case.spin
    limit = f"the most is {below(number)}" if number else "against none was it found to turn"
    lever = max(abs(rope.setting.radius0), abs(rope.setting.radius1))
    return RopeError(
        "stalled",
        f"The ends, at most {digits(lever)} m from the axis, cannot turn this rope against a drag "
        f"number of {digits(rope.drag_number)}; {limit}. Hold the ends further from the axis, or "
        "take a thinner or heavier rope.",
        "drag_number",
    )
