"""How a pattern's pairs grow with the number of tokens, all else staying as it is."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from zoetrope.core.attention.lab_build import unordered
from zoetrope.core.attention.lab_choices import GRIDS
from zoetrope.core.attention.lab_parameters import AttentionParameters
from zoetrope.core.attention.runs import Floats
from zoetrope.core.parameters import ParameterError

SMALLEST, LARGEST = 64, 1 << 20  # tokens, where the pattern at hand does not reach further
MOST_COUNTED = 1 << 15  # tokens whose rows are counted where no formula is known
MOST_RUNS = 1 << 18
FIXED = ("document", "shared_prefix", "file", "drawn", "composed", "tree")


@dataclass(frozen=True)
class Growth:
    """Pairs `nnz` at lengths `n`, both float64 [points]."""

    n: Floats
    nnz: Floats

    def doubling(self, n: int) -> float | None:
        """Return what doubling n does to the pairs, about n; None where that is not known."""
        if len(self.n) < 2:
            return None
        high = int(np.clip(np.searchsorted(self.n, n, "right"), 1, len(self.n) - 1))
        slope = math.log(self.nnz[high] / self.nnz[high - 1]) / math.log(
            self.n[high] / self.n[high - 1]
        )
        return float(2.0**slope)


def growth_steps(parameters: AttentionParameters, n: int) -> Iterator[Growth | None]:
    """Yield what is known so far, a length at a time; exact counts only."""
    if parameters.pattern in FIXED:
        return
    lengths: list[float] = []
    counts: list[float] = []
    top = max(LARGEST, n)
    steps = round(2 * math.log2(top / SMALLEST))
    for step in range(steps + 1):
        tokens = round(SMALLEST * 2 ** (step / 2))
        try:
            found = _at(parameters, min(tokens, top))
        except ParameterError:
            found = 0, 0
        if found is None:  # and longer ones take longer
            return
        if found[1] > 0 and (not lengths or found[0] > lengths[-1]):
            lengths.append(found[0])
            counts.append(found[1])
        yield Growth(np.array(lengths), np.array(counts)) if lengths else None


def _at(parameters: AttentionParameters, tokens: int) -> tuple[int, int] | None:
    """Return the pattern's tokens and pairs, or None where they would take long to count."""
    if parameters.pattern in GRIDS:
        factor = math.sqrt(tokens / (parameters.height * parameters.width))
        height = max(1, round(parameters.height * factor))
        width = max(1, round(parameters.width * factor))
        if parameters.pattern == "sta2d":
            height, width = (
                max(1, s // parameters.tile) * parameters.tile for s in (height, width)
            )
        changed = parameters.change(height=min(height, 4096), width=min(width, 4096))
    else:
        changed = parameters.change(n=tokens - tokens % 2)
    pattern, _ = unordered(changed)
    if pattern.count is None:
        structure = pattern.structure
        if pattern.n > MOST_COUNTED or structure.work > MOST_RUNS:
            return None
    return pattern.n, pattern.nnz()
