"""Score modifications: sparsity that fades instead of ending.

ALiBi (Press et al. 2021, arXiv:2108.12409) adds slope (k - q) to the scores; a soft cap bounds them
by c tanh(s / c) (Bello et al. 2016; Gemma 2). Under ALiBi weights fall by e^(-slope d), so a share
`epsilon` of the largest is left at the effective window ln(1/epsilon) / slope.
"""

from __future__ import annotations

import math

import numpy as np

from zoetrope.core.attention.entries import whole
from zoetrope.core.attention.errors import PatternError
from zoetrope.core.attention.runs import Floats


def alibi_slopes(heads: int) -> Floats:
    """Return each head's slope, float64 [heads].

    For a power of two, 2^(-8 (h+1) / H); else the slopes of the next smaller power of two, then
    every second one of the next larger (the authors' rule).
    """
    heads = whole(heads, "heads", 1, 1024)
    power = 1 << (heads.bit_length() - 1)

    def regular(count: int) -> list[float]:
        return [2.0 ** (-8 * (h + 1) / count) for h in range(count)]

    slopes = regular(power)
    if power < heads:
        slopes += regular(2 * power)[::2][: heads - power]
    return np.array(slopes)


def alibi(scores: Floats, distances: Floats, slope: float) -> Floats:
    """Return scores + slope (k - q), for distances d = q - k of the same shape."""
    return scores - slope * distances


def soft_cap(scores: Floats, cap: float) -> Floats:
    """Return cap tanh(scores / cap)."""
    if not cap > 0:
        raise PatternError("cap", f"The cap must be above 0, not {cap}.")
    return cap * np.tanh(scores / cap)


def effective_window(slope: float, epsilon: float = 1e-3) -> float:
    """Return the distance at which ALiBi leaves a share epsilon: ln(1 / epsilon) / slope."""
    if not slope > 0 or not 0 < epsilon < 1:
        raise PatternError("epsilon", "The slope must be above 0 and epsilon between 0 and 1.")
    return math.log(1 / epsilon) / slope


def alibi_code(heads: int, name: str = "score_mod") -> str:
    """Return a FlexAttention score_mod for ALiBi, to append with `Pattern.to_flex(score=...)`."""
    slopes = ", ".join(repr(float(slope)) for slope in alibi_slopes(heads))
    return f'''SLOPES = torch.tensor([{slopes}], device=DEVICE)


def {name}(score, b, h, q_idx, kv_idx):
    """Add ALiBi's slope times k - q."""
    return score + SLOPES[h] * (kv_idx - q_idx)
'''


def soft_cap_code(cap: float, name: str = "score_mod") -> str:
    """Return a FlexAttention score_mod for the soft cap."""
    soft_cap(np.zeros(1), cap)
    return f'''CAP = {float(cap)!r}


def {name}(score, b, h, q_idx, kv_idx):
    """Bound the scores by CAP."""
    return CAP * torch.tanh(score / CAP)
'''
