"""The numbers of a flow: one flat float32 vector, its named parts, and the blocks they mean."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from zoetrope.core.iresnet.activations import MIRRORED, features
from zoetrope.core.iresnet.config import IResNetConfig
from zoetrope.core.iresnet.lipschitz_bounds import normalised

_FIRST_OUTPUT = 0.02  # initial size of the second layer's weights: the flow begins near identity
_PLAIN_OUTPUT = 10  # times that for a plain ResNet, which then soon folds


class Parts(NamedTuple):
    """Raw weights: inner [K, H, 2], inner_bias [K, H], outer [K, 2, F], outer_bias [K, 2] of the
    blocks; log_scale and shift [K + 1, 2] of the affine layers.
    """

    inner: Tensor
    inner_bias: Tensor
    outer: Tensor
    outer_bias: Tensor
    log_scale: Tensor
    shift: Tensor


@dataclass(frozen=True, slots=True)
class Blocks:
    """The flow that runs: weights within their bound, mirrored neurons written out.

    inner [K, F, 2], inner_bias [K, F], outer [K, 2, F], outer_bias [K, 2], scale and shift
    [K + 1, 2]; mean and std [2] standardise the data first.
    """

    activation: str
    inner: Tensor
    inner_bias: Tensor
    outer: Tensor
    outer_bias: Tensor
    scale: Tensor
    shift: Tensor
    mean: Tensor
    std: Tensor

    @property
    def count(self) -> int:
        """Number of blocks K."""
        return self.inner.shape[0]


def shapes(config: IResNetConfig) -> dict[str, tuple[int, ...]]:
    """Return the shape of each part, in the order of the flat vector."""
    k, h = config.n_blocks, config.hidden
    outer = (k, 2, features(config.activation, h))
    affine = (k + 1, 2)
    return dict(zip(Parts._fields, ((k, h, 2), (k, h), outer, (k, 2), affine, affine), strict=True))


def flat_size(config: IResNetConfig) -> int:
    """Return how many numbers the flat vector holds."""
    return sum(math.prod(shape) for shape in shapes(config).values())


def split(flat: Tensor, config: IResNetConfig) -> Parts:
    """Return the parts as views into the flat vector."""
    sizes = [math.prod(shape) for shape in shapes(config).values()]
    pieces = torch.split(flat, sizes)
    return Parts(*(p.view(s) for p, s in zip(pieces, shapes(config).values(), strict=True)))


def trained_size(config: IResNetConfig) -> int:
    """Return how many of the flat vector's first numbers train: all but unused affine layers."""
    return flat_size(config) - (0 if config.affine else 4 * (config.n_blocks + 1))


def initial(config: IResNetConfig) -> Tensor:
    """Return the flat vector that training starts from; equal seeds give equal bits.

    W1 and b1 are Gaussian with standard deviation w1_scale; W2 with .02 / w1_scale sqrt(64 / H),
    ten times that for a plain ResNet; everything else leaves points where they are.
    """
    generator = torch.Generator().manual_seed(config.seed)
    flat = torch.zeros(flat_size(config))
    parts = split(flat, config)
    parts.inner.normal_(generator=generator).mul_(config.w1_scale)
    parts.inner_bias.normal_(generator=generator).mul_(config.w1_scale)
    spread = _FIRST_OUTPUT / config.w1_scale * math.sqrt(64 / config.hidden)
    spread *= 1 if config.constrained else _PLAIN_OUTPUT
    parts.outer.normal_(generator=generator).mul_(spread)
    return flat


def resized(flat: Tensor, config: IResNetConfig, n_blocks: int) -> tuple[Tensor, IResNetConfig]:
    """Return the vector and config of a flow with more or fewer blocks.

    Blocks are appended as identities (W2 = 0), which changes no value of the flow, or the last
    ones are dropped.
    """
    grown = dataclasses.replace(config, n_blocks=n_blocks)
    new = initial(grown)
    split(new, grown).outer[config.n_blocks :] = 0
    carry(flat, config, new, grown)
    return new, grown


def carry(old: Tensor, config: IResNetConfig, new: Tensor, resized_config: IResNetConfig) -> None:
    """Copy what belongs to the blocks that both flows have from one flat vector to the other."""
    kept = min(config.n_blocks, resized_config.n_blocks)
    for source, part in zip(split(old, config), split(new, resized_config), strict=True):
        count = kept + part.shape[0] - resized_config.n_blocks  # affine layers are one more
        part[:count] = source[:count]


def effective(parts: Parts, config: IResNetConfig) -> tuple[Tensor, Tensor, Tensor]:
    """Return inner [K, F, 2], inner_bias [K, F] and outer [K, 2, F] as the blocks use them."""
    inner, outer = normalised(parts.inner, parts.outer, config.bound, config.lip)
    bias = parts.inner_bias
    if config.activation in MIRRORED:
        inner, bias = torch.cat([inner, -inner], 1), torch.cat([bias, -bias], 1)
    return inner, bias, outer


def blocks(flat: Tensor, config: IResNetConfig, mean: Tensor, std: Tensor) -> Blocks:
    """Return the flow that runs, in float64 on the CPU, as `mean` and `std` [2] are."""
    parts = split(flat.detach().to("cpu", torch.float64), config)
    inner, bias, outer = effective(parts, config)
    return Blocks(
        config.activation,
        inner,
        bias,
        outer,
        parts.outer_bias,
        torch.exp(parts.log_scale),
        parts.shift,
        mean,
        std,
    )
