"""Where a token's last vector comes from: attention multiplied through the layers.

Abnar and Zuidema 2020 (attention rollout), arXiv:2005.00928: A' = alpha I + (1 - alpha) mean_h A,
multiplied over the layers from the last one down. What `influence` is for uniform attention.
"""

from __future__ import annotations

from collections.abc import Iterator

import torch

from zoetrope.core.attention.final import final
from zoetrope.core.attention.heads.captured import Capture
from zoetrope.core.attention.runs import Floats


def rollout(capture: Capture, q: int, alpha: float) -> Floats:
    """Return the share of each token in query q's last vector, float64 [n]."""
    return final(rollout_steps(capture, q, alpha))


def rollout_steps(capture: Capture, q: int, alpha: float) -> Iterator[Floats | None]:
    """Yield None between steps, and after each layer the share of each token, float64 [n]."""
    shares = torch.zeros(capture.n, dtype=torch.float64)
    shares[q] = 1.0
    for layer in reversed(range(capture.layers)):
        gathered = torch.zeros_like(shares)
        for index in range(capture.heads):
            head = capture.head(layer, index)
            for rows in head.row_slices():
                gathered += shares[rows] @ head.weights(rows).double()
                yield None
        shares = alpha * shares + (1 - alpha) * gathered / capture.heads
        yield shares.numpy().copy()
