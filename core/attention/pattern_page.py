"""The first page: the matrix at any zoom, the keys of one query, and what it costs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from zoetrope.core.attention.cost_view import cost_panel
from zoetrope.core.attention.lab_actions import actions
from zoetrope.core.attention.lab_choices import PATTERNS
from zoetrope.core.attention.lab_exports import file_jobs, files, text_jobs
from zoetrope.core.attention.lab_notices import notices, readouts, window_readouts
from zoetrope.core.attention.lab_page import Page
from zoetrope.core.attention.lab_profile import distances_job, keys_job, queries_job
from zoetrope.core.attention.lab_study import Study
from zoetrope.core.attention.lab_tables import tables_job
from zoetrope.core.attention.lab_words import share_words
from zoetrope.core.attention.matrix_view import (
    MOST_BLOCKS_SHOWN,
    BlockMap,
    Viewport,
    block_map,
    block_steps,
    difference_maps,
    exact_soon,
    heat_map,
    in_blocks,
    matrix_panel,
    mini_map,
    tile_steps,
    viewport,
)
from zoetrope.core.attention.profile_view import counts_panel, distances_panel
from zoetrope.core.attention.row_view import row_panel
from zoetrope.core.attention.tile import Tile
from zoetrope.core.figure import Cell, Figure, Panel
from zoetrope.core.items import HeatMap, Item
from zoetrope.core.lab import Frame, Notice, Readout
from zoetrope.core.long_work import Job

OVERVIEW_PIXELS = 128
PROFILES: dict[str, Callable[[Study], Job[Any]]] = {
    "queries": queries_job,
    "keys": keys_job,
    "distances": distances_job,
}
Compared = tuple[Tile, Tile, Tile]


class PatternPage(Page):
    """Matrix, row and cost."""

    def jobs(self) -> Iterator[Job[Any]]:
        """Yield the tile's first picture, then the row and the cost, then the exact tile."""
        tile = self._tile()
        if tile.result is None:
            yield tile
        yield self.study.row(self.parameters.query)
        count = self.study.count()
        if count.result is None:
            yield count
        yield from text_jobs(self.study, self.parameters)
        if self._zoomed:
            yield self._overview()
        yield tile
        yield count
        if self.parameters.beside in PROFILES:
            yield PROFILES[self.parameters.beside](self.study)
        yield self.study.blocks(int(self.parameters.hardware_block))
        yield from file_jobs(self.study, self.parameters)

    @property
    def presentable(self) -> bool:
        """Whether there is a matrix to look at."""
        return self._tile().result is not None

    @property
    def _zoomed(self) -> bool:
        low_q, high_q, low_k, high_k = self.parameters.view
        return (high_q - low_q) * (high_k - low_k) < 0.8

    @property
    def _seen(self) -> Viewport:
        return self._blocks_seen or viewport(self.parameters, self.study.n)

    @property
    def _size(self) -> int:
        return min(int(self.parameters.hardware_block), self.study.n)

    @property
    def _blocks_seen(self) -> Viewport | None:
        """What is seen in blocks, where that is asked for and can be shown."""
        parameters, pattern = self.parameters, self.study.pattern
        if parameters.shading != "blocks" or parameters.against != "none":
            return None
        found = in_blocks(viewport(parameters, self.study.n), self._size, self.study.n)
        return found if found is not None and exact_soon(pattern, found) else None

    def _tile(self) -> Job[Any]:
        """One tile, or blocks, or three tiles for a difference: both, only here, only there."""
        seen, study, size = self._seen, self.study, self._size
        if self.parameters.against != "none":
            return study.jobs.get("difference", seen, self._compared)
        if self._blocks_seen is not None:
            return study.jobs.get(
                "blocks", (seen, size), lambda: block_steps(study.pattern, seen, size)
            )
        return study.jobs.get("tile", seen, lambda: tile_steps(study.pattern, seen))

    def _compared(self) -> Iterator[Compared | None]:
        seen, parts = self._seen, self.study.compared
        first: list[Tile] = []
        for part in parts:
            yield None
            first.append(next(tile_steps(part, seen)))
        yield first[0], first[1], first[2]
        for place, part in enumerate(parts):
            for tile in tile_steps(part, seen):
                first[place] = tile
                yield first[0], first[1], first[2]

    def _overview(self) -> Job[HeatMap]:
        """The whole pattern for the mini-map."""
        study, shading = self.study, self.parameters.shading
        shading = "log" if shading == "blocks" else shading
        side = min(OVERVIEW_PIXELS, study.n)
        whole = Viewport(0, study.n, 0, study.n, side, side)

        def steps() -> Iterator[HeatMap]:
            tile = next(tile_steps(study.pattern, whole))
            yield replace(heat_map(tile, whole, shading), bar=False)

        return study.jobs.get("overview", shading, steps)

    def frame(self) -> Frame:
        """Return the picture of what is known."""
        study, parameters = self.study, self.parameters
        tile = self._tile().result
        size = int(parameters.hardware_block)
        blocks = study.blocks(size).result
        count = study.count().result
        name = PATTERNS[parameters.pattern]
        panels = [
            matrix_panel(parameters, study.n, self._maps(tile), self._title(name), Cell(0, 0, 2)),
            self._beside(Cell(0, 1)),
        ]
        overview = self._overview().result if self._zoomed else None
        panels.append(
            mini_map(overview, parameters, study.n, Cell(1, 1)) if overview is not None
            else self.kept(
                "cost", (count, blocks, size),
                lambda: cost_panel(name, study.n, count, blocks, size, Cell(1, 1)),
            )
        )  # fmt: skip
        return Frame(
            figure=Figure(panels=tuple(panels), widths=(2.0, 1.0)),
            readouts=tuple(self._readouts(tile)),
            notices=(*notices(study, parameters), *self._tile_notices(tile)),
            actions=actions(study, parameters, self.save()),
            tables=tables_job(study).result or {},
            files=files(study, parameters),
        )

    def _beside(self, cell: Cell) -> Panel:
        """The keys of the query, or a profile of the whole pattern."""
        study, parameters = self.study, self.parameters
        beside, n = parameters.beside, study.n
        if beside == "row":
            row = study.row(parameters.query).result
            return self.kept("row", row, lambda: row_panel(row, n, cell))
        found = PROFILES[beside](study).result
        if beside == "distances":
            return self.kept("distances", found, lambda: distances_panel(found, n, cell))
        query = beside == "queries"
        token = min(parameters.query if query else parameters.key, n - 1)
        return self.kept(
            "counts", (query, token, found),
            lambda: counts_panel("query" if query else "key", found, token, n, cell),
        )  # fmt: skip

    def _maps(self, tile: Any) -> list[Item]:
        """The colours, made once for each tile."""
        if tile is None:
            return []
        seen, shading, size = self._seen, self.parameters.shading, self._size

        def made() -> list[Item]:
            if isinstance(tile, Tile):
                return [heat_map(tile, seen, "any" if shading == "blocks" else shading)]
            if isinstance(tile, BlockMap):
                return [block_map(tile, seen, size)]
            both, here, there = tile
            return difference_maps(both, here, there, seen)

        return self.kept("colours", (tile, seen, shading), made)

    def _title(self, name: str) -> str:
        count = self.study.count().result
        if self.parameters.against != "none":
            return f"{name}: grey in both, red only here, blue only there"
        if count is None:
            return name
        mean = count.nnz / self.study.n
        keys = f"{mean:,.0f}" if mean >= 10 else f"{mean:.2g}"
        about = "" if count.exact else "about "
        return f"{name}: a query sees {about}{keys} of {self.study.n:,} keys on average"

    def _readouts(self, tile: Any) -> list[Readout]:
        study, parameters = self.study, self.parameters
        q, k = min(parameters.query, study.n - 1), min(parameters.key, study.n - 1)
        seen = "seen" if bool(study.pattern.mask(q, k)) else "not seen"
        found = [
            Readout(
                "pair",
                f"{q:,} → {k:,}",
                seen,
                help=f"Whether query {q:,} sees key {k:,}; distance q − k = {q - k:,}.",
            )
        ]
        row = study.row(parameters.query).result
        if row is not None:
            found.append(
                Readout("row_keys", "Its keys", row.words, help="First and last of this query.")
            )
        found += [*readouts(study), *window_readouts(study, parameters)]
        blocks = study.blocks(int(parameters.hardware_block)).result
        if blocks is not None:
            found.append(
                Readout("waste", f"Waste in blocks of {blocks.size}", blocks.waste, "×",
                        help="(partial + full blocks) · block² / nnz: what a block-sparse kernel "
                        "computes for every pair that is needed.")
            )  # fmt: skip
        return found

    def _tile_notices(self, tile: Any) -> list[Notice]:
        if isinstance(tile, tuple):
            tile = next((one for one in tile if not one.exact), tile[0])
        if self.parameters.shading == "blocks" and isinstance(tile, Tile):
            return [Notice(f"Zoom in to at most {MOST_BLOCKS_SHOWN} blocks a side to see them.")]
        if not isinstance(tile, Tile) or tile.exact:
            return []
        many = f"{tile.samples} sample{'s' if tile.samples > 1 else ''}"
        how = f"{many} a pixel" if tile.samples else "up to 16 sampled rows a pixel"
        done = f"; {share_words(tile.done)} is exact" if tile.done > 0 else ""
        return [Notice(f"The picture is drawn from {how}{done}. Zoom in to see every pair.")]
