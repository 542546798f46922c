"""Where the pixels of a density tile lie among the tokens."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from zoetrope.core.attention.errors import PatternError
from zoetrope.core.attention.runs import Ints

MOST_PIXELS = 8192


class Axis:
    """`pixels` pixels over the tokens start ... stop - 1.

    Pixel i covers the tokens from start + i L // p to start + (i + 1) L // p. Where there are more
    pixels than tokens, the cells are single tokens and `expand` says which cell a pixel shows.
    """

    def __init__(self, start: int, stop: int, pixels: int, n: int, name: str) -> None:
        if not 0 <= start < stop <= n:
            raise PatternError(
                "viewport", f"The {name} {start} to {stop} are not a range within 0 to {n}."
            )
        if not 1 <= pixels <= MOST_PIXELS:
            raise PatternError(
                "viewport", f"A tile is 1 to {MOST_PIXELS} pixels wide and high, not {pixels}."
            )
        self.start, self.length, self.pixels = start, stop - start, pixels
        self.cells = min(pixels, self.length)

    @cached_property
    def edges(self) -> Ints:
        """The tokens at which cells begin, and the end, int64 [cells + 1]."""
        return self.start + np.arange(self.cells + 1) * self.length // self.cells

    @property
    def expand(self) -> Ints | None:
        """The cell of each pixel, int64 [pixels], or None where they are the same."""
        if self.cells == self.pixels:
            return None
        return (2 * np.arange(self.pixels) + 1) * self.length // (2 * self.pixels)

    @property
    def uniform(self) -> int:
        """The tokens of every cell, or 0 where cells differ."""
        return 0 if self.length % self.cells else self.length // self.cells

    @cached_property
    def sizes(self) -> Ints:
        """The tokens of each cell, int64 [cells]."""
        return np.diff(self.edges)

    def cell(self, tokens: Ints) -> Ints:
        """Return the cells of int64 tokens within the axis."""
        if self.uniform:
            return (tokens - self.start) // self.uniform
        return ((tokens - self.start + 1) * self.cells - 1) // self.length

    def clip(self, tokens: Ints) -> Ints:
        """Return the tokens brought into start ... stop."""
        return np.clip(tokens, self.start, self.start + self.length)

    def segments(self, granule: int) -> tuple[Ints, Ints, Ints]:
        """Cut the axis where cells or granules end.

        Returns the first token of each piece, how many tokens it has, and where each cell's pieces
        begin: int64 [s], [s] and [cells].
        """
        stop = self.start + self.length
        whole = self.uniform and self.uniform % granule == 0 and self.start % granule == 0
        if whole or granule == 1:
            begin = np.arange(self.start, stop, granule)
        else:
            inner = np.arange(-(-self.start // granule) * granule, stop, granule)
            both = np.sort(np.concatenate((self.edges[:-1], inner)), kind="stable")
            begin = both[np.append(True, np.diff(both) > 0)]
        size = np.diff(np.append(begin, self.start + self.length))
        return begin, size, np.searchsorted(begin, self.edges[:-1])
