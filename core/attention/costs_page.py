"""The costs page: work over length, the key-value cache, whole blocks, memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from zoetrope.core.attention import cache
from zoetrope.core.attention.cost_model import BLOCK_SIZES, FORMULAS, Cost, cost
from zoetrope.core.attention.costs_view import (
    cache_panel,
    memory_panel,
    waste_panel,
    work_panel,
)
from zoetrope.core.attention.growth import Growth, growth_steps
from zoetrope.core.attention.lab_choices import PATTERNS
from zoetrope.core.attention.lab_exports import copies, files
from zoetrope.core.attention.lab_notices import notices, readouts
from zoetrope.core.attention.lab_page import Page
from zoetrope.core.attention.lab_words import bytes_words, count_words
from zoetrope.core.attention.runs import Floats
from zoetrope.core.attention.scores import alibi_slopes, effective_window
from zoetrope.core.figure import Cell, Figure
from zoetrope.core.lab import Frame, Notice, Readout
from zoetrope.core.long_work import Job

MOST_CACHED = 1 << 20  # tokens whose cache is followed
CACHE_STEPS = 64


class CostsPage(Page):
    """What the pattern costs, and how that grows."""

    def jobs(self) -> Iterator[Job[Any]]:
        """Yield the count, then the curves, then blocks from the largest on."""
        yield self.study.count()
        yield self._growth()
        yield self._cache()
        for size in reversed(BLOCK_SIZES):
            yield self.study.blocks(size)

    @property
    def presentable(self) -> bool:
        """Whether the pairs are counted."""
        return self.study.count().result is not None

    def _growth(self) -> Job[Growth]:
        return self.study.jobs.get(
            "growth", None, lambda: growth_steps(self.parameters, self.study.n)
        )

    def _cache(self) -> Job[tuple[Floats, Floats]]:
        return self.study.jobs.get("cache", None, self._cache_steps)

    def _cache_steps(self) -> Iterator[tuple[Floats, Floats] | None]:
        study = self.study
        if study.n > MOST_CACHED or not study.affordable:
            return
        most = CACHE_STEPS if study.n <= 1 << 17 else CACHE_STEPS // 4
        steps = np.unique(np.linspace(0, study.n - 1, min(most, study.n)).astype(np.int64))
        for kept in cache.curve_steps(study.pattern, steps.tolist()):
            yield None if kept is None else (steps.astype(float), np.array(kept, dtype=float))

    def _layer(self) -> Cost | None:
        counted, p = self.study.counted(), self.parameters
        if counted is None:
            return None
        return cost(counted, p.d_head, p.heads, p.batch, p.dtype)

    def frame(self) -> Frame:
        """Return the picture of what is known."""
        study, parameters = self.study, self.parameters
        n, count, layer = study.n, study.count().result, self._layer()
        per_pair = 4 * parameters.d_head * parameters.heads * parameters.batch
        steps, kept = self._cache().result or (None, None)
        wasted = {size: study.blocks(size).result for size in BLOCK_SIZES}
        chosen = int(parameters.hardware_block)
        return Frame(
            figure=Figure(
                panels=(
                    work_panel(PATTERNS[parameters.pattern], n, self._growth().result, per_pair,
                               count.nnz if count else None, Cell(0, 0)),
                    cache_panel(n, steps, kept, Cell(0, 1)),
                    waste_panel(wasted, chosen, Cell(1, 0)),
                    memory_panel(layer, parameters.dtype, Cell(1, 1)),
                ),
            ),
            readouts=tuple(self._readouts(layer)),
            notices=(*notices(study, parameters), *self._more_notices()),
            actions=copies(study, parameters, ("latex",)),
            tables=self._tables(),
            files=files(study, parameters),
        )  # fmt: skip

    def _readouts(self, layer: Cost | None) -> list[Readout]:
        found = readouts(self.study)
        if layer is not None:
            found += [
                Readout("flops", "Forward products", count_words(layer.matmul_flops), "FLOP",
                        help=FORMULAS["matmul_flops"]),
                Readout("backward", "Backward", count_words(layer.backward_flops), "FLOP",
                        help=FORMULAS["backward_flops"]),
                Readout("stream", "Read and written", bytes_words(layer.stream_bytes),
                        help=FORMULAS["stream_bytes"]),
            ]  # fmt: skip
        if self.parameters.score == "alibi":
            windows = [effective_window(slope) for slope in alibi_slopes(self.parameters.heads)]
            found.append(
                Readout("alibi", "ALiBi’s windows", f"{windows[0]:.0f} … {windows[-1]:.0f}",
                        "tokens", help="Of the first and the last head: where the score has lost "
                        "ln 1000, so that a weight is a thousandth of what it was.")
            )  # fmt: skip
        kept = self._cache().result
        if kept is not None:
            found.append(
                Readout("cache", "Cache at most", int(kept[1].max()), "keys",
                        help="Keys k ≤ t that some query from step t on still sees; the most over "
                        "all steps looked at.")
            )  # fmt: skip
        return found

    def _more_notices(self) -> Iterator[Notice]:
        n = self.study.n
        if n > MOST_CACHED or not self.study.affordable:
            yield Notice("The cache is not followed here: choose fewer tokens.")
        uncounted = [s for s in BLOCK_SIZES if not self.study.countable_blocks(s) and s <= n]
        if uncounted:
            sizes = ", ".join(str(size) for size in uncounted)
            yield Notice(f"Blocks of {sizes} are too many to count with {n:,} tokens.")

    def _tables(self) -> dict[str, Any]:
        growth, kept = self._growth().result, self._cache().result
        found: dict[str, Any] = {}
        if growth is not None:
            found |= {"tokens": growth.n, "pairs": growth.nnz}
        if kept is not None:
            found |= {"step": kept[0], "keys_kept": kept[1]}
        return found
