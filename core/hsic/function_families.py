"""Families of functions f_i with Σ f_i(x) f_i(x') = k(x, x'): HSIC one pair at a time.

Independence means C[f, g] = E f(x) g(y) - E f(x) E g(y) = 0 for all f and g. With the f_i and g_j
of such a family Σ_ij C[f_i, g_j]² is HSIC_b exactly: a kernel stands for infinitely many functions
(after Su, "HSIC简介", kexue.fm/archives/6910).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from zoetrope.core.hsic.results import Floats
from zoetrope.core.hsic.stepping import Steps

MOST = 48  # functions a side
ROWS = 10_000  # taken between two yields
FEW = 100


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


@dataclass(frozen=True, eq=False)
class Family:
    """Functions of one variable: their `names`, and `at`, their values at points [m] as [m, r]."""

    names: tuple[str, ...]
    at: Callable[[Tensor], Tensor]


def gaussian_family(column: Floats, width: float, family: str) -> Family:
    """Functions for the rows of a column [n] whose products add up to a Gaussian kernel: "fourier"
    (cosines and sines), "monomials" (powers under a bell) or "bumps".
    """
    return {"fourier": _waves, "monomials": _powers, "bumps": _bumps}[family](column, width)


def _waves(column: Floats, width: float) -> Family:
    """√w cos ωx and √w sin ωx for frequencies at even steps under the Gaussian spectrum.

    The step is so small that the periodic copies of the kernel lie beyond the data.
    """
    centre = float(np.median(column))
    period = float(np.ptp(column)) + 6.5 * width
    step = 2 * math.pi / period
    count = min(MOST // 2, max(1, math.ceil(5.5 / width / step)))
    omega = step * np.arange(1, count + 1)
    weight = 2 * width * math.sqrt(2 * math.pi) / period * np.exp(-((omega * width) ** 2) / 2)

    def at(points: Tensor) -> Tensor:
        angles = (points[:, None] - centre) * torch.from_numpy(omega).to(points)
        waves = torch.stack([torch.cos(angles), torch.sin(angles)], 2)
        return (waves * torch.from_numpy(weight).to(points).sqrt()[:, None]).flatten(1)

    return Family(tuple(name for w in omega for name in (f"cos {w:.3g}", f"sin {w:.3g}")), at)


def _powers(column: Floats, width: float) -> Family:
    """(x/σ)^i exp(-x²/2σ²)/√i!, the Taylor series of exp(xx'/σ²) under its bell."""
    centre = float(column.mean())

    def at(points: Tensor) -> Tensor:
        t = ((points - centre) / width)[:, None]
        order = torch.arange(MOST).to(points)
        size = t.abs().log() * order
        size[:, 0] = 0.0  # where t is 0 too
        sign = torch.where(t < 0, (-1.0) ** order, 1.0)
        return sign * torch.exp(size - 0.5 * torch.lgamma(order + 1) - t.square() / 2)

    return Family(tuple(f"power {i}" for i in range(MOST)), at)


def _bumps(column: Floats, width: float) -> Family:
    """exp(-(x - c)²/σ²) at evenly spaced c, scaled: the kernel is the mean of their products."""
    low, high = float(column.min()) - 2 * width, float(column.max()) + 2 * width
    count = min(MOST, max(2, math.ceil((high - low) / (0.5 * width)) + 1))
    centres = np.linspace(low, high, count)
    scale = math.sqrt((centres[1] - centres[0]) * math.sqrt(2 / math.pi) / width)

    def at(points: Tensor) -> Tensor:
        away = (points[:, None] - torch.from_numpy(centres).to(points)) / width
        return scale * torch.exp(-away.square())

    return Family(tuple(f"bump at {c:.3g}" for c in centres), at)


def climb_steps(
    x: Floats,
    y: Floats,
    widths: tuple[float, float],
    family: str,
    hsic: float,
    device: str = "cpu",
) -> Steps[Climb]:
    """C[f_i, g_j]² for paired rows x and y [n] under Gaussian kernels of these widths, in steps."""
    n = len(x)
    f, g = (gaussian_family(c, width, family) for c, width in zip((x, y), widths, strict=True))
    places = [torch.from_numpy(np.ascontiguousarray(column)).to(device) for column in (x, y)]
    # without what some rows have in mean, lest products lose digits
    about = [one.at(p[:FEW]).mean(0) for one, p in zip((f, g), places, strict=True)]
    sums = [torch.zeros_like(mean) for mean in about]
    cross = torch.outer(*sums)
    for start in range(0, n, ROWS):
        a, b = (
            one.at(p[start : start + ROWS]) - mean
            for one, p, mean in zip((f, g), places, about, strict=True)
        )
        sums = [sums[0] + a.sum(0), sums[1] + b.sum(0)]
        cross += a.T @ b
        yield
    covariance = cross / n - torch.outer(sums[0] / n, sums[1] / n)
    return Climb(covariance.square().cpu().numpy(), f.names, g.names, hsic)
