"""A Gaussian kernel of any width as a short sum of cosines, on one column of numbers.

With t = (x - min)/range, exp(-(t-t')²/2s²) - 1 = Σ_m w_m (cos ω_m (t-t') - 1), ω_m = mπ/ρ: the
frequencies are shared by all widths and only the weights differ. cos ω(t-t') splits into features
cos ωt, sin ωt of single points, so nothing of size n² is ever formed.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from zoetrope.core.hsic.moments import SideMoments, stack_sums

HALF_PERIOD = 1.3  # ρ, in units of the data's range
CUTOFF = math.sqrt(2 * math.log(1e9))  # ω s at which exp(-(ω s)²/2) is 1e-9
WIDE = 0.18  # s from which the periodic images of a Gaussian are felt and weights are fitted
WIDE_MODES = 28
MOST_MODES = 500


def modes_needed(smallest: float) -> int:
    """M for widths down to `smallest`, in units of the range."""
    return max(WIDE_MODES, math.ceil(HALF_PERIOD * CUTOFF / (math.pi * smallest)))


@dataclass(frozen=True)
class FourierWeights:
    """`frequencies` [M] and `weights` [M, S] on t in [0, 1]; `modes` [S] in use, `error` [S].

    `error` is the greatest |sum - kernel| for t - t' in [0, 1].
    """

    frequencies: Tensor
    weights: Tensor
    modes: tuple[int, ...]
    error: Tensor


def fourier_weights(widths: NDArray[np.float64]) -> FourierWeights:
    """Weights for Gaussian widths in units of the range.

    Narrow kernels have the closed form of their periodic sum, w_m = s √(2π)/ρ exp(-(ω_m s)²/2).
    Wide ones are fitted by least squares on Chebyshev points, to `expm1` without its constant, so
    that the *relative* accuracy stays however wide they are.
    """
    count = modes_needed(float(widths.min()))
    omega = np.arange(1, count + 1) * math.pi / HALF_PERIOD
    with np.errstate(under="ignore"):
        weights = widths * math.sqrt(2 * math.pi) / HALF_PERIOD
        weights = weights * np.exp(-((omega[:, None] * widths) ** 2) / 2)
    wide = widths >= WIDE
    nodes = (1 - np.cos(np.pi * (np.arange(200) + 0.5) / 200)) / 2
    if wide.any():
        weights[:, wide] = 0
        target = np.expm1(-((nodes[:, None] / widths[wide]) ** 2) / 2)
        size = np.abs(target).max(0)
        cosines = np.cos(np.outer(nodes, omega[:WIDE_MODES])) - 1
        fitted = np.linalg.lstsq(cosines, target / size, rcond=1e-13)[0]
        weights[:WIDE_MODES, wide] = fitted * size
    top = np.abs(weights).max(0)
    modes = tuple(int(m) + 1 for m in _last(np.abs(weights) > 1e-13 * top))
    near = np.concatenate([nodes, np.linspace(0, 3 * widths.min(), 50)])
    near = near[near <= 1]
    exact = np.expm1(-((near[:, None] / widths) ** 2) / 2)
    error = np.abs((np.cos(np.outer(near, omega)) - 1) @ weights - exact).max(0)
    return FourierWeights(
        torch.from_numpy(omega), torch.from_numpy(weights), modes, torch.from_numpy(error)
    )


def _last(used: NDArray[np.bool_]) -> NDArray[np.intp]:
    last: NDArray[np.intp] = len(used) - 1 - np.argmax(used[::-1], axis=0)
    return last


@dataclass(frozen=True)
class FourierSide:
    """One column at S widths: features of its n points `t` [n] in [0, 1].

    `features` [n, 2, M] are cos ωt and sin ωt less their means, `weights` [M, S].
    """

    t: Tensor
    features: Tensor
    weights: Tensor
    modes: tuple[int, ...]
    error: Tensor

    @property
    def n(self) -> int:
        """The number of rows."""
        return len(self.t)

    def own(self) -> Tensor:
        """diag Kc, as [n, S]."""
        return self.features.square().sum(1) @ self.weights

    def gram(self) -> Tensor:
        """The features' products summed over the rows, [2, M, 2, M]."""
        modes = self.features.shape[2]
        flat = self.features.reshape(self.n, -1)
        return (flat.T @ flat).reshape(2, modes, 2, modes)


def fourier_side(t: Tensor, basis: FourierWeights) -> FourierSide:
    """Features of points t [n] in [0, 1]."""
    angles = t[:, None] * basis.frequencies.to(t.device)
    features = torch.stack([torch.cos(angles), torch.sin(angles)], 1)
    features -= features.mean(0)
    return FourierSide(t, features, basis.weights.to(t.device), basis.modes, basis.error)


def moments_at(
    side: FourierSide, width: int, own: Tensor, gram: Tensor, cubes: Callable[[float], float]
) -> SideMoments:
    """The exact moments' sums of one width, modes of no weight left out; `cubes` of alpha."""
    n, modes = side.n, side.modes[width]
    features = side.features[:, :, :modes].reshape(n, -1)
    weights = side.weights[:modes, width].repeat(2)
    inner = gram[:, :modes, :, :modes].reshape(2 * modes, -1) * weights
    diagonal = own[:, width]
    trace = float(diagonal.sum())
    alpha = trace / (n - 1)
    norm = float((inner * inner.T).sum())
    scale_squared = norm - (n - 1) * alpha**2
    if scale_squared <= 0:
        return stack_sums(n, trace, 0.0, (0.0,) * 6)
    scale = scale_squared**0.5
    d = diagonal - trace / n
    rows = ((features @ (weights * inner.T).T) * features).sum(1) - 2 * alpha * diagonal
    along = features.T @ d
    squares = float(d @ d)
    cube = float(((inner @ inner) * inner.T).sum())
    sums = (
        squares / scale**2,
        float(d @ d.square()) / scale**3,
        cubes(alpha) / scale**3,
        (float(weights @ along.square()) - alpha * squares) / scale**3,
        float(d @ rows) / scale**3,
        (cube - 3 * alpha * norm + 2 * (n - 1) * alpha**3) / scale**3,
    )
    return stack_sums(n, trace, scale, sums)
