"""Data on the plane by name: samples, exact densities, and the entropies no flow can beat."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch
from torch import Tensor

from zoetrope.core.iresnet.config import chosen, whole
from zoetrope.core.iresnet.entropies import ENTROPIES
from zoetrope.core.iresnet.errors import IResNetError
from zoetrope.core.iresnet.model import rows
from zoetrope.core.iresnet.toy_densities import CHUNK, LOG_DENSITIES, ONLY_BLURRED, ONLY_SHARP
from zoetrope.core.iresnet.toy_samples import SAMPLERS
from zoetrope.core.stepping import Steps, finish

MOST_POINTS = 5_000_000


def names() -> tuple[str, ...]:
    """Return the names of all sets; "line" and "cos" lie on curves and have no density."""
    return tuple(SAMPLERS)


def make(name: str, n: int, seed: int, noise: float = 0.0) -> Tensor:
    """Return n independent points [n, 2] of a set, float32; equal seeds give equal points.

    noise: standard deviation of Gaussian noise that is added to them. Raises IResNetError for an
    unknown name, n outside 1 to 5,000,000, a negative seed or noise.
    """
    chosen("name", name, names())
    whole("n", n, 1, MOST_POINTS)
    whole("seed", seed, 0, 2**63 - 1)
    width, rng = _checked_noise(noise), np.random.default_rng(seed)
    points = SAMPLERS[name](rng, n)
    if width:
        points = points + width * rng.standard_normal((n, 2))
    return torch.from_numpy(points.astype(np.float32))


def _checked_noise(noise: float) -> float:
    if not (isinstance(noise, int | float) and 0 <= noise < math.inf):
        raise IResNetError("bad_value", f"noise is {noise!r}; give 0 or more.", "noise")
    return float(noise)


def has_log_density(name: str, noise: float = 0.0) -> bool:
    """Return whether the set's density, blurred by that noise, is known in closed form."""
    chosen("name", name, names())
    unknown = ONLY_SHARP if _checked_noise(noise) else ONLY_BLURRED
    return name in LOG_DENSITIES and name not in unknown


def log_density(name: str, points: Any, noise: float = 0.0) -> Tensor | None:
    """Return the exact log-density [n], float64 in nats, at points [n, 2]; None where there is no
    closed form: for a set on a curve (but the line with noise) and the pinwheel with noise. Minus
    infinity outside the checkerboard's squares. Raises IResNetError for an unknown name or points
    of other shapes.
    """
    return finish(log_density_steps(name, points, noise))


def log_density_steps(name: str, points: Any, noise: float = 0.0) -> Steps[Tensor | None]:
    """As `log_density`, in steps of 125 points."""
    if not has_log_density(name, noise):
        return None
    x = rows(points)
    found = []
    for start in range(0, len(x), CHUNK):
        found.append(LOG_DENSITIES[name](x[start : start + CHUNK], noise))
        yield min(1.0, (start + CHUNK) / len(x))
    return torch.cat(found) if found else x.new_empty(0)


def entropy(name: str) -> float | None:
    """Return the set's differential entropy in nats: the least mean negative log-likelihood that
    a density can have on it. None for a set on a curve, where there is no least.
    """
    chosen("name", name, names())
    return ENTROPIES.get(name)
