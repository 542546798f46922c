"""What the key-value cache holds while a sequence is generated.

At step t a key k <= t must be kept if some query from t on sees it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from zoetrope.core.attention import sums
from zoetrope.core.attention.errors import PatternError
from zoetrope.core.attention.final import final

if TYPE_CHECKING:
    from zoetrope.core.attention.patterns import Pattern


def kept_at(pattern: Pattern, t: int) -> int:
    """Return how many keys are kept at step t, the current one among them where it is needed."""
    return curve(pattern, [t])[0]


def curve(pattern: Pattern, steps: Sequence[int]) -> list[int]:
    """Return the keys kept at each of the steps."""
    return final(curve_steps(pattern, steps))


def curve_steps(pattern: Pattern, steps: Sequence[int]) -> Iterator[list[int] | None]:
    """Yield None between steps of work, then the keys kept at each of the steps."""
    n = pattern.n
    for t in steps:
        if not 0 <= t < n:
            raise PatternError("t", f"Steps are from 0 to {n - 1:,}, not {t}.")
    order = sorted(set(steps), reverse=True)
    structure = pattern.structure
    kept: dict[int, int] = {}
    if structure.flipped:
        # rows of the transpose are columns: ask, per step, for the rows from t on
        for t in order:
            later = (np.arange(n) >= t).astype(np.float64)
            for seen in sums.column_totals(structure, later):
                yield None
                if seen is not None:
                    kept[t] = int(np.sum(seen[: t + 1] > 0.5))
    else:
        gathered = sums.KeySums(structure)
        end = n
        for t in order:
            # rows t ... end - 1 join those already gathered
            slices = structure.slices(_between(n, t, end))
            for rows in slices:
                gathered.add(rows)
                yield None
            end = t
            kept[t] = int(np.sum(gathered.result()[: t + 1] > 0.5))
            yield None
    yield [kept[t] for t in steps]


def _between(n: int, first: int, end: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    wanted = np.zeros(n, dtype=bool)
    wanted[first:end] = True
    return wanted
