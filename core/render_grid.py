"""Where panels stand in a picture: arithmetic only, no drawing library.

A panel is a frame, in which things are drawn, and margins round it for its words. Frames share
what the margins leave in the figure's own proportions, and their edges are in line.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from zoetrope.core.figure import Cell, Figure, Panel, reading_order
from zoetrope.core.label_layout import Box

TALLEST = 1.5  # how much higher than the lowest panel a panel of a stack may be


@dataclass(frozen=True, slots=True)
class Margins:
    """How far words reach beyond a frame, in whatever unit the picture is measured in."""

    left: float = 0.0
    right: float = 0.0
    bottom: float = 0.0
    top: float = 0.0


@dataclass(frozen=True, slots=True)
class Grid:
    """The rows and columns that some panels need, with their relative sizes."""

    cells: Mapping[str, Cell]
    widths: tuple[float, ...]
    heights: tuple[float, ...]

    @classmethod
    def of(cls, figure: Figure, panels: Sequence[Panel], *, stacked: bool = False) -> Grid:
        """Return the grid of panels of a figure; `stacked` puts one below the other."""
        if stacked:
            ordered = reading_order(panels)
            heights = [
                sum(_size(figure.heights, p.cell.row + i) for i in range(p.cell.row_span))
                for p in ordered
            ]
            cells = {panel.name: Cell(row, 0) for row, panel in enumerate(ordered)}
            return cls(cells, (1.0,), tuple(min(h, TALLEST * min(heights)) for h in heights))
        chosen = [panel.cell for panel in panels]
        rows = sorted({c.row + i for c in chosen for i in range(c.row_span)})
        columns = sorted({c.column + i for c in chosen for i in range(c.column_span)})
        cells = {
            panel.name: replace(
                panel.cell, row=rows.index(panel.cell.row), column=columns.index(panel.cell.column)
            )
            for panel in panels
        }
        return cls(
            cells,
            tuple(_size(figure.widths, column) for column in columns),
            tuple(_size(figure.heights, row) for row in rows),
        )

    def frames(
        self, margins: Mapping[str, Margins], width: float, height: float, gap: float
    ) -> dict[str, Box]:
        """Return each panel's frame in a picture of this size; without room sizes are negative.

        `gap` is left at the picture's edges and between the margins of neighbours.
        """
        across, upright = self._tracks(margins, gap)
        xs, ys = across.spans(width), upright.spans(height)
        return {
            name: Box(
                xs[name][0],
                height - ys[name][1],
                xs[name][1] - xs[name][0],
                ys[name][1] - ys[name][0],
            )
            for name in self.cells
        }

    def needs(
        self, margins: Mapping[str, Margins], least: Mapping[str, tuple[float, float]], gap: float
    ) -> tuple[float, float]:
        """Return the least size of a picture whose frames are as large as `least` says of each."""
        across, upright = self._tracks(margins, gap)
        widths = {name: size[0] for name, size in least.items()}
        return across.needs(widths), upright.needs({name: s[1] for name, s in least.items()})

    def _tracks(self, margins: Mapping[str, Margins], gap: float) -> tuple[_Tracks, _Tracks]:
        cells = self.cells
        across = _Tracks.of(
            {name: (c.column, c.column_span) for name, c in cells.items()},
            {name: (m.left, m.right) for name, m in margins.items()},
            self.widths,
            gap,
        )
        upright = _Tracks.of(
            {name: (c.row, c.row_span) for name, c in cells.items()},
            {name: (m.top, m.bottom) for name, m in margins.items()},
            self.heights,
            gap,
        )
        return across, upright


@dataclass(frozen=True, slots=True)
class _Tracks:
    """The columns from the left, or the rows from the top."""

    places: Mapping[str, tuple[int, int]]  # the first and the last track of each panel
    before: tuple[float, ...]  # what each track keeps free before its frames
    after: tuple[float, ...]
    ratios: tuple[float, ...]

    @classmethod
    def of(
        cls,
        spans: Mapping[str, tuple[int, int]],
        margins: Mapping[str, tuple[float, float]],
        ratios: tuple[float, ...],
        gap: float,
    ) -> _Tracks:
        places = {name: (first, first + count - 1) for name, (first, count) in spans.items()}
        before, after = [0.0] * len(ratios), [0.0] * len(ratios)
        for name, (first, last) in places.items():
            before[first] = max(before[first], margins[name][0])
            after[last] = max(after[last], margins[name][1])
        before = [size + gap for size in before]
        after[-1] += gap
        return cls(places, tuple(before), tuple(after), ratios)

    def spans(self, total: float) -> dict[str, tuple[float, float]]:
        """Return where the frame of each panel begins and ends."""
        unit = (total - sum(self.before) - sum(self.after)) / sum(self.ratios)
        starts, ends, place = [], [], 0.0
        for before, after, ratio in zip(self.before, self.after, self.ratios, strict=True):
            starts.append(place + before)
            ends.append(starts[-1] + ratio * unit)
            place = ends[-1] + after
        return {name: (starts[first], ends[last]) for name, (first, last) in self.places.items()}

    def needs(self, least: Mapping[str, float]) -> float:
        """Return the total at which every frame is as large as `least` says."""
        unit = 0.0
        for name, (first, last) in self.places.items():
            between = sum(self.before[first + 1 : last + 1]) + sum(self.after[first:last])
            unit = max(unit, (least[name] - between) / sum(self.ratios[first : last + 1]))
        return sum(self.before) + sum(self.after) + unit * sum(self.ratios)


def _size(sizes: Sequence[float], place: int) -> float:
    return sizes[place] if place < len(sizes) else 1.0
