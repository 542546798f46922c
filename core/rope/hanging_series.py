"""The whirling rope with a free end, integrated from that end by Taylor series.

With σ the length from the free end in lengths of the rope, T sin θ = ρgL P and T cos θ = ρgL σ, the
rope obeys P'' = -Λ P/sqrt(P² + σ²), Λ = ω²L/g, and its radius is Y = -P'/Λ. For the slope
p = P/σ = tan θ that is

    σ p'' + 2 p' = -Λ p u,   u = cos θ = (1 + p²)^(-1/2),

regular at the free end, where p = -Λ Y. Many ropes are integrated at once, each with steps of its
own, short where its slope is near ±i.
"""

from dataclasses import dataclass

import numpy as np

from zoetrope.core.rope.elliptic import FloatArray
from zoetrope.core.stepping import Steps

ORDER = 24
ROUNDING = 1e-17  # of the last terms of a series, against the largest
MOST_STEPS = 20_000


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Pieces of some ropes, arrays [R] and [ORDER + 1, R].

    From `start` to `start` + `width` in σ, the series of p and of u in σ - start; ropes that have
    arrived have a width of 0. `height` is that of the start above the free end.
    """

    start: FloatArray
    width: FloatArray
    slope: FloatArray
    cosine: FloatArray
    height: FloatArray

    def of(self, index: int) -> "Pieces":
        """The piece of one rope, R = 1."""
        one = slice(index, index + 1)
        return Pieces(
            self.start[one],
            self.width[one],
            self.slope[:, one],
            self.cosine[:, one],
            self.height[one],
        )

    def at(self, offset: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """p, p', u and the height at `offset` [..., R] from the starts."""
        powers = offset ** np.arange(ORDER + 2).reshape(-1, *[1] * offset.ndim)
        shape = (ORDER + 1, *[1] * (offset.ndim - 1), -1)
        slope, cosine = self.slope.reshape(shape), self.cosine.reshape(shape)
        index = np.arange(ORDER + 1).reshape(-1, *[1] * offset.ndim)
        p = np.sum(slope * powers[:-1], axis=0)
        rate = np.sum(index[1:] * slope[1:] * powers[:-2], axis=0)
        u = np.sum(cosine * powers[:-1], axis=0)
        climbed = np.sum(cosine / (index + 1) * powers[1:], axis=0)
        return p, rate, u, self.height + climbed


def integrate(spin_number: float, tip: FloatArray) -> Steps[list[Pieces]]:
    """The ropes with radii `tip` [R] at the free end, from there to the support."""
    ropes = len(tip)
    start, height = np.zeros(ropes), np.zeros(ropes)
    p, rate = -spin_number * tip, np.zeros(ropes)
    found: list[Pieces] = []
    for count in range(MOST_STEPS):
        slope, cosine = _series(spin_number, start, p, rate)
        width = np.minimum(_width(start, slope, cosine), 1 - start)
        piece = Pieces(start, width, slope, cosine, height)
        found.append(piece)
        p, rate, _, height = piece.at(width)
        start = np.where(width == 1 - start, 1.0, start + width)
        if np.all(start == 1):
            return found
        if count % 4 == 3:
            yield float(start.min())
    raise ArithmeticError(f"{MOST_STEPS} steps do not reach the support")


def support_radius(spin_number: float, pieces: list[Pieces]) -> FloatArray:
    """Y at σ = 1, [R]: -P'/Λ with P' = p + σp'."""
    last = pieces[-1]
    p, rate, _, _ = last.at(last.width)
    return -(p + rate) / spin_number


def _series(
    spin_number: float, start: FloatArray, p: FloatArray, rate: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Taylor coefficients of p and u at `start`, [ORDER + 1, R].

    From (2 + k)(1 + k) σ₀ p_{k+2} = -Λ (pu)_k - (k + 1)(k + 2) p_{k+1}, which at σ₀ = 0 gives
    p_{k+1} instead, and u'(1 + p²) = -p p' u.
    """
    tip = start == 0
    slope = np.zeros((ORDER + 3, len(start)))
    square = np.zeros((ORDER + 1, len(start)))  # 1 + p²
    cosine = np.zeros((ORDER + 1, len(start)))
    slope[0], slope[1] = p, rate
    divisor = np.where(tip, 1.0, start)
    for k in range(ORDER + 1):
        if k and np.any(tip):
            product = _product(slope[:k], cosine[k - 1 :: -1])
            slope[k] = np.where(tip, -spin_number * product / (k * (k + 1)), slope[k])
        square[k] = _product(slope[: k + 1], slope[k::-1]) + (k == 0)
        if k == 0:
            cosine[0] = 1 / np.sqrt(square[0])
        else:
            # u = w^(-1/2): w k u_k = Σ_{j≥1} (j/2 - k) w_j u_{k-j}
            j = np.arange(1, k + 1)[:, None]
            terms = _product((j / 2 - k) * square[1 : k + 1], cosine[k - 1 :: -1])
            cosine[k] = terms / (k * square[0])
        product = _product(slope[: k + 1], cosine[k::-1])
        following = -(spin_number * product + (k + 1) * (k + 2) * slope[k + 1]) / (
            (k + 1) * (k + 2) * divisor
        )
        slope[k + 2] = np.where(tip, 0.0, following)
    return slope[: ORDER + 1], cosine


def _product(first: FloatArray, second: FloatArray) -> FloatArray:
    """A coefficient of the product of two series, [R], from coefficients in opposite order."""
    coefficient: FloatArray = np.einsum("kr,kr->r", first, second)
    return coefficient


def _width(start: FloatArray, slope: FloatArray, cosine: FloatArray) -> FloatArray:
    """How far the series can be trusted: where their last terms fall to ROUNDING."""
    width, tiny = np.full(slope.shape[1], np.inf), np.finfo(float).tiny
    scales = np.abs(slope[0]) + start * np.abs(slope[1]), cosine[0]
    for series, scale in zip((slope, cosine), scales, strict=True):
        for order in (ORDER - 1, ORDER):
            last = np.maximum(np.abs(series[order]), tiny)  # all are 0 where a rope hangs straight
            width = np.minimum(width, (np.maximum(ROUNDING * scale, tiny) / last) ** (1 / order))
    return width
