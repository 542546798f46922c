"""The first page: the points, the map over widths, and the shuffles behind the p-value."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from zoetrope.core.edits import TableEdit
from zoetrope.core.figure import Axis, Cell, Figure, Panel
from zoetrope.core.hsic.category_axis import categories, spread_out
from zoetrope.core.hsic.lab_parameters import HsicParameters
from zoetrope.core.hsic.lab_tests import Answer, answer, forced, law_curve, skewness_of
from zoetrope.core.hsic.lab_words import LEVEL, p_words, tail_words
from zoetrope.core.hsic.map_view import map_panel
from zoetrope.core.items import Bars, Curve, HeatMap, Item, Rule, Scatter

if TYPE_CHECKING:
    from zoetrope.core.hsic.at_widths import AtWidths
    from zoetrope.core.hsic.lab_data import LabData
    from zoetrope.core.hsic.lab_study import Study
    from zoetrope.core.hsic.results import TestResult, WidthGrid

WITNESS_CELLS = 64
DENSITY_CELLS = 96
MOST_POINTS = 3000  # that are drawn one by one
BINS = 48
DENSEST = 1.2  # of a law with standard deviation 1, where the picture ends
EDITED = TableEdit("points", also=(("source", "drawn"),))


def dependence_page(
    study: Study,
    parameters: HsicParameters,
    at: AtWidths | None,
    grid: WidthGrid | None,
    null: TestResult | None,
    witness: Any,
    others: dict[str, Any],
) -> Figure:
    """Return the page from what is known so far."""
    # the witness is at most √HSIC; under independence that is about √mean
    chance = 1.3 * math.sqrt(max(at.mean, 0.0)) if at is not None and at.mean > 0 else 0.0
    found = answer(forced(study, parameters.test, at), at, null, grid, others)
    return Figure(
        panels=(
            scatter_panel(study, finding(study, at, found), Cell(0, 0), witness, chance),
            map_panel(study, parameters, grid, Cell(0, 1)),
            null_panel(study, at, null, Cell(1, 0, column_span=2), others),
        ),
        widths=(1.0, 1.12),
        heights=(2.3, 1.0),
    )


def finding(study: Study, at: AtWidths | None, found: Answer | None) -> str:
    """The answer to the lab's question in a sentence."""
    names = f"{study.data.name_x} and {study.data.name_y}"
    if len(names) > 24:
        names = "x and y"
    if study.constant:
        return "A constant depends on nothing: HSIC is 0"
    if found is not None:
        if found.p <= LEVEL and study.in_time and study.block_length == 1:
            return f"If rows are exchangeable, {names} depend: {found.words}"
        if found.p <= LEVEL:
            return f"{names} depend: {found.words}"
        return f"No dependence found: {found.words}"
    if at is not None and at.p_value is not None:
        words = p_words(at.p_value, at.log10_p)
        return f"{names} at these widths: {words}"
    return f"{names}: {study.n} pairs"


# -- The points ------------------------------------------------------------------------------------


def witness_grids(study: Study) -> tuple[Any, Any]:
    """Places across the scatter at which the witness is drawn: categories, or evenly."""
    grids = []
    for side, column in enumerate(study.data.plane):
        if count := categories(study, side):
            grids.append(np.arange(float(count)))
            continue
        low, high = float(column.min()), float(column.max())
        room = 0.06 * (high - low) or 1.0
        edges = np.linspace(low - room, high + room, WITNESS_CELLS + 1)
        grids.append((edges[1:] + edges[:-1]) / 2)
    return grids[0], grids[1]


def scatter_panel(
    study: Study, title: str, cell: Cell, witness: Any = None, chance: float = 0.0
) -> Panel:
    """The pairs, which can be dragged, over the witness.

    Colours are full at `chance` or beyond, so that what chance alone makes looks pale.
    """
    data = study.data
    items: list[Item] = []
    kinds = [categories(study, side) for side in (0, 1)]
    x, y = (
        spread_out(column, side) if kinds[side] else column
        for side, column in enumerate(data.plane)
    )
    grids = witness_grids(study)
    half = [(grid[1] - grid[0]) / 2 if len(grid) > 1 else 0.5 for grid in grids]
    reach = [(float(g[0] - h), float(g[-1] + h)) for g, h in zip(grids, half, strict=True)]
    if witness is not None:
        top = max(float(np.abs(witness).max()), chance) or 1.0
        items.append(
            HeatMap(key="witness", label="more (red) or fewer pairs than if independent",
                    z=witness.T, extent=(*reach[0], *reach[1]), levels=(-top, top),
                    colours="diverging", bar=False, layer=-1)
        )  # fmt: skip
    movable = data.drawable and not any(kinds) and not data.text & {data.name_x, data.name_y}
    if data.n > MOST_POINTS:
        items.append(study.once("cloud", lambda: _cloud(x, y, reach)))
    else:
        size = 5.0 if data.n <= 300 else 3.6
        items.append(
            Scatter(key="points", label="", x=x, y=y, role="text", size=size, opacity=0.75,
                    edits=EDITED if movable else None, **black(len(x), witness is not None))
        )  # fmt: skip
    return Panel(
        name="scatter",
        title=title,
        cell=cell,
        items=tuple(items),
        x=_axis(data, 0, reach[0], kinds[0]),
        y=_axis(data, 1, reach[1], kinds[1]),
        grid=False,
        brush=EDITED if movable and data.n <= MOST_POINTS else None,
        summary=f"{data.n} pairs of {data.title}. {title}.",
    )


def _axis(data: LabData, side: int, reach: tuple[float, float], count: int) -> Axis:
    """An axis of the plane, with the names of categories where there are any."""
    if not count:
        return Axis(data.labels[side], range=reach)
    words = data.words[side] or tuple(map(str, range(count)))
    return Axis(f"{data.labels[side]}, points spread out", range=reach, words=words)


def _cloud(x: Any, y: Any, reach: list[tuple[float, float]]) -> HeatMap:
    """How many points there are in each cell, on a scale on which few are seen beside many."""
    place = np.zeros(len(x), dtype=np.int64)
    for column, (low, high) in zip((x, y), reach, strict=True):  # all points lie within
        cells = ((column - low) * (DENSITY_CELLS / (high - low))).astype(np.int64)
        place = place * DENSITY_CELLS + cells
    counts = np.bincount(place, minlength=DENSITY_CELLS**2).reshape(DENSITY_CELLS, -1)
    z = np.where(counts > 0, np.log10(np.maximum(counts, 1)), np.nan)
    return HeatMap(
        key="density", label="log₁₀ of the points in a cell", z=z.T,
        extent=(*reach[0], *reach[1]), colours="viridis", bar=False, layer=-1,
    )  # fmt: skip


def black(count: int, on_colours: bool) -> dict[str, Any]:
    """Black points in every theme: the colours of the witness are pale in every theme too."""
    if not on_colours:
        return {}
    return {"values": np.ones(count), "levels": (0.0, 1.0), "colours": "grey"}


# -- The shuffles ----------------------------------------------------------------------------------


def null_panel(
    study: Study,
    at: AtWidths | None,
    null: TestResult | None,
    cell: Cell,
    others: dict[str, Any],
) -> Panel:
    """HSIC of the shuffled pairs, what the formulas say of it, and HSIC of the pairs as they are.

    In units of the mean under shuffling, so that the axis hardly moves while a width turns.
    """
    scale = at.mean if at is not None and at.mean > 1e-200 else 1.0
    unit = "× mean of the shuffles" if scale != 1.0 else ""
    items: list[Item] = []
    if null is not None and len(null.null):
        items += _histogram(null.null / scale)
    if at is not None and at.variance > (1e-9 * scale) ** 2 and study.block_length == 1:
        items += _formula("exact moments", at.mean, at.variance, at.skewness, scale, "data3")
        gamma, law = others.get("gamma"), others.get("spectral")
        if gamma is not None and gamma.variance:
            # the mean of n HSIC_b under Gretton's rule is that of HSIC_b times n, so are both here
            skewness = skewness_of(gamma)
            items += _formula("gamma law", gamma.mean, gamma.variance, skewness, scale, "data4")
        if law is not None and len(law.null):
            x, y = law_curve(law.null / scale)
            items.append(
                Curve(key="spectral law", label="spectral law", x=x, y=y, role="data5", dash="dash",
                      width=2.0, label_at=0.6)
            )  # fmt: skip
    if at is not None:
        items.append(
            Rule(key="observed", label="your pairs", axis="x", value=at.hsic / scale,
                 role="accent", dash="solid", width=2.4)
        )  # fmt: skip
    return Panel(
        name="null",
        title=null_title(study, at, null),
        cell=cell,
        items=tuple(items),
        x=Axis("HSIC", unit),
        y=Axis("Density"),
        grid=False,
        summary=null_title(study, at, null) + ".",
    )


def _histogram(values: Any) -> list[Item]:
    low, high = float(values.min()), float(values.max())
    if not high - low > 1e-9 * max(abs(low), abs(high), 1e-300):
        return [Rule(key="null", label="every shuffle", axis="x", value=low, role="data1")]
    width = (high - low) / BINS
    counts, edges = np.histogram(values, BINS, (low, high))
    return [
        Bars(key="null", label="", x=(edges[1:] + edges[:-1]) / 2,
             height=counts / (len(values) * width), width=width, role="data1", opacity=0.55)
    ]  # fmt: skip


def null_title(study: Study, at: AtWidths | None, null: TestResult | None) -> str:
    """What the shuffles at these widths say."""
    if null is None and at is not None and at.p_value is not None:
        return f"At your widths, by the exact moments: {p_words(at.p_value, at.log10_p)}"
    if null is None:
        return "What shuffling the pairs does to HSIC"
    exact = null.method == "exact"
    words = tail_words(null.exceeding, null.n_perm, exact)
    kind = "orders" if exact else "shuffles"
    return f"At your widths {null.exceeding} of {null.n_perm} {kind} reach the pairs’ HSIC: {words}"


def _formula(
    name: str, mean: float, variance: float, skewness: float, scale: float, role: Any
) -> list[Item]:
    """The density of a Pearson III law (shifted gamma) of these moments, in units of `scale`."""
    sd = math.sqrt(variance)
    if not (math.isfinite(skewness) and sd > 0):
        return []
    if abs(skewness) < 1e-3:
        z = np.linspace(-4.0, 4.0, 200)
        density = np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    else:
        shape = 4 / skewness**2
        start = -min(math.sqrt(shape), 4.0)  # where the law begins, or has next to nothing
        z = start + (9.0 - start) * np.linspace(0.0, 1.0, 300) ** 2
        t = shape + z * math.sqrt(shape)
        with np.errstate(divide="ignore", invalid="ignore"):
            log = (shape - 1) * np.log(t) - t - math.lgamma(shape) + 0.5 * math.log(shape)
        density = np.where(t > 1e-12, np.exp(np.clip(log, -700, 3)), 0.0)
        z = z if skewness > 0 else -z
    keep = np.arange(len(z)) <= np.flatnonzero(density > 2e-3 * min(density.max(), DENSEST))[-1]
    keep &= density <= DENSEST  # some laws are infinitely dense where they begin
    x, y = (mean + sd * z[keep]) / scale, density[keep] * scale / sd
    return [Curve(key=name, label=name, x=x, y=y, role=role, width=2.0, label_at=0.35)]
