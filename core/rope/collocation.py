"""Chebyshev polynomials on [0, 1]: integrals, values and how well a function is resolved.

Functions are held as their values at n + 1 points that crowd towards both ends; every operation
is a matrix, built once for each n. See Trefethen, Approximation Theory and Approximation Practice.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from zoetrope.core.rope.elliptic import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """The points of degree `degree`, ascending, with the matrices that act on values there.

    `integral` [n+1, n+1] gives the integrals from 0 to each point; its last row, `weights`, those
    over [0, 1]. `coefficients` [n+1, n+1] gives the Chebyshev series.
    """

    degree: int
    points: FloatArray
    integral: FloatArray
    weights: FloatArray
    coefficients: FloatArray

    def values(self, places: FloatArray) -> FloatArray:
        """The matrix [P, n+1] that takes values at the points to values at `places` [P]."""
        return polynomials(self.degree, places) @ self.coefficients

    def resolution(self, values: FloatArray) -> float:
        """The last tenth of the Chebyshev series of `values` [n+1, fields], relative to all."""
        series = np.abs(self.coefficients @ values)
        tail = max(3, self.degree // 10)
        return float(series[-tail:].max() / series.max())


def polynomials(degree: int, places: FloatArray) -> FloatArray:
    """T_0 … T_degree at `places` [P] of [0, 1]; [P, degree + 1]."""
    # arccos(2t-1) loses half the digits next to the ends; 2 arcsin of the root does not
    angle = 2 * np.arcsin(np.sqrt(np.clip(1 - places, 0, 1)))
    values: FloatArray = np.cos(angle[:, None] * np.arange(degree + 1))
    return values


@cache
def chebyshev_grid(degree: int) -> Grid:
    """The grid of a degree of at least 4."""
    index = np.arange(degree + 1)
    points = np.sin(np.pi * index / (2 * degree)) ** 2
    # T_j at point k is cos(j π (n - k)/n); the ends of the sum count half, both ways
    halved = np.where((index == 0) | (index == degree), 0.5, 1.0)
    table = np.cos(np.pi * np.outer(degree - index, index) / degree)
    coefficients = 2 / degree * halved[:, None] * table.T * halved
    integral = _antiderivatives(degree) @ coefficients
    return Grid(degree, points, integral, integral[-1].copy(), coefficients)


def _antiderivatives(degree: int) -> FloatArray:
    """∫₀ᵗ T_j at each point, [n+1, n+1]: T_j comes from T_{j+1}/(j+1) - T_{j-1}/(j-1), halved."""
    index = np.arange(degree + 1)
    above = np.cos(np.pi * np.outer(degree - index, np.arange(degree + 2)) / degree)
    columns = np.empty((degree + 1, degree + 1))
    columns[:, 0] = above[:, 1]
    columns[:, 1] = above[:, 2] / 4
    for j in range(2, degree + 1):
        columns[:, j] = above[:, j + 1] / (2 * (j + 1)) - above[:, j - 1] / (2 * (j - 1))
    values: FloatArray = (columns - columns[0]) / 2
    return values
