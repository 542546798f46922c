"""Where the panels of a figure stand on the canvas."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PyQt6.QtCore import QRectF

from zoetrope.core import render_grid as paper
from zoetrope.core.figure import Figure, Panel

_EDGE = 14.0  # pixels around the figure
_GAP = 26.0  # pixels between panels


@dataclass(frozen=True, slots=True)
class Margins:
    """The room that a panel's words need around its axes, in pixels."""

    left: float = 0.0
    top: float = 0.0
    right: float = 0.0
    bottom: float = 0.0


def cells(figure: Figure, width: float, height: float) -> dict[str, QRectF]:
    """Return each panel's part of a canvas of that size, its words included."""
    columns = max(p.cell.column + p.cell.column_span for p in figure.panels)
    rows = max(p.cell.row + p.cell.row_span for p in figure.panels)
    xs = _tracks(figure.widths, columns, width)
    ys = _tracks(figure.heights, rows, height)
    found = {}
    for panel in figure.panels:
        cell = panel.cell
        left, top = xs[cell.column][0], ys[cell.row][0]
        right = xs[cell.column + cell.column_span - 1][1]
        bottom = ys[cell.row + cell.row_span - 1][1]
        found[panel.name] = QRectF(left, top, right - left, bottom - top)
    return found


def even_cells(
    figure: Figure, margins: Mapping[str, Margins], width: float, height: float
) -> dict[str, QRectF]:
    """Return the parts of a canvas in which the axes of panels are as large as in a file: in the
    shares of the figure, whatever room their words need.
    """
    words = {
        name: paper.Margins(each.left, each.right, each.bottom, each.top)
        for name, each in margins.items()
    }
    frames = paper.Grid.of(figure, figure.panels).frames(words, width, height, _EDGE)
    return {
        name: QRectF(frame.x, height - frame.y - frame.height, frame.width, frame.height).adjusted(
            -each.left, -each.top, each.right, each.bottom
        )
        for name, frame in frames.items()
        for each in (margins[name],)
    }


def shared_margins(figure: Figure, panel: Panel, margins: Mapping[str, Margins]) -> Margins:
    """Return the margins of a panel, as wide as its neighbours in row and column need them.

    So the axes of a column begin, and those of a row stand, on one line.
    """

    def most(side: str, place: Callable[[Panel], int]) -> float:
        alike = [p.name for p in figure.panels if place(p) == place(panel)]
        return max(float(getattr(margins[name], side)) for name in alike)

    if not (panel.x.visible or panel.y.visible):
        top = most("top", lambda p: p.cell.row) if panel.title else 0.0
        return Margins(0.0, top, margins[panel.name].right, 0.0)
    return Margins(
        most("left", lambda p: p.cell.column),
        most("top", lambda p: p.cell.row),
        most("right", lambda p: p.cell.column + p.cell.column_span),
        most("bottom", lambda p: p.cell.row + p.cell.row_span),
    )


def _tracks(shares: tuple[float, ...], count: int, size: float) -> list[tuple[float, float]]:
    """Return where each column or row begins and ends; one without a share has 1."""
    weights = [*shares[:count], *[1.0] * (count - len(shares))]
    room = max(size - 2 * _EDGE - _GAP * (count - 1), 10.0 * count)
    at, tracks = _EDGE, []
    for weight in weights:
        length = room * weight / sum(weights)
        tracks.append((at, at + length))
        at += length + _GAP
    return tracks
