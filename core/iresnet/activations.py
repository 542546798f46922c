"""Activations with their first and second derivatives; all have slopes in [-1, 1].

The slopes' range is what the Lipschitz bounds rest on. Training differentiates the Jacobian, so
the second derivative must exist and not vanish: ReLU's log-determinant gets no gradient.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

SWISH_SLOPE = 1.1  # swish's largest slope is 1.09984, at 2.3994 (Chen et al. 2019, section 3.2)
CLIPSWISH_SLOPE = 1.004  # of the pair's norm, 1.00397 after / 1.1 (Perugachi-Diaz et al. 2021)

Derivatives = tuple[Tensor, Tensor, Tensor]


def _sin(a: Tensor) -> Derivatives:
    value = torch.sin(a)
    return value, torch.cos(a), -value


def _tanh(a: Tensor) -> Derivatives:
    t = 2 * torch.sigmoid(2 * a) - 1  # five times faster than torch.tanh
    slope = 1 - t * t
    return t, slope, -2 * t * slope


def _ctanh(a: Tensor) -> Derivatives:
    t, slope, curvature = _tanh(a)
    return 2 * t - a, 2 * slope - 1, 2 * curvature


def _swish(a: Tensor) -> Derivatives:
    s = torch.sigmoid(a)
    slope = s * (1 - s)
    return a * s, s + a * slope, 2 * slope + a * slope * (1 - 2 * s)


def _lipswish(a: Tensor) -> Derivatives:
    value, slope, curvature = _swish(a)
    return value / SWISH_SLOPE, slope / SWISH_SLOPE, curvature / SWISH_SLOPE


def _clipswish(a: Tensor) -> Derivatives:
    value, slope, curvature = _lipswish(a)
    return value / CLIPSWISH_SLOPE, slope / CLIPSWISH_SLOPE, curvature / CLIPSWISH_SLOPE


def _softplus(a: Tensor) -> Derivatives:
    s = torch.sigmoid(a)
    return torch.logaddexp(a, torch.zeros_like(a)), s, s * (1 - s)


def _elu(a: Tensor) -> Derivatives:
    below = torch.exp(a.clamp(max=0))
    up = a > 0
    return (
        torch.where(up, a, torch.expm1(a.clamp(max=0))),
        torch.where(up, 1.0, below),
        torch.where(up, 0.0, below),
    )


def _relu(a: Tensor) -> Derivatives:
    return torch.relu(a), (a > 0).to(a.dtype), torch.zeros_like(a)


_FORMULAS: dict[str, Callable[[Tensor], Derivatives]] = {
    "sin": _sin,
    "tanh": _tanh,
    "ctanh": _ctanh,
    "lipswish": _lipswish,
    "clipswish": _clipswish,
    "softplus": _softplus,
    "elu": _elu,
    "relu": _relu,
    "swish": _swish,
}
MIRRORED = ("clipswish",)  # a neuron a gives two features, phi(a) and phi(-a)


def derivatives(name: str, a: Tensor) -> Derivatives:
    """Return phi(a), phi'(a) and phi''(a), each shaped as `a`.

    sin; tanh; ctanh = 2 tanh(a) - a; lipswish = swish / 1.1; clipswish = lipswish / 1.004, whose
    neurons feed phi(a) and phi(-a) onward; softplus; elu; relu. "swish" is here to be looked at
    (its slope exceeds 1) and is no activation of a flow.
    """
    return _FORMULAS[name](a)


def slope_range(name: str) -> tuple[float, float]:
    """Return bounds of phi' over all arguments, of one feature. (0, 1) halves what a Lipschitz
    budget buys against (-1, 1); swish and its kin were found by maximising on a fine grid.
    """
    swish = (-0.0998393, 1.0998393)
    lipswish = (swish[0] / SWISH_SLOPE, swish[1] / SWISH_SLOPE)
    return {
        "sin": (-1.0, 1.0),
        "ctanh": (-1.0, 1.0),
        "swish": swish,
        "lipswish": lipswish,
        "clipswish": (lipswish[0] / CLIPSWISH_SLOPE, lipswish[1] / CLIPSWISH_SLOPE),
    }.get(name, (0.0, 1.0))


def features(name: str, hidden: int) -> int:
    """Return how many features `hidden` neurons feed to the second layer."""
    return 2 * hidden if name in MIRRORED else hidden


def sine_in_place(a: Tensor) -> Tensor:
    """Write the sines of numbers in their place. For float32 on the CPU NumPy does it in half of
    torch's time.
    """
    if a.dtype != torch.float32 or a.device.type != "cpu":
        return a.sin_()
    array = a.numpy()
    np.sin(array, out=array)
    return a
