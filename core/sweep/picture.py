"""The picture of a sweep: a heat map over two parameters, or curves with error bars."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from zoetrope.core.declarations import Choice, Number
from zoetrope.core.edits import Edit
from zoetrope.core.figure import Axis, Cell, Figure, Panel
from zoetrope.core.items import Curve, HeatMap, Item, Role, Scatter, Segments
from zoetrope.core.sweep.definition import Definition
from zoetrope.core.sweep.results import SPREAD_OF, STATISTICS, Floats, Results, Summary
from zoetrope.core.sweep.varied import Scalar, Varied

Places = npt.NDArray[np.int64]
MOST_CURVES = 7  # as many as there are colours
PICK_X, PICK_Y, PICK = "sweep_x", "sweep_y", "sweep_cell"  # what a click on the picture sets
ALONE = Cell()  # in the figure's grid
EVEN = 1e-6  # of a step, that evenly spaced values may be off


@dataclass(frozen=True, slots=True)
class Shown:
    """What of a sweep is shown: a readout, how repeats are summed up, and as what.

    `form` is "map" or "curves". `first_across` puts the first parameter on the x axis.
    """

    readout: str
    statistic: str = "mean"
    level: float = 0.05
    form: str = "map"
    first_across: bool = True


@dataclass(frozen=True, slots=True)
class Scale:
    """Where the values of a parameter stand on an axis."""

    axis: Axis
    positions: tuple[float, ...]


def picture(results: Results, shown: Shown, title: str = "") -> Figure:
    """Return the figure of what is known so far."""
    return Figure(panels=(panel_of(results, shown, title),))


def comparison(first: Results, second: Results, shown: Shown, names: Sequence[str]) -> Figure:
    """Return two sweeps, and where both are maps of one grid the difference beside them.

    Raises KeyError where one of them has no such readout.
    """
    difference = _difference(first, second, shown)
    cells = [Cell(0, 0), Cell(0, 1) if difference is None else Cell(1, 0)]
    panels = [
        panel_of(results, shown, name, cell=cell, name=f"sweep {place}")
        for place, (results, name, cell) in enumerate(
            zip((first, second), names, cells, strict=True), start=1
        )
    ]
    if difference is None:
        return Figure(panels=tuple(panels), widths=(1.0, 1.0))
    between = Panel(
        name="difference",
        title=f"{names[0]} minus {names[1]}",
        items=difference[1],
        x=difference[2],
        y=difference[3],
        cell=Cell(0, 1, row_span=2),
        grid=False,
        summary=f"The largest difference is {difference[0]:.4g}.",
    )
    return Figure(panels=(*panels, between), widths=(1.0, 1.4))


def panel_of(
    results: Results, shown: Shown, title: str = "", *, cell: Cell = ALONE, name: str = "sweep"
) -> Panel:
    """Return the one panel of a sweep."""
    definition = results.definition
    summary = results.summary(shown.readout, shown.statistic, shown.level)
    words = title or title_of(definition, shown)
    if len(definition.varied) < 2 or shown.form == "curves":
        return _curves(results, shown, summary, words, cell, name)
    return _map(results, shown, summary, words, cell, name)


def title_of(definition: Definition, shown: Shown) -> str:
    """Return what the picture shows, in words."""
    repeats = f" over {definition.seeds:,} seeds" if definition.seeds > 1 else ""
    return statistic_words(definition, shown) + repeats


def statistic_words(definition: Definition, shown: Shown) -> str:
    """Return what is shown of a readout, such as "Share of p_value ≤ 0.05"."""
    if shown.statistic == "share":
        return f"Share of {shown.readout} ≤ {shown.level:g}"
    if definition.seeds == 1:
        return shown.readout
    return f"{STATISTICS[shown.statistic]} of {shown.readout}"


def scale_of(definition: Definition, which: int, *, even: bool) -> Scale:
    """Return the axis of a varied parameter. With `even` the values must be evenly spaced on it:
    where they are not, they stand side by side with their words.
    """
    varied = definition.varied[which]
    declared = definition.base.declarations()[varied.name]
    unit = declared.unit if isinstance(declared, Number) else ""
    label = declared.label
    if varied.numeric and len(varied.values) > 1:
        positions = np.array(varied.values, dtype=np.float64)
        for log in (varied.log, False):
            if log and positions.min() <= 0:
                continue
            steps = np.diff(np.log(positions) if log else positions)
            if not even or bool((np.abs(steps / steps.mean() - 1) < EVEN).all()) or (
                isinstance(declared, Number) and declared.integer and log
            ):  # fmt: skip
                return Scale(Axis(label, unit, log=log), tuple(positions.tolist()))
    words = tuple(_word(definition, varied, value) for value in varied.values)
    count = len(words)
    axis = Axis(label, unit, range=(-0.5, count - 0.5), words=words)
    return Scale(axis, tuple(float(place) for place in range(count)))


def _word(definition: Definition, varied: Varied, value: Scalar) -> str:
    declared = definition.base.declarations()[varied.name]
    if isinstance(declared, Choice):
        return declared.options[str(value)]
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def value_words(definition: Definition, which: int, place: int) -> str:
    """Return a parameter and its value in words, such as "Width of x = 0.5 ×"."""
    varied = definition.varied[which]
    declared = definition.base.declarations()[varied.name]
    value = varied.values[place]
    if isinstance(declared, Number):
        return f"{declared.label} = {declared.show(float(value))}"
    return f"{declared.label} = {_word(definition, varied, value)}"


# -- a map -----------------------------------------------------------------------------------------


def _map(
    results: Results, shown: Shown, summary: Summary, title: str, cell: Cell, name: str
) -> Panel:
    items, x, y = _map_items(results, shown, summary.centre)
    unknown = int(np.isnan(summary.centre).sum())
    return Panel(
        name=name,
        title=title,
        items=items,
        x=x,
        y=y,
        cell=cell,
        grid=False,
        pick_x=Edit(PICK_X),
        pick_y=Edit(PICK_Y),
        summary=_summary(summary, unknown),
    )


def _map_items(
    results: Results, shown: Shown, centre: Floats, colours: str = "viridis"
) -> tuple[tuple[Item, ...], Axis, Axis]:
    definition = results.definition
    across, up = (0, 1) if shown.first_across else (1, 0)
    x, y = (scale_of(definition, which, even=True) for which in (across, up))
    z = centre.T if shown.first_across else centre
    failed = results.failed.any(axis=2)
    failed = failed.T if shown.first_across else failed
    levels = (0.0, 1.0) if shown.statistic == "share" and colours == "viridis" else None
    if colours == "diverging":
        most = float(np.nanmax(np.abs(centre))) if np.isfinite(centre).any() else 1.0
        levels = (-most or -1.0, most or 1.0)
    z, x = _rising(z, x, axis=1)
    z, y = _rising(z, y, axis=0)
    extent = (*_ends(x), *_ends(y))
    words = statistic_words(definition, shown)
    items: list[Item] = [
        HeatMap(key="map", z=z, extent=extent, levels=levels, label=words,
                colours="diverging" if colours == "diverging" else "viridis")
    ]  # fmt: skip
    if failed.any():
        rows, columns = np.nonzero(failed)
        scales = [scale_of(definition, which, even=True) for which in (across, up)]
        items.append(
            Scatter(key="failed", label="failed", role="warn", marker="cross", size=5.0,
                    x=np.array(scales[0].positions)[columns],
                    y=np.array(scales[1].positions)[rows])
        )  # fmt: skip
    return tuple(items), x.axis, y.axis


def _rising(z: Floats, scale: Scale, axis: int) -> tuple[Floats, Scale]:
    """Return a map and its scale with rising positions."""
    if scale.positions[0] > scale.positions[-1]:
        return np.flip(z, axis=axis), Scale(scale.axis, scale.positions[::-1])
    return z, scale


def _ends(scale: Scale) -> tuple[float, float]:
    """Return the outer edges of the cells: half a step beyond the first and the last."""
    first, last, count = scale.positions[0], scale.positions[-1], len(scale.positions)
    if scale.axis.log:
        half = math.pow(last / first, 0.5 / (count - 1))
        return first / half, last * half
    half = (last - first) / (count - 1) / 2 if count > 1 else 0.5
    return first - half, last + half


# -- curves ----------------------------------------------------------------------------------------


def _curves(
    results: Results, shown: Shown, summary: Summary, title: str, cell: Cell, name: str
) -> Panel:
    definition = results.definition
    two = len(definition.varied) > 1
    across, chosen = _chosen_curves(definition, shown)
    x = scale_of(definition, across, even=False)
    values = [a if across == 0 else a.T for a in (summary.centre, summary.low, summary.high)]
    counted = values[0].shape[1]
    items: list[Item] = []
    for order, place in enumerate(chosen):
        role = cast("Role", f"data{order + 1}")
        label = ""
        if two:
            label = value_words(definition, 1 - across, int(place))
        items += _one_curve(x, [a[:, place] for a in values], int(place), role, label)
    items.append(_points(definition, x, values[0][:, chosen], chosen, across, shown))
    left_out = f" {counted - len(chosen)} of {counted} curves are left out." if len(
        chosen) < counted else ""  # fmt: skip
    bars = f" Bars: {SPREAD_OF[shown.statistic]}." if definition.seeds > 1 else ""
    return Panel(
        name=name,
        title=title,
        items=tuple(items),
        x=x.axis,
        y=Axis(statistic_words(definition, shown)),
        cell=cell,
        summary=_summary(summary, int(np.isnan(summary.centre).sum())) + bars + left_out,
    )


def _chosen_curves(definition: Definition, shown: Shown) -> tuple[int, Places]:
    """Return which parameter is on the x axis, and which values of the other have a curve."""
    across = 0 if shown.first_across or len(definition.varied) < 2 else 1
    count = definition.shape[1 - across]
    return across, np.unique(np.linspace(0, count - 1, min(count, MOST_CURVES)).round().astype(int))


def point_places(results: Results, shown: Shown) -> tuple[tuple[int, int], ...]:
    """Return for each point of the curves its places among the values of both parameters."""
    across, chosen = _chosen_curves(results.definition, shown)
    centre = results.summary(shown.readout, shown.statistic, shown.level).centre
    known = np.isfinite(centre if across == 0 else centre.T)[:, chosen]
    rows, columns = np.nonzero(known)
    pairs = zip(rows.tolist(), chosen[columns].tolist(), strict=True)
    return tuple(pair if across == 0 else pair[::-1] for pair in pairs)


def _one_curve(
    x: Scale, values: Sequence[Floats], place: int, role: Role, label: str
) -> list[Item]:
    centre, low, high = values
    positions = np.array(x.positions)
    known = np.isfinite(centre)
    spread = known & (high > low)
    return [
        Curve(key=f"curve {place}", label=label, role=role, x=positions[known], y=centre[known]),
        Segments(key=f"bars {place}", role=role, width=1.0, x0=positions[spread],
                 y0=low[spread], x1=positions[spread], y1=high[spread]),
    ]  # fmt: skip


def _points(
    definition: Definition,
    x: Scale,
    centre: Floats,
    chosen: Places,
    across: int,
    shown: Shown,
) -> Scatter:
    """Return the points of all curves, to be pointed at and clicked."""
    rows, columns = np.nonzero(np.isfinite(centre))
    what, words = statistic_words(definition, shown), []
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        named = [value_words(definition, across, row)]
        if len(definition.varied) > 1:
            named.append(value_words(definition, 1 - across, int(chosen[column])))
        words.append(f"{what} {centre[row, column]:.4g} at {', '.join(named)}")
    return Scatter(
        key="points", role="text", size=4.0, x=np.array(x.positions)[rows],
        y=centre[rows, columns], pick=Edit(PICK), words=tuple(words), layer=2,
    )  # fmt: skip


# -- both ------------------------------------------------------------------------------------------


def nearest(definition: Definition, shown: Shown, x: float, y: float) -> tuple[int, int]:
    """Return the places among both parameters' values of the cell at a point of the map."""
    across, up = (0, 1) if shown.first_across else (1, 0)
    found = {}
    for which, at in ((across, x), (up, y)):
        scale = scale_of(definition, which, even=True)
        positions = np.array(scale.positions)
        if scale.axis.log:
            positions, at = np.log(positions), math.log(max(at, 1e-300))
        found[which] = int(np.argmin(np.abs(positions - at)))
    return found[0], found[1]


def _summary(summary: Summary, unknown: int) -> str:
    known = summary.centre[np.isfinite(summary.centre)]
    if not known.size:
        return "Nothing is measured yet."
    missing = f" {unknown} of {summary.centre.size} places are empty." if unknown else ""
    return f"From {known.min():.4g} to {known.max():.4g}.{missing}"


def _difference(
    first: Results, second: Results, shown: Shown
) -> tuple[float, tuple[Item, ...], Axis, Axis] | None:
    """Return the map of the difference of two sweeps over the same grid, if it is one."""
    a, b = first.definition, second.definition
    if len(a.varied) < 2 or shown.form == "curves" or a.varied != b.varied:
        return None
    both = [r.summary(shown.readout, shown.statistic, shown.level).centre for r in (first, second)]
    centre = both[0] - both[1]
    items, x, y = _map_items(first, shown, centre, "diverging")
    known = np.abs(centre[np.isfinite(centre)])
    return float(known.max()) if known.size else 0.0, items, x, y


def columns(results: Results, shown: Shown) -> dict[str, npt.NDArray[Any]]:
    """Return what is shown as the columns of a table, one row for each pair of values."""
    definition, found = (
        results.definition,
        results.summary(shown.readout, shown.statistic, shown.level),
    )
    first, second, _ = definition.shape
    table: dict[str, npt.NDArray[Any]] = {
        definition.varied[0].name: np.repeat(np.array(definition.varied[0].values), second)
    }
    if len(definition.varied) > 1:
        table[definition.varied[1].name] = np.tile(np.array(definition.varied[1].values), first)
    named = statistic_words(definition, shown).lower()
    return table | {
        named: found.centre.ravel(),
        f"{named}, low": found.low.ravel(),
        f"{named}, high": found.high.ravel(),
        "repeats": found.count.ravel().astype(np.int64),
        "failed": results.failed.sum(axis=2).ravel(),
    }
