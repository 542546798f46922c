"""A kernel of one column on evenly spaced nodes, where it depends on the distance alone.

All sums over pairs of rows become convolutions of counts, whatever the kernel: the Fourier
transform of its values at the lags of the grid is all that is needed of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import torch
from torch import Tensor

from zoetrope.core.hsic.gram_matrix import Block, contrast_of
from zoetrope.core.hsic.moments import SideMoments, stack_sums
from zoetrope.core.hsic.stepping import Steps
from zoetrope.core.hsic.widths import Width

COLUMNS_A_STEP = 400
NODES_A_WIDTH = 40.0  # of a grid for the moments' sums
FEWEST = 257
SMALL_PRIMES = (2, 3, 5)


@dataclass(frozen=True)
class Lattice:
    """One variable's kernel at S widths on any number of nodes from end to end of its column."""

    block: Block
    widths: list[Width]
    extent: float

    def at_lags(self, bins: int, width: Width, beyond: int = 0) -> Tensor:
        """k - 1 (or its like) at 0, 1, ..., bins - 1 (and `beyond`) steps of a grid of `bins`."""
        lags = torch.arange(bins + beyond, dtype=torch.float64, device=self.block.values.device)
        distance = lags * (self.extent / (bins - 1))
        return contrast_of(self.block.kernel, distance, width if isinstance(width, float) else None)

    def transforms(self, bins: int, *, sharpen: bool = False) -> Tensor:
        """The real discrete transforms of the kernels, [size // 2 + 1, S], size >= 2 bins - 1.

        `sharpen` makes up for rows shared between their two nearest nodes.
        """
        values = torch.stack([self.at_lags(bins, width, beyond=2) for width in self.widths], 1)
        return _transform(_sharpened(values) if sharpen else values[:bins])

    def cubes(self, counts: Tensor, widths: Sequence[Width], alphas: Tensor) -> Tensor:
        """Σ_ij A_ij³ [S] for A = Kc - alpha H, of rows shared among nodes as `counts` [g] says.

        With A_ij = M_ij - u_i - u_j off the diagonal, M = K - 1, all terms are convolutions.
        """
        bins, n = len(counts), counts.sum()
        size = transform_size(bins)
        m = torch.stack([self.at_lags(bins, width, beyond=2) for width in widths], 1)
        kernels = _transform(_sharpened(torch.cat([m, m.square(), m**3], 1)))

        def convolved(weights: Tensor, kernels: Tensor) -> Tensor:
            spectrum = torch.fft.rfft(weights, n=size, dim=0) * kernels
            found: Tensor = torch.fft.irfft(spectrum, n=size, dim=0)[:bins]
            return found

        sums, squares, third = convolved(counts[:, None], kernels).chunk(3, 1)
        u = sums / n - (counts @ sums / n**2 + alphas / n) / 2
        weighted = counts[:, None] * u
        along = convolved(weighted, kernels[:, : len(widths)])
        total = counts @ third + 6 * (weighted * (u * sums + along - squares)).sum(0)
        total -= 2 * n * (weighted * u.square()).sum(0)
        total -= 6 * weighted.sum(0) * (weighted * u).sum(0)
        found: Tensor = total + counts @ ((-2 * u - alphas) ** 3 + 8 * u**3)
        return found

    def own(self, counts: Tensor, width: Width) -> Tensor:
        """diag Kc at the nodes [g] that stand for `counts` rows each."""
        bins, n = len(counts), counts.sum()
        size = transform_size(bins)
        kernel = _transform(self.at_lags(bins, width)[:, None])[:, 0]
        sums = torch.fft.irfft(torch.fft.rfft(counts, n=size) * kernel, n=size)[:bins]
        found: Tensor = (counts @ sums) / n**2 - 2 * sums / n
        return found

    def centred(self, counts: Tensor, width: Width) -> Tensor:
        """Kc between the nodes [g, g] that stand for `counts` rows each."""
        bins = len(counts)
        steps = torch.arange(bins, device=counts.device)
        matrix = self.at_lags(bins, width)[(steps[:, None] - steps).abs()]
        means = matrix @ counts / counts.sum()
        return matrix - means - (means - means @ counts / counts.sum())[:, None]


def halved(counts: Tensor) -> Tensor:
    """The same rows shared among every other of the nodes [2g - 1, ...], along the first axis."""
    odd = counts[1::2] / 2
    half = counts[::2].clone()
    half[:-1] += odd
    half[1:] += odd
    return half


def _transform(values: Tensor) -> Tensor:
    """The real transforms of even functions with `values` [g, S] at lags 0 to g - 1."""
    bins = len(values)
    size = transform_size(bins)
    wrapped = values.new_zeros((size, values.shape[1]))
    wrapped[:bins] = values
    wrapped[size - bins + 1 :] = values[1:].flip(0)
    found: Tensor = torch.fft.rfft(wrapped, dim=0).real.contiguous()
    return found


def _sharpened(values: Tensor) -> Tensor:
    """Kernels at lags 0, ..., g + 1 [g + 2, S] such that linear binning makes them right, [g, S].

    On average over places in a cell binning multiplies the spectrum by sinc⁴(ωh/2), whose inverse
    is 1 + s/6 + 7s²/240 + ... in s = 2 - 2 cos ωh, and s is minus a second difference.
    """
    mirrored = torch.cat([values[1:3].flip(0), values])
    second = mirrored[2:] - 2 * mirrored[1:-1] + mirrored[:-2]
    fourth = second[2:] - 2 * second[1:-1] + second[:-2]
    return values[:-2] - second[1:-1] / 6 + 7 / 240 * fourth


@cache
def transform_size(bins: int) -> int:
    """The least even length >= 2 bins - 1 without large prime factors."""
    size = 2 * bins - 1
    while True:
        rest = size
        for prime in SMALL_PRIMES:
            while rest % prime == 0:
                rest //= prime
        if rest == 1 and size % 2 == 0:
            return size
        size += 1


def power_steps(joint: Tensor) -> Steps[Tensor]:
    """|transform|² of counts [g, g], whose rows and columns sum to 0, folded onto frequencies >= 0.

    Scaled so that T = kx' P ky for the transforms kx, ky of two kernels.
    """
    bins = len(joint)
    size = transform_size(bins)
    half = size // 2 + 1
    along = torch.fft.rfft(joint, n=size, dim=1)
    yield
    power = torch.empty((half, half), dtype=torch.float64, device=joint.device)
    for start in range(0, half, COLUMNS_A_STEP):
        part = torch.fft.fft(along[:, start : start + COLUMNS_A_STEP], n=size, dim=0)
        squares = torch.view_as_real(part).square().sum(2)
        squares[1 : half - 1] += squares[half:].flip(0)
        power[:, start : start + COLUMNS_A_STEP] = squares[:half]
        if half > COLUMNS_A_STEP:
            yield
    power[:, 1 : half - 1] *= 2
    return power / size**2


def node_moments(lattice: Lattice, counts: Tensor, width: Width) -> SideMoments:
    """The exact moments' sums of one width, for nodes [g] that stand for `counts` rows each.

    As many nodes are used as the width needs: g, or every second, fourth, ... of them.
    """
    if isinstance(width, float):
        while len(counts) > FEWEST and width > NODES_A_WIDTH * 2 * lattice.extent / len(counts):
            counts = halved(counts)
    n = round(float(counts.sum()))
    kc = lattice.centred(counts, width)
    own = lattice.own(counts, width)
    trace = float(counts @ own)
    alpha = trace / (n - 1)
    rows = kc.square() @ counts
    norm = float(counts @ rows)
    scale_squared = norm - (n - 1) * alpha**2
    if scale_squared <= 0:
        return stack_sums(n, trace, 0.0, (0.0,) * 6)
    scale = scale_squared**0.5
    d = own - trace / n
    weighted = counts * d
    root = counts.sqrt()
    spread = root[:, None] * kc * root
    sums = (
        float(weighted @ d) / scale**2,
        float(weighted @ d.square()) / scale**3,
        float(lattice.cubes(counts, [width], counts.new_tensor([alpha]))) / scale**3,
        (float(weighted @ kc @ weighted) - alpha * float(weighted @ d)) / scale**3,
        float(weighted @ (rows - 2 * alpha * own)) / scale**3,
        (float(((spread @ spread) * spread).sum()) - 3 * alpha * norm + 2 * (n - 1) * alpha**3)
        / scale**3,
    )
    return stack_sums(n, trace, scale, sums)
