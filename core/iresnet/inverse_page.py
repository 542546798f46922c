"""The inverse page: points slide home block by block, and three solvers race against bounds."""

from __future__ import annotations

import numpy as np

from zoetrope.core.figure import Axis, Cell, Figure, Panel
from zoetrope.core.iresnet.inverse_view import errors_panel, needed_panel, theatre_panel
from zoetrope.core.iresnet.lab_colours import sectors
from zoetrope.core.iresnet.lab_data import LabData
from zoetrope.core.iresnet.lab_page import Drawing, Page, Shot, quietly
from zoetrope.core.iresnet.page_memory import Memory
from zoetrope.core.iresnet.plane_panel import with_points
from zoetrope.core.iresnet.view_parameters import SENT
from zoetrope.core.iresnet.way_home import (
    WayHome,
    block_errors_steps,
    iterations_steps,
    way_home_steps,
)
from zoetrope.core.items import Array, Label
from zoetrope.core.lab import Frame, Readout

WANTED, WANTED_WORDS = 1e-10, "10⁻¹⁰"  # residual to which iterations are counted


class InversePage(Page):
    """What the inverse is, and what it costs."""

    def __init__(self, data: LabData) -> None:
        super().__init__(data)
        self._points = data.points[:SENT].double()
        self._sector = sectors(self._points.numpy(), data.extent)
        self._memory = Memory()

    def draw(self, shot: Shot) -> Drawing:
        """Draw the way home first, then what each block costs."""
        p, model = shot.parameters, shot.model
        latent, _ = yield from quietly(model.forward_steps(self._points))
        way = yield from self._memory.part(
            "way", (model, p.method, p.iterations),
            lambda: way_home_steps(model, latent, p.method, p.iterations),
        )  # fmt: skip
        blocks = model.config.n_blocks
        theatre = theatre_panel(way, p.home, self._sector, blocks, p.method,
                                Cell(0, 0, row_span=2))  # fmt: skip
        theatre = with_points(theatre, self.data, way.at(p.home)[0])
        if not blocks:
            return self._frame((theatre, _nothing_to_undo()), way)
        block = min(p.block, blocks)
        errors = yield from self._memory.part(
            "errors", (model, block, p.iterations),
            lambda: block_errors_steps(model, latent, block, p.iterations),
        )  # fmt: skip
        shown = errors_panel(errors, block, float(model.bounds[block - 1]), p.method, Cell(0, 1))
        needed = yield from self._memory.part(
            "needed", (model, p.iterations),
            lambda: iterations_steps(model, latent, p.iterations, WANTED),
        )  # fmt: skip
        counts = needed_panel(needed, p.iterations, WANTED_WORDS, block, Cell(1, 1))
        frame = self._frame((theatre, shown, counts), way)
        tables = {f"{name} error": values for name, values in errors.errors.items()}
        tables |= {f"{name} iterations by block": values for name, values in needed.items()}
        return Frame(
            figure=frame.figure, readouts=frame.readouts, tables={**frame.tables, **tables}
        )

    def _frame(self, panels: tuple[Panel, ...], way: WayHome) -> Frame:
        missed = np.linalg.norm((way.points - self._points).numpy(), axis=1)
        lost = int((~way.report.converged).sum())
        readouts = (
            Readout("home_error", "Largest error, whole way", float(missed.max()),
                    help="Of the data points that were sent to the Gaussian and back.",
                    good=bool(missed.max() < 1e-8)),
            Readout("home_median", "Median error", float(np.median(missed))),
            Readout("home_iterations", "Most iterations in a block",
                    int(way.report.iterations.max())),
            Readout("home_lost", "Not converged", lost, "points", good=lost == 0),
            Readout("home_residual", "Largest residual left", float(way.report.residual.max()),
                    help="Of |y − x − g(x)| in any block."),
        )  # fmt: skip
        tables = {
            "point x": self._points[:, 0].numpy(), "point y": self._points[:, 1].numpy(),
            "comes back to x": way.points[:, 0].numpy(),
            "comes back to y": way.points[:, 1].numpy(),
            "iterations": way.report.iterations.numpy(),
            "residual": way.report.residual.numpy(),
            **_trace(way),
        }  # fmt: skip
        return Frame(
            figure=Figure(panels=panels, widths=(1.2, 1.0)), readouts=readouts, tables=tables
        )


def _trace(way: WayHome) -> dict[str, Array]:
    """All places on the way as columns, point by point for each place."""
    places, points, _ = way.places.shape
    return {
        "trace place": np.repeat(np.arange(places), points),
        "trace block": np.repeat(way.block, points),
        "trace point": np.tile(np.arange(points), places),
        "trace x": way.places[..., 0].ravel(),
        "trace y": way.places[..., 1].ravel(),
    }


def _nothing_to_undo() -> Panel:
    words = "No blocks: an affine map is undone at once"
    return Panel(
        name="errors",
        title="Nothing to iterate",
        items=(Label(key="words", label=words, x=0.5, y=0.5, anchor="center", role="guide"),),
        x=Axis(range=(0.0, 1.0), visible=False),
        y=Axis(range=(0.0, 1.0), visible=False),
        cell=Cell(0, 1),
        grid=False,
        summary=words + ".",
    )
