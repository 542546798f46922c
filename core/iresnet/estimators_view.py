"""The estimators page as panels: bias and spread over the terms, bounds, places, and a training
on the wrong objective.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from zoetrope.core.edits import Edit
from zoetrope.core.figure import Axis, Cell, Panel
from zoetrope.core.iresnet.collapse_view import amount
from zoetrope.core.iresnet.loss_curves import UNBEGUN, how_to_begin, nll_range, smoothed
from zoetrope.core.iresnet.plane_panel import on_plane, with_points
from zoetrope.core.items import Array, Band, Curve, Item, Rule, Scatter

if TYPE_CHECKING:
    from zoetrope.core.iresnet.estimates import Estimates
    from zoetrope.core.iresnet.lab_data import LabData
    from zoetrope.core.iresnet.lab_training import Trained

NAMES = {
    "trace": "the cut series",
    "hutchinson": "a Gaussian vector",
    "rademacher": "a vector of signs",
    "roulette": "the roulette",
}
_NOISE = {"hutchinson": "Gaussian", "rademacher": "signs"}
_LEAST_ERROR = 1e-12  # shown: below it is rounding


def spread_panel(found: Estimates, point: int, terms: int, cell: Cell) -> Panel:
    """Return the cut series minus the truth over the number of terms, in the mean of all points
    (point -1) or at one, and the standard deviation that one random vector a block adds.
    """
    error = (found.series - found.exact).numpy()
    gaussian, signs = found.gaussian_std.numpy(), found.rademacher_std.numpy()
    who = "" if point < 0 else f" at point {point + 1}"
    bias = error.mean(1) if point < 0 else error[:, point]
    wide, narrow = (
        # Over the points: what a point's estimate is off by, root mean square.
        np.sqrt((std**2).mean(1)) if point < 0 else std[:, point]
        for std in (gaussian, signs)
    )
    x = np.arange(1.0, len(bias) + 1)
    top = 1.25 * max(float((np.abs(bias) + wide).max()), 1e-3)
    shown = min(terms, len(bias)) - 1
    title = (f"{_terms(terms)}{who}: bias {bias[shown]:+.2g}, noise ± {narrow[shown]:.2g}").replace(
        "-", "−"
    )
    return Panel(
        name="spread", title=title, cell=cell,
        items=(
            Band(key="gaussian", x=x, low=bias - wide, high=bias + wide, role="data2",
                 opacity=0.18),
            Band(key="signs", x=x, low=bias - narrow, high=bias + narrow, role="data3",
                 opacity=0.3),
            Rule(key="exact", axis="y", value=0.0, label="exact", role="accent", dash="solid"),
            Curve(key="bias", label="bias", x=x, y=bias, role="data1", width=2.2,
                  label_at=0.9),
            Curve(key="gaussian edge", label="± Gaussian", x=x, y=bias + wide, role="data2",
                  width=1.0, dash="dash", label_at=0.75),
            Curve(key="signs edge", label="± signs", x=x, y=bias + narrow, role="data3",
                  width=1.0, label_at=0.55),
            Rule(key="terms", axis="x", value=float(terms), role="guide"),
        ),
        x=Axis("Terms of the series", log=True, range=(1.0, float(len(bias)))),
        y=Axis("Estimate − exact", "nats", range=(-top, top)),
        pick_x=Edit("rival_terms"), crosshair="terms",
        summary=f"{title} nats by a vector of signs, ± {wide[shown]:.2g} by a Gaussian one.",
    )  # fmt: skip


def errors_panel(found: Estimates, terms: int, cell: Cell) -> Panel:
    """Return the cut series' mean and largest error over the terms, below the bound for any."""
    bias, largest = found.bias.abs().numpy(), found.max_error.numpy()
    bound = found.bound.numpy()
    x = np.arange(1.0, len(bias) + 1)
    items: list[Item] = [
        Curve(key="bias", label="mean", x=x, y=_positive(bias), role="data1", width=2.2,
              label_at=0.5),
        Curve(key="largest", label="largest", x=x, y=_positive(largest), role="data4", width=1.8,
              label_at=0.5),
        Rule(key="terms", axis="x", value=float(terms), role="guide"),
    ]  # fmt: skip
    shown = min(terms, len(bias)) - 1
    if math.isfinite(float(bound[0])):
        items.append(
            Curve(key="bound", label="a priori bound", x=x, y=_positive(bound), role="guide",
                  width=1.8, dash="dash", label_at=0.6)
        )  # fmt: skip
        loose = bound[shown] / max(float(largest[shown]), _LEAST_ERROR)
        title = f"{_terms(terms)}: the bound is {amount(float(loose))} × too high"
    else:
        title = "No bound: a block’s is not below 1"
    return Panel(
        name="errors", title=title, cell=cell, items=tuple(items),
        x=Axis("Terms of the series", log=True, range=(1.0, float(len(bias)))),
        y=Axis("Error of the estimate", "nats", log=True),
        pick_x=Edit("rival_terms"), crosshair="terms",
        summary=f"{title}. Mean error {bias[shown]:.2g}, largest {largest[shown]:.2g} nats.",
    )  # fmt: skip


def places_panel(
    data: LabData, found: Estimates, estimator: str, terms: int, point: int, cell: Cell
) -> Panel:
    """Return the data's first points, coloured by what one estimate of log det is off by there."""
    off = point_errors(found, estimator, terms)
    points = data.shown[: len(off)].numpy()
    typical = float(np.sqrt((off**2).mean()))
    title = f"Off by {typical:.2g} nats: {NAMES[estimator]}"
    items: list[Item] = [
        Scatter(key="points", x=points[:, 0], y=points[:, 1], values=off, size=6.0,
                levels=(0.0, max(float(off.max()), _LEAST_ERROR)), bar=True,
                label="Error (nats)", hover=Edit("seen_point"))
    ]  # fmt: skip
    if point >= 0:
        items.append(
            Scatter(key="asked", x=points[[point], 0], y=points[[point], 1], role="accent",
                    size=12.0, marker="diamond", layer=1)
        )  # fmt: skip
    panel = Panel(
        name="places", title=title, cell=cell, items=tuple(items),
        summary=f"{title}, root mean square; at most {off.max():.2g} at a point.",
    )  # fmt: skip
    return with_points(on_plane(panel, data), data, points)


def point_errors(found: Estimates, estimator: str, terms: int) -> Array:
    """Return the root mean square error [N] of one estimate with so many terms at each point."""
    if estimator == "roulette":  # unbiased
        rolled: Array = found.roulette_std.numpy()
        return rolled
    row = min(terms, len(found.series)) - 1
    bias = (found.series[row] - found.exact).numpy()
    spread = {"hutchinson": found.gaussian_std, "rademacher": found.rademacher_std}.get(estimator)
    off: Array = np.abs(bias) if spread is None else np.hypot(bias, spread[row].numpy())
    return off


def objective_panel(rival: Trained, floor: float | None, words: str, cell: Cell) -> Panel:
    """Return the objective that a network is trained on and its true NLL, over the entropy."""
    items: list[Item] = []
    objective = smoothed(rival.losses)
    seen = [] if floor is None else [floor]
    title = f"Trained on {words} …"
    if len(objective):
        items.append(
            Curve(key="objective", label="its objective", x=np.arange(1.0, len(objective) + 1),
                  y=objective, role="warn", width=1.8, dash="dash", label_at=0.6)
        )  # fmt: skip
        seen += objective[len(objective) // 6 :].tolist()
    if rival.validations:
        step, truth = np.array(rival.validations, dtype=np.float64).T
        items.append(
            Curve(key="truth", label="true NLL", x=step, y=truth, role="data1", width=2.2,
                  label_at=0.7)
        )  # fmt: skip
        seen += truth.tolist()
        title = f"Trained on {words}: says {objective[-1]:.3g}, is {truth[-1]:.3g}"
    if floor is not None:
        items.append(Rule(key="floor", axis="y", value=floor, label="entropy of the data"))
    ends = nll_range(seen)
    if not len(objective):
        items.append(how_to_begin(ends))
    return Panel(
        name="objective", title=title.replace("-", "−"), cell=cell, items=tuple(items),
        x=Axis("Step", range=(0.0, max(float(rival.step), UNBEGUN))),
        y=Axis("NLL", "nats", range=ends),
        summary=f"{title}" + ("" if floor is None else f"; the entropy is {floor:.4g}") + ".",
    )  # fmt: skip


def words_of(estimator: str, terms: int) -> str:
    """Return an estimate in words: a series of 2 terms, 10 terms by a vector of signs."""
    if estimator == "roulette":
        return NAMES[estimator]
    series = _terms(terms)
    return series if estimator == "trace" else f"{series}, {_NOISE[estimator]}"


def _positive(values: Array) -> Array:
    """Errors as a log axis can show them: what is rounding is not drawn."""
    return np.where(values > _LEAST_ERROR, values, np.nan)


def _terms(count: int) -> str:
    return "1 term" if count == 1 else f"{count} terms"
