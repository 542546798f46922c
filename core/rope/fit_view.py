"""The fit page's picture: the points and the rope through them, and how well they tell it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from zoetrope.core.edits import TableEdit
from zoetrope.core.figure import Axis, Cell, Figure, Panel
from zoetrope.core.items import Array, Curve, HeatMap, Item, Region, Rule, Scatter
from zoetrope.core.number_format import decimals_of
from zoetrope.core.rope.curve_fit import CurveFit
from zoetrope.core.rope.photograph import Photograph

MARKED = TableEdit("points", also=(("points_from", "table"),))
ROUND = np.linspace(0.0, 2 * math.pi, 97)


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """The points to fit [P], their unit, what they were marked on, and the truth where known.

    `truth` is (span, L/d) of the rope that an example was made from.
    """

    x: Array
    y: Array
    unit: str
    photograph: Photograph | None = None
    truth: tuple[float, float] | None = None


def fit_figure(measured: Measured, fit: CurveFit | None) -> Figure:
    """Return the picture; without a fit only the points."""
    points = _points(measured, fit)
    if fit is None:
        return Figure(panels=(points,))
    panels = [points, _residuals(measured, fit)]
    if fit.errors["span"] > 0:
        panels.append(_trade(measured, fit))
    return Figure(panels=tuple(panels), widths=(1.5, 1.0))


def _points(measured: Measured, fit: CurveFit | None) -> Panel:
    items: list[Item] = []
    photograph = measured.photograph
    if photograph is not None:
        extent = (0.0, float(photograph.width), 0.0, float(photograph.height))
        items.append(
            HeatMap(key="photograph", z=photograph.darkness, extent=extent, levels=(0.0, 1.0),
                    colours="grey", bar=False, layer=-3)
        )  # fmt: skip
    if fit is not None:
        x, y = fit.curve(385)
        items += [
            Curve(key="axis", x=[fit.x0, fit.x1], y=[fit.y0, fit.y1], role="guide", dash="dash",
                  width=1.0, layer=-1),
            Curve(key="rope", label="fitted rope", x=x, y=y, role="data2", width=2.6,
                  label_at=0.62),
            Scatter(key="ends", x=[fit.x0, fit.x1], y=[fit.y0, fit.y1], role="data2", size=8.0,
                    marker="diamond", layer=1),
        ]  # fmt: skip
        if fit.outlier.any():
            out = fit.outlier
            items.append(
                Scatter(key="outliers", label="left out", x=measured.x[out], y=measured.y[out],
                        role="warn", size=11.0, marker="cross", layer=3)
            )  # fmt: skip
    items.append(
        Scatter(key="points", x=measured.x, y=measured.y, role="data1", size=6.0, edits=MARKED,
                layer=2)
    )  # fmt: skip
    title = "Mark points along the rope: double-click adds one"
    if fit is not None:
        title = f"L/d = {_with_error(fit.length_ratio, fit.errors['length_ratio'])}"
    return Panel(
        name="points",
        title=title,
        cell=Cell(0, 0, row_span=2 if fit is not None else 1),
        items=tuple(items),
        x=Axis("x", measured.unit, range=None if len(measured.x) or photograph else (0.0, 1.0)),
        y=Axis("y", measured.unit, range=None if len(measured.x) or photograph else (0.0, 1.0)),
        equal=True,
        brush=MARKED,
        summary=f"{len(measured.x)} points"
        + ("." if fit is None else f" and the rope of {fit.length_ratio:.4g} spans through them."),
    )  # fmt: skip


def _residuals(measured: Measured, fit: CurveFit) -> Panel:
    number = np.arange(1, len(fit.residual) + 1, dtype=np.float64)
    kept, out = ~fit.outlier, fit.outlier
    items: list[Item] = [
        Region(key="scatter", axis="y", low=-2 * fit.scatter, high=2 * fit.scatter, label="±2σ"),
        Rule(key="rope", axis="y", value=0.0, role="data2", dash="solid"),
        Scatter(key="points", x=number[kept], y=fit.residual[kept], role="data1", size=5.0),
    ]
    if out.any():
        items.append(
            Scatter(key="outliers", x=number[out], y=fit.residual[out], role="warn", size=9.0,
                    marker="cross")
        )  # fmt: skip
    return Panel(
        name="residuals",
        title=f"Scatter σ = {fit.scatter:.3g} {measured.unit}".rstrip(),
        cell=Cell(0, 1),
        items=tuple(items),
        x=Axis("Point"),
        y=Axis("Off the rope", measured.unit),
        summary=f"Normal distances of the points, {fit.scatter:.3g} on average; "
        f"{int(out.sum())} were left out.",
    )


def _trade(measured: Measured, fit: CurveFit) -> Panel:
    """Which spans and lengths the points allow together: one and two standard errors."""
    by = np.zeros((2, 5))
    by[0, 2], by[1, 4] = 1.0, fit.slack
    both = by @ fit.covariance @ by.T
    more = "more" if both[0, 1] > 0 else "less"
    values, vectors = np.linalg.eigh(both)
    # of one standard deviation; it takes 1.51 and 2.45 of them to hold 68 and 95 % in a plane
    circle = vectors * np.sqrt(np.maximum(values, 0.0)) @ np.array([np.cos(ROUND), np.sin(ROUND)])
    items: list[Item] = [
        Curve(key=f"{share}", label=f"{share} %", x=fit.span + size * circle[0],
              y=fit.length_ratio + size * circle[1], role="data2", width=1.6,
              dash="solid" if share == 68 else "dash", label_at=0.12)
        for share, size in ((68, 1.5096), (95, 2.4477))
    ]  # fmt: skip
    items.append(Scatter(key="best", x=[fit.span], y=[fit.length_ratio], role="data2", size=7.0))
    if measured.truth is not None:
        items.append(
            Scatter(key="truth", label="truth", x=[measured.truth[0]], y=[measured.truth[1]],
                    role="text", size=9.0, marker="cross", layer=1)
        )  # fmt: skip
    return Panel(
        name="trade",
        title=f"A wider span with {more} slack fits almost as well",
        cell=Cell(1, 1),
        items=tuple(items),
        x=Axis("Span", measured.unit),
        y=Axis("Length ÷ span"),
        summary="The ellipses in which span and length lie with 68 and 95 per cent confidence.",
    )


def _with_error(value: float, error: float) -> str:
    """`value` ± `error`, both to the second digit of the error."""
    if not 0 < error < 1e6 * abs(value):
        return f"{value:.6g}"
    digits = min(decimals_of(error), 12)
    return f"{value:.{digits}f} ± {error:.{digits}f}"
