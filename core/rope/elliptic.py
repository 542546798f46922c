"""Elliptic functions for ropes, from the pair m = k² and mc = 1 - k².

Everything is written in the ratio m/mc, which runs over (0, ∞): from it both m and mc come to full
precision, so neither an almost straight rope (m → 0) nor a very long one (mc → 0) loses digits.
Phases are counted in half-waves, u/2K, which keeps zeros and apexes at exact places.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from torch import Tensor

FloatArray = NDArray[np.float64]
Number = TypeVar("Number", float, FloatArray, "Tensor")

AGM_STEPS = 12  # enough for m/mc up to 1e100; each step doubles the digits once a and b are close
SMALLEST_RATIO, LARGEST_RATIO = 1e-160, 1e110
SMALLEST_SLACK, LARGEST_SLACK = 1e-60, 1e60


def agm(
    m: Number, mc: Number, sqrt: Callable[[Number], Number], steps: int = AGM_STEPS
) -> tuple[Number, Number]:
    """Complete integral K(m) and the share r = B/K, where B = (E - mc K)/m.

    `m` and `mc` are floats, arrays or tensors with m + mc = 1, `sqrt` the square root for them.
    E/K = mc + m r and D/K = (K - E)/(m K) = 1 - r follow without cancellation.
    Gauss's arithmetic-geometric mean with c₁ = m/(2(1+√mc)), r = ½ - Σ 2ⁿ⁻¹ cₙ²/m (DLMF 19.8.6).
    """
    root = sqrt(mc)
    a = (1 + root) / 2
    b = sqrt(root)
    c = m / (4 * a)
    total = c * (c / m)
    weight = 1.0
    for _ in range(steps - 1):
        double = a + b
        c = c * c / (2 * double)
        a, b = double / 2, sqrt(a * b)
        weight *= 2
        total = total + weight * c * (c / m)
    return math.pi / 2 / a, 0.5 - total


def slack_mismatch(
    ratio: Number,
    slack: Number,
    sqrt: Callable[[Number], Number],
    log: Callable[[Number], Number],
    steps: int = AGM_STEPS,
) -> tuple[Number, Number]:
    """log of L/d - 1 = 2 (m/mc) r over `slack`, and its slope against log(m/mc), in (0.86, 1].

    `ratio` is m/mc; both numbers are floats, arrays or tensors, with the functions for them.
    """
    m, mc = ratio / (1 + ratio), 1 / (1 + ratio)
    _, r = agm(m, mc, sqrt, steps)
    return log(2 * r * ratio / slack), 1 + mc * ((1 - r) / r - 1) / 2 - m * r / 2


def solve_ratio(
    residual: Callable[[float], tuple[float, float]], start: float
) -> tuple[float, int]:
    """Root of an increasing function of log(m/mc), as the ratio m/mc, and the steps it took.

    `residual(ratio)` returns the value and its slope against log(ratio). The Newton step is taken
    in the logarithm and applied to the ratio itself, so the size of the logarithm costs no digits;
    a bracket guards it. Raises ArithmeticError where 80 steps do not settle it.
    """
    ratio, low, high = start, SMALLEST_RATIO, LARGEST_RATIO
    for iteration in range(1, 81):
        value, slope = residual(ratio)
        if value > 0:
            high = min(high, ratio)
        else:
            low = max(low, ratio)
        step = -value / slope
        if abs(step) < 1e-9:  # the next step would be its square
            return ratio * math.exp(step), iteration
        following = ratio * math.exp(max(-30.0, min(30.0, step)))
        ratio = following if low < following < high else math.sqrt(low) * math.sqrt(high)
    raise ArithmeticError(f"no root of a function of m/mc near {ratio:g}")


def ratio_from_slack(slack: float) -> tuple[float, int]:
    """m/mc of the rope with L/d - 1 = `slack`, and the Newton steps: 2 (m/mc) r(m) = slack.

    To full precision from SMALLEST_SLACK to LARGEST_SLACK; between 1e-15 and 1e12 in four steps.
    """
    return solve_ratio(lambda ratio: slack_mismatch(ratio, slack, math.sqrt, math.log), slack)


class JacobiValues(NamedTuple):
    """sn, cn, dn and Jacobi's zeta function at a set of phases, float64 arrays of one shape."""

    sn: FloatArray
    cn: FloatArray
    dn: FloatArray
    zeta: FloatArray


@dataclass(frozen=True, slots=True)
class Modulus:
    """An elliptic modulus and what is computed from it once.

    `ratio` = m/mc, `kc` = √mc, `K` the quarter period, `r` = B/K, and `ladder` the moduli
    (kᵢ, kcᵢ) of the descending Landen transformations of it, i = 1, 2, ... until kᵢ < 1e-9.
    """

    ratio: float
    m: float
    mc: float
    k: float
    kc: float
    K: float
    r: float
    ladder: tuple[tuple[float, float], ...]

    @classmethod
    def from_ratio(cls, ratio: float) -> "Modulus":
        """The modulus with m/mc = `ratio`, a positive float."""
        m, mc = ratio / (1 + ratio), 1 / (1 + ratio)
        _, r = agm(m, mc, math.sqrt)
        ladder: list[tuple[float, float]] = []
        K, square, kc = math.pi / 2, m, math.sqrt(mc)
        while not ladder or ladder[-1][0] > 1e-9:
            k = square / (1 + kc) ** 2
            kc = 2 * math.sqrt(kc) / (1 + kc)
            square = k * k
            K *= 1 + k
            ladder.append((k, kc))
        return cls(ratio, m, mc, math.sqrt(m), math.sqrt(mc), K, r, tuple(ladder))

    def log_growth(self) -> float:
        """log(2K/π) to full relative precision, also where K is π/2 but for the last digits."""
        rest = self.ladder[-1][0] ** 2 / 4  # the next modulus, where the ladder stopped
        return sum(math.log1p(k) for k, _ in self.ladder) + rest

    def half_waves(self, amplitude: float) -> float:
        """F(`amplitude`)/2K for an amplitude am(u) in radians: the inverse of u → am(u).

        The arithmetic-geometric mean on tan φ, which turns the amplitude by bᵢ/aᵢ (DLMF 19.8.16).
        """
        a, b, scale = 1.0, self.kc, 1.0
        phi = amplitude
        for _ in self.ladder:
            turns = round(phi / math.pi)
            rest = math.atan2(b * math.sin(phi), a * math.cos(phi))
            rest += math.pi * round((phi - rest) / math.pi) if turns else 0.0
            phi, scale = phi + rest, 2 * scale
            a, b = (a + b) / 2, math.sqrt(a * b)
        return phi / (math.pi * scale)

    def jacobi(self, half_waves: FloatArray) -> JacobiValues:
        """sn, cn, dn and zeta at u = 2K·`half_waves`, any real numbers in a float64 array.

        Gauss's descending transformation sn u = (1+k₁)s/(1+k₁s²), s = sn(u/(1+k₁), k₁), and its
        consequence Z(u) = 2/(1+k₁)·(Z₁ + k₁ s c d/(1+k₁s²)); phases nearer to an apex than to a
        zero are measured from the apex, which keeps cn exact where it vanishes.
        """
        zero = np.rint(half_waves)
        offset = half_waves - zero
        distance = np.abs(offset)
        near_apex = distance > 0.25
        sn, cn, zeta = self._from_zero(np.pi * np.where(near_apex, 0.5 - distance, distance))
        dn = np.sqrt(self.mc + self.m * cn * cn)
        sd, cd = sn / dn, cn / dn
        upward = 1 - 2 * np.mod(zero, 2)
        side = np.copysign(1.0, offset)
        return JacobiValues(
            sn=upward * side * np.where(near_apex, cd, sn),
            cn=upward * np.where(near_apex, self.kc * sd, cn),
            dn=np.where(near_apex, self.kc / dn, dn),
            zeta=side * np.where(near_apex, self.m * sn * cd - zeta, zeta),
        )

    def _from_zero(self, phase: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """sn, cn and zeta at u = `phase`·2K/π, for phases from 0 to π/4."""
        s, c = np.sin(phase), np.cos(phase)
        zeta = np.zeros_like(phase)
        for k, kc in reversed(self.ladder):
            d = np.sqrt(kc * kc + (k * c) ** 2)
            denominator = 1 + k * s * s
            zeta = 2 / (1 + k) * (zeta + k * s * c * d / denominator)
            s, c = (1 + k) * s / denominator, c * d / denominator
        return s, c, zeta
