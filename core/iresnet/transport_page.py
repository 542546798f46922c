"""The transport page: data carried to a Gaussian layer by layer, and latent points back at once."""

from __future__ import annotations

import numpy as np
import torch

from zoetrope.core.figure import Cell, Figure, Panel
from zoetrope.core.iresnet.lab_colours import coloured, sectors
from zoetrope.core.iresnet.lab_data import LabData
from zoetrope.core.iresnet.lab_page import Drawing, Page, Part, Shot
from zoetrope.core.iresnet.model import Model, gaussian
from zoetrope.core.iresnet.page_memory import Memory
from zoetrope.core.iresnet.plane_panel import on_plane, with_points
from zoetrope.core.iresnet.transport_view import (
    grid_items,
    grid_lines,
    home_panel,
    latent_panel,
    ring,
    way_panel,
)
from zoetrope.core.iresnet.view_parameters import DRAWN, SAMPLE_SEED
from zoetrope.core.items import Array
from zoetrope.core.lab import Frame, Readout

PROBES = 160  # latent points, unless a person has set others


class TransportPage(Page):
    """Both directions of one network."""

    def __init__(self, data: LabData) -> None:
        super().__init__(data)
        self._points = data.points[:DRAWN].double()
        self._sector = sectors(self._points.numpy(), data.extent)
        self._lines = torch.from_numpy(grid_lines(data.extent))
        self._memory = Memory()

    def draw(self, shot: Shot) -> Drawing:
        """Draw the way there, and the way back."""
        way = yield from self._way(shot)
        latent, home, readouts, tables = yield from self._back(shot)
        tables |= yield from self._sent(shot.model)
        panels = (way, latent, home)
        return Frame(
            figure=Figure(panels=panels, widths=(1.55, 1.0)),
            readouts=readouts,
            tables=tables,
        )

    def _way(self, shot: Shot) -> Part[Panel]:
        p, model = shot.parameters, shot.model
        blocks = model.config.n_blocks
        if model.flow.count == 0:  # there is an affine layer to go through all the same
            began, ended = (self._points - model.mean) / model.std, model.forward(self._points)[0]
            places = torch.lerp(began, ended, p.layer).numpy()
        else:
            places = model.at_layer(self._points, p.layer * blocks).numpy()
        yield None
        density = None
        if p.colouring == "density":
            density = yield from self._density(model)
        items = coloured("points", places, self._sector, density, size=3.0)
        if p.grid and blocks:
            items = [*grid_items(model.at_layer(self._lines, p.layer * blocks).numpy()), *items]
            yield None
        panel = way_panel(items, p.layer, blocks, Cell(0, 0, row_span=2))
        return with_points(panel, self.data, places)

    def _density(self, model: Model) -> Part[Array]:
        found = yield from self._memory.part(
            "density of points", model, lambda: model.log_prob_steps(self._points)
        )
        values: Array = found.numpy()
        return values

    def _sent(self, model: Model) -> Part[dict[str, Array]]:
        """Where the data go, and how dense they are, as tables."""
        latent, log_det = yield from self._memory.part(
            "sent", model, lambda: model.forward_steps(self._points)
        )
        density = yield from self._density(model)
        return {
            "data x": self._points[:, 0].numpy(),
            "data y": self._points[:, 1].numpy(),
            "goes to z1": latent[:, 0].numpy(),
            "goes to z2": latent[:, 1].numpy(),
            "log |det| at the data": log_det.numpy(),
            "log p at the data": density,
        }

    def _back(self, shot: Shot) -> Part[tuple[Panel, Panel, tuple[Readout, ...], dict[str, Array]]]:
        p, model = shot.parameters, shot.model
        probes = np.array(p.probes) if p.probes else gaussian(PROBES, SAMPLE_SEED).numpy()
        circle = ring(p.latent_x, p.latent_y, p.ring)
        point = np.array([[p.latent_x, p.latent_y]])
        asked = torch.from_numpy(np.concatenate([point, circle, probes]))
        key = model, p.probes, p.latent_x, p.latent_y, p.ring
        found, report = yield from self._memory.part(
            "home", key, lambda: model.inverse_steps(asked)
        )
        log_p = yield from self._memory.part(
            "density there", key, lambda: model.log_prob_steps(found)
        )
        came = found.numpy()
        there, around, others = np.split(came, [1, 1 + len(circle)])
        log_det = float(model.forward(found[:1])[1])
        names = "latent_x", "latent_y"
        latent = latent_panel(probes, (p.latent_x, p.latent_y), circle, names, Cell(0, 1))
        points = self._points.numpy()
        home = home_panel(
            points, (others, probes[:, 0]), there[0], around, bool(report.converged[0]), Cell(1, 1)
        )
        home = with_points(on_plane(home, self.data), self.data, points)
        readouts = (
            Readout("home_x", "It comes from, across", float(there[0, 0])),
            Readout("home_y", "It comes from, up", float(there[0, 1])),
            Readout("home_log_det", "log |det ∂z/∂x| there", log_det, "nats", r"\log|\det|",
                    help="How much denser the points become there on the way to the Gaussian."),
            Readout("home_log_p", "log p there", float(log_p[0]), "nats", r"\log p",
                    help="The Gaussian's log-density at the latent point plus that determinant."),
            Readout("home_iterations", "Newton's iterations", int(report.iterations[0]),
                    help="The most that a block took for this point."),
        )  # fmt: skip
        tables = {
            "latent z1": asked[:, 0].numpy(), "latent z2": asked[:, 1].numpy(),
            "comes from x": came[:, 0], "comes from y": came[:, 1], "log p there": log_p.numpy(),
        }  # fmt: skip
        return latent, home, readouts, tables
