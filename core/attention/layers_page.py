"""The layers page: heads with patterns of their own, and layers that take turns."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import numpy as np

from zoetrope.core.attention.lab_choices import PATTERNS
from zoetrope.core.attention.lab_exports import score_code
from zoetrope.core.attention.lab_notices import notices
from zoetrope.core.attention.lab_page import Page
from zoetrope.core.attention.lab_saved import read_saved
from zoetrope.core.attention.lab_schedule import OWN, Layer
from zoetrope.core.attention.layers_view import (
    MOST_COLUMNS,
    THUMB,
    Shares,
    heads_panel,
    list_panel,
    union_panel,
)
from zoetrope.core.attention.matrix_view import Viewport, exact_soon, tile_steps
from zoetrope.core.attention.patterns import Pattern
from zoetrope.core.attention.schedule import Heads
from zoetrope.core.attention.tile import Tile
from zoetrope.core.figure import Cell, Figure
from zoetrope.core.lab import Action, Frame, Notice, OwnFile, Readout
from zoetrope.core.long_work import Job

PIXELS = 256
BLOCK = 64
MOST_BLOCKS = 256  # a side, in the written layout
MOST_WRITTEN = 1 << 14  # numbers in the tables of the heads' rules


class LayersPage(Page):
    """The union of a layer's heads, each head's share, the list of layers."""

    @property
    def _layer(self) -> Layer:
        layers = self.study.layers
        return layers[(self.parameters.layer - 1) % len(layers)]

    @property
    def _seen(self) -> Viewport:
        n = self.study.n
        side = min(PIXELS, n)
        return Viewport(0, n, 0, n, side, side)

    def jobs(self) -> Iterator[Job[Any]]:
        """Yield a tile of each pattern of the layer, and of all together; then the files."""
        yield from self._tiles()
        yield from self._thumbs().values()
        yield self._together()
        yield self._code()
        yield self._blocks()

    def _tiles(self) -> Iterator[Job[Tile]]:
        layer = self._layer
        for name, pattern in dict(zip(layer.names, layer.heads.patterns, strict=True)).items():
            yield self._tile(name, pattern)

    def _together(self) -> Job[Tile]:
        layer = self._layer
        alone = dict(zip(layer.names, layer.heads.patterns, strict=True))
        if len(alone) == 1:
            return self._tile(layer.names[0], layer.heads.patterns[0])

        def steps() -> Iterator[Tile | None]:
            together = Heads(tuple(alone.values())).merged()
            yield None
            yield from tile_steps(together, self._seen)

        return self.study.jobs.get("together", frozenset(alone), steps)

    def _thumbs(self) -> dict[str, Job[Tile]]:
        """A small picture of each pattern in the list."""
        known = {
            name: pattern
            for layer in self.study.layers[:MOST_COLUMNS]
            for name, pattern in zip(layer.names, layer.heads.patterns, strict=True)
        }
        return {name: self._thumb(name, pattern) for name, pattern in known.items()}

    def _thumb(self, name: str, pattern: Pattern) -> Job[Tile]:
        n, side = self.study.n, min(THUMB, self.study.n)

        def steps() -> Iterator[Tile]:
            yield pattern.tile(0, n, 0, n, side, side, exact=False)

        return self.study.jobs.get(f"thumb {name}", None, steps)

    def _tile(self, name: str, pattern: Pattern) -> Job[Tile]:
        return self.study.jobs.get(f"head {name}", None, lambda: tile_steps(pattern, self._seen))

    @property
    def presentable(self) -> bool:
        """Whether there is something of every head."""
        return all(job.result is not None for job in self._tiles())

    def _shares(self) -> Shares:
        """Shares of all pairs, exact where a tile or a formula is."""
        n, layer = self.study.n, self._layer
        each, exact = [], True
        for name, pattern in zip(layer.names, layer.heads.patterns, strict=True):
            tile = self._tile(name, pattern).result
            if pattern.count is not None:
                each.append(pattern.count / n**2)
            elif tile is not None:
                each.append(_mean(tile, n))
                exact = exact and tile.exact
        together = self._together().result
        exact = exact and together is not None and together.exact
        return Shares(each, None if together is None else _mean(together, n), exact)

    def _code(self) -> Job[str]:
        layer, p = self._layer, self.parameters

        def steps() -> Iterator[str]:
            tables = [table for one in layer.heads.patterns for table in one.rule.tables.values()]
            if sum(map(len, tables)) <= MOST_WRITTEN:
                yield layer.heads.to_flex(score=score_code(p.score, p.heads))

        return self.study.jobs.get("code of heads", (layer.names, p.score, p.heads), steps)

    def _blocks(self) -> Job[Any]:
        """Which blocks of 64 each head computes, int64 [heads, m, m], where they are few."""
        layer, n = self._layer, self.study.n

        def steps() -> Iterator[Any]:
            if n < BLOCK or n > BLOCK * MOST_BLOCKS:
                return
            found = {}
            for name, pattern in zip(layer.names, layer.heads.patterns, strict=True):
                side = -(-n // BLOCK)
                if not exact_soon(pattern, Viewport(0, n, 0, n, side, side)):
                    return
                if name not in found:
                    found[name] = (pattern.block_layout(BLOCK) > 0).astype(np.int64)
                yield None
            yield np.stack([found[name] for name in layer.names])

        return self.study.jobs.get("blocks of heads", layer.names, steps)

    def frame(self) -> Frame:
        """Return the picture of what is known."""
        study, parameters, layer = self.study, self.parameters, self._layer
        shares = self._shares()
        number = (parameters.layer - 1) % len(study.layers) + 1
        return Frame(
            figure=Figure(
                panels=(
                    union_panel(number, layer, self._seen_by(), shares, study.n, Cell(0, 0, 2)),
                    heads_panel(layer, self._titles, shares, Cell(0, 1)),
                    list_panel(study.layers, self._pictures(), number, Cell(1, 1)),
                ),
                widths=(1.6, 1.0),
            ),
            readouts=tuple(self._readouts(shares)),
            notices=self._notices(),
            actions=(self.save(), *self._actions()),
            tables=self._tables(shares),
            files=self._files(),
        )

    def _pictures(self) -> dict[str, Any]:
        found = ((name, job.result) for name, job in self._thumbs().items())
        return {name: tile.density for name, tile in found if tile is not None}

    def _seen_by(self) -> Any:
        """How many heads see a pair, in the mean over each pixel."""
        layer, total = self._layer, None
        for name, pattern in zip(layer.names, layer.heads.patterns, strict=True):
            tile = self._tile(name, pattern).result
            if tile is None:
                return None
            total = tile.density if total is None else total + tile.density
        return total

    @cached_property
    def _titles(self) -> dict[str, str]:
        """What the names in the list stand for."""
        if not self.parameters.cycle.strip():
            return {OWN: PATTERNS[self.parameters.pattern]}
        saved = read_saved(self.parameters)
        return {name: PATTERNS[one.pattern] for name, one in saved.items()}

    def _readouts(self, shares: Shares) -> Iterator[Readout]:
        n, heads = self.study.n, len(self._layer.names)
        yield Readout("heads", "Number of heads", heads)
        if len(shares.each) < heads:
            return
        pairs = round(shares.total * n**2)
        yield Readout("pairs", "Pairs of all heads", pairs, symbol=r"\sum_h \mathrm{nnz}_h",
                      help="What the layer computes.")  # fmt: skip
        yield Readout("keys", "Keys of a query and head", pairs / (n * heads), help="The mean.")
        if shares.together:
            union = round(shares.together * n**2)
            yield Readout("union", "Pairs together", union,
                          help="What some head sees: all that the layer can see.")  # fmt: skip
            yield Readout(
                "times", "Heads of a pair", shares.total / shares.together,
                help="How many heads see a pair that is seen: 1 wastes nothing.",
            )  # fmt: skip

    def _notices(self) -> tuple[Notice, ...]:
        """What the pattern is and how a list is written; nothing where there is a list."""
        if self.parameters.cycle.strip():
            return ()
        how = (
            "Save patterns as A, B, … and list them below: “A, B” are layers that take turns, "
            "“A + B” heads of one layer."
        )
        return (*notices(self.study, self.parameters), Notice(how, parameter="cycle"))

    def _actions(self) -> Iterator[Action]:
        text = self._code().result or ""
        yield Action("flex", "Copy FlexAttention code",
                     "A Python file whose mask_mod gives each head of this layer its pattern.",
                     enabled=bool(text), copy=text)  # fmt: skip

    def _files(self) -> dict[str, OwnFile]:
        found = {}
        if text := self._code().result:
            found["py"] = OwnFile("FlexAttention module, by heads", text)
        if (layout := self._blocks().result) is not None:
            found["blocks.npz"] = OwnFile(f"Blocks of {BLOCK}, by heads", {"layout": layout})
        return found

    def _tables(self, shares: Shares) -> dict[str, Any]:
        if len(shares.each) < len(self._layer.names):
            return {}
        names = np.array(self._layer.names)
        return {"pattern": names, "share_of_full": np.array(shares.each)}


def _mean(tile: Tile, n: int) -> float:
    """Return the share of pairs in a tile of the whole pattern, whose pixels differ in size."""
    edges = [np.arange(side + 1) * n // side for side in tile.density.shape]
    rows, columns = (np.diff(ends) / n for ends in edges)
    return float(rows @ tile.density @ columns)
