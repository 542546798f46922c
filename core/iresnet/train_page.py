"""The train page: a density that comes into being, the data, the curves, and the way back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from torch import Tensor

from zoetrope.core.figure import Cell, Figure, Panel, barred
from zoetrope.core.iresnet.gap_to_truth import Divergence, measured
from zoetrope.core.iresnet.lab_choices import BRUSH_ROWS
from zoetrope.core.iresnet.lab_colours import sectors
from zoetrope.core.iresnet.lab_data import LabData
from zoetrope.core.iresnet.lab_page import Drawing, Page, Part, Shot, quietly
from zoetrope.core.iresnet.model import Model, gaussian
from zoetrope.core.iresnet.plane_measures import grid_points
from zoetrope.core.iresnet.plane_panel import beside_another, on_plane, with_points
from zoetrope.core.iresnet.quick_density import quick_density_steps
from zoetrope.core.iresnet.train_view import (
    contours,
    curves_panel,
    data_panel,
    density_panel,
    difference_panel,
    drawing_panel,
    painting_panel,
    samples_panel,
    top_of,
    train_readouts,
)
from zoetrope.core.iresnet.view_parameters import MANY, SAMPLE_SEED
from zoetrope.core.items import Array
from zoetrope.core.lab import Frame

COARSE, FINE = 64, 128  # cells along a side of the map
FEW = 200  # samples of a picture that is gone in a moment
MEASURED_EVERY, SAMPLED_EVERY = 4, 2  # pictures of a training


class TrainPage(Page):
    """What is learned, as it is learned."""

    def __init__(self, data: LabData) -> None:
        super().__init__(data)
        self._tested: tuple[Tensor, Tensor | None] | None = None  # fresh points, true log-density
        self._truths: dict[int, Array] = {}  # true log-density on grids, by their size
        self._gap: Divergence | None = None
        self._samples: tuple[Tensor, Tensor, float] | None = None
        self._count = 0  # pictures so far

    def draw(self, shot: Shot) -> Drawing:
        """Draw coarsely what moves; else that first, then finely."""
        self._count += 1
        if not shot.moving or self._gap is None or self._count % MEASURED_EVERY == 0:
            self._gap = yield from self._measure(shot.model)
        few = shot.moving
        if not few or self._samples is None or self._count % SAMPLED_EVERY == 0:
            self._samples = yield from _sampled(shot.model, FEW if few else MANY)
        coarse = yield from quietly(quick_density_steps(shot.model, self.data.extent, COARSE))
        frame = yield from self._frame(shot, coarse.numpy())
        if shot.moving:
            return frame
        yield frame
        fine = yield from quietly(shot.model.density_grid_steps(self.data.extent, FINE))
        return (yield from self._frame(shot, fine.numpy()))

    def _measure(self, model: Model) -> Part[Divergence | None]:
        if not self.data.known:
            return None
        if self._tested is None:
            points = self.data.test_points()
            truth = yield from quietly(self.data.log_density_steps(points))
            self._tested = points, truth
        points, truth = self._tested
        assert truth is not None
        reported = yield from quietly(model.log_prob_steps(points))
        return measured(truth, reported)

    def _truth(self, n: int) -> Part[Array]:
        """The true log-density on the map's grid."""
        if n not in self._truths:
            points = grid_points(self.data.extent, n)
            found = yield from quietly(self.data.log_density_steps(points))
            assert found is not None
            self._truths[n] = found.view(n, n).numpy()
        return self._truths[n]

    def _frame(self, shot: Shot, log_density: Array) -> Part[Frame]:
        p, data, trained = shot.parameters, self.data, shot.trained[0]
        assert self._samples is not None
        samples, converged, error = self._samples
        beside, top = yield from self._beside(shot, log_density)
        sector, lost = sectors(samples.numpy(), data.extent), int((~converged).sum())
        largest = float(shot.model.bounds.max()) if len(shot.model.bounds) else 0.0
        x0, x1, y0, y1 = data.extent
        mass = float(np.exp(np.minimum(log_density, 700.0)).mean()) * (x1 - x0) * (y1 - y0)
        title = "The learned density" if trained.step else "Before any training"
        density = density_panel("density", title, log_density, data.extent, p.density, top,
                                Cell(0, 0))  # fmt: skip
        if p.contours:
            lines = contours(log_density, data.extent)
            density = replace(density, items=(*density.items, *lines))
        first = on_plane(with_points(density, data), data)
        others = beside, samples_panel(samples.numpy(), sector, converged.numpy(), Cell(0, 2))
        return Frame(
            figure=Figure(
                panels=(
                    first,
                    *(beside_another(on_plane(picture, data)) for picture in others),
                    curves_panel(trained, data.entropy, self._gap, Cell(1, 0, column_span=3),
                                 waiting=trained.step == 0 and not p.network_file),
                ),
                widths=(1.55, 1.4 if barred(beside) else 1.0, 1.15),
                heights=(1.2, 1.0),
            ),
            unfolded=BRUSH_ROWS if p.source == "sprayed" else (),
            readouts=train_readouts(trained, self._gap, mass, error, lost, largest),
            tables=_tables(shot, samples, log_density),
        )  # fmt: skip

    def _beside(self, shot: Shot, log_density: Array) -> Part[tuple[Panel, float]]:
        """The panel beside the density, and the log-density that is brightest in both."""
        p, data, cell = shot.parameters, self.data, Cell(0, 1)
        top = top_of(log_density)
        if data.known and p.compare != "data":
            truth = yield from self._truth(len(log_density))
            top = max(top, top_of(truth))
            if p.compare == "difference":
                gap = difference_panel(log_density, truth, data.extent, cell)
                return with_points(gap, data), top
            title = "The true density"
            title += "" if data.entropy is None else f", of entropy {data.entropy:.3f} nats"
            beside = density_panel("beside", title, truth, data.extent, p.density, top, cell,
                                   "truth", bar=False)  # fmt: skip
            return with_points(beside, data), top
        if data.painted is not None:
            return painting_panel(np.array(data.painted.cells), cell), top
        points = data.shown.double().numpy()
        if p.source == "sprayed":
            return with_points(drawing_panel(data.points.numpy(), cell), data), top
        beside = data_panel(points, len(data.points), data.title, data.extent, cell)
        return with_points(beside, data), top


def _sampled(model: Model, n: int) -> Part[tuple[Tensor, Tensor, float]]:
    """Return points [n, 2] from Gaussian ones, which of them were found, and how far the network
    takes those from where they came.
    """
    latent = gaussian(n, SAMPLE_SEED)
    samples, report = yield from quietly(model.inverse_steps(latent))
    found = report.converged
    again, _ = yield from quietly(model.forward_steps(samples[found]))
    missed = (again - latent[found]).abs()
    return samples, found, float(missed.max()) if missed.numel() else 0.0


def _tables(shot: Shot, samples: Tensor, log_density: Array) -> dict[str, Any]:
    trained, data = shot.trained[0], shot.data
    points = data.shown.double().numpy()
    cells = grid_points(data.extent, len(log_density)).numpy()
    steps = np.arange(1, len(trained.losses) + 1)
    held = np.array(trained.validations).reshape(-1, 2).T
    return {
        "step": steps,
        "loss (nats)": trained.losses,
        "validated at step": held[0],
        "held out NLL (nats)": held[1],
        "data x": points[:, 0],
        "data y": points[:, 1],
        "sample x": samples[:, 0].numpy(),
        "sample y": samples[:, 1].numpy(),
        "grid x": cells[:, 0],
        "grid y": cells[:, 1],
        "log p on the grid": log_density.ravel(),
    }
