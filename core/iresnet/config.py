"""What an i-ResNet is built from: numbers and names, checked, and nothing that needs torch."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from zoetrope.core.iresnet.errors import IResNetError

ACTIVATIONS = ("sin", "tanh", "ctanh", "lipswish", "clipswish", "softplus", "elu", "relu")
BOUNDS = ("balanced", "spectral", "per_layer", "none")
MOST_BLOCKS = 256
MOST_HIDDEN = 4096


@dataclass(frozen=True, slots=True)
class IResNetConfig:
    """An invertible residual network on the plane: K blocks x + W2 phi(W1 x + b1) + b2, with an
    elementwise affine layer before the first and after each.

    n_blocks: K, 0 to 256 (0 fits a Gaussian with axes along x and y).
    hidden: neurons of a block's one hidden layer, 1 to 4096.
    activation: one of ACTIVATIONS.
    lip: c > 0, which no block's Lipschitz bound exceeds; a block is surely invertible below 1.
    bound: what is held below c. "balanced": the bound of `lipschitz_bounds.balanced`;
        "spectral": the product of both layers' norms; "per_layer": each layer's norm, below the
        root of c, as in Behrmann et al. (ICML 2019); "none": nothing, a plain ResNet.
    affine: whether the affine layers train (they are identities otherwise).
    w1_scale: standard deviation of the first layer's initial weights: the frequency of features.
    seed: of the initial weights.

    Raises IResNetError naming the field.
    """

    n_blocks: int = 16
    hidden: int = 64
    activation: str = "sin"
    lip: float = 0.97
    bound: str = "balanced"
    affine: bool = True
    w1_scale: float = 4.0
    seed: int = 0

    def __post_init__(self) -> None:
        """Check every field."""
        whole("n_blocks", self.n_blocks, 0, MOST_BLOCKS)
        whole("hidden", self.hidden, 1, MOST_HIDDEN)
        chosen("activation", self.activation, ACTIVATIONS)
        chosen("bound", self.bound, BOUNDS)
        positive("lip", self.lip)
        positive("w1_scale", self.w1_scale)
        whole("seed", self.seed, 0, 2**63 - 1)

    @property
    def constrained(self) -> bool:
        """Whether anything keeps the blocks' Lipschitz constants down."""
        return self.bound != "none"


def whole(name: str, value: Any, least: int, most: int) -> int:
    """Return a whole number of a range, or raise a sentence naming it."""
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise IResNetError(
            "bad_value", f"{name} is {value!r}; give a whole number from {least} to {most}.", name
        )
    return value


def positive(name: str, value: Any) -> float:
    """Return a finite number above zero, or raise a sentence naming it."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not math.isfinite(value) or value <= 0:
        raise IResNetError("bad_value", f"{name} is {value!r}; give a number above 0.", name)
    return float(value)


def chosen(name: str, value: Any, choices: tuple[str, ...]) -> str:
    """Return one of the names, or raise a sentence listing them."""
    if value not in choices:
        raise IResNetError(
            "unknown_choice", f"There is no {name} {value!r}; choose {', '.join(choices)}.", name
        )
    return str(value)
