"""The graph page: pairs as lines, and the shortest chain from a query to a key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from zoetrope.core.attention.graph_view import layers_panel, two_rows
from zoetrope.core.attention.lab_notices import notices
from zoetrope.core.attention.lab_page import Page
from zoetrope.core.attention.lab_reach import affordable_layers
from zoetrope.core.attention.receptive_field import path_steps
from zoetrope.core.figure import Cell, Figure
from zoetrope.core.lab import Frame, Notice, Readout
from zoetrope.core.long_work import Job

MOST_TOKENS = 1 << 20
MOST_LISTED = 1 << 18  # whose rows are listed key by key at once


class GraphPage(Page):
    """Two rows of tokens, and layers."""

    @property
    def _pair(self) -> tuple[int, int]:
        last = self.study.n - 1
        return min(self.parameters.query, last), min(self.parameters.key, last)

    @property
    def _followed(self) -> bool:
        """Whether chains can be sought at this length."""
        schedule = self.study.schedule
        plain = all(pattern.structure.plain for pattern in schedule)
        most = MOST_TOKENS if plain else MOST_LISTED
        return self.study.n <= most and affordable_layers(schedule, 1) > 0

    @property
    def _layers(self) -> int:
        return affordable_layers(self.study.schedule, self.parameters.layers)

    def jobs(self) -> Iterator[Job[Any]]:
        """Yield the chain."""
        if self._followed:
            yield self._chain()

    @property
    def presentable(self) -> bool:
        """Whether the chain is known."""
        return not self._followed or self._chain().result is not None

    def _chain(self) -> Job[list[int]]:
        (q, k), layers = self._pair, self._layers
        schedule = self.study.schedule

        def steps() -> Iterator[list[int] | None]:
            yield from path_steps(schedule, q, k, layers)

        return self.study.jobs.get("chain", (q, k, layers), steps)

    def _window(self) -> tuple[int, int]:
        """The tokens drawn: about the pair where both fit, else about the query."""
        (q, k), n = self._pair, self.study.n
        wide = min(self.parameters.span, n)
        middle = (q + k) // 2 if abs(q - k) < wide else q
        first = min(max(middle - wide // 2, 0), n - wide)
        return first, first + wide

    def frame(self) -> Frame:
        """Return the picture of what is known."""
        study, (q, k) = self.study, self._pair
        seen = self._window()
        panels = [
            self.kept("rows", (q, k, seen), lambda: two_rows(study.pattern, q, k, seen, Cell(0, 0)))
        ]
        said = list(notices(study, self.parameters))
        chain = None
        if self._followed:
            chain = self._chain().result
            panels.append(layers_panel(study.schedule, q, k, self._layers, chain, Cell(1, 0)))
        else:
            said.append(
                Notice(f"Chains through layers are sought up to {MOST_TOKENS:,} tokens, and fewer "
                       "for patterns without a short form: choose a smaller n.", "warning", "n")
            )  # fmt: skip
        return Frame(
            figure=Figure(panels=tuple(panels)),
            readouts=self._readouts(chain),
            notices=tuple(said),
            tables={"chain": np.array(chain)} if chain else {},
        )

    def _readouts(self, chain: list[int] | None) -> tuple[Readout, ...]:
        q, k = self._pair
        seen = "seen" if bool(self.study.pattern.mask(q, k)) else "not seen"
        found = [Readout("pair", f"{q:,} → {k:,}", seen, help="Query → key.")]
        if chain is not None:
            words = " → ".join(f"{token:,}" for token in chain[:8])
            words += " → …" if len(chain) > 8 else ""
            found += [
                Readout("hops", "Layers needed", len(chain) - 1 if chain else "more"),
                Readout("chain", "Shortest chain", words or "none", help="There may be others."),
            ]
        return tuple(found)
