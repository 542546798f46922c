"""The drag of still air on a turning rope, quadratic in the speed across the rope.

A piece at X moves with U = e_x × X (times ω), of which U_n = U - (U·t)t lies across it. The drag is
ρ_air C_d D/2 |U_n| U_n per length of the rope against that motion; friction along the rope is left
out. See Aristoff and Stone, Proc. R. Soc. A 468 (2012) 720.
"""

from dataclasses import dataclass

import numpy as np

from zoetrope.core.rope.elliptic import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class AirDrag:
    """The drag's share of dF/dt at places of a rope, and what its derivatives are made of.

    `rate` [P, 3] is c|F||U_n|U_n, `strength` c, `force` |F| [P], `tangent` F/|F|, `along` U·t,
    `across` U_n and `speed` |U_n|.
    """

    rate: FloatArray
    strength: float
    force: FloatArray
    tangent: FloatArray
    along: FloatArray
    across: FloatArray
    speed: FloatArray

    @staticmethod
    def at(position: FloatArray, force: FloatArray, strength: float) -> "AirDrag":
        """The drag on ropes at `position` [P, 3] with tension vectors `force` [P, 3]."""
        size = np.sqrt(np.sum(force * force, axis=1))
        tangent = force / size[:, None]
        wind = np.zeros_like(position)
        wind[:, 1], wind[:, 2] = -position[:, 2], position[:, 1]
        along = np.sum(wind * tangent, axis=1)
        across = wind - along[:, None] * tangent
        speed = np.sqrt(np.sum(across * across, axis=1))
        rate = strength * (size * speed)[:, None] * across
        return AirDrag(rate, strength, size, tangent, along, across, speed)

    def slopes(self) -> tuple[FloatArray, FloatArray]:
        """Derivatives of the rate by X and by F, [n+1, 3, 3] each."""
        v, t = self.across, self.tangent
        calm = np.where(self.speed > 0, self.speed, 1.0)
        both = v[:, :, None] * v[:, None, :] / calm[:, None, None]
        level = np.eye(3) - t[:, :, None] * t[:, None, :]
        speed = self.speed[:, None, None]
        by_wind = self.force[:, None, None] * (speed * level + both)
        by_position = np.zeros_like(by_wind)
        by_position[:, :, 1], by_position[:, :, 2] = by_wind[:, :, 2], -by_wind[:, :, 1]
        by_force = speed * (v[:, :, None] * t[:, None, :] - t[:, :, None] * v[:, None, :])
        by_force -= self.along[:, None, None] * (both + speed * level)
        return self.strength * by_position, self.strength * by_force
