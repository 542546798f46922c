"""The panels of the inverse page: points on their way home, and what each iteration is worth."""

from __future__ import annotations

import numpy as np

from zoetrope.core.edits import Edit
from zoetrope.core.figure import Axis, Cell, Panel
from zoetrope.core.iresnet.inverse_solvers import a_priori_bound
from zoetrope.core.iresnet.lab_choices import METHODS
from zoetrope.core.iresnet.lab_colours import coloured
from zoetrope.core.iresnet.way_home import BlockErrors, WayHome
from zoetrope.core.items import Array, Curve, Item, Label, Role, Rule, Scatter

ROLES: dict[str, Role] = {"newton": "data2", "picard": "data1", "anderson": "data3"}
TRAIL = 14  # places behind a point that are drawn
REACH = 3.2  # of the plane that is shown, in standard deviations
LEAST = 1e-17  # errors that are drawn


def theatre_panel(
    way: WayHome, share: float, sector: Array, blocks: int, method: str, cell: Cell
) -> Panel:
    """Return the points at a share of the way home, with their trails; hollow: not converged."""
    now, block, index = way.at(share)
    trail = np.concatenate([way.places[max(0, index - TRAIL) : index + 1], now[None]])
    gaps = np.full((1, trail.shape[1], 2), np.nan)
    x, y = np.concatenate([trail, gaps]).transpose(1, 0, 2).reshape(-1, 2).T
    lost = ~way.report.converged.numpy()
    items: list[Item] = [
        Curve(key="trails", x=x, y=y, role="guide", width=0.7, opacity=0.55, layer=-1),
        *coloured("points", now[~lost], sector[~lost], size=5.0, opacity=0.95),
        Scatter(key="lost", label="not converged", x=now[lost, 0], y=now[lost, 1], role="warn",
                marker="ring", size=5.0),
    ]  # fmt: skip
    if share >= 1:
        title = f"Home again, by {METHODS[method]}"
    elif share <= 0:
        title = "Latent points, before the way home"
    else:
        title = f"Undoing block {block} of {blocks}, by {METHODS[method]}"
    return Panel(
        name="theatre",
        title=title,
        items=tuple(items),
        x=Axis("First coordinate", range=(-REACH, REACH)),
        y=Axis("Second coordinate", range=(-REACH, REACH)),
        cell=cell,
        equal=True,
        grid=False,
        summary=f"{title}: {len(now)} points, {int(lost.sum())} of them not converged.",
    )


def errors_panel(found: BlockErrors, block: int, bound: float, method: str, cell: Cell) -> Panel:
    """Return the solvers' errors over their iterations in one block, beside what bounds them."""
    items: list[Item] = []
    longest = 1
    for name, errors in found.errors.items():
        shown = _until_exact(errors)
        longest = max(longest, len(shown) - 1)
        items.append(
            Curve(key=name, label=METHODS[name], x=np.arange(len(shown)),
                  y=np.maximum(shown, LEAST), role=ROLES[name],
                  width=2.6 if name == method else 1.6, label_at=0.85)
        )  # fmt: skip
    if bound < 1:
        count = np.arange(longest + 1)
        first = float(found.residuals["picard"][0])
        priori = [a_priori_bound(bound, first, n) for n in count.tolist()]
        items.append(Curve(key="a priori", label="Lⁿ|x₁ − x₀|/(1 − L)", x=count, y=priori,
                           role="data1", dash="dash", width=1.0, label_at=0.9))  # fmt: skip
        left = found.residuals[method][: len(_until_exact(found.errors[method]))]
        items.append(Curve(key="residual", label="|r|/(1 − L)", x=np.arange(len(left)),
                           y=np.maximum(left / (1 - bound), LEAST), role=ROLES[method],
                           dash="dot", width=1.4, label_at=0.5))  # fmt: skip
    return Panel(
        name="errors",
        title=f"In block {block}: {_compared(found.errors)}",
        items=tuple(items),
        x=Axis("Iteration", range=(0.0, 1.12 * longest)),
        y=Axis("Largest error", log=True, range=(1e-17, 300.0)),
        cell=cell,
        summary=f"Largest error of the solvers in block {block}: {_compared(found.errors)}.",
    )


def _until_exact(errors: Array) -> Array:
    """The errors up to where they become rounding's, and a few more."""
    small = np.flatnonzero(errors <= 1e-14)
    return errors[: int(small[0]) + 4] if small.size else errors


def _compared(errors: dict[str, Array]) -> str:
    found = []
    for name in ("newton", "picard"):
        small = np.flatnonzero(errors[name] <= 1e-12)
        if small.size:
            found.append(f"{METHODS[name]} needs {int(small[0])}")
        else:
            found.append(f"{METHODS[name]} is not there after {len(errors[name]) - 1}")
    return ", ".join(found) + " iterations"


def needed_panel(needed: dict[str, Array], most: int, wanted: str, block: int, cell: Cell) -> Panel:
    """Return how many iterations each solver needs in each block; none where too many."""
    items: list[Item] = []
    top = 1.0
    for name, counts in needed.items():
        blocks = np.arange(1, len(counts) + 1)
        if np.isfinite(counts).any():
            top = max(top, float(np.nanmax(counts)))
            items.append(Curve(key=name, label=METHODS[name], x=blocks, y=counts,
                               role=ROLES[name], width=1.2))  # fmt: skip
            items.append(Scatter(key=f"{name} places", x=blocks, y=counts, role=ROLES[name],
                                 size=5.0))  # fmt: skip
    missing = [METHODS[name] for name, counts in needed.items() if np.isnan(counts).any()]
    if missing:
        items.append(
            Label(key="missing", x=1.0, y=1.12 * top, anchor="left", role="warn",
                  label=f"{' and '.join(missing)}: not within {most} in some blocks")
        )  # fmt: skip
    items.append(Rule(key="block", axis="x", value=float(block), role="text", dash="dot"))
    return Panel(
        name="needed",
        title=f"Iterations of the slowest point to {wanted}",
        items=tuple(items),
        x=Axis("Block", range=(0.5, max(len(counts) for counts in needed.values()) + 1.5)),
        y=Axis("Iterations", range=(-0.1 * top, 1.25 * top)),
        cell=cell,
        pick_x=Edit("block"),
        summary=f"How many iterations the solvers need in each block for residuals of {wanted}.",
    )  # fmt: skip
