"""Families of functions f_i with Σ f_i(x) f_i(x') = k(x, x'): HSIC one pair at a time.

Independence means C[f, g] = E f(x) g(y) - E f(x) E g(y) = 0 for all f and g. With the f_i and g_j
of such a family Σ_ij C[f_i, g_j]² is HSIC_b exactly: a kernel stands for infinitely many functions
(after Su, "HSIC简介", kexue.fm/archives/6910).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
MOST = 48  # functions a side


@dataclass(frozen=True, eq=False)
class Climb:
    """C² [r, s] of the functions `names_x` and `names_y`, and HSIC_b, to which they add up."""

    squares: Floats
    names_x: tuple[str, ...]
    names_y: tuple[str, ...]
    hsic: float

    @property
    def running(self) -> Floats:
        """The sum over the first k functions of both sides, k = 1, 2, ..., largest block last."""
        sums = self.squares.cumsum(0).cumsum(1)
        steps = np.arange(max(self.squares.shape))
        rows = np.minimum(steps, self.squares.shape[0] - 1)
        columns = np.minimum(steps, self.squares.shape[1] - 1)
        return np.asarray(sums[rows, columns])


def gaussian_family(column: Floats, width: float, family: str) -> tuple[Floats, tuple[str, ...]]:
    """Functions at the rows of a column [n], as [n, r], and their names: a Gaussian kernel's
    "fourier" (cosines and sines), "monomials" (powers under a bell) or "bumps".
    """
    if family == "fourier":
        return _waves(column, width)
    if family == "monomials":
        return _powers(column, width)
    return _bumps(column, width)


def _waves(column: Floats, width: float) -> tuple[Floats, tuple[str, ...]]:
    """√w cos ωx and √w sin ωx for frequencies at even steps under the Gaussian spectrum.

    The step is so small that the periodic copies of the kernel lie beyond the data.
    """
    t = column - np.median(column)
    period = float(np.ptp(column)) + 6.5 * width
    step = 2 * math.pi / period
    count = min(MOST // 2, max(1, math.ceil(5.5 / width / step)))
    omega = step * np.arange(1, count + 1)
    weight = 2 * width * math.sqrt(2 * math.pi) / period * np.exp(-((omega * width) ** 2) / 2)
    waves = np.stack([np.cos(np.outer(t, omega)), np.sin(np.outer(t, omega))], 2)
    names = tuple(name for w in omega for name in (f"cos {w:.3g}", f"sin {w:.3g}"))
    return (waves * np.sqrt(weight)[:, None]).reshape(len(t), -1), names


def _powers(column: Floats, width: float) -> tuple[Floats, tuple[str, ...]]:
    """(x/σ)^i exp(-x²/2σ²)/√i!, the Taylor series of exp(xx'/σ²) under its bell."""
    t = (column - column.mean()) / width
    order = np.arange(MOST)
    with np.errstate(divide="ignore"):
        size = np.log(np.abs(t))[:, None] * order
    size[:, 0] = 0.0
    logs = size - 0.5 * np.array([math.lgamma(i + 1) for i in order]) - t[:, None] ** 2 / 2
    sign = np.where(t[:, None] < 0, (-1.0) ** order, 1.0)
    with np.errstate(under="ignore"):
        found: Floats = sign * np.exp(logs)
    return found, tuple(f"power {i}" for i in order)


def _bumps(column: Floats, width: float) -> tuple[Floats, tuple[str, ...]]:
    """exp(-(x - c)²/σ²) at evenly spaced c, scaled: the kernel is the mean of their products."""
    low, high = float(column.min()) - 2 * width, float(column.max()) + 2 * width
    count = min(MOST, max(2, math.ceil((high - low) / (0.5 * width)) + 1))
    centres = np.linspace(low, high, count)
    scale = math.sqrt((centres[1] - centres[0]) * math.sqrt(2 / math.pi) / width)
    with np.errstate(under="ignore"):
        found: Floats = scale * np.exp(-(((column[:, None] - centres) / width) ** 2))
    return found, tuple(f"bump at {c:.3g}" for c in centres)


def climb(
    f: Floats, g: Floats, names: tuple[tuple[str, ...], tuple[str, ...]], hsic: float
) -> Climb:
    """C[f_i, g_j]² for functions at paired rows, f [n, r] and g [n, s]."""
    covariance = (f - f.mean(0)).T @ (g - g.mean(0)) / len(f)
    return Climb(covariance**2, names[0], names[1], hsic)
