"""The estimators page: what the papers make of log |det|, and a network trained on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from zoetrope.core.figure import Cell, Figure
from zoetrope.core.iresnet.estimators_view import (
    NAMES,
    errors_panel,
    objective_panel,
    places_panel,
    point_errors,
    spread_panel,
    words_of,
)
from zoetrope.core.iresnet.exhibit_parameters import MOST_TERMS, estimated_points
from zoetrope.core.iresnet.lab_page import Drawing, Page, Shot
from zoetrope.core.iresnet.lab_training import setup_of
from zoetrope.core.iresnet.page_memory import Memory
from zoetrope.core.lab import Frame, Notice, Readout

if TYPE_CHECKING:
    from zoetrope.core.iresnet.estimates import Estimates
    from zoetrope.core.iresnet.lab_data import LabData
    from zoetrope.core.iresnet.lab_parameters import IResNetParameters
    from zoetrope.core.iresnet.lab_training import Setup, Trained


class EstimatorsPage(Page):
    """The network's log-determinant as others estimate it, and a rival trained on an estimate."""

    def __init__(self, data: LabData) -> None:
        super().__init__(data)
        self._memory = Memory()

    def setups(self, parameters: IResNetParameters) -> tuple[Setup, ...]:
        """Return the network's, and that of one which differs in its objective alone."""
        setup, p = setup_of(parameters), parameters
        rival = replace(setup.objective, estimator=p.rival_estimator, terms=p.rival_terms)
        return setup, replace(setup, objective=rival)

    def draw(self, shot: Shot) -> Drawing:
        """Draw the estimates of the network and the rival's training."""
        model, p = shot.model, shot.parameters
        points = self.data.shown[: estimated_points(p.n_blocks, p.hidden)]
        found = yield from self._memory.part(
            "estimates", model, lambda: model.estimators_steps(points, MOST_TERMS)
        )
        point = min(p.seen_point, len(points) - 1)
        chosen = p.rival_estimator, p.rival_terms
        rival, floor = shot.trained[1], self.data.entropy
        return Frame(
            figure=Figure(
                panels=(
                    spread_panel(found, point, p.rival_terms, Cell(0, 0)),
                    errors_panel(found, p.rival_terms, Cell(0, 1)),
                    places_panel(self.data, found, *chosen, point, Cell(1, 0)),
                    objective_panel(rival, floor, words_of(*chosen), Cell(1, 1)),
                ),
            ),
            readouts=tuple(_readouts(found, point, p, rival, floor)),
            notices=tuple(_notices(p)),
            unfolded=("rival_estimator", "rival_terms"),
            tables=_tables(found, rival),
        )


def _readouts(
    found: Estimates, point: int, p: IResNetParameters, rival: Trained, floor: float | None
) -> Iterator[Readout]:
    row = p.rival_terms - 1
    if point >= 0:
        yield Readout(
            "estimates_exact", "log |det| at the point", float(found.exact[point]), "nats",
            help="Exact, the sum over the blocks.",
        )  # fmt: skip
    off = point_errors(found, p.rival_estimator, p.rival_terms)
    yield Readout(
        "estimates_off", "One estimate is off by", float(np.sqrt((off**2).mean())), "nats",
        help="Root mean square over the points and over the random vectors.",
    )  # fmt: skip
    yield Readout(
        "estimates_bias", "Bias of the cut series", float(found.bias[row]), "nats",
        help="Mean over the points of the series with exact traces less the truth.",
    )  # fmt: skip
    yield Readout(
        "estimates_gaussian", "± by a Gaussian vector", _typical(found.gaussian_std[row]), "nats",
        help="Standard deviation, root mean square over the points: in closed form.",
    )  # fmt: skip
    yield Readout(
        "estimates_signs", "± by a vector of signs", _typical(found.rademacher_std[row]), "nats",
        help="The same with entries of ±1: the diagonal of J then adds no noise.",
    )  # fmt: skip
    yield Readout(
        "estimates_roulette", "± by the roulette", _typical(found.roulette_std), "nats",
        help="With two sure terms and a stopping chance of one half, cut after 120 terms: a lower "
        "bound where L² is not below one half.",
    )  # fmt: skip
    if rival.validations:
        truth = rival.validations[-1][1]
        yield Readout(
            "estimates_truth", "Rival’s true NLL", truth, "nats",
            help="Of the network trained on the estimate, on the held-out points, exactly.",
        )  # fmt: skip
        yield Readout(
            "estimates_said", "Rival’s objective", float(rival.losses[-_WINDOW:].mean()), "nats",
            help=f"What its training takes for that, in the mean of the last {_WINDOW} batches.",
        )  # fmt: skip
        if floor is not None:
            yield Readout("estimates_floor", "Entropy of the data", floor, "nats")


_WINDOW = 25


def _typical(deviations: Any) -> float:
    return float(deviations.square().mean().sqrt())


def _notices(p: IResNetParameters) -> Iterator[Notice]:
    if p.rival_estimator == "trace":
        yield Notice(
            f"A rival network is trained on {words_of('trace', p.rival_terms)}: that is not "
            "the likelihood, and training finds out how to gain by the difference.", "warning",
            "rival_estimator",
        )  # fmt: skip
    elif p.rival_estimator == "roulette":
        yield Notice("A rival network is trained on Russian roulette, which draws the number of "
                     "terms anew for every block and step.")  # fmt: skip
    else:
        yield Notice(f"A rival network is trained with {NAMES[p.rival_estimator]} in place of the "
                     "trace, a new one for every point, block and step.")  # fmt: skip


def _tables(found: Estimates, rival: Trained) -> dict[str, Any]:
    checked = np.array(rival.validations, dtype=np.float64).reshape(-1, 2)
    return {
        "terms": np.arange(1, len(found.bias) + 1),
        "bias": found.bias.numpy(),
        "largest error": found.max_error.numpy(),
        "a priori bound": found.bound.numpy(),
        "Gaussian std": found.gaussian_std.square().mean(1).sqrt().numpy(),
        "signs std": found.rademacher_std.square().mean(1).sqrt().numpy(),
        "rival objective": rival.losses,
        "rival validated at": checked[:, 0],
        "rival NLL": checked[:, 1],
    }
