"""The exact median and mean of all pairwise distances, in O(n log n) for one column."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from zoetrope.core.hsic.stepping import Steps

ALL_PAIRS_UP_TO = 1500  # rows for which simply sorting all distances of a column is quickest
ALL_PAIRS_BLOCK = 5000  # rows of several columns up to which all distances are computed
SAMPLED_ROWS = 2000
PAIRS_A_STEP = 1_000_000
ROWS_A_STEP = 250_000

Floats = NDArray[np.float64]


def median_distance_steps(
    values: Floats, *, positive: bool = False, seed: int = 0
) -> Steps[tuple[float, str]]:
    """The median of the n(n-1)/2 distances of the rows of `values` [n, p], and a note or "".

    With `positive` only distances above zero count; it is 0 where there are none. All rows are
    used, except that several columns of more than 5000 rows are sampled, which the note says.
    """
    if values.shape[1] == 1:
        ordered = np.sort(values[:, 0])
        yield
        with np.errstate(over="ignore"):  # an infinite median is refused by whoever asked for it
            return (yield from _of_column(ordered, positive)), ""
    values, note = _few_enough(values, "median", seed)
    found = yield from _all_distances(values)
    if positive:
        found = found[found > 0]
    return (float(np.median(found)) if found.size else 0.0), note


def mean_distance_steps(values: Floats, *, seed: int = 0) -> Steps[tuple[float, str]]:
    """As `median_distance_steps`, their mean."""
    n = len(values)
    if values.shape[1] == 1:
        ordered = np.sort(values[:, 0])
        yield
        # each gap between neighbours lies inside k (n - k) of the pairs
        inside = np.arange(1, n) * np.arange(n - 1, 0, -1.0) / (n * (n - 1) / 2)
        return float(np.diff(ordered) @ inside), ""
    values, note = _few_enough(values, "mean", seed)
    found = yield from _all_distances(values)
    return float(found.mean()), note


def _few_enough(values: Floats, what: str, seed: int) -> tuple[Floats, str]:
    n = len(values)
    if n <= ALL_PAIRS_BLOCK:
        return values, ""
    rows = np.random.default_rng(seed).choice(n, SAMPLED_ROWS, replace=False)
    note = f"The {what} distance is that of {SAMPLED_ROWS} of {n} rows drawn with seed {seed}."
    return values[np.sort(rows)], note


def _all_distances(values: Floats) -> Steps[Floats]:
    n = len(values)
    scale = float(np.abs(values).max()) or 1.0
    unit = values / scale
    parts: list[Floats] = []
    step = max(1, PAIRS_A_STEP // n)
    for start in range(0, n, step):
        stop = min(start + step, n)
        upper = np.triu_indices(stop - start, 1 + start, n)
        square = sum((c[start:stop][upper[0]] - c[upper[1]]) ** 2 for c in unit.T)
        parts.append(np.sqrt(square) * scale)
        yield
    return np.concatenate(parts)


def _of_column(ordered: Floats, positive: bool) -> Steps[float]:
    n = len(ordered)
    pairs = n * (n - 1) // 2
    zeros = 0
    if positive:
        _, counts = np.unique(ordered, return_counts=True)
        zeros = int((counts * (counts - 1) // 2).sum())
        if zeros == pairs:
            return 0.0
    middle = zeros + (pairs - zeros - 1) // 2
    ranks = (middle, middle + (pairs - zeros + 1) % 2)
    if n <= ALL_PAIRS_UP_TO:
        upper = np.triu_indices(n, 1)
        found = np.partition(ordered[upper[1]] - ordered[upper[0]], ranks)
        return float(found[ranks[0]] / 2 + found[ranks[1]] / 2)
    lower = yield from _ranked(ordered, ranks[0])
    upper_one = lower if ranks[1] == ranks[0] else (yield from _ranked(ordered, ranks[1]))
    return lower / 2 + upper_one / 2


def _ranked(ordered: Floats, rank: int) -> Steps[float]:
    """The pairwise difference of sorted values that has `rank` (from 0) smaller ones.

    A bracket around it is narrowed by counting pairs, then the few pairs inside are sorted.
    """
    n = len(ordered)
    low, below = -1.0, 0  # differences up to `low` number `below`
    high, upto = float(ordered[-1] - ordered[0]), n * (n - 1) // 2
    guesses = _guesses(ordered, rank / upto)
    while upto - below > n:
        middle = next(guesses, None)
        if middle is None or not low < middle < high:
            middle = max(low, 0.0) / 2 + high / 2
        if not low < middle < high:
            return high  # the bracket is two neighbouring numbers: only ties are left
        count = int((yield from _pairs_up_to(ordered, middle)).sum())
        if count > rank:
            high, upto = middle, count
        else:
            low, below = middle, count
    yield
    inside = yield from _differences_between(ordered, low, high)
    return float(np.partition(inside, rank - below)[rank - below])


def _guesses(ordered: Floats, quantile: float) -> Iterator[float]:
    """Brackets from the quantiles of a regular sample: they save most of the bisection."""
    sample = ordered[:: max(1, len(ordered) // 1400)]
    upper = np.triu_indices(len(sample), 1)
    found = sample[upper[1]] - sample[upper[0]]
    for margin in (1e-3, 1e-5):
        for q in (quantile - margin, quantile + margin):
            yield float(np.quantile(found, min(max(q, 0.0), 1.0)))


def _pairs_up_to(ordered: Floats, distance: float) -> Steps[NDArray[np.int64]]:
    """For each row, how many later rows lie within `distance` of it."""
    counts = np.empty(len(ordered), dtype=np.int64)
    for start in range(0, len(ordered), ROWS_A_STEP):
        part = ordered[start : start + ROWS_A_STEP]
        ends = np.searchsorted(ordered, part + distance, side="right")
        own = np.arange(start + 1, start + 1 + len(part))
        counts[start : start + ROWS_A_STEP] = np.maximum(ends - own, 0)
        yield
    return counts


def _differences_between(ordered: Floats, low: float, high: float) -> Steps[Floats]:
    """All pairwise differences above `low` and up to `high`."""
    n = len(ordered)
    first = np.zeros(n, dtype=np.int64)
    if low >= 0:
        first = yield from _pairs_up_to(ordered, low)
    counts = (yield from _pairs_up_to(ordered, high)) - first
    left = np.repeat(np.arange(n), counts)
    offset = np.arange(len(left)) - np.repeat(np.cumsum(counts) - counts, counts)
    yield
    found: Floats = ordered[left + 1 + np.repeat(first, counts) + offset] - ordered[left]
    return found
