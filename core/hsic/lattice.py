"""A kernel of one column on evenly spaced nodes, where it depends on the distance alone.

All sums over pairs of rows become convolutions of counts, whatever the kernel: the Fourier
transform of its values at the lags of the grid is all that is needed of it.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from zoetrope.core.hsic.gram_matrix import Block, contrast_of
from zoetrope.core.hsic.moments import SideMoments, stack_sums
from zoetrope.core.hsic.stepping import Steps
from zoetrope.core.hsic.widths import Width

COLUMNS_A_STEP = 400
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
        size = transform_size(bins)
        wrapped = torch.zeros((size, len(self.widths)), dtype=torch.float64)
        wrapped = wrapped.to(self.block.values.device)
        for s, width in enumerate(self.widths):
            values = self.at_lags(bins, width, beyond=2)
            wrapped[:bins, s] = _sharpened(values) if sharpen else values[:bins]
        wrapped[size - bins + 1 :] = wrapped[1:bins].flip(0)
        found: Tensor = torch.fft.rfft(wrapped, dim=0).real.contiguous()
        return found

    def centred(self, counts: Tensor, width: Width) -> Tensor:
        """Kc between the nodes [g, g] that stand for `counts` rows each."""
        bins = len(counts)
        steps = torch.arange(bins, device=counts.device)
        matrix = self.at_lags(bins, width)[(steps[:, None] - steps).abs()]
        means = matrix @ counts / counts.sum()
        return matrix - means - (means - means @ counts / counts.sum())[:, None]


def _sharpened(values: Tensor) -> Tensor:
    """What of a kernel at lags 0, ..., g + 1 is left after linear binning has blurred it, [g].

    On average over places in a cell binning multiplies the spectrum by sinc⁴(ωh/2), whose inverse
    is 1 + s/6 + 7s²/240 + ... in s = 2 - 2 cos ωh, and s is minus a second difference.
    """
    mirrored = torch.cat([values[1:3].flip(0), values])
    second = mirrored[2:] - 2 * mirrored[1:-1] + mirrored[:-2]
    fourth = second[2:] - 2 * second[1:-1] + second[:-2]
    return values[:-2] - second[1:-1] / 6 + 7 / 240 * fourth


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
    """The exact moments' sums of one width, for nodes that stand for `counts` rows each."""
    n = round(float(counts.sum()))
    kc = lattice.centred(counts, width)
    own = kc.diagonal()
    trace = float(counts @ own)
    alpha = trace / (n - 1)
    squares = kc.square()
    rows = squares @ counts
    norm = float(counts @ rows)
    scale_squared = norm - (n - 1) * alpha**2
    if scale_squared <= 0:
        return stack_sums(n, trace, 0.0, (0.0,) * 6)
    scale = scale_squared**0.5
    d = own - trace / n
    weighted = counts * d
    root = counts.sqrt()
    spread = root[:, None] * kc * root
    cube = float(((spread @ spread) * spread).sum())
    shifted = kc + alpha / n
    corner = shifted.diagonal()
    cubes = float(counts @ shifted.pow(3) @ counts)
    cubes += float(counts @ ((corner - alpha) ** 3 - corner**3))
    sums = (
        float(weighted @ d) / scale**2,
        float(weighted @ d.square()) / scale**3,
        cubes / scale**3,
        (float(weighted @ kc @ weighted) - alpha * float(weighted @ d)) / scale**3,
        float(weighted @ (rows - 2 * alpha * own)) / scale**3,
        (cube - 3 * alpha * norm + 2 * (n - 1) * alpha**3) / scale**3,
    )
    return stack_sums(n, trace, scale, sums)
