"""The collapse page: a plain ResNet trained beside the i-ResNet, and what its NLL is worth."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from zoetrope.core.figure import Cell, Figure
from zoetrope.core.iresnet.collapse_view import (
    WORDS,
    Seen,
    density_panel,
    folds_panel,
    likelihoods_panel,
    masses_panel,
)
from zoetrope.core.iresnet.exhibit_parameters import map_cells, other_bound, wide_cells
from zoetrope.core.iresnet.lab_page import Drawing, Page, Part, Shot
from zoetrope.core.iresnet.lab_training import setup_of
from zoetrope.core.iresnet.page_memory import Memory
from zoetrope.core.iresnet.plane_measures import SAME, Folds, mass_within, twice_as_wide
from zoetrope.core.iresnet.plane_panel import beside_another
from zoetrope.core.lab import Frame, Notice, Readout

if TYPE_CHECKING:
    from torch import Tensor

    from zoetrope.core.iresnet.lab_data import Extent, LabData
    from zoetrope.core.iresnet.lab_parameters import IResNetParameters
    from zoetrope.core.iresnet.lab_training import Setup, Trained
    from zoetrope.core.iresnet.model import Model
    from zoetrope.core.stepping import Steps

_COARSE = 0.375  # of the cells along a side, while it trains
_SHORT = {"flow": "i-ResNet", "plain": "Plain"}
_STARTED = 1 << 18  # features of a block's points from which Newton's method starts
_MOST_STARTS = 20  # along a side


class CollapsePage(Page):
    """Two trainings that differ in nothing but the bound."""

    def __init__(self, data: LabData) -> None:
        super().__init__(data)
        self._memory = Memory()
        self._wide = twice_as_wide(data.extent)

    def setups(self, parameters: IResNetParameters) -> tuple[Setup, ...]:
        """Return the network asked for and the plain one (or a balanced one, if that was asked)."""
        setup = setup_of(parameters)
        kinds = (
            ("balanced", "none") if parameters.network_file else (other_bound(setup.config.bound),)
        )
        others = [replace(setup, config=replace(setup.config, bound=bound)) for bound in kinds]
        return setup, *others

    def draw(self, shot: Shot) -> Drawing:
        """Draw both densities and, when training rests, finely and with the points that meet."""
        first, *others = shot.trained
        held = first.setup.config.constrained
        other = next(one for one in others if one.setup.config.constrained != held)
        both = dict(zip(WORDS, (first, other) if held else (other, first), strict=True))
        if shot.moving or not self._memory.known("fine plain folds", both["plain"].model):
            seen = yield from self._looked("coarse", both)
            if shot.moving:
                return self._frame(seen, shot)
            yield self._frame(seen, shot)
        seen = yield from self._looked("fine", both)
        yield self._frame(seen, shot)
        asked = shot.parameters.asked_x, shot.parameters.asked_y
        for which, one in seen.items():
            seen[which] = replace(one, meeting=(yield from self._meeting(which, one, asked)))
        return self._frame(seen, shot)

    def _looked(self, kind: str, both: dict[str, Trained]) -> Part[dict[str, Seen]]:
        seen = {}
        for which, trained in both.items():
            config = trained.setup.config
            cells, wide = (
                count(config.n_blocks, config.hidden) if kind == "fine"
                else 2 * round(_COARSE * count(config.n_blocks, config.hidden) / 2)
                for count in (map_cells, wide_cells)
            )  # fmt: skip
            seen[which] = yield from self._look(f"{kind} {which}", trained, cells, wide)
        return seen

    def _look(self, name: str, trained: Trained, cells: int, wide: int) -> Part[Seen]:
        model, extent, part = trained.model, self.data.extent, self._memory.part
        density = yield from part(
            f"{name} density", model, lambda: model.density_grid_steps(extent, cells)
        )
        around = yield from part(
            f"{name} around", model, lambda: model.density_grid_steps(self._wide, wide)
        )
        folds = yield from part(f"{name} folds", model, lambda: _folds(model, extent, cells))
        share, mass = mass_within(around, self._wide)
        return Seen(trained, density, folds, (share.numpy(), mass.numpy()))

    def _meeting(self, which: str, seen: Seen, asked: tuple[float, float]) -> Part[Tensor]:
        model, extent = seen.trained.model, self.data.extent
        return (
            yield from self._memory.part(
                f"{which} meeting", (model, asked), lambda: _meeting(model, asked, extent)
            )
        )

    def _frame(self, seen: dict[str, Seen], shot: Shot) -> Frame:
        data = self.data
        brightest, p = seen["flow"].brightest, shot.parameters
        asked = p.asked_x, p.asked_y
        flow, plain = (
            density_panel(
                which, one, data, brightest, p.density, asked, Cell(0, 2 * column, column_span=2)
            )
            for column, (which, one) in enumerate(seen.items())
        )
        folds = folds_panel(seen["plain"].folds, data, Cell(0, 4, column_span=2))
        return Frame(
            figure=Figure(
                panels=(
                    flow,
                    beside_another(plain),
                    beside_another(folds),
                    likelihoods_panel(seen, data.entropy, Cell(1, 0, column_span=3)),
                    masses_panel(seen, self._wide, Cell(1, 3, column_span=3)),
                ),
                heights=(1.25, 1.0),
            ),
            readouts=tuple(_readouts(seen, data)),
            notices=tuple(_notices(p)),
            unfolded=("density",),
            tables=_tables(seen),
        )  # fmt: skip


def _folds(model: Model, extent: Extent, cells: int) -> Steps[Folds]:
    """Where the network mirrors: nowhere, and nothing to look for, if its bounds are below 1."""
    if model.valid_density:
        return Folds(torch.ones(cells, cells, dtype=torch.float64), 0.0)
    return (yield from model.folds_steps(extent, cells))


def _meeting(model: Model, asked: tuple[float, float], extent: Extent) -> Steps[Tensor]:
    """The points [m, 2] that go where the one asked about goes: itself alone if bounds are kept."""
    latent, _ = model.forward([asked])
    if model.valid_density:
        found, _ = yield from model.inverse_steps(latent)
        return found
    features = max(1, model.config.n_blocks * model.config.hidden)
    starts = min(max(math.isqrt(_STARTED // features), 4), _MOST_STARTS)
    found = yield from model.preimages_steps(latent[0], extent, starts)
    itself = torch.tensor([asked], dtype=torch.float64)  # which no search need find
    others = torch.linalg.vector_norm(found - itself, dim=1) > SAME
    return torch.cat([itself, found[others]])


def _readouts(seen: dict[str, Seen], data: LabData) -> Iterator[Readout]:
    for which, one in seen.items():
        who, name = _SHORT[which], f"collapse_{which}"
        if one.trained.validations:
            nll = one.trained.validations[-1][1]
            yield Readout(
                f"{name}_nll", f"{who} NLL", nll, "nats",
                help="What it reports on the held-out points, looked at every 50 steps.",
            )  # fmt: skip
            if data.entropy is not None:
                yield Readout(
                    f"{name}_gap", f"{who} NLL − H", nll - data.entropy, "nats",
                    help="Over the entropy of the data: that of a density cannot be below 0, but "
                    "for the chance of the held-out points.",
                )  # fmt: skip
        yield Readout(
            f"{name}_mass", f"{who} ∫ p", one.mass, "", r"\int p",
            help="The integral of what it reports as a density over an area twice as wide and "
            "high as the one shown; 1 for a density. Where it varies faster than the grid, an "
            "estimate.",
        )  # fmt: skip
        yield Readout(
            f"{name}_mirrored", f"{who} mirrored", 100 * one.folds.share, "%",
            help="Share of the area shown where the determinant is negative.",
        )  # fmt: skip
        if one.meeting is not None:
            yield Readout(
                f"{name}_meeting", f"{who} meet", len(one.meeting),
                help="Points of the area shown that go to the same latent place as the one "
                "asked about. Newton’s method looks for them from a grid and may miss some; where "
                "every bound is below 1 there is only itself.",
            )  # fmt: skip


def _notices(p: IResNetParameters) -> Iterator[Notice]:
    if p.network_file:
        yield Notice("The other network is trained here, with the settings of this lab: more than "
                     "the bound may tell it from the one of the file.")  # fmt: skip
        return
    held = "a balanced bound" if p.bound == "none" else "the bound"
    yield Notice(f"Both networks have the same data, seed and settings; only {held} of {p.lip:g} "
                 "on every block is missing in the plain one, which also begins with larger second "
                 "weights.")  # fmt: skip


def _tables(seen: dict[str, Seen]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for which, one in seen.items():
        who = WORDS[which]
        found[f"{who} log p"] = one.density.flatten().numpy()
        found[f"{who} sign of det"] = one.folds.signs.flatten().numpy()
        found[f"{who} objective"] = one.trained.losses
        checked = np.array(one.trained.validations, dtype=np.float64).reshape(-1, 2)
        found[f"{who} validated at"], found[f"{who} NLL"] = checked.T
    return found
