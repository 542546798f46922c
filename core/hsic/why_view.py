"""Why kernels? The frequencies at which x and y depend, and functions whose covariances add up."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from zoetrope.core.edits import Edit
from zoetrope.core.figure import Axis, Cell, Figure, Panel
from zoetrope.core.hsic.function_families import Climb
from zoetrope.core.hsic.lab_parameters import HsicParameters
from zoetrope.core.hsic.lab_words import short
from zoetrope.core.items import Curve, Handle, HeatMap, Item, Label, Rule, Scatter

if TYPE_CHECKING:
    from zoetrope.core.hsic import SingularFunctions
    from zoetrope.core.hsic.at_widths import AtWidths
    from zoetrope.core.hsic.dependence_spectrum import Spectrum
    from zoetrope.core.hsic.lab_study import Study

FREQUENCIES = 72
LOWEST, HIGHEST = 0.2, 60.0  # in units of 1 over the width rule's width
KNOTS = 121


def why_page(
    study: Study,
    parameters: HsicParameters,
    at: AtWidths | None,
    spectrum: Spectrum | None,
    climb: Climb | None,
    pairs: SingularFunctions | None,
) -> Figure:
    """Return the spectrum beside the family of functions."""
    if parameters.family == "singular":
        right = (_functions(study, pairs, Cell(0, 1)), _squares(pairs, at, Cell(1, 1)))
    else:
        right = (_matrix(climb, parameters, Cell(0, 1)), _climb(climb, Cell(1, 1)))
    return Figure(
        panels=(_spectrum(study, parameters, spectrum, Cell(0, 0, row_span=2)), *right),
        widths=(1.25, 1.0),
        heights=(1.25, 1.0),
    )


def frequencies(study: Study) -> tuple[Any, Any]:
    """Frequencies of the spectrum for both columns."""
    return frequency_grid(study.units[0]), frequency_grid(study.units[1])


def frequency_grid(unit: float) -> Any:
    """Frequencies about 1/unit, in radians per unit of the data, evenly in decades."""
    edges = np.geomspace(LOWEST / unit, HIGHEST / unit, FREQUENCIES + 1)
    return np.sqrt(edges[1:] * edges[:-1])


# -- The spectrum ----------------------------------------------------------------------------------


def _spectrum(
    study: Study, parameters: HsicParameters, spectrum: Spectrum | None, cell: Cell
) -> Panel:
    if spectrum is None:
        return _words("spectrum", "Frequencies are drawn for single columns under a kernel with "
                      "a width", cell)  # fmt: skip
    factors = parameters.factors
    corner = [1 / (f * u) for f, u in zip(factors, study.units, strict=True)]
    extent = [(LOWEST / unit, HIGHEST / unit) for unit in study.units]
    linked = parameters.linked_widths
    top = max(float(spectrum.power.max()), 8 * spectrum.noise)
    peak = spectrum.peak
    items: list[Item] = [
        HeatMap(key="power", label="Dependence |φxy − φxφy|²", z=spectrum.power.T,
                extent=(*extent[0], *extent[1]), levels=(0.0, top), layer=-1),
        *_window(corner, extent),
        Handle(key="corner", label="Drag: both widths, one over these frequencies", x=corner[0],
               y=corner[1], x_edit=_inverse("width_x", study.units[0]),
               y_edit=None if linked else _inverse("width_y", study.units[1])),
        Scatter(key="corner dot", x=[corner[0]], y=[corner[1]], role="accent", size=9.0, layer=3),
    ]  # fmt: skip
    if float(spectrum.power.max()) > 8 * spectrum.noise:
        items.append(
            Scatter(key="peak", x=[peak[0]], y=[peak[1]], role="warn", marker="diamond", size=9.0,
                    layer=3)
        )  # fmt: skip
        title = f"They depend at ωx = {short(peak[0])}, ωy = {short(peak[1])}"
    else:
        title = "No frequency stands out of the noise"
    name_x, name_y = study.data.name_x, study.data.name_y
    return Panel(
        name="spectrum",
        title=title,
        cell=cell,
        items=tuple(items),
        x=Axis(f"Frequency of {name_x}, rad per unit", log=True, range=_with(extent[0], corner[0])),
        y=Axis(f"Frequency of {name_y}, rad per unit", log=True, range=_with(extent[1], corner[1])),
        grid=False,
        pick_x=_inverse("width_x", study.units[0]),
        pick_y=None if linked else _inverse("width_y", study.units[1]),
        summary=f"The dependence spectrum peaks at {peak[0]:.3g} and {peak[1]:.3g} radians per "
        f"unit; HSIC sums it below about {corner[0]:.3g} and {corner[1]:.3g}.",
    )


def _with(extent: tuple[float, float], value: float) -> tuple[float, float]:
    return min(extent[0], value / 1.3), max(extent[1], value * 1.3)


def _inverse(parameter: str, unit: float) -> Edit:
    """A width, in multiples of its unit, from the frequency 1/σ."""
    factors = np.geomspace(1e3, 1e-3, KNOTS)
    return Edit(parameter, knots=tuple((1 / (f * unit), float(f)) for f in factors))


def _window(corner: list[float], extent: list[tuple[float, float]]) -> list[Item]:
    """Where the product of both Gaussian windows has fallen to a half, and what it lets in."""
    reach = math.sqrt(2 * math.log(2))
    turn = np.linspace(1e-6, math.pi / 2 - 1e-6, 160)
    x, y = reach * corner[0] * np.cos(turn), reach * corner[1] * np.sin(turn)
    x, y = np.maximum(x, extent[0][0] / 4), np.maximum(y, extent[1][0] / 4)
    return [
        Curve(key="window", label="your widths let this in", x=x, y=y, role="accent", width=2.0,
              label_at=0.5, layer=2)
    ]  # fmt: skip


def _words(name: str, words: str, cell: Cell) -> Panel:
    return Panel(
        name=name,
        title=words,
        cell=cell,
        items=(Label(key="words", label=words, x=0.5, y=0.5, anchor="center", role="guide"),),
        x=Axis(visible=False, range=(0.0, 1.0)),
        y=Axis(visible=False, range=(0.0, 1.0)),
        grid=False,
        summary=words,
    )


# -- The sum ---------------------------------------------------------------------------------------


def _matrix(climb: Climb | None, parameters: HsicParameters, cell: Cell) -> Panel:
    if climb is None:
        return _words("squares", "These families belong to Gaussian kernels of single columns",
                      cell)  # fmt: skip
    rows, columns = climb.squares.shape
    best = np.unravel_index(int(np.argmax(climb.squares)), climb.squares.shape)
    total = climb.squares.sum() or 1.0
    share = climb.squares[best] / total
    pair = f"{climb.names_x[best[0]]} with {climb.names_y[best[1]]}"
    return Panel(
        name="squares",
        title=f"{pair}: {share:.0%} of HSIC".replace("%", " %"),
        cell=cell,
        items=(
            HeatMap(key="squares", label="C[f, g]² ÷ sum", z=climb.squares.T / total,
                    extent=(0.5, rows + 0.5, 0.5, columns + 0.5)),
        ),
        x=Axis("Functions f of x"),
        y=Axis("Functions g of y"),
        grid=False,
        summary=f"Squared covariances of {rows} by {columns} functions; the largest is {pair}.",
    )  # fmt: skip


def _climb(climb: Climb | None, cell: Cell) -> Panel:
    if climb is None:
        return _words("climb", "Choose the best pairs to see what HSIC is made of", cell)
    running = climb.running / climb.hsic if climb.hsic > 0 else climb.running
    count = np.arange(1, len(running) + 1)
    share = float(running[-1])
    reached = "reaches" if abs(share - 1) < 0.005 else f"has reached {share:.0%} of"
    return Panel(
        name="climb",
        title=f"The sum of C[f, g]² {reached} HSIC".replace("%", " %"),
        cell=cell,
        items=(
            Rule(key="hsic", label=f"HSIC {short(climb.hsic, 4)}", axis="y", value=1.0,
                 role="accent"),
            Curve(key="sum", x=count, y=running, role="data1", width=2.2),
        ),
        x=Axis("Functions of each family, from the first"),
        y=Axis("Sum ÷ HSIC", range=(0.0, 1.25 * max(1.0, float(running.max(initial=1.0))))),
        summary=f"The sum over {len(count)} functions a side is {share:.4f} of HSIC.",
    )  # fmt: skip


# -- The best pairs --------------------------------------------------------------------------------


def _functions(study: Study, pairs: SingularFunctions | None, cell: Cell) -> Panel:
    if pairs is None or pairs.f_grid is None or pairs.g_grid is None:
        return _words("functions", "The best functions are being found", cell)
    items: list[Item] = []
    for name, grid, role, values in (
        ("f of x", pairs.f_grid, "data1", study.data.x[:, 0]),
        ("g of y", pairs.g_grid, "data2", study.data.y[:, 0]),
    ):
        low, high = float(values.min()), float(values.max())
        place = (np.linspace(low, high, len(grid)) - low) / ((high - low) or 1.0)
        height = grid[:, 0] / (np.abs(grid[:, 0]).max() or 1.0)
        items.append(
            Curve(key=name, label=name, x=place, y=height, role=role, width=2.2, label_at=0.5)  # type: ignore[arg-type]
        )
    return Panel(
        name="functions",
        title="The two functions that vary together most",
        cell=cell,
        items=(Rule(key="zero", axis="y", value=0.0), *items),
        x=Axis("Share of the range of x and of y", range=(0.0, 1.0)),
        y=Axis("f and g, scaled to 1", range=(-1.15, 1.15)),
        summary="The pair of unit-norm functions with the largest covariance.",
    )


def _squares(pairs: SingularFunctions | None, at: AtWidths | None, cell: Cell) -> Panel:
    if pairs is None:
        return _words("squares", "Singular values are being found", cell)
    squares = pairs.values[:12] ** 2
    total = at.hsic if at is not None and at.hsic > 0 else float((pairs.values**2).sum()) or 1.0
    running = np.cumsum(squares) / total
    return Panel(
        name="squares",
        title=f"{min(len(squares), 5)} pairs carry {_percent(float(running[: 5][-1]))} of HSIC",
        cell=cell,
        items=(
            Rule(key="hsic", label=f"HSIC {short(total, 4)}", axis="y", value=1.0, role="accent"),
            Curve(key="sum", label="sum", x=np.arange(1, len(squares) + 1), y=running,
                  role="data1", width=2.2, label_at=0.5),
            Scatter(key="values", x=np.arange(1, len(squares) + 1), y=squares / total,
                    role="data2", size=7.0),
        ),
        x=Axis("Pair of functions"),
        y=Axis("s² ÷ HSIC", range=(0.0, 1.25)),
        summary=f"The squared singular values add up to HSIC, {total:.4g}.",
    )  # fmt: skip


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %"
