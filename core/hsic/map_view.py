"""The map over both widths: p, HSIC or CKA at every pair, and where the person stands in it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from zoetrope.core.edits import Edit
from zoetrope.core.figure import Axis, Cell, Panel
from zoetrope.core.hsic.contours import level_line
from zoetrope.core.hsic.lab_choices import LAYERS
from zoetrope.core.hsic.lab_parameters import HsicParameters
from zoetrope.core.hsic.lab_words import p_number, short
from zoetrope.core.items import ColourMap, Curve, Handle, HeatMap, Item, Label, Rule, Scatter

if TYPE_CHECKING:
    from zoetrope.core.hsic.lab_study import Study
    from zoetrope.core.hsic.results import WidthGrid

CLOUDY = 0.9  # biased CKA from here on says that K is nearly the identity, whatever the data
BIASED = 0.5  # share of HSIC_b that HSIC_u must keep for biased CKA to say something
OF_P = ("p_moment", "p_permutation")  # layers of p
CONTOURS = ((0.05, "p = .05", "dash"), (0.01, "p = .01", "solid"))


def map_panel(
    study: Study, parameters: HsicParameters, grid: WidthGrid | None, cell: Cell
) -> Panel:
    """Return the panel for whatever part of the map is known."""
    widthless = [math.isnan(unit) for unit in study.units]
    if all(widthless):
        return _nothing(cell)
    if any(widthless):
        return _profile(study, parameters, grid, cell, widthless.index(False))
    factors = parameters.factors
    items: list[Item] = []
    if grid is not None:
        items += _layer(grid, study, parameters)
        items += _contours(grid, study)
    items += _diagonal(study)
    items.append(Scatter(key="medians", x=[1.0], y=[1.0], role="data2", marker="cross", size=9.0,
                         layer=2))  # fmt: skip
    if max(abs(math.log(factor)) for factor in factors) > 0.5:
        items.append(Label(key="medians words", label="medians", x=1.0, y=1 / 1.35, role="data2",
                           anchor="top", layer=5))  # fmt: skip
    if grid is not None and grid.best is not None and grid.p_moment is not None:
        items += _best(grid, study)
    items.append(
        Scatter(key="here", x=[factors[0]], y=[factors[1]], role="accent", size=9.0, layer=4)
    )
    items.append(
        Label(key="here words", label="your widths", x=factors[0], y=factors[1] / 1.35,
              role="accent", anchor="top", layer=5)
    )  # fmt: skip
    linked = parameters.linked_widths
    items.append(
        Handle(
            key="widths", label="Drag: both widths", x=factors[0], y=factors[1],
            x_edit=Edit("width_x"), y_edit=None if linked else Edit("width_y"),
        )
    )  # fmt: skip
    cells_x, cells_y = study.factors
    reach = [_reach(c, f) for c, f in zip((cells_x, cells_y), factors, strict=True)]
    rule = _rule_word(parameters)
    return Panel(
        name="map",
        title=_title(grid, study, parameters),
        cell=cell,
        items=tuple(items),
        x=Axis(
            f"Width of {study.data.name_x}, × {rule} {short(study.units[0])}",
            log=True,
            range=reach[0],
        ),
        y=Axis(
            f"Width of {study.data.name_y}, × {rule} {short(study.units[1])}",
            log=True,
            range=reach[1],
        ),
        grid=False,
        pick_x=Edit("width_x"),
        pick_y=None if linked else Edit("width_y"),
        summary=_summary(grid, study),
    )


def _diagonal(study: Study) -> list[Item]:
    """Where both widths are the same multiple: all that one slider could reach."""
    ends = np.array([study.factors[0][0], study.factors[0][-1]])
    return [
        Curve(key="diagonal", label="one width for both", x=ends, y=ends, role="guide",
              width=1.2, dash="dot", layer=1, label_at=0.12)
    ]  # fmt: skip


def _rule_word(parameters: HsicParameters) -> str:
    return {
        "median": "median",
        "positive": "positive median",
        "gretton": "median÷√2",
        "std": "standard deviation",
        "scott": "Scott's",
        "silverman": "Silverman's",
        "mean": "mean distance",
        "dhsic": "dHSIC's",
        "kci": "KCI's",
        "lasso": "pyHSICLasso's",
    }[parameters.width_rule]


def _reach(cells: Any, factor: float) -> tuple[float, float]:
    """The range of an axis: the map's, widened to where the person stands."""
    half = math.sqrt(cells[1] / cells[0])
    return min(cells[0] / half, factor / 1.3), max(cells[-1] * half, factor * 1.3)


def in_units(grid: WidthGrid, study: Study) -> tuple[Any, Any]:
    """The widths of a map's cells in multiples of the rule's."""
    return grid.widths_x / study.units[0], grid.widths_y / study.units[1]


def _extent(grid: WidthGrid, study: Study) -> tuple[float, float, float, float]:
    ends: list[float] = []
    for cells in in_units(grid, study):
        half = math.sqrt(cells[1] / cells[0])
        ends += [float(cells[0] / half), float(cells[-1] * half)]
    return ends[0], ends[1], ends[2], ends[3]


def layer_values(grid: WidthGrid, layer: str) -> Any:
    """The values [x, y] of a layer, or None while they are not known."""
    if layer == "p_moment":
        return None if grid.log10_p_moment is None else -grid.log10_p_moment
    if layer == "p_permutation":
        return None if grid.p_value is None else -np.log10(grid.p_value)
    return getattr(grid, layer)


def _scale(values: Any, layer: str) -> tuple[tuple[float, float], ColourMap]:
    """The levels and colours of a layer; what may be negative has its zero in the middle."""
    top = float(np.nanmax(np.abs(values))) or 1.0
    if layer in OF_P:
        return (0.0, max(2.0, top)), "viridis"
    if layer in ("hsic_u", "cka_u"):
        return (-top, top), "diverging"
    return (0.0, 1.0 if layer == "cka_b" else top), "viridis"


def _layer(grid: WidthGrid, study: Study, parameters: HsicParameters) -> list[Item]:
    layer = parameters.layer
    values = layer_values(grid, layer)
    if values is None or not np.isfinite(values).any():
        return []
    levels, colours = _scale(values, layer)
    items: list[Item] = [
        HeatMap(
            key="layer", label=LAYERS[layer], z=values.T, extent=_extent(grid, study),
            levels=levels, colours=colours, layer=-1,
        )
    ]  # fmt: skip
    marked, words = None, ""
    if layer == "cka_b":
        marked = (grid.cka_b > CLOUDY) | (grid.hsic_u < BIASED * grid.hsic)
        words = "× mostly bias"
    elif layer == "p_permutation":
        marked, words = values >= -math.log10(1 / (1 + grid.n_perm)) - 1e-9, "× at the floor"
    if marked is not None and marked.any():
        i, j = np.nonzero(marked)
        x, y = in_units(grid, study)
        items.append(
            Scatter(key="marked", x=x[i], y=y[j], role="guide", marker="cross", size=4.0, layer=0)
        )
        items.append(
            Label(key="marked words", label=words, x=float(x[-1]), y=float(y[-1]), anchor="right",
                  role="text", layer=3)
        )  # fmt: skip
    return items


def _contours(grid: WidthGrid, study: Study) -> list[Item]:
    if grid.log10_p_moment is None:
        return []
    x, y = (np.log10(cells) for cells in in_units(grid, study))
    items: list[Item] = []
    for p, words, dash in CONTOURS:
        line_x, line_y = level_line(x, y, -grid.log10_p_moment.T, -math.log10(p))
        if not len(line_x):
            continue
        items.append(
            Curve(key=words, label=words, x=10**line_x, y=10**line_y, role="data2",
                  width=1.8, dash=dash, layer=1, label_at=_highest(line_y))  # type: ignore[arg-type]
        )  # fmt: skip
    return items


def _highest(line_y: Any) -> float:
    """Where along a line, as a share of its points, it is farthest up: room for its label."""
    return float(np.nanargmax(line_y)) / max(len(line_y) - 1, 1)


def _best(grid: WidthGrid, study: Study) -> list[Item]:
    assert grid.best is not None
    x, y = in_units(grid, study)
    i, j = grid.best
    return [
        Scatter(key="best", x=[x[i]], y=[y[j]], role="warn", marker="diamond", size=10.0, layer=3),
        Label(key="best words", label="smallest p", x=float(x[i]), y=float(y[j]) * 1.35,
              role="warn", anchor="bottom", layer=5),
    ]  # fmt: skip


def _title(grid: WidthGrid | None, study: Study, parameters: HsicParameters) -> str:
    if grid is None or grid.best is None or grid.log10_p_moment is None or grid.p_moment is None:
        return "Every pair of widths gives another p"
    i, j = grid.best
    best = p_number(float(grid.p_moment[i, j]), float(grid.log10_p_moment[i, j]))
    rows = study.map_rows
    count = "this width" if grid.hsic.size == 1 else f"{grid.hsic.size} widths"
    words = f"Best of {count}: p = {best}"
    if grid.p_global is not None:
        words += f", honest: {p_number(grid.p_global)}"
    return words if rows is None else f"{words} ({len(rows)} rows)"


def _summary(grid: WidthGrid | None, study: Study) -> str:
    if grid is None or grid.best is None:
        return "The map over the widths of x and y is being drawn."
    x, y = in_units(grid, study)
    i, j = grid.best
    honest = "not known yet" if grid.p_global is None else p_number(grid.p_global)
    return (
        f"Over {len(x)} by {len(y)} widths the smallest p is at {x[i]:.3g} times the width rule "
        f"of x and {y[j]:.3g} times that of y; the p of the whole map is {honest}."
    )


def _nothing(cell: Cell) -> Panel:
    return Panel(
        name="map",
        title="Kernels without a width leave nothing to choose",
        cell=cell,
        items=(
            Label(key="words", label="Choose a Gaussian kernel to see a map over widths",
                  x=0.5, y=0.5, anchor="center", role="guide"),
        ),
        x=Axis(visible=False, range=(0.0, 1.0)),
        y=Axis(visible=False, range=(0.0, 1.0)),
        grid=False,
        summary="Neither kernel has a width.",
    )  # fmt: skip


def _profile(
    study: Study, parameters: HsicParameters, grid: WidthGrid | None, cell: Cell, index: int
) -> Panel:
    """One kernel has a width: the layer as a curve over it."""
    name = (study.data.name_x, study.data.name_y)[index]
    edit = Edit("width_x" if parameters.linked_widths else ("width_x", "width_y")[index])
    factor = parameters.factors[index]
    layer = parameters.layer
    items: list[Item] = []
    if layer in OF_P:
        items.append(
            Rule(key="level", label="p = .05", axis="y", value=-math.log10(0.05), role="guide")
        )
    values = None if grid is None else layer_values(grid, layer)
    if grid is not None and values is not None and np.isfinite(values).any():
        cells = (grid.widths_x, grid.widths_y)[index] / study.units[index]
        items.append(Curve(key="layer", x=cells, y=values.ravel(), role="data1", width=2.0))
        items.append(Rule(key="here", axis="x", value=factor, role="accent", dash="solid"))
        items.append(Handle(key="width", label="Drag: the width", x=factor, y=0.0, x_edit=edit))
    return Panel(
        name="map",
        title=_title(grid, study, parameters),
        cell=cell,
        items=tuple(items),
        x=Axis(f"Width of {name}, × {_rule_word(parameters)} {short(study.units[index])}", log=True,
               range=_reach(study.factors[index], factor)),
        y=Axis(LAYERS[layer]),
        pick_x=edit,
        summary=f"{LAYERS[layer]} over the width of {name}.",
    )  # fmt: skip
