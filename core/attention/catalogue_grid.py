"""Neighbourhoods on a line and on a grid: NATTEN, sliding tiles, Swin windows, axial."""

from __future__ import annotations

import numpy as np

from zoetrope.core.attention.entries import Definition, area, entry, whole
from zoetrope.core.attention.errors import PatternError
from zoetrope.core.attention.runs import Ints, one_per_row, some_per_row
from zoetrope.core.attention.structure import Structure

NATTEN = "Hassani et al. 2023, arXiv:2204.07143; SHI-Labs/NATTEN@8c8729f, reference/mask.hpp"


def neighbours(
    at: Ints, length: Ints | int, window: int, stride: int, causal: bool
) -> tuple[Ints, Ints]:
    """Return the first neighbour and the end of NATTEN's window of int64 positions.

    The window keeps its size at the borders: it is moved, not cut. With a stride all queries of a
    group share their leader's window. (NATTEN, reference/mask.hpp)
    """
    left, right = _sides(window)
    group = at // stride * stride
    if causal:
        leader = np.minimum(group + stride - 1, length - 1)
        return np.maximum(leader - left - right, 0), np.minimum(at + 1, length)
    leader = np.minimum(group + stride // 2, length - 1)
    over = np.where(leader + right >= length, length - right - leader - 1, 0)
    start = np.maximum(leader - left, 0) + over
    return start, start + window


def _sides(window: int) -> tuple[int, int]:
    return window // 2, window // 2 + window % 2 - 1


def _rule(q: str, k: str, length: str, window: str, stride: int, size: int, causal: bool) -> str:
    """Return the same as a rule for positions q and k written in the rules' language."""
    left, right = _sides(size)
    if causal:
        leader = f"min({q} // {stride} * {stride} + {stride - 1}, {length} - 1)"
        return f"max({leader} - {left + right}, 0) <= {k} < min({q} + 1, {length})"
    leader = f"min({q} // {stride} * {stride} + {stride // 2}, {length} - 1)"
    over = f"where({leader} + {right} >= {length}, {length} - {right} - {leader} - 1, 0)"
    start = f"max({leader} - {left}, 0) + {over}"
    return f"{start} <= {k} < {start} + {window}"


def _checked(
    window: int, dilation: int, stride: int, length: int, field: str
) -> tuple[int, int, int]:
    w = whole(window, field, 2, max(2, length))
    r = whole(dilation, "dilation", 1, length)
    if w * r > length:
        raise PatternError(
            field,
            f"NATTEN needs window x dilation <= length, and {w} x {r} = {w * r} is over {length}.",
        )
    return w, r, whole(stride, "stride", 1, w)


@entry(
    "Neighbourhood 1-D", "2-D", "The nearest w keys; the window moves inwards at borders.", NATTEN
)
def natten1d(
    n: int, window: int = 63, dilation: int = 1, stride: int = 1, causal: bool = False
) -> Definition:
    """start(q) <= k < start(q) + w within each residue class of the dilation."""
    w, r, s = _checked(window, dilation, stride, n, "window")

    def bounds(rows: Ints) -> tuple[Ints, Ints]:
        kind, at = rows % r, rows // r
        start, stop = neighbours(at, (n - kind + r - 1) // r, w, s, causal)
        return start * r + kind, (stop - 1) * r + kind + 1

    if r == 1:
        rule = _rule("q", "k", "n", "window", s, w, causal)
    else:
        rule = "q % dilation == k % dilation and " + _rule(
            "q // dilation", "k // dilation",
            "((n - q % dilation + dilation - 1) // dilation)", "window", s, w, causal,
        )  # fmt: skip
    granule = s if r == 1 and not causal else 1
    return Definition(
        rule, Structure(n, (one_per_row(bounds, step=r),), granule),
        {"window": w, "dilation": r}, count=None if causal else n * w,
    )  # fmt: skip


@entry("Neighbourhood 2-D", "2-D", "The nearest kh x kw tokens of a grid.", NATTEN)
def natten2d(
    n: int, height: int, width: int, kh: int = 7, kw: int = 7, dilation: int = 1, stride: int = 1,
    causal: bool = False,
) -> Definition:  # fmt: skip
    """The 1-D rule on rows and on columns of a height x width grid, row by row."""
    area(height, width, n)
    high, r, s = _checked(kh, dilation, stride, height, "kh")
    wide, r, s = _checked(kw, r, s, width, "kw")

    def bounds(rows: Ints) -> tuple[Ints, Ints]:
        y, x = rows // width, rows % width
        top, bottom = neighbours(y // r, (height - y % r + r - 1) // r, high, s, causal)
        left, right = neighbours(x // r, (width - x % r + r - 1) // r, wide, s, causal)
        lines = top[:, None] + np.arange(high)
        begin = (lines * r + (y % r)[:, None]) * width
        start = begin + (left * r + x % r)[:, None]
        stop = begin + ((right - 1) * r + x % r + 1)[:, None]
        return start, np.where(lines < bottom[:, None], stop, start)

    def along(q: str, k: str, length: str, window: str, size: int) -> str:
        if r == 1:
            return _rule(q, k, length, window, s, size, causal)
        inside = f"(({length} - {q} % dilation + dilation - 1) // dilation)"
        rule = _rule(f"{q} // dilation", f"{k} // dilation", inside, window, s, size, causal)
        return f"{q} % dilation == {k} % dilation and {rule}"

    rule = along("(q // width)", "(k // width)", "height", "kh", high)
    rule += " and " + along("(q % width)", "(k % width)", "width", "kw", wide)
    return Definition(
        rule, Structure(n, (some_per_row(bounds, step=r),)),
        {"height": height, "width": width, "kh": high, "kw": wide, "dilation": r},
        count=None if causal else n * high * wide,
    )  # fmt: skip


@entry(
    "Sliding tiles 2-D", "2-D", "The neighbourhood of tiles, tokens stored tile by tile.",
    "Zhang et al. 2025, arXiv:2502.04507; meta-pytorch/attention-gym",
)  # fmt: skip
def sta2d(
    n: int, height: int, width: int, kh: int = 12, kw: int = 12, tile_h: int = 4, tile_w: int = 4
) -> Definition:
    """NATTEN's rule on tile indices; canvas and kernel are whole numbers of tiles."""
    area(height, width, n)
    for field, size, tile in (
        ("height", height, tile_h), ("width", width, tile_w), ("kh", kh, tile_h), ("kw", kw, tile_w)
    ):  # fmt: skip
        whole(tile, "tile_h" if tile is tile_h else "tile_w", 1, n)
        if size % tile or size < tile:
            raise PatternError(
                field, f"{field} is {size}, which is no multiple of its tile {tile}."
            )
    tiles_high, tiles_wide = height // tile_h, width // tile_w
    high = whole(kh // tile_h, "kh", 1, tiles_high)
    wide = whole(kw // tile_w, "kw", 1, tiles_wide)
    per_tile = tile_h * tile_w

    def bounds(rows: Ints) -> tuple[Ints, Ints]:
        tile = rows // per_tile
        top, _ = neighbours(tile // tiles_wide, tiles_high, high, 1, False)
        left, _ = neighbours(tile % tiles_wide, tiles_wide, wide, 1, False)
        start = (top[:, None] + np.arange(high)) * tiles_wide + left[:, None]
        return start * per_tile, (start + wide) * per_tile

    rule = _rule(
        "(q // tile // across)", "(k // tile // across)", "down", "kernel_down", 1, high, False
    )
    rule += " and " + _rule(
        "(q // tile % across)", "(k // tile % across)", "across", "kernel_across", 1, wide, False
    )
    numbers = {"tile": per_tile, "down": tiles_high, "across": tiles_wide}
    return Definition(
        rule, Structure(n, (some_per_row(bounds),), per_tile),
        {**numbers, "kernel_down": high, "kernel_across": wide},
        count=n * high * wide * per_tile,
    )  # fmt: skip


@entry(
    "Swin windows", "2-D", "Square windows of a grid, optionally shifted.",
    "Liu et al. 2021, arXiv:2103.14030; facebookresearch/xformers",
)  # fmt: skip
def swin(n: int, height: int, width: int, m: int = 8, shift: int = 0) -> Definition:
    """q and k in the same m x m window; a shift cuts the first windows short."""
    area(height, width, n)
    m = whole(m, "m", 1, max(height, width))
    shift = whole(shift, "shift", 0, m - 1)

    def ends(at: Ints, length: int) -> tuple[Ints, Ints]:
        begin = (at - shift) // m * m + shift
        return np.maximum(begin, 0), np.minimum(begin + m, length)

    def bounds(rows: Ints) -> tuple[Ints, Ints]:
        top, bottom = ends(rows // width, height)
        left, right = ends(rows % width, width)
        lines = top[:, None] + np.arange(min(m, height))
        start, stop = lines * width + left[:, None], lines * width + right[:, None]
        return start, np.where(lines < bottom[:, None], stop, start)

    def squares(length: int) -> int:
        cuts = np.unique(np.clip(np.arange(shift - m, length + m, m), 0, length))
        return int(np.sum(np.diff(cuts) ** 2))

    rule = (
        "(q // width - shift) // m == (k // width - shift) // m"
        " and (q % width - shift) // m == (k % width - shift) // m"
    )
    return Definition(
        rule, Structure(n, (some_per_row(bounds),)), {"width": width, "m": m, "shift": shift},
        count=squares(height) * squares(width), symmetric=True,
    )  # fmt: skip


@entry(
    "Axial", "2-D", "The tokens of the same row or column of a grid.",
    "Ho et al. 2019, arXiv:1912.12180; facebookresearch/xformers",
)  # fmt: skip
def axial(n: int, height: int, width: int) -> Definition:
    """Same row or same column."""
    area(height, width, n)

    def across(rows: Ints) -> tuple[Ints, Ints]:
        begin = rows // width * width
        return begin, begin + width

    def down(rows: Ints) -> tuple[Ints, Ints]:
        begin, _ = across(rows)
        start = np.stack((rows % width, rows + width), axis=1)
        return start, np.stack((begin, np.full_like(begin, n)), axis=1)

    return Definition(
        "q // width == k // width or q % width == k % width",
        Structure(n, (one_per_row(across), some_per_row(down, step=width))),
        {"width": width}, count=n * (height + width - 1), symmetric=True,
    )  # fmt: skip
