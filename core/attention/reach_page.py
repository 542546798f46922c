"""The reach page: what one query can see through layers, and what really gets through."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from zoetrope.core.attention.depth_search import depth_steps
from zoetrope.core.attention.lab_notices import notices
from zoetrope.core.attention.lab_page import Page
from zoetrope.core.attention.lab_reach import (
    MOST_TOKENS,
    SHARES,
    Influence,
    Reach,
    affordable_layers,
    influence_of,
    reach_of,
)
from zoetrope.core.attention.reach_view import field_panel, spread_panel
from zoetrope.core.figure import Cell, Figure
from zoetrope.core.lab import Frame, Notice, Readout
from zoetrope.core.long_work import Job

DEEPEST_TOKENS = 512  # up to which the depth of all pairs is asked
MOST_DEPTH = 64


class ReachPage(Page):
    """Reach and influence of one query."""

    @property
    def _q(self) -> int:
        return min(self.parameters.query, self.study.n - 1)

    @property
    def _layers(self) -> int:
        return affordable_layers(self.study.schedule, self.parameters.layers)

    def jobs(self) -> Iterator[Job[Any]]:
        """Yield the reach, whose ends place the influence, then the depth."""
        if self._layers:
            yield self._reach()
            yield self._influence()
        yield self.study.count()
        if self.study.n <= DEEPEST_TOKENS:
            yield self._depth()

    @property
    def presentable(self) -> bool:
        """Whether the first layers are known."""
        return not self._layers or self._influence().result is not None

    def _reach(self) -> Job[Reach]:
        q, layers, schedule = self._q, self._layers, self.study.schedule
        return self.study.jobs.get("reach", (q, layers), lambda: reach_of(schedule, q, layers))

    def _influence(self) -> Job[Influence]:
        q, layers, alpha = self._q, self._layers, self.parameters.alpha

        def steps() -> Iterator[Influence | None]:
            yield from influence_of(self.study.schedule, q, layers, alpha, self._seen())

        return self.study.jobs.get("influence", (q, layers, alpha), steps)

    def _depth(self) -> Job[tuple[int | None]]:
        """The layers that connect all pairs, in a tuple: None is an answer too."""

        def steps() -> Iterator[tuple[int | None] | None]:
            last: int | None = None
            for found in depth_steps(self.study.schedule, MOST_DEPTH):
                last = found
                yield None
            yield (last,)

        return self.study.jobs.get("depth", None, steps)

    def _seen(self) -> tuple[int, int]:
        """The tokens drawn: those reached, and some room."""
        reach, n = self._reach().result, self.study.n
        if reach is None:
            return 0, n
        first, last = int(reach.first[-1]), int(reach.last[-1])
        room = max(4, (last - first) // 20)
        return max(first - room, 0), min(last + room + 1, n)

    def frame(self) -> Frame:
        """Return the picture of what is known."""
        study, parameters = self.study, self.parameters
        reach = self._reach().result if self._layers else None
        influence = self._influence().result if self._layers else None
        q, n = self._q, study.n
        return Frame(
            figure=Figure(
                panels=(
                    field_panel(q, n, self._seen() if self._layers else (0, n), reach, influence,
                                Cell(0, 0)),
                    spread_panel(parameters.alpha, reach, influence, q, n, Cell(0, 1)),
                ),
                widths=(1.35, 1.0),
            ),
            readouts=tuple(self._readouts(reach, influence)),
            notices=(*notices(study, parameters), *self._more_notices()),
            tables=_tables(reach, influence),
        )  # fmt: skip

    def _readouts(self, reach: Reach | None, influence: Influence | None) -> Iterator[Readout]:
        if reach is not None:
            yield Readout(
                "reached", "Tokens reached", int(reach.count[-1]),
                help="Breadth-first through the layers; every token keeps itself.",
            )  # fmt: skip
        if influence is not None:
            for share, distance in zip(SHARES, influence.bands[:, -1], strict=True):
                yield Readout(
                    f"within_{share:g}", f"{100 * share:g} % of influence",
                    int(distance), "tokens away",
                    help="v ← αv + (1 − α)vP with P uniform over each query’s keys.",
                )  # fmt: skip
        depth = self._depth().result if self.study.n <= DEEPEST_TOKENS else None
        if depth is not None:
            words = depth[0] if depth[0] is not None else f"not within {MOST_DEPTH} layers"
            yield Readout(
                "depth", "Layers for all pairs", words,
                help="All pairs, or all with k ≤ q where no query sees ahead.",
            )  # fmt: skip

    def _more_notices(self) -> Iterator[Notice]:
        layers, asked = self._layers, self.parameters.layers
        if not layers:
            yield Notice(
                f"Reach is followed up to {MOST_TOKENS:,} tokens, and fewer for patterns without a "
                "short form: choose a smaller n.", "warning", "n",
            )  # fmt: skip
        elif layers < asked:
            yield Notice(
                f"At this length {layers} of {asked} layers are followed; choose fewer tokens for "
                "all.", "warning", "layers",
            )  # fmt: skip
        else:
            yield Notice(
                "A linear model: uniform attention over the mask, a fixed residual share. Real "
                "heads choose among the keys that reach allows."
            )


def _tables(reach: Reach | None, influence: Influence | None) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if reach is not None:
        found |= {"reached": reach.count, "first": reach.first, "last": reach.last}
    if influence is not None:
        for share, distances in zip(SHARES, influence.bands, strict=True):
            found[f"within_{share:g}"] = distances
    return found
