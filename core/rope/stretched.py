"""An elastic rope between ends on the axis: when it begins to whirl, and when it gives way.

Pulled straight at a tension T = EA(d/L - 1) it whirls above ω = (π/L) sqrt(T L/(ρ d)), where its
lowest sideways vibration keeps pace with the rotation. Above (π/L) sqrt(EA/ρ) the tension of T =
EA(λ - 1) grows no faster than the pull outwards, and no steady shape is left.
"""

import math

from zoetrope.core.rope.arguments import at_least_zero, positive, whole
from zoetrope.core.rope.loaded_arguments import END_1_ON_TOP, LARGEST_MODE
from zoetrope.core.rope.onset import axis_rope, onset_spin
from zoetrope.core.rope.troposkein import DEFAULT_DENSITY


def whirl_onset(
    length: float,
    span: float,
    *,
    EA: float,
    density: float = DEFAULT_DENSITY,
    gravity: float = 0.0,
    mode: int = 1,
) -> float:
    """The speed in rad/s above which the rope leaves the axis.

    0 for a rope longer than its span without gravity, which whirls at any speed; a lift-off speed
    for one that hangs. Raises RopeError("bad_value").
    """
    d, stiffness = positive(span, "span"), positive(EA, "EA")
    ratio, g = positive(length, "length") / d, at_least_zero(gravity, "gravity", END_1_ON_TOP)
    mass = positive(density, "density")
    # in units of EA for the force, so that the stretch is 1 whatever the gravity
    spin = onset_spin(ratio, mass * g * d / stiffness, 1.0, whole(mode, "mode", 1, LARGEST_MODE))
    return math.sqrt(spin * stiffness / mass) / d


def straight_tension(
    length: float, span: float, *, EA: float, density: float = DEFAULT_DENSITY, gravity: float = 0.0
) -> tuple[float, float]:
    """The tensions at end 0 and end 1 of the rope on the axis before it whirls, in newtons."""
    d, stiffness = positive(span, "span"), positive(EA, "EA")
    weight = positive(density, "density") * at_least_zero(gravity, "gravity", END_1_ON_TOP) * d
    lying = axis_rope(positive(length, "length") / d, weight / stiffness, 1.0)
    return lying.tension0 * stiffness, lying.tension1 * stiffness


def whirl_limit(
    length: float, *, EA: float, density: float = DEFAULT_DENSITY, mode: int = 1
) -> float:
    """The speed in rad/s from which on the rope stretches without bound: (nπ/L) sqrt(EA/ρ)."""
    speed = math.sqrt(positive(EA, "EA") / positive(density, "density"))
    return whole(mode, "mode", 1, LARGEST_MODE) * math.pi / positive(length, "length") * speed
