"""The compare page as figures: all coefficients, how they fade with noise, and power."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from zoetrope.core.edits import Edit
from zoetrope.core.figure import Axis, Cell, Figure, Panel
from zoetrope.core.hsic.comparison_text import NAMES as BOTH_NAMES
from zoetrope.core.hsic.lab_parameters import HsicParameters
from zoetrope.core.hsic.lab_words import LEVEL, p_words, short
from zoetrope.core.items import Curve, Dash, HeatMap, Item, Label, Role, Rule, Scatter

if TYPE_CHECKING:
    from zoetrope.core.hsic.power_study import NoiseSweep, PowerMap

NAMES = {name: words for name, (words, _) in BOTH_NAMES.items()}
LETTER = 0.0172  # width of one in the smallest window, as a share of the panel
WAYS: tuple[tuple[str, str, Role], ...] = (
    ("naive", "Any width of the map (wrong)", "warn"),
    ("honest", "Whole map, honest p", "accent"),
    ("median", "HSIC at the medians", "data1"),
    ("distance", "Distance covariance", "data3"),
    ("pearson", "Pearson", "data7"),
)
DRAWN: tuple[tuple[str, Role, Dash], ...] = (
    ("pearson", "data7", "dot"),
    ("spearman", "data5", "dash"),
    ("dcor", "data3", "solid"),
    ("xi_xy", "data4", "dash"),
    ("hsic", "data1", "solid"),
)


def coefficients_page(found: dict[str, Any]) -> Figure:
    """Every coefficient as a dot with its p in words, and the p-values beside."""
    return Figure(panels=(_values(found), _p_values(found)), widths=(1.75, 1.0))


def _rows(found: dict[str, Any]) -> list[str]:
    return [name for name in NAMES if name in found]


def _values(found: dict[str, Any]) -> Panel:
    names = _rows(found)
    items: list[Item] = []
    known = [found[name].value for name in names if not math.isnan(found[name].value)]
    reach = min(max([0.7, *map(abs, known)]), 1.6)
    low, high = max(min([0.0, *known]), -1.0) - 0.08, 1.2 * reach
    for place, name in enumerate(reversed(names)):
        value, p = found[name].value, found[name].p_value
        words = NAMES[name] if name == "map" else f"{NAMES[name]} {short(value)}"
        at = 0.0 if math.isnan(value) else float(np.clip(value, -1.0, 1.6))
        role: Role = "accent" if p is not None and p <= LEVEL else "data1"
        if name != "map":  # a p-value without a value
            items.append(Scatter(key=name, x=[at], y=[place], role=role, size=9.0))
        left = at + LETTER * len(words) * (high - low) > high  # no room at the right
        items.append(
            Label(key=f"{name} words", label=f"{words}  " if left else f"  {words}", x=at, y=place,
                  anchor="right" if left else "left")
        )  # fmt: skip
    return Panel(
        name="values",
        title="What every measure says of these pairs",
        items=tuple(items),
        x=Axis("Value", range=(low, high)),
        y=Axis(visible=False, range=(-0.7, len(names) + 0.2)),
        summary="; ".join(f"{NAMES[name]} {short(found[name].value)}" for name in names) + ".",
    )


def _p_values(found: dict[str, Any]) -> Panel:
    names, level = _rows(found), -math.log10(LEVEL)
    items: list[Item] = [Rule(key="level", label="p = .05", axis="x", value=level, role="guide")]
    top = 2.0
    for place, name in enumerate(reversed(names)):
        p = found[name].p_value
        if p is None:
            items.append(Label(key=name, label="  no p", x=level, y=place, role="guide"))
            continue
        height = -math.log10(max(p, 5e-324))
        top = max(top, height)
        # Words stand right of the dot and of the line, which would cross them.
        items += [
            Scatter(key=f"{name} dot", x=[height], y=[place],
                    role="accent" if p <= LEVEL else "data1", size=7.0, marker="diamond"),
            Label(key=name, label=f"  {p_words(p)}", x=max(height, level), y=place),
        ]  # fmt: skip
    return Panel(
        name="p",
        title="How surprising by chance",
        cell=Cell(0, 1),
        items=tuple(items),
        x=Axis("−log₁₀ p", range=(-0.03 * top, 1.7 * top)),
        y=Axis(visible=False, range=(-0.7, len(names) + 0.2)),
        grid=False,
        summary="; ".join(
            f"{NAMES[n]} {'no p' if found[n].p_value is None else p_words(found[n].p_value)}"
            for n in names
        )
        + ".",
    )


# -- Over the noise --------------------------------------------------------------------------------


def noise_page(sweep: NoiseSweep | None, levels: Any, parameters: HsicParameters) -> Figure:
    """p of each coefficient on one relation as its noise grows, and the values."""
    return Figure(
        panels=(
            _sweep(sweep, levels, parameters, "p_value", Cell(0, 0)),
            _sweep(sweep, levels, parameters, "value", Cell(0, 1)),
        )
    )


def _sweep(
    sweep: NoiseSweep | None, levels: Any, parameters: HsicParameters, what: str, cell: Cell
) -> Panel:
    items: list[Item] = [
        Rule(key="here", axis="x", value=parameters.noise, role="accent", label="your noise")
    ]
    if what == "p_value":
        items.append(Rule(key="level", label="p = .05", axis="y", value=LEVEL))
    for place, (name, role, dash) in enumerate(DRAWN):
        if sweep is None:
            break
        key = "cka" if name == "hsic" and what == "value" else name
        values = getattr(sweep, what)[key]
        if what == "p_value":
            values = np.maximum(values, 1e-12)
        label = {"hsic": "HSIC, medians", "cka": "CKA, medians"}.get(key, NAMES[key])
        items.append(
            Curve(key=name, label=label, x=levels, y=values, role=role, dash=dash, width=2.0,
                  label_at=0.1 + 0.2 * place)
        )  # fmt: skip
    logarithmic = what == "p_value"
    return Panel(
        name=what,
        title="Which of them still sees it through the noise?" if logarithmic
        else "What they say as the noise grows",
        cell=cell,
        items=tuple(items),
        x=Axis("Noise", range=(0.0, float(levels[-1]))),
        y=Axis("p, those under 10⁻¹² at the foot", log=True, range=(3e-13, 2.5)) if logarithmic
        else Axis("Value"),
        pick_x=Edit("noise"),
        summary="Coefficients of one relation over its noise.",
    )  # fmt: skip


# -- Power -----------------------------------------------------------------------------------------


def power_page(power: PowerMap | None, parameters: HsicParameters, title: str) -> Figure:
    """How often each pair of widths finds the relation, and the rules that choose one."""
    return Figure(panels=(_power_map(power, parameters, title), _rates(power)), widths=(1.3, 1.0))


def _power_map(power: PowerMap | None, parameters: HsicParameters, title: str) -> Panel:
    items: list[Item] = []
    words = f"{title}: how often each pair of widths finds it"
    if power is not None:
        half = math.sqrt(power.factors_x[1] / power.factors_x[0])
        low, high = float(power.factors_x[0] / half), float(power.factors_x[-1] * half)
        items.append(
            HeatMap(key="rate", label="share of data sets with p ≤ .05", z=power.rate.T,
                    extent=(low, high, low, high), levels=(0.0, 1.0), layer=-1)
        )  # fmt: skip
        items.append(Scatter(key="medians", x=[1.0], y=[1.0], role="data2", marker="cross", size=9))
        words = f"{title}: the best widths find it in {100 * float(power.rate.max()):.0f} %"
    factors = parameters.factors
    items.append(
        Scatter(key="here", x=[factors[0]], y=[factors[1]], role="accent", size=8.0, layer=2)
    )
    return Panel(
        name="power",
        title=words,
        items=tuple(items),
        x=Axis("Width of x, × median", log=True),
        y=Axis("Width of y, × median", log=True),
        grid=False,
        pick_x=Edit("width_x"),
        pick_y=None if parameters.linked_widths else Edit("width_y"),
        summary=words + ".",
    )


def _rates(power: PowerMap | None) -> Panel:
    items: list[Item] = [
        Rule(key="level", label="5 %, by chance", axis="x", value=LEVEL, role="guide")
    ]
    for place, (name, words, role) in enumerate(reversed(WAYS)):
        if power is None:
            break
        rate = float(getattr(power, name))
        spread = math.sqrt(rate * (1 - rate) / power.done)
        left = rate > 0.5
        text = f"{words} {100 * rate:.0f} %"
        items += [
            Curve(key=f"{name} spread", x=[max(rate - 2 * spread, 0), min(rate + 2 * spread, 1)],
                  y=[place, place], role=role, width=2.0),
            Scatter(key=name, x=[rate], y=[place], role=role, size=9.0),
            Label(key=f"{name} words", label=text, x=rate, y=place + 0.22, role="text",
                  anchor="right" if left else "left"),
        ]  # fmt: skip
    done = "" if power is None else f" in {power.done} of {power.n_sets} data sets"
    return Panel(
        name="rates",
        title=f"Who finds it{done}",
        cell=Cell(0, 1),
        items=tuple(items),
        x=Axis("Share found at 5 %", range=(-0.03, 1.03)),
        y=Axis(visible=False, range=(-0.7, len(WAYS) - 0.2)),
        grid=False,
        summary="Detection rates of five rules.",
    )
