"""The Lipschitz page: each block's bound beside the truth, where it stretches, and points' ways."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from zoetrope.core.figure import Cell, Figure
from zoetrope.core.iresnet.exhibit_parameters import stretch_cells
from zoetrope.core.iresnet.lab_page import Drawing, Page, Part, Shot
from zoetrope.core.iresnet.lipschitz_view import (
    bars_panel,
    slopes_panel,
    stretch_panel,
    ways_panel,
)
from zoetrope.core.iresnet.page_memory import Memory
from zoetrope.core.iresnet.plane_measures import grid_points
from zoetrope.core.iresnet.plane_panel import with_points
from zoetrope.core.items import Array
from zoetrope.core.lab import Frame, Readout

if TYPE_CHECKING:
    from zoetrope.core.iresnet.lab_data import LabData
    from zoetrope.core.iresnet.lab_parameters import IResNetParameters
    from zoetrope.core.iresnet.model import Lipschitz, Model

_COARSE = 1 / 3  # of the cells along a side, while it trains
_WAYS = 120  # points whose ways are drawn
_SUBSTEPS = 4  # of a layer


class LipschitzPage(Page):
    """What holds the blocks together, block by block."""

    def __init__(self, data: LabData) -> None:
        super().__init__(data)
        self._memory = Memory()

    def draw(self, shot: Shot) -> Drawing:
        """Draw bounds and ways, coarsely and, when training rests, finely."""
        model, part = shot.model, self._memory.part
        points = self.data.shown[:_WAYS]
        ways = yield from part("ways", model, lambda: model.layers_steps(points, _SUBSTEPS))
        cells = stretch_cells(model.config.n_blocks, model.config.hidden)
        if shot.moving or not self._memory.known("fine", model):
            coarse = yield from self._found("coarse", model, round(_COARSE * cells))
            frame = self._frame(model, ways.numpy(), coarse, shot.parameters)
            if shot.moving:
                return frame
            yield frame
        fine = yield from self._found("fine", model, cells)
        return self._frame(model, ways.numpy(), fine, shot.parameters)

    def _found(self, name: str, model: Model, n: int) -> Part[Lipschitz]:
        points = grid_points(self.data.extent, n)
        return (yield from self._memory.part(name, model, lambda: model.lipschitz_steps(points)))

    def _frame(
        self, model: Model, ways: Array, found: Lipschitz, parameters: IResNetParameters
    ) -> Frame:
        config = model.config
        block = min(parameters.seen_block, config.n_blocks)
        middle = ways[0].mean(0)
        angles = np.arctan2(*(ways[0] - middle).T[::-1])
        return Frame(
            figure=Figure(
                panels=(
                    bars_panel(found, config, block, Cell(0, 0)),
                    with_points(ways_panel(ways, angles, Cell(0, 1)), self.data, ways[-1]),
                    slopes_panel(config.activation, Cell(1, 0)),
                    stretch_panel(found, block, self.data, Cell(1, 1)),
                ),
                widths=(1.25, 1.0),
            ),
            readouts=tuple(_readouts(found, model)),
            unfolded=("seen_block",),
            tables=_tables(found, block),
        )  # fmt: skip


def _readouts(found: Lipschitz, model: Model) -> Iterator[Readout]:
    if not len(found.bound):
        return
    highest, truth = float(found.bound.max()), float(found.empirical.max())
    yield Readout(
        "lipschitz_bound", "Greatest bound", highest, "", "L", good=highest < 1,
        help="The smaller of the balanced bound and ‖W₁‖ ‖W₂‖ over all blocks; below 1 every "
        "block is invertible for sure.",
    )  # fmt: skip
    yield Readout(
        "lipschitz_found", "Greatest ‖J‖ found", truth,
        help="Over a grid on the data’s square, of all blocks: no Lipschitz constant is less.",
    )  # fmt: skip
    yield Readout(
        "lipschitz_used", "Bound that is used", 100 * truth / highest if highest else 0.0, "%",
        help="The greatest ‖J‖ found as a share of the greatest bound.",
    )  # fmt: skip
    product = found.sigma1 * found.sigma2
    yield Readout(
        "lipschitz_product", "Greatest ‖W₁‖ ‖W₂‖", float(product.max()), "", r"\\sigma_1 \\sigma_2",
        help="What the papers hold below c. The balanced bound is the same whatever the scale of "
        "a neuron, so that this product may be larger.",
    )  # fmt: skip
    if highest < 1:
        low = float((2 * (1 - found.bound).log()).sum())
        high = float((2 * (1 + found.bound).log()).sum())
        yield Readout(
            "lipschitz_log_det", "All blocks’ log det", f"{low:.3g} … {high:.3g}".replace("-", "−"),
            "nats", help="Between Σ 2 ln(1 − L) and Σ 2 ln(1 + L), by the bounds alone.",
        )  # fmt: skip


def _tables(found: Lipschitz, block: int) -> dict[str, Any]:
    count = len(found.bound)
    return {
        "block": np.arange(1, count + 1),
        "bound": found.bound.numpy(),
        "largest norm found": found.empirical.numpy(),
        "norm of first layer": found.sigma1.numpy(),
        "norm of second layer": found.sigma2.numpy(),
        **({f"norm of J in block {block}": found.norms[block - 1].numpy()} if count else {}),
    }
