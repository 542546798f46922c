"""The on-axis rope over a span of 1 as a curve to measure from: places, normals and feet.

Its parameter t runs evenly along the axis, from 0 to 1, and goes on for a tenth at either end with
the same sine amplitude function, so that a point past an end has a distance too.
"""

import math
from dataclasses import dataclass

import numpy as np

from zoetrope.core.rope.elliptic import FloatArray, Modulus, ratio_from_slack

BEYOND = 0.1  # of the span, past either end
SAMPLES = 257
AT_ONCE = 2000  # points whose distances to all samples are held at a time

# closer together towards the ends, where a long rope is steep
_INNER = (1 - np.cos(np.linspace(0.0, np.pi, SAMPLES))) / 2
_AHEAD = _INNER[1 : int(np.searchsorted(_INNER, BEYOND)) + 1]
PLACES = np.concatenate([-_AHEAD[::-1], _INNER, 1 + _AHEAD])


@dataclass(frozen=True, slots=True, eq=False)
class UnitCurve:
    """y = `height`·sn(2Kt)."""

    modulus: Modulus
    height: float

    @classmethod
    def of_slack(cls, slack: float) -> "UnitCurve":
        """The curve with L/d - 1 = `slack`."""
        modulus = Modulus.from_ratio(ratio_from_slack(slack)[0])
        return cls(modulus, modulus.k / (modulus.K * modulus.mc))

    def heights(self, t: FloatArray) -> FloatArray:
        """y at `t` [P]."""
        return self.height * self.modulus.jacobi(t).sn

    def feet(self, x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """t [P] of the nearest places to points [P], their heights, and the slopes dy/dt there.

        The nearest of the samples, then Newton's method between its neighbours.
        """
        sampled = self.heights(PLACES)
        nearest = np.concatenate(
            [
                np.argmin((px[:, None] - PLACES) ** 2 + (py[:, None] - sampled) ** 2, axis=1)
                for px, py in _pieces(x, y)
            ]
        )
        t = PLACES[nearest]
        low = PLACES[np.maximum(nearest - 1, 0)]
        high = PLACES[np.minimum(nearest + 1, len(PLACES) - 1)]
        height, slope, bend = self._at(t)
        for _ in range(12):
            speed = 1 + slope * slope
            toward = (x - t) + (y - height) * slope
            step = toward / np.maximum(speed - (y - height) * bend, speed / 4)
            following = np.clip(t + step, low, high)
            change = np.abs(following - t) * np.sqrt(speed)
            t = following
            height, slope, bend = self._at(t)
            if change.max() < 1e-9:
                break
        return t, height, slope

    def _at(self, t: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """y, dy/dt and d²y/dt²: (sn)' = cn dn and (sn)'' = -sn (dn² + m cn²) in u = 2Kt."""
        sn, cn, dn, _ = self.modulus.jacobi(t)
        run = 2 * self.modulus.K
        bend = -self.height * run * run * sn * (dn * dn + self.modulus.m * cn * cn)
        return self.height * sn, self.height * run * cn * dn, bend


def _pieces(x: FloatArray, y: FloatArray) -> list[tuple[FloatArray, FloatArray]]:
    count = max(1, math.ceil(len(x) / AT_ONCE))
    return list(zip(np.array_split(x, count), np.array_split(y, count), strict=True))
