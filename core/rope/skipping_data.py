"""What the skipping page shows: the rope frozen at a turn, and how it turns under its weight."""

from dataclasses import dataclass, field

import numpy as np

from zoetrope.core.items import Array
from zoetrope.core.rope.errors import RopeError
from zoetrope.core.rope.jump_rope import (
    RotorPendulum,
    least_skipping_speed,
    rotor_pendulum,
    snapshot,
)
from zoetrope.core.rope.lab_parameters import RopeParameters
from zoetrope.core.rope.plain_rope import plain_rope
from zoetrope.core.rope.solution import RopeSolution
from zoetrope.core.rope.steady_solution import SteadySolution
from zoetrope.core.stepping import Steps

BOTTOM, TOP = 0.0, 180.0


@dataclass(slots=True)
class Skipping:
    """The `plain` rope without gravity, `least` rad/s to go over the top, the rotor if it turns,
    and snapshots by whole degrees past the bottom, None where gravity leaves no rope.
    """

    parameters: RopeParameters
    plain: RopeSolution
    least: float
    rotor: RotorPendulum | None
    snapshots: dict[int, SteadySolution | None] = field(default_factory=dict)

    @property
    def too_slow(self) -> bool:
        """Whether it does not go over the top."""
        return self.rotor is None

    def turn(self, phase: float) -> float:
        """Degrees past the bottom at a time in 360ths of a turn; 0 of a rope that hangs."""
        return float(self.turns(np.array([phase]))[0])

    def turns(self, phases: Array) -> Array:
        """Degrees past the bottom [P] at such times [P]."""
        if self.rotor is None:
            return np.full(len(phases), BOTTOM)
        share = self.rotor.time / self.rotor.period
        turns: Array = np.interp(phases / 360.0, share, self.rotor.turn_deg)
        return turns

    def at(self, turn: float) -> SteadySolution | None:
        """The rope frozen at a turn, to a whole degree; both sides of a turn are alike."""
        whole = round(turn) % 360
        whole = min(whole, 360 - whole)
        if whole not in self.snapshots:
            self.snapshots[whole] = self._solve(whole)
        return self.snapshots[whole]

    def _solve(self, turn: int) -> SteadySolution | None:
        p, rope = self.parameters, self.plain
        try:
            return snapshot(
                rope.length, rope.span, turn=float(turn), gravity=p.gravity, omega=rope.omega,
                density=rope.density, radius0=rope.radius0, radius1=rope.radius1,
            )  # fmt: skip
        except RopeError:
            return None


def skipping_of(parameters: RopeParameters) -> Skipping:
    """Solve what holds for the whole turn; RopeError as `solve`."""
    rope = plain_rope(parameters.change(mode=1))
    length, span, g = rope.length, rope.span, parameters.gravity
    radius0, radius1 = rope.radius0, rope.radius1
    rotor: RotorPendulum | None = None
    least = least_skipping_speed(length, span, gravity=g, radius0=radius0, radius1=radius1)
    try:
        rotor = rotor_pendulum(
            length, span, gravity=g, omega=rope.omega, density=rope.density, radius0=radius0,
            radius1=radius1,
        )  # fmt: skip
    except RopeError as error:
        if error.code != "no_solution":
            raise
    if rotor is not None and rotor.too_slow:
        rotor = None
    return Skipping(parameters, rope, least, rotor)


def solved_ahead(skipping: Skipping) -> Steps[None]:
    """Freeze the rope at the bottom and the top; yields the share done."""
    for index, turn in enumerate((BOTTOM, TOP, skipping.turn(skipping.parameters.phase))):
        yield index / 3
        skipping.at(turn)
