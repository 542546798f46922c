"""A rope with loads as people give it, in SI units, checked; and the same without units."""

import math
import numbers
from dataclasses import astuple, dataclass, replace
from typing import Any

from zoetrope.core.rope.arguments import (
    above,
    at_least_zero,
    below,
    carried_scales,
    digits,
    positive,
    real,
)
from zoetrope.core.rope.errors import RopeError
from zoetrope.core.rope.solution import Setting
from zoetrope.core.rope.steady_equations import Case
from zoetrope.core.rope.troposkein import make_setting

SMALLEST_SLACK = 1e-10  # below it rounding takes more than five digits of the sag
LARGEST_RATIO = 1e4  # of length or radius to span
LARGEST_MODE = 8
END_1_ON_TOP = "; it points from end 1 to end 0, so swap the ends"  # of a gravity below 0


@dataclass(frozen=True, slots=True)
class Loaded:
    """A rope and its loads: metres, radians, kg/m, m/s², newtons.

    `setting.omega` may be 0. `excess` is the unstretched length less the distance of the ends,
    `phase` lies between -π and π, and `turned` is a turn of the whole rope about the axis, by which
    its reference, the plane of end 0, is reached. `drag_number` is ρ_air C_d D d/(2ρ) and `across`
    a pull per mass towards +y, in the plane of end 0.
    """

    setting: Setting
    excess: float
    phase: float
    turned: float
    gravity: float
    drag_number: float
    EA: float
    across: float = 0.0

    @property
    def acceleration(self) -> float:
        """The greatest of ω²d, g and the pull across, the unit of acceleration."""
        spin = self.setting.omega**2 * self.setting.span
        return max(spin, self.gravity, abs(self.across))

    @property
    def force(self) -> float:
        """ρAd, the unit of force, in newtons."""
        return self.setting.density * self.acceleration * self.setting.span

    @property
    def case(self) -> Case:
        """The rope without units."""
        d, unit = self.setting.span, self.acceleration
        spin = self.setting.omega**2 * d / unit
        return Case(
            excess=self.excess / d,
            radius0=self.setting.radius0 / d,
            radius1=self.setting.radius1 / d,
            phase=self.phase,
            spin=spin,
            gravity=self.gravity / unit,
            stretch=self.force / self.EA,
            drag=self.drag_number * spin,
            across=self.across / unit,
        )

    @property
    def gravity_number(self) -> float:
        """G = g/(ω²d), infinite at rest."""
        square = self.setting.omega**2 * self.setting.span
        return self.gravity / square if square else math.inf


@dataclass(frozen=True, slots=True)
class Loads:
    """The loads as arguments of `solve`, each neutral where it is not given."""

    phase: Any = 0.0
    gravity: Any = 0.0
    drag_number: Any = 0.0
    air_density: Any = None
    drag_coefficient: Any = None
    diameter: Any = None
    EA: Any = math.inf
    elastic_number: Any = None

    @property
    def neutral(self) -> bool:
        """Whether nothing is asked for that a rope without loads would not do."""
        given, none = astuple(self), astuple(Loads())
        return all(
            value is default or (isinstance(value, numbers.Real) and value == default)
            for value, default in zip(given, none, strict=True)
        )


def loaded(
    length: Any,
    slack: Any,
    loads: Loads,
    *,
    span: Any,
    omega: Any,
    density: Any,
    mode: Any,
    radius0: Any,
    radius1: Any,
    n_points: Any,
    sampling: Any,
) -> Loaded:
    """The checked rope; RopeError "bad_value", "too_short", "taut" or "undetermined"."""
    gravity = at_least_zero(loads.gravity, "gravity", END_1_ON_TOP)
    at_rest = gravity > 0 and real(omega, "omega") == 0
    setting = make_setting(
        span, 1.0 if at_rest else omega, density, mode, radius0, radius1, n_points, sampling
    )
    if at_rest:
        setting = replace(setting, omega=0.0)
    _check_sizes(setting)
    phase = math.radians(math.remainder(real(loads.phase, "phase"), 360))
    drag = _drag_number(loads, setting)
    setting, phase, turned = _turned(setting, phase, drag)
    EA = _axial_stiffness(loads, setting)
    rope = Loaded(setting, 0.0, phase, turned, gravity, drag, EA)
    carried_scales(setting.span, math.sqrt(rope.acceleration / setting.span), setting.density)
    return replace(rope, excess=_excess(length, slack, rope))


def _check_sizes(setting: Setting) -> None:
    for name in ("radius0", "radius1"):
        radius = getattr(setting, name)
        if abs(radius) > LARGEST_RATIO * setting.span:
            raise RopeError(
                "bad_value",
                f"With loads an end can be at most {digits(LARGEST_RATIO * setting.span)} m from "
                f"the axis at this span, not {digits(abs(radius))} m.",
                name,
            )
    if setting.mode > LARGEST_MODE:
        raise RopeError(
            "bad_value",
            f"With loads mode must lie between 1 and {LARGEST_MODE}, not {setting.mode}.",
            "mode",
        )


def _turned(setting: Setting, phase: float, drag: float) -> tuple[Setting, float, float]:
    """The same ends described in the one way that leads to their rope.

    An end on the axis has no direction of its own. Ends on opposite sides, where they do not hold a
    rope in their plane, are ends on the same side half a turn apart, with a rope beside them.
    """
    if setting.radius0 == 0 or setting.radius1 == 0:
        return setting, 0.0, phase if setting.radius0 == 0 else 0.0
    if (phase or drag) and setting.radius0 * setting.radius1 < 0:
        phase = math.remainder(phase - math.pi, 2 * math.pi)
        setting = replace(setting, radius1=-setting.radius1)
    return setting, phase, 0.0


def _drag_number(loads: Loads, setting: Setting) -> float:
    """Dg = ρ_air C_d D d/(2ρ), given as such or by what it is made of."""
    parts = {name: getattr(loads, name) for name in ("air_density", "drag_coefficient", "diameter")}
    given = {name: value for name, value in parts.items() if value is not None}
    number = at_least_zero(loads.drag_number, "drag_number")
    if not given:
        return number
    if len(given) < 3:
        name = next(name for name in parts if name not in given)
        raise RopeError(
            "bad_value",
            f"Drag needs air_density, drag_coefficient and diameter together; {name} is missing.",
            name,
        )
    if number:
        raise RopeError(
            "bad_value",
            "Give either drag_number or air_density, drag_coefficient and diameter, not both.",
            "drag_number",
        )
    product = math.prod(at_least_zero(value, name) for name, value in given.items())
    return product * setting.span / (2 * setting.density)


def _axial_stiffness(loads: Loads, setting: Setting) -> float:
    """EA in newtons, given as such or by the elastic number ρω²d²/EA."""
    stiffness = loads.EA
    if not (isinstance(stiffness, float) and stiffness == math.inf):
        stiffness = positive(stiffness, "EA")
    if loads.elastic_number is None:
        return float(stiffness)
    number = at_least_zero(loads.elastic_number, "elastic_number")
    if stiffness != math.inf:
        raise RopeError(
            "bad_value", "Give either EA or elastic_number, not both.", "elastic_number"
        )
    if number == 0:
        return math.inf
    if setting.omega == 0:
        raise RopeError(
            "bad_value",
            "At rest the elastic number says nothing about the rope; give EA in its place.",
            "elastic_number",
        )
    return setting.force / number


def _excess(length: Any, slack: Any, rope: Loaded) -> float:
    """Length less the distance of the ends, in metres."""
    distance = rope.case.distance * rope.setting.span
    if slack is not None:
        excess, name = real(slack, "slack") * distance, "slack"
    elif length is None:
        raise RopeError("bad_value", "Give the rope a length, or a slack in its place.", "length")
    else:
        excess, name = positive(length, "length") - distance, "length"
    total = distance + excess
    if total <= 0:
        raise RopeError("bad_value", "The slack must be greater than -1.", "slack")
    if total > LARGEST_RATIO * distance:
        raise RopeError(
            "bad_value",
            f"With loads a rope can be at most {digits(LARGEST_RATIO * distance)} m long between "
            f"these ends, not {digits(total)} m.",
            name,
        )
    if math.isfinite(rope.EA):
        if total < distance / LARGEST_RATIO:
            raise RopeError(
                "bad_value",
                f"A rope between these ends must be at least {above(distance / LARGEST_RATIO)} m "
                f"long unstretched, not {digits(total)} m.",
                name,
            )
        return excess
    if excess < 0:
        raise RopeError(
            "too_short",
            f"The rope's length {below(total)} m is shorter than the straight distance "
            f"{above(distance)} m between its ends; make it longer than {above(distance)} m.",
            name,
        )
    if excess == 0:
        raise RopeError(
            "taut",
            f"The rope's length {digits(total)} m is the straight distance between its ends: it "
            f"stays straight at any tension; make it longer than {above(distance)} m.",
            name,
        )
    if excess < SMALLEST_SLACK * distance:
        raise RopeError(
            "bad_value",
            f"A slack of {excess / distance:.3g} is too small to be resolved with loads; make it "
            f"at least {SMALLEST_SLACK:g}.",
            name,
        )
    return excess
