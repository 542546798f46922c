"""A Gaussian kernel of any width as a short sum of cosines, on one column of numbers.

With t = (x - min)/range, exp(-(t-t')²/2s²) - 1 = Σ_m w_m (cos ω_m (t-t') - 1), ω_m = mπ/ρ: the
frequencies are shared by all widths and only the weights differ. cos ω(t-t') splits into features
cos ωt, sin ωt of single points, so nothing of size n² is ever formed.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from zoetrope.core.hsic.moments import SideMoments, stack_sums
from zoetrope.core.hsic.stepping import Steps

HALF_PERIOD = 1.3  # ρ, in units of the data's range
WIDE = 0.18  # s from which the periodic images of a Gaussian are felt and weights are fitted
WIDE_MODES = 28
MOST_MODES = 500
ANGLES_A_STEP = 1_000_000
PRODUCTS_A_STEP = 200_000_000
FELT = 1e-9  # of the greatest weight of a width: modes below do not count for its moments


def felt_at(share: float) -> float:
    """ω s at which the weight exp(-(ω s)²/2) of a Gaussian kernel is that share of its greatest."""
    return math.sqrt(-2 * math.log(share))


CUTOFF = felt_at(1e-9)


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
    modes = tuple(int(m) + 1 for m in _last(np.abs(weights) > FELT * top))
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

    `features` [n, 2, M] are cos ωt and sin ωt less their `means` [2, M], `weights` [M, S].
    Steps are of some rows each.
    """

    t: Tensor
    features: Tensor
    means: Tensor
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

    def flat(self) -> Tensor:
        """The features [n, 2M]."""
        return self.features.reshape(self.n, -1)

    def leading(self, least: float) -> "FourierSide":
        """The same column without the last modes, whose weights are all below `least` of the
        greatest of their width.
        """
        felt = (self.weights.abs() > least * self.weights.abs().amax(0)).any(1)
        count = int(felt.nonzero()[-1]) + 1
        features = self.features[:, :, :count].contiguous()
        return replace(self, features=features, weights=self.weights[:count])

    def waves_steps(self, d: Tensor) -> Steps[tuple[Tensor, Tensor]]:
        """Σ_i d_i cos kθ_i and Σ_i d_i sin kθ_i for k = 0 to 2M, each [2M + 1, S], of d [n, S].

        Those above M come from the features by the sum of angles, Mθ + kθ.
        """
        widths, modes = d.shape[1], self.features.shape[2]
        top = self.features[:, :, -1] + self.means[:, -1]
        parts = torch.cat([d, top[:, :1] * d, top[:, 1:] * d], 1)
        sums = yield from product_steps(self.flat(), parts)
        sums = sums + torch.outer(self.means.reshape(-1), parts.sum(0))
        (c, c_cos, c_sin), (s, s_cos, s_sin) = (
            part.unbind(1) for part in sums.reshape(2, modes, 3, widths)
        )
        total = d.sum(0, keepdim=True)
        return (
            torch.cat([total, c, c_cos - s_sin]),
            torch.cat([torch.zeros_like(total), s, c_sin + s_cos]),
        )

    def gram_steps(self) -> Steps[Tensor]:
        """The features' products summed over the rows, [2, M, 2, M]."""
        modes = self.features.shape[2]
        products = yield from product_steps(self.flat(), self.flat())
        return products.reshape(2, modes, 2, modes)


def product_steps(left: Tensor, right: Tensor) -> Steps[Tensor]:
    """left' right of [n, p] and [n, q], as [p, q]; yields after some rows."""
    rows = PRODUCTS_A_STEP // (left.shape[1] * right.shape[1]) + 1
    total = left.new_zeros((left.shape[1], right.shape[1]))
    for a, b in zip(torch.split(left, rows), torch.split(right, rows), strict=True):
        total += a.T @ b
        yield
    return total


def fourier_side_steps(t: Tensor, basis: FourierWeights) -> Steps[FourierSide]:
    """Features of points t [n] in [0, 1]; yields after some rows."""
    frequencies = basis.frequencies.to(t.device)
    features = t.new_empty((len(t), 2, len(frequencies)))
    rows = ANGLES_A_STEP // len(frequencies) + 1
    for some, part in zip(torch.split(t, rows), torch.split(features, rows), strict=True):
        angles = some[:, None] * frequencies
        part[:, 0], part[:, 1] = torch.cos(angles), torch.sin(angles)
        yield
    means = features.mean(0)
    features -= means
    return FourierSide(t, features, means, basis.weights.to(t.device), basis.modes, basis.error)


def weighted_squares(forms: Tensor, cosines: Tensor, sines: Tensor, means: Tensor) -> float:
    """Σ_i d_i f_i' V f_i for Σ d_i = 0, from `waves` up to 2m and the `means` [2, m] of f.

    cos a cos b, sin a sin b and sin a cos b are half of cos(a-b) ± cos(a+b) and of sin(a+b) +
    sin(a-b): the symmetric `forms` V [2, m, 2, m] meet numbers that are constant along diagonals,
    so that nothing of size n m² is formed.
    """
    m = means.shape[1]
    c_sum, s_sum = (values[2 : 2 * m + 1].unfold(0, m, 1) for values in (cosines, sines))
    c_difference = torch.cat([cosines[1:m].flip(0), cosines[:m]]).unfold(0, m, 1).flip(0)
    s_difference = torch.cat([sines[1:m].flip(0), -sines[:m]]).unfold(0, m, 1).flip(0)
    both, apart = forms[0, :, 0] + forms[1, :, 1], forms[0, :, 0] - forms[1, :, 1]
    mixed = forms[1, :, 0]
    along = torch.cat([cosines[1 : m + 1], sines[1 : m + 1]])
    centred = along @ forms.reshape(2 * m, 2 * m) @ means.reshape(-1)
    return float(
        ((both * c_difference).sum() + (apart * c_sum).sum()) / 2
        + (mixed * (s_sum + s_difference)).sum()
        - 2 * centred
    )


def moments_at(
    side: FourierSide,
    width: int,
    own: Tensor,
    gram: Tensor,
    waves: tuple[Tensor, Tensor],
    cubes: float,
) -> SideMoments:
    """The exact moments' sums of one width, modes of no weight left out.

    `own` and `gram` are the side's, `waves` those of `own` less its means, `cubes` is Σ A_ij³.
    """
    n, modes = side.n, side.modes[width]
    weights = side.weights[:modes, width].repeat(2)
    products = gram[:, :modes, :, :modes].reshape(2 * modes, -1)
    inner = products * weights
    forms = weights[:, None] * inner
    diagonal = own[:, width]
    trace = float(diagonal.sum())
    alpha = trace / (n - 1)
    norm = float((forms * products).sum())
    scale_squared = norm - (n - 1) * alpha**2
    if scale_squared <= 0:
        return stack_sums(n, trace, 0.0, (0.0,) * 6)
    scale = scale_squared**0.5
    d = diagonal - trace / n
    cosines, sines = (values[: 2 * modes + 1, width] for values in waves)
    along = torch.cat([cosines[1 : modes + 1], sines[1 : modes + 1]])
    squares = float(d @ d)
    blocks = forms.reshape(2, modes, 2, modes)
    rows = weighted_squares(blocks, cosines, sines, side.means[:, :modes]) - 2 * alpha * squares
    cube = float(((inner @ products) * forms).sum())
    sums = (
        squares / scale**2,
        float(d @ d.square()) / scale**3,
        cubes / scale**3,
        (float(weights @ along.square()) - alpha * squares) / scale**3,
        rows / scale**3,
        (cube - 3 * alpha * norm + 2 * (n - 1) * alpha**3) / scale**3,
    )
    return stack_sums(n, trace, scale, sums)
