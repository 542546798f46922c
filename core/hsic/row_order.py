"""The order of rows in which alike ones stand together: average linkage, read off its tree."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from zoetrope.core.hsic.results import Floats
from zoetrope.core.hsic.stepping import Steps
from zoetrope.core.stepping import finish

PAUSE = 200  # merges from one yield to the next


def distances_of(centred: Any) -> Floats:
    """Squared distances [n, n] of the rows in the feature space of a (centred) Gram matrix."""
    matrix = np.asarray(centred, dtype=np.float64)
    own = np.diag(matrix)
    return np.maximum(own[:, None] + own - 2 * matrix, 0.0)


def alike_order(distances: Floats, guide: Floats) -> npt.NDArray[np.intp]:
    """As `order_steps`, at once."""
    return finish(order_steps(distances, guide))


def order_steps(distances: Floats, guide: Floats) -> Steps[npt.NDArray[np.intp]]:
    """Rows [n] so that every cluster of average linkage stands together, from distances [n, n].

    Of two clusters that are joined the one with the smaller mean of `guide` [n] comes first.
    Nearest-neighbour chains (Murtagh 1983), O(n²).
    """
    n = len(distances)
    away = np.array(distances, dtype=np.float64)
    np.fill_diagonal(away, np.inf)
    size = np.ones(n)
    members: list[list[int]] = [[i] for i in range(n)]
    mean = np.array(guide, dtype=np.float64)
    alive = np.ones(n, dtype=bool)
    chain: list[int] = []
    for merged in range(n - 1):
        if merged % PAUSE == PAUSE - 1:
            yield
        if not chain:
            chain = [int(np.argmax(alive))]
        while True:
            top = chain[-1]
            near = int(np.argmin(away[top]))
            if len(chain) > 1 and away[top, chain[-2]] <= away[top, near]:
                near = chain[-2]
                break
            chain.append(near)
        del chain[-2:]
        a, b = (top, near) if (mean[top], top) <= (mean[near], near) else (near, top)
        joined = (size[a] * away[a] + size[b] * away[b]) / (size[a] + size[b])
        joined[[a, b]] = np.inf
        joined[~alive] = np.inf
        members[a] = members[a] + members[b]
        mean[a] = (size[a] * mean[a] + size[b] * mean[b]) / (size[a] + size[b])
        size[a] += size[b]
        alive[b] = False
        away[a, :] = away[:, a] = joined
        away[b, :] = away[:, b] = np.inf
    return np.array(members[int(np.argmax(alive))], dtype=np.intp)
