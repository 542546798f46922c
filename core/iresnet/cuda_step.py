"""One training step as a CUDA graph: hundreds of small kernels launched as one."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

_WARM_UP = 3


def captured(step: Callable[[], Tensor]) -> Callable[[], Tensor]:
    """Return a function that replays `step` on the same memory; it returns the same tensor, filled
    anew. Raises RuntimeError where the step cannot be captured.

    `step` runs three times before that, so whatever it changes must be put back by the caller.
    """
    side = torch.cuda.Stream()  # type: ignore[no-untyped-call]
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(_WARM_UP):
            step()
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        loss = step()

    def replay() -> Tensor:
        graph.replay()
        return loss

    return replay
