"""What a sweep has found so far, on its grid, and what the repeats come to."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from zoetrope.core.sweep.definition import Definition
from zoetrope.core.sweep.store import Row

Floats = npt.NDArray[np.float64]
STATISTICS: Mapping[str, str] = {
    "mean": "Mean",
    "median": "Median",
    "share": "Share at or below a level",
}
SPREAD_OF = {
    "mean": "one standard error",
    "median": "the quartiles",
    "share": "68 % (Wilson)",
}


@dataclass(frozen=True, slots=True, eq=False)
class Summary:
    """A readout summed up over the seeds: arrays [first, second]; NaN where nothing is known.

    `low` to `high` is the standard error of a mean, the quartiles about a median, Wilson's
    interval at one standard deviation of a share. `count` is the number of repeats in it.
    """

    centre: Floats
    low: Floats
    high: Floats
    count: Floats


class Results:
    """The kept numbers of a definition's cells, [first, second, seeds], NaN where unknown.

    Readouts that are texts are not among them: a picture has no place for those.
    """

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.values: dict[str, Floats] = {
            key: np.full(definition.shape, math.nan) for key in definition.keep
        }
        self.failed = np.zeros(definition.shape, dtype=bool)
        self.errors: dict[int, str] = {}  # by the place of the cell
        self._index = [{v: i for i, v in enumerate(one.values)} for one in definition.varied]
        self._first_seed = 0
        if definition.seed_names:
            self._first_seed = getattr(definition.base, definition.seed_names[0])

    def add(self, rows: Sequence[Row]) -> None:
        """Take rows in; those of no cell of this definition are left out."""
        for row in rows:
            place = self._place(row)
            if place is None:
                continue
            if row.measured.error:
                self.failed[place] = True
                self.errors[int(np.ravel_multi_index(place, self.failed.shape))] = (
                    row.measured.error
                )
                continue
            for key, store in self.values.items():
                value = row.measured.values.get(key)
                store[place] = value if isinstance(value, float) else math.nan

    def _place(self, row: Row) -> tuple[int, int, int] | None:
        found = [index.get(v) for index, v in zip(self._index, row.values, strict=True)]
        repeat = 0
        if self.definition.seeds > 1:
            repeat = (row.seed or 0) - self._first_seed
        if None in found or not 0 <= repeat < self.definition.seeds:
            return None
        second = found[1] if len(found) > 1 else 0
        assert found[0] is not None
        assert second is not None
        return found[0], second, repeat

    def summary(self, key: str, statistic: str = "mean", level: float = 0.05) -> Summary:
        """Sum a readout up over the seeds; a share is that of the values at or below `level`."""
        values = self.values[key]
        known = np.isfinite(values)
        count = known.sum(axis=2).astype(np.float64)
        held = np.where(known, values, 0.0)
        with np.errstate(invalid="ignore", divide="ignore"):
            if statistic == "share":
                hits = (known & (held <= level)).sum(axis=2).astype(np.float64)
                centre = hits / count
                low, high = wilson(hits, count)
            elif statistic == "median":
                low, centre, high = _quartiles(np.where(known, values, math.nan), count)
            else:
                centre = held.sum(axis=2) / count
                off = np.where(known, values - centre[:, :, None], 0.0)
                error = np.sqrt((off**2).sum(axis=2) / (count - 1) / count)
                error = np.where(count > 1, error, 0.0)
                low, high = centre - error, centre + error
        centre, low, high = (np.where(count > 0, a, math.nan) for a in (centre, low, high))
        return Summary(centre, low, high, count)


def _quartiles(values: Floats, count: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the quartiles over the last axis, NaN where there is no value."""
    filled = np.where((count > 0)[:, :, None], values, 0.0)  # which spares a warning
    low, centre, high = np.nanquantile(filled, [0.25, 0.5, 0.75], axis=2)
    return low, centre, high


def wilson(hits: Floats, count: Floats, deviations: float = 1.0) -> tuple[Floats, Floats]:
    """Return Wilson's interval of a share of `hits` among `count`, at so many deviations.

    Unlike the plain standard error it is not empty where all or none are hits.
    Source: E. B. Wilson, J. Am. Stat. Assoc. 22 (1927) 209.
    """
    z2 = deviations**2
    middle = (hits + z2 / 2) / (count + z2)
    half = deviations / (count + z2) * np.sqrt(hits * (count - hits) / count + z2 / 4)
    return middle - half, middle + half
