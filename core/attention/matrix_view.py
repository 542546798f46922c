"""The matrix of a pattern at the visible range: its tile in steps, its colours, its marks."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from zoetrope.core.attention.blocks import Layout, part_steps
from zoetrope.core.attention.lab_parameters import AttentionParameters
from zoetrope.core.attention.lab_words import count_words
from zoetrope.core.attention.patterns import Pattern
from zoetrope.core.attention.tile import Tile
from zoetrope.core.edits import Edit, View
from zoetrope.core.figure import Axis, Cell, Panel
from zoetrope.core.items import HeatMap, Item, Rectangle, Rule, Scatter, Segments

NARROWEST = 8  # tokens
MOST_TILE_RUNS = 1 << 23  # runs of the visible rows that are counted for an exact tile: seconds
MOST_TILE_ROWS = 1 << 21  # visible rows, of which lists are made
MOST_TILE_CELLS = 1 << 27  # pairs that are asked one by one
SAMPLES = 16  # a pixel, enough where not every pair can be asked
SMALL_BOX = 0.03  # of the side of the mini-map: a smaller box is marked by a cross
MOST_BLOCKS_SHOWN = 512  # a side
LOG_FLOOR = -20.0  # densities below 2^-20 look like it
LOG_EMPTY = -24.0  # where nothing is allowed: a colour of its own
NAMES = {
    "log": "log₂ of the share of pairs allowed",
    "root": "√ of the share of pairs allowed",
    "linear": "Share of pairs allowed",
    "any": "1 where any pair is allowed",
    "blocks": "Blocks: 0 none, 1 some, 2 all pairs",
}


@dataclass(frozen=True)
class Viewport:
    """The visible queries q0 ... q1-1 and keys k0 ... k1-1, and the pixels that show them."""

    q0: int
    q1: int
    k0: int
    k1: int
    rows: int
    columns: int


@dataclass(frozen=True, eq=False)
class BlockMap:
    """Which blocks in sight are empty (0), partial (1) or full (2), int8 [rows, columns]."""

    layout: Layout


def viewport(parameters: AttentionParameters, n: int) -> Viewport:
    """Return what is visible of n tokens, a pixel a token where there is room."""
    low_q, high_q, low_k, high_k = parameters.view
    q0, q1 = _tokens(low_q, high_q, n)
    k0, k1 = _tokens(low_k, high_k, n)
    most = parameters.pixels
    return Viewport(q0, q1, k0, k1, min(most, q1 - q0), min(most, k1 - k0))


def in_blocks(seen: Viewport, size: int, n: int) -> Viewport | None:
    """Return the blocks that hold what is seen, a pixel a block; None where they are too many."""
    q0, k0 = seen.q0 // size, seen.k0 // size
    rows, columns = -(-seen.q1 // size) - q0, -(-seen.k1 // size) - k0
    if max(rows, columns) > MOST_BLOCKS_SHOWN:
        return None
    return Viewport(
        q0 * size, min((q0 + rows) * size, n), k0 * size, min((k0 + columns) * size, n), rows,
        columns,
    )  # fmt: skip


def _tokens(low: float, high: float, n: int) -> tuple[int, int]:
    narrowest = min(NARROWEST, n)
    first = min(max(math.floor(low * n + 1e-6), 0), n - narrowest)
    last = min(max(math.ceil(high * n - 1e-6), first + narrowest), n)
    return first, last


def tile_steps(pattern: Pattern, seen: Viewport) -> Iterator[Tile]:
    """Yield tiles, better and better; only the first where an exact one would take too long."""
    steps = pattern.tile_steps(seen.q0, seen.q1, seen.k0, seen.k1, seen.rows, seen.columns)
    short = exact_soon(pattern, seen)
    for tile in steps:
        yield tile
        if not short and (not pattern.structure.scanned or tile.samples >= SAMPLES):
            return


def exact_soon(pattern: Pattern, seen: Viewport) -> bool:
    """Say whether every pair in sight can be counted in seconds."""
    structure = pattern.structure
    high, wide = seen.q1 - seen.q0, seen.k1 - seen.k0
    if structure.distances is not None:
        return True
    if structure.scanned:
        return high * wide // structure.granule**2 <= MOST_TILE_CELLS
    across = wide if structure.flipped else high
    return across <= MOST_TILE_ROWS and structure.work * across / structure.n <= MOST_TILE_RUNS


def block_steps(pattern: Pattern, seen: Viewport, size: int) -> Iterator[BlockMap | None]:
    """Yield None between steps, then which blocks in sight hold some or all pairs."""
    down, across = seen.q0 // size, seen.k0 // size
    steps = part_steps(pattern, size, (down, down + seen.rows), (across, across + seen.columns))
    for found in steps:
        yield None if found is None else BlockMap(found)


def shades(density: Any, shading: str) -> tuple[Any, tuple[float, float]]:
    """Return what is coloured, and the values at the ends of the colours."""
    if shading == "log":
        with np.errstate(divide="ignore"):
            found = np.maximum(np.log2(density), LOG_FLOOR)
        found[density <= 0] = LOG_EMPTY
        levels = (LOG_EMPTY, 0.0)
    elif shading == "root":
        found, levels = np.sqrt(density), (0.0, 1.0)
    elif shading == "any":
        found, levels = (density > 0).astype(np.float64), (0.0, 1.0)
    else:
        found, levels = np.array(density, dtype=np.float64), (0.0, 1.0)
    found.flags.writeable = False
    return found, levels


def block_map(found: BlockMap, seen: Viewport, size: int) -> HeatMap:
    """Return blocks as an image in three colours; a ragged last block is drawn whole."""
    return HeatMap(
        key="mask", label=NAMES["blocks"], z=found.layout, levels=(0.0, 2.0), colours="viridis",
        extent=(seen.k0, seen.k0 + size * seen.columns, seen.q0, seen.q0 + size * seen.rows),
    )  # fmt: skip


def heat_map(tile: Tile, seen: Viewport, shading: str) -> HeatMap:
    """Return the tile as an image in tokens."""
    z, levels = shades(tile.density, shading)
    return HeatMap(
        key="mask", label=NAMES[shading], z=z, levels=levels, colours="viridis", bar=True,
        extent=(seen.k0, seen.k1, seen.q0, seen.q1),
    )  # fmt: skip


def difference_maps(both: Tile, here: Tile, there: Tile, seen: Viewport) -> list[Item]:
    """Return pairs of both patterns in grey, of the first alone in red, of the second in blue."""
    extent = (seen.k0, seen.k1, seen.q0, seen.q1)
    shared = np.where(both.density > 0, 0.35 + 0.35 * both.density, np.nan)
    signed = np.where(
        (here.density > 0) | (there.density > 0),
        np.sign(here.density - there.density)
        * np.maximum(np.sqrt(np.abs(here.density - there.density)), 0.4),
        np.nan,
    )
    return [
        HeatMap(key="both", label="in both", z=shared, levels=(0.0, 1.0), colours="grey",
                bar=False, extent=extent),
        HeatMap(key="mask", label="−1 only there, +1 only here", z=signed, levels=(-1.0, 1.0),
                colours="diverging", bar=True, extent=extent, layer=1),
    ]  # fmt: skip


def matrix_panel(
    parameters: AttentionParameters, n: int, items: list[Item], title: str, cell: Cell
) -> Panel:
    """Return the matrix: queries down, keys across, and the pair that is asked about."""
    seen = viewport(parameters, n)
    low_q, high_q, low_k, high_k = ends(parameters, n)
    query, key = min(parameters.query, n - 1), min(parameters.key, n - 1)
    marks: list[Item] = [
        Rule(key="query", axis="y", value=query + 0.5, role="accent", dash="solid", width=1.0,
             layer=3),
        Rule(key="key", axis="x", value=key + 0.5, role="accent", dash="dot", width=1.0, layer=3),
    ]  # fmt: skip
    if seen.q1 - seen.q0 <= 48 and seen.k1 - seen.k0 <= 48:
        marks.append(_grid(seen))
    return Panel(
        name="matrix",
        title=title,
        cell=cell,
        items=(*items, *marks),
        x=Axis("Key", range=(low_k, high_k)),
        y=Axis("Query", range=(high_q, low_q)),
        view_x=view("column", n),
        view_y=view("row", n),
        pick_x=Edit("key", offset=-0.5),
        pick_y=Edit("query", offset=-0.5),
        square=True,
        grid=False,
        crosshair="tokens",
        summary=f"Which of {count_words(n)} keys (across) each query (down) may attend to. "
        f"{title}. Queries {seen.q0:,} to {seen.q1 - 1:,} are shown.",
    )


def ends(parameters: AttentionParameters, n: int) -> tuple[float, float, float, float]:
    """Return the visible range in tokens as the axes have it."""
    least = min(NARROWEST, n) / n
    low_q, high_q, low_k, high_k = parameters.view
    rows, columns = _apart(low_q, high_q, least), _apart(low_k, high_k, least)
    return rows[0] * n, rows[1] * n, columns[0] * n, columns[1] * n


def _apart(low: float, high: float, least: float) -> tuple[float, float]:
    if high - low >= least:
        return low, high
    low = min(max((low + high - least) / 2, 0.0), 1.0 - least)
    return low, low + least


def view(side: str, n: int) -> View:
    """Return the parameters that hold the visible range of one side: "row" or "column"."""
    return View(
        Edit(f"{side}_low", scale=1 / n), Edit(f"{side}_high", scale=1 / n), limits=(0.0, float(n)),
        narrowest=float(min(NARROWEST, n)),
    )  # fmt: skip


def _grid(seen: Viewport) -> Segments:
    """Return lines between single tokens."""
    q, k = np.arange(seen.q0, seen.q1 + 1.0), np.arange(seen.k0, seen.k1 + 1.0)
    return Segments(
        key="grid", role="guide", width=0.5, opacity=0.5, layer=2,
        x0=np.concatenate([np.full_like(q, seen.k0), k]),
        x1=np.concatenate([np.full_like(q, seen.k1), k]),
        y0=np.concatenate([q, np.full_like(k, seen.q0)]),
        y1=np.concatenate([q, np.full_like(k, seen.q1)]),
    )  # fmt: skip


def mini_map(overview: HeatMap, parameters: AttentionParameters, n: int, cell: Cell) -> Panel:
    """Return the whole pattern, small, with a box round what the matrix shows."""
    low_q, high_q, low_k, high_k = ends(parameters, n)
    share = (high_q - low_q) * (high_k - low_k) / n**2
    found: list[Item] = []
    if max(high_q - low_q, high_k - low_k) < SMALL_BOX * n:
        found.append(
            Scatter(key="place", x=[(low_k + high_k) / 2], y=[(low_q + high_q) / 2], role="accent",
                    size=11.0, marker="cross", layer=2)
        )  # fmt: skip
    return Panel(
        name="map",
        title="The whole pattern: drag the box",
        cell=cell,
        items=(
            overview,
            Rectangle(key="seen", label="", x=(low_k, high_k), y=(low_q, high_q),
                width=2.0, opacity=0.3, view_x=view("column", n), view_y=view("row", n), layer=1),
            *found,
        ),
        x=Axis("", range=(0.0, float(n)), visible=False),
        y=Axis("", range=(float(n), 0.0), visible=False),
        square=True,
        grid=False,
        crosshair="tokens",
        summary=f"The whole pattern. The box holds {share:.3g} of it, which the matrix shows.",
    )  # fmt: skip
