"""What the pages that show why add to the lab's script, so that it prints their numbers too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zoetrope.core.iresnet.exhibit_parameters import (
    LINE_HIDDEN,
    MOST_TERMS,
    estimated_points,
    map_cells,
    other_bound,
    stretch_cells,
    wide_cells,
)

if TYPE_CHECKING:
    from zoetrope.core.iresnet.lab_parameters import IResNetParameters


def page_script(p: IResNetParameters) -> str:
    """Return what follows the training of `model` on a page; nothing on most."""
    match p.page:
        case "collapse":
            return _collapse(p)
        case "estimators":
            return _estimators(p)
        case "lipschitz":
            return _lipschitz(p)
    return ""


def _collapse(p: IResNetParameters) -> str:
    if p.network_file:
        return ""
    return f"""\

from dataclasses import replace

from zoetrope.core.iresnet.lab_data import extent_of
from zoetrope.core.iresnet.plane_measures import twice_as_wide

other = Trainer(points, replace(config, bound={other_bound(p.bound)!r}), settings, objective)
other.step({round(p.step)})
extent = extent_of(points)
for trained, net in (trainer, model), (other, other.model({_best(p)})):
    print("bound:", net.config.bound)
    print("reported likelihood:", trained.metrics.validation)
    print("integral of p:", net.integral(twice_as_wide(extent), {wide_cells(p.n_blocks, p.hidden)}))
    print("mirrored share:", net.folds(extent, {map_cells(p.n_blocks, p.hidden)}).share)
"""


def _best(p: IResNetParameters) -> str:
    return "best=True" if p.best else ""


def _estimators(p: IResNetParameters) -> str:
    row = p.rival_terms - 1
    taken = f"""\

found = model.estimators(points[:{estimated_points(p.n_blocks, p.hidden)}], terms={MOST_TERMS})
print("bias of the cut series:", float(found.bias[{row}]))
spread = {{
    "Gaussian": found.gaussian_std[{row}],
    "signs": found.rademacher_std[{row}],
    "roulette": found.roulette_std,
}}
for name, deviation in spread.items():
    print(f"plus or minus, by {{name}}:", float(deviation.square().mean().sqrt()))
"""
    if p.network_file:
        return taken
    return f"""{taken}
rival = Trainer(
    points, config, settings,
    Objective({p.rival_estimator!r}, terms={p.rival_terms}, n_exact={p.n_exact}, stop={p.stop!r}),
)
rival.step({round(p.step)})
print("the rival's true likelihood:", rival.metrics.validation)
"""


def _lipschitz(p: IResNetParameters) -> str:
    return f"""\

from zoetrope.core.iresnet.lab_data import extent_of
from zoetrope.core.iresnet.plane_measures import grid_points

found = model.lipschitz(grid_points(extent_of(points), {stretch_cells(p.n_blocks, p.hidden)}))
print("bounds:", found.bound.tolist())
print("largest norms found:", found.empirical.tolist())
print("products of the layers' norms:", (found.sigma1 * found.sigma2).tolist())
"""


def line_script(p: IResNetParameters) -> str:
    """Return the whole script of the page of the line, which trains its own networks."""
    return f"""\
from zoetrope.core.device import load_torch

load_torch()  # leaves one core to everything else
from zoetrope.core.iresnet import line_figure_steps
from zoetrope.core.stepping import finish

for constrained in True, False:
    net = finish(
        line_figure_steps(
            constrained, n_blocks={2 * p.line_half}, hidden={LINE_HIDDEN}, lip={p.lip!r},
            steps={p.line_steps}, seed={p.seed},
        )
    )
    print("i-ResNet" if constrained else "ResNet")
    print("layers folded:", int(net.folded.sum()), "least slope:", net.least_slope)
    print("errors:", net.cubic_error, net.identity_error)
"""
