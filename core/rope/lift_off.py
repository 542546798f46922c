"""A rope between ends on a vertical axis: when it lifts off, and how it hangs before.

Too slow a rope hangs as a doubled plumb line, its fold at the bottom. The longer leg, (L + d)/2
for an inextensible rope, opens first, at ω = (j₀₁/2) sqrt(g/l), j₀₁ the first zero of the Bessel
function J₀. Just above that speed the opening is exponentially small.
"""

import math
from dataclasses import dataclass

from zoetrope.core.rope.arguments import above, digits, positive, whole
from zoetrope.core.rope.errors import RopeError
from zoetrope.core.rope.loaded_arguments import LARGEST_MODE
from zoetrope.core.rope.onset import axis_rope, onset_spin
from zoetrope.core.rope.troposkein import DEFAULT_DENSITY


@dataclass(frozen=True, slots=True)
class PlumbLine:
    """A collapsed rope: metres and newtons.

    `depth` of the fold below end 0, the lower end; the stretched lengths of the two legs
    `longer_leg`, from end 1, and `shorter_leg`, from end 0; the tensions at end 1, `tension_top`,
    and at end 0, `tension_bottom`; and the speed `lift_off` in rad/s.
    """

    depth: float
    longer_leg: float
    tension_top: float
    tension_bottom: float
    lift_off: float

    @property
    def shorter_leg(self) -> float:
        """The leg from end 0, which ends where the fold is."""
        return self.depth


def lift_off_speed(
    length: float,
    span: float,
    *,
    gravity: float,
    mode: int = 1,
    density: float = DEFAULT_DENSITY,
    EA: float = math.inf,
) -> float:
    """The speed in rad/s below which the rope hangs collapsed on its vertical axis.

    Of the leg with `mode` half-waves, as `solve` counts them. An inextensible rope does not know
    its density. Raises RopeError "bad_value", "too_short", or "taut" for an elastic rope that is
    pulled straight.
    """
    d = positive(span, "span")
    ratio, stretch = _hanging(length, d, gravity, density, EA)
    return math.sqrt(
        onset_spin(ratio, 1.0, stretch, whole(mode, "mode", 1, LARGEST_MODE)) * gravity / d
    )


def plumb_line(
    length: float,
    span: float,
    *,
    gravity: float,
    density: float = DEFAULT_DENSITY,
    EA: float = math.inf,
) -> PlumbLine:
    """How the rope hangs below its lift-off speed; arguments and errors as `lift_off_speed`."""
    d = positive(span, "span")
    ratio, stretch = _hanging(length, d, gravity, density, EA)
    lying = axis_rope(ratio, 1.0, stretch)
    force = density * gravity * d
    return PlumbLine(
        depth=-lying.fold * d,
        longer_leg=(1 - lying.fold) * d,
        tension_top=lying.tension1 * force,
        tension_bottom=lying.tension0 * force,
        lift_off=math.sqrt(onset_spin(ratio, 1.0, stretch) * gravity / d),
    )


def _hanging(
    length: float, span: float, gravity: float, density: float, EA: float
) -> tuple[float, float]:
    """Length and stretch without units, of a rope that does hang."""
    ratio = positive(length, "length") / span
    weight = positive(density, "density") * positive(gravity, "gravity") * span
    stretch = 0.0 if math.inf == EA else weight / positive(EA, "EA")
    if stretch == 0 and ratio <= 1:
        raise RopeError(
            "too_short" if ratio < 1 else "taut",
            f"A rope of {digits(length)} m does not hang between ends {digits(span)} m apart; make "
            f"it longer than {above(span)} m.",
            "length",
        )
    if stretch and axis_rope(ratio, 1.0, stretch).straight:
        raise RopeError(
            "taut",
            f"A rope of {digits(length)} m is pulled straight between ends {digits(span)} m apart "
            "and does not hang; make it longer or softer.",
            "length",
        )
    return ratio, stretch
