"""Which blocks a block-sparse kernel would compute: partial and full ones."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from zoetrope.core.attention.axis import MOST_PIXELS
from zoetrope.core.attention.errors import PatternError
from zoetrope.core.attention.final import final
from zoetrope.core.attention.tile import Tile

if TYPE_CHECKING:
    from zoetrope.core.attention.patterns import Pattern

Layout = np.ndarray[Any, np.dtype[np.int8]]
MOST_BLOCKS = 1 << 14  # along one side
STRIP = 1 << 20  # blocks looked at together


def totals(pattern: Pattern, size: int) -> tuple[int, int]:
    """Return the numbers of partial and of full blocks; the last row and column may be ragged."""
    return final(totals_steps(pattern, size))


def totals_steps(pattern: Pattern, size: int) -> Iterator[tuple[int, int] | None]:
    """Yield None between steps, then the numbers of partial and of full blocks."""
    partial = full = 0
    for strip in _strips(pattern, size):
        if strip is not None:
            partial += int(np.sum(strip == 1))
            full += int(np.sum(strip == 2))
        yield None
    yield partial, full


def layout(pattern: Pattern, size: int) -> Layout:
    """Return 0, 1 or 2 for each block: empty, partial, full."""
    return np.concatenate([strip for strip in _strips(pattern, size) if strip is not None])


def _strips(pattern: Pattern, size: int) -> Iterator[Layout | None]:
    """Yield the layout in strips of block rows, and None between steps."""
    n = pattern.n
    if not isinstance(size, int) or not 1 <= size <= n:
        raise PatternError("block", f"The block size must be from 1 to {n:,}, not {size!r}.")
    blocks = -(-n // size)
    if blocks > MOST_BLOCKS:
        raise PatternError(
            "block", f"{blocks:,} blocks a side are too many; the smallest block at this n is "
            f"{-(-n // MOST_BLOCKS)}.",
        )  # fmt: skip
    high = max(1, min(STRIP // blocks, MOST_PIXELS))
    for top in range(0, blocks, high):
        bottom = min(top + high, blocks)
        pieces = []
        for left in range(0, blocks, MOST_PIXELS):
            right = min(left + MOST_PIXELS, blocks)
            for density in part_steps(pattern, size, (top, bottom), (left, right)):
                if density is None:
                    yield None
                else:
                    pieces.append(density)
        yield np.concatenate(pieces, axis=1)


def part_steps(
    pattern: Pattern, size: int, down: tuple[int, int], across: tuple[int, int]
) -> Iterator[Layout | None]:
    """Yield None between steps, then the layout of blocks `down` by `across`, from and to.

    The ragged last row and column are tiles of their own: a tile's pixels are equally large.
    """
    n = pattern.n
    lines = []
    for q0, q1, high in _parts(*down, size, n):
        line = []
        for k0, k1, wide in _parts(*across, size, n):
            tiles = deque[Tile](maxlen=1)
            for tile in pattern.tile_steps(q0, q1, k0, k1, high, wide):
                tiles.append(tile)
                yield None
            tile = tiles[0]
            if not tile.exact:
                raise PatternError("n", "This rule's blocks cannot be counted at this size.")
            found = (tile.density > 0).astype(np.int8)
            line.append(found + (tile.density == 1))
        lines.append(np.concatenate(line, axis=1))
    yield np.concatenate(lines).astype(np.int8)


def _parts(first: int, last: int, size: int, n: int) -> list[tuple[int, int, int]]:
    whole = min(last, n // size)
    parts = [(first * size, whole * size, whole - first)] if whole > first else []
    if last * size > n:
        parts.append((n // size * size, n, 1))
    return parts
