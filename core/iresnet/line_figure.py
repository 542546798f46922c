"""The papers' figure on the line: a ResNet whose paths cross and an i-ResNet whose paths do not.

Both learn noisy x^3 at half their depth and noisy x at the end (Behrmann et al. 2019, figure 1).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from zoetrope.core.iresnet.activations import derivatives, slope_range
from zoetrope.core.iresnet.config import IResNetConfig, whole
from zoetrope.core.iresnet.errors import IResNetError
from zoetrope.core.iresnet.lipschitz_bounds import one_dimensional
from zoetrope.core.stepping import Steps

HALF_WIDTH = 2.0  # of the interval that is learnt
NOISE = 0.05  # standard deviation of the noise on both targets
_BATCH = 256
_RATE = 5e-3
_PLAIN_OUTPUT = 0.2  # initial size of the plain network's second layers


@dataclass(frozen=True, slots=True, eq=False)
class LineNet:
    """A residual network on the line after `steps` of training: float64, detached.

    start [N] are even points of [-2, 2]; paths [K + 1, N] their places layer by layer; slopes
    [K + 1, N] the derivatives dx_k / dx_0 there. folded [K] says which layers' places stand in
    another order than the start; least_slope is the smallest slope of all; bound [K] are the
    exact Lipschitz constants' bounds; cubic_error and identity_error the mean squared errors
    against x^3 at half depth and x at the end.
    """

    steps: int
    start: Tensor
    paths: Tensor
    slopes: Tensor
    folded: Tensor
    least_slope: float
    bound: Tensor
    cubic_error: float
    identity_error: float


class LineTraining:
    """An i-ResNet (or, not constrained, a plain ResNet) with tanh that learns the figure.

    steps: length of the schedule, at whose end the rate is 0. Equal seeds give equal bits.
    Raises IResNetError for numbers out of range and for an odd n_blocks, which has no half depth.
    """

    def __init__(
        self,
        constrained: bool,
        n_blocks: int = 16,
        hidden: int = 64,
        lip: float = 0.9,
        steps: int = 2500,
        seed: int = 0,
    ) -> None:
        IResNetConfig(n_blocks, hidden, "tanh", lip, seed=seed)
        if n_blocks < 2 or n_blocks % 2:
            raise IResNetError(
                "bad_value",
                f"n_blocks is {n_blocks}; give an even number from 2: x^3 is learnt at half depth.",
                "n_blocks",
            )
        self.steps, self.done = whole("steps", steps, 0, 1_000_000), 0
        self._half = n_blocks // 2
        self._generator = torch.Generator().manual_seed(seed)
        self._net = _Net(n_blocks, hidden, lip if constrained else math.inf, self._generator)
        self._optimiser = torch.optim.Adam(
            self._net.weights, lr=_RATE, betas=(0.9, 0.99), fused=True
        )

    def step(self) -> None:
        """Take the next step of the schedule."""
        x = (2 * torch.rand(_BATCH, generator=self._generator) - 1) * HALF_WIDTH
        noise = NOISE * torch.randn(2, _BATCH, generator=self._generator)
        layers = self._net.layers(x)
        cubic = layers[self._half] - (x**3 + noise[0])
        identity = layers[-1] - (x + noise[1])
        loss = (cubic**2).mean() + (identity**2).mean()
        for group in self._optimiser.param_groups:
            group["lr"] = _RATE * (1 + math.cos(math.pi * self.done / self.steps)) / 2
        self._optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        self._optimiser.step()
        self.done += 1

    def measured(self, points: int = 401) -> LineNet:
        """Return the network as it is now, at so many even points of [-2, 2]."""
        return self._net.measured(whole("points", points, 2, 1_000_000), self.done)


def places_at(net: LineNet, depth: float) -> Tensor:
    """Return where all starts are at a depth between 0 and K [N]: on the way from x to x + g(x)."""
    layer = min(max(int(depth), 0), len(net.paths) - 2)
    between: Tensor = torch.lerp(net.paths[layer], net.paths[layer + 1], depth - layer)
    return between


def path_of(net: LineNet, start: float) -> Tensor:
    """Return where one start of [-2, 2] is after each layer [K + 1], between its neighbours."""
    share = (start + HALF_WIDTH) / (2 * HALF_WIDTH) * (len(net.start) - 1)
    left = min(max(int(share), 0), len(net.start) - 2)
    between: Tensor = torch.lerp(net.paths[:, left], net.paths[:, left + 1], share - left)
    return between


def starts_at(net: LineNet, depth: float, place: float) -> Tensor:
    """Return all starts [m] that are at one place at a depth: one, unless paths have crossed."""
    height = places_at(net, depth) - place
    crossed = ((height[:-1] <= 0) != (height[1:] <= 0)).nonzero().squeeze(1)
    share = height[crossed] / (height[crossed] - height[crossed + 1])
    found: Tensor = torch.lerp(net.start[crossed], net.start[crossed + 1], share)
    return found


def line_figure_steps(
    constrained: bool,
    n_blocks: int = 16,
    hidden: int = 64,
    lip: float = 0.9,
    steps: int = 2500,
    seed: int = 0,
    points: int = 401,
) -> Steps[LineNet]:
    """Go through a `LineTraining` to its end; yields after each step."""
    whole("points", points, 2, 1_000_000)
    training = LineTraining(constrained, n_blocks, hidden, lip, steps, seed)
    while training.done < steps:
        training.step()
        yield training.done / steps
    return training.measured(points)


class _Net:
    """Blocks x + w2 . tanh(w1 x + b1) + b2, all [K, H] and [K]; steep neurons share the budget."""

    def __init__(self, n_blocks: int, hidden: int, lip: float, generator: torch.Generator) -> None:
        shape, self.lip = (n_blocks, hidden), lip
        inner = torch.randn(shape, generator=generator)
        bias = 2 * torch.randn(shape, generator=generator)
        size = 0.02 if math.isfinite(lip) else _PLAIN_OUTPUT
        outer = size * torch.randn(shape, generator=generator)
        self.weights = [w.requires_grad_() for w in (inner, bias, outer, torch.zeros(n_blocks))]

    def normalised(self, weights: list[Tensor]) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        inner, bias, outer, shift = weights
        bound = one_dimensional(inner, outer, slope_range("tanh"))
        if math.isfinite(self.lip):
            scale = self.lip / bound.clamp(min=self.lip)
            outer, bound = outer * scale[:, None], bound * scale
        return inner, bias, outer, shift, bound

    def layers(self, x: Tensor) -> list[Tensor]:
        inner, bias, outer, shift, _ = self.normalised(self.weights)
        found = [x]
        for w1, b1, w2, b2 in zip(inner, bias, outer, shift, strict=True):
            argument = torch.addmm(b1[:, None], w1[:, None], x[None])
            x = x + w2 @ (2 * torch.sigmoid(2 * argument) - 1) + b2  # faster than tanh
            found.append(x)
        return found

    def measured(self, points: int, steps: int) -> LineNet:
        weights = [w.detach().double() for w in self.weights]
        inner, bias, outer, shift, bound = self.normalised(weights)
        x = torch.linspace(-HALF_WIDTH, HALF_WIDTH, points, dtype=torch.float64)
        paths, slopes = [x], [torch.ones_like(x)]
        for w1, b1, w2, b2 in zip(inner, bias, outer, shift, strict=True):
            value, slope, _ = derivatives("tanh", w1[:, None] * paths[-1] + b1[:, None])
            slopes.append(slopes[-1] * (1 + (w1 * w2) @ slope))
            paths.append(paths[-1] + w2 @ value + b2)
        way = torch.stack(paths)
        half = way[len(bound) // 2]
        return LineNet(
            steps,
            x,
            way,
            torch.stack(slopes),
            (way[1:].diff(dim=1) <= 0).any(1),
            float(torch.stack(slopes).min()),
            bound,
            float(((half - x**3) ** 2).mean()),
            float(((way[-1] - x) ** 2).mean()),
        )
