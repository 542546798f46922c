"""The heads page: what all heads of a model do with one text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Any

import numpy as np

from zoetrope.core.attention.heads.concentration import SHARES, TOPS, HeadStats
from zoetrope.core.attention.heads.heads_choices import FAMILIES
from zoetrope.core.attention.heads.heads_view import measure_panel, mosaic_panel
from zoetrope.core.attention.heads.model_page import ModelPage
from zoetrope.core.attention.runs import Floats
from zoetrope.core.figure import Cell, Figure
from zoetrope.core.lab import Action, Frame, Readout
from zoetrope.core.long_work import Job

OF_PATTERNS = ("mass", "error")


class HeadsPage(ModelPage):
    """The grid of heads."""

    def parts(self) -> Iterator[Job[Any]]:
        """Yield the pictures, the numbers, and the tolerances where they are asked for."""
        yield self.heads.mosaic()
        yield self.heads.measured()
        if self.parameters.measure in OF_PATTERNS:
            yield self.heads.at_budget()
            yield self.heads.tolerances()

    def picture(self) -> Frame:
        """Return the grid of what is known."""
        heads, measure = self.heads, self.parameters.measure
        capture, number = heads.found, heads.number
        sizes = (capture.layers, capture.heads)
        values = self._values()
        return Frame(
            figure=Figure(
                panels=(
                    mosaic_panel(heads.mosaic().result, *sizes, number, Cell(0, 0)),
                    measure_panel(values, measure, *sizes, number, Cell(0, 1)),
                ),
                widths=(1.5, 1.0),
            ),
            readouts=tuple(self._readouts()),
            notices=tuple(self.notices()),
            actions=(
                Action("open_head", "Open this head", "Its weights, and where each word looks.",
                       change={"page": "head"}),
                Action("open_tolerance", "What would it tolerate?",
                       "Every pattern on every head, at the same budget.",
                       change={"page": "tolerance"}),
            ),
            tables=_tables(heads.measured().result, capture.heads),
        )  # fmt: skip

    def _values(self) -> Floats | None:
        heads, measure = self.heads, self.parameters.measure
        capture = heads.found
        rows: Sequence[object] | None = heads.measured().result
        if measure in OF_PATTERNS:
            found = heads.tolerances().result if heads.at_budget().result else None
            rows = None if found is None else found.of.get(heads.family())
        if rows is None or len(rows) < capture.layers * capture.heads:
            return None
        flat = np.array([getattr(one, measure) for one in rows], dtype=np.float64)
        return flat.reshape(capture.layers, capture.heads)

    def _readouts(self) -> Iterator[Readout]:
        yield self.head_readout()
        stats = self.heads.measured().result
        if stats is None:
            return
        mine = stats[self.heads.number]
        yield Readout(
            "support",
            "Effective keys",
            mine.support,
            "keys",
            help="exp of the entropy of each query’s weights, the mean over queries.",
        )
        yield Readout(
            "keys_90",
            "Keys for 90 %",
            mine.keys_90,
            help="How many of the heaviest keys hold 90 % of the mass, the mean over queries.",
        )
        yield Readout(
            "distance",
            "Distance",
            mine.distance,
            "tokens",
            help="Σ weight × |q − k|, the mean over queries.",
        )
        yield Readout(
            "mean_support",
            "Of all heads",
            float(np.mean([one.support for one in stats])),
            "keys",
            help="Effective keys, the mean over the heads of the model.",
        )
        yield Readout(
            "first",
            "On the first token",
            float(np.mean([one.first for one in stats])),
            help="The share of the mass on the first token, the mean over all heads: a sink.",
        )
        if self.parameters.measure in OF_PATTERNS:
            yield Readout("family", "Restricted to", FAMILIES[self.heads.family()])


def _tables(stats: tuple[HeadStats, ...] | None, heads: int) -> dict[str, Any]:
    """Return every measure of every head as a column."""
    if stats is None:
        return {}
    numbers = np.arange(len(stats))
    found: dict[str, Any] = {"layer": numbers // heads, "head": numbers % heads}
    for field in fields(HeadStats):
        values = np.array([getattr(one, field.name) for one in stats], dtype=np.float64)
        if values.ndim == 1:
            found[field.name] = values
            continue
        units = SHARES if field.name == "keys" else TOPS
        for unit, column in zip(units, values.T, strict=True):
            found[f"keys_{100 * unit:.0f}" if field.name == "keys" else f"top_{unit}"] = column
    return found
