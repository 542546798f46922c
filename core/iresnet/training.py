"""Training a flow by likelihood: Adam on a flat vector, steps that can be watched and changed."""

from __future__ import annotations

import copy
import dataclasses
import hashlib
import math
import time
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor

from zoetrope.core.device import resolve_device
from zoetrope.core.iresnet.block_maps import forward
from zoetrope.core.iresnet.config import IResNetConfig
from zoetrope.core.iresnet.cuda_step import captured
from zoetrope.core.iresnet.errors import IResNetError
from zoetrope.core.iresnet.model import Model
from zoetrope.core.iresnet.objectives import Objective
from zoetrope.core.iresnet.own_points import checked_points
from zoetrope.core.iresnet.training_settings import Metrics, Settings
from zoetrope.core.iresnet.training_step import LossGradient
from zoetrope.core.iresnet.weights import (
    blocks,
    carry,
    flat_size,
    initial,
    resized,
    trained_size,
)

_BETAS = (0.9, 0.99)
_CHECKED = 50  # steps between validations and kept states
_VALIDATED = 1000  # points
_LOG_TWO_PI = math.log(2 * math.pi)
_MOMENTS = {"first_moment": "exp_avg", "second_moment": "exp_avg_sq", "moment_step": "step"}


class Trainer:
    """A flow in training. `step` goes on; `change` takes effect at the next step; `model` is a
    snapshot. Equal seeds give equal bits on a CPU with equally many threads.

    data: points [N, 2], at least 20, not all on a line. device: "auto", "cpu", "cuda", "mps".
    Raises IResNetError for bad data or settings.
    """

    def __init__(
        self,
        data: Any,
        config: IResNetConfig,
        settings: Settings | None = None,
        objective: Objective | None = None,
        device: str = "cpu",
    ) -> None:
        self.config = config
        self.settings = settings or Settings()
        self.objective = objective or Objective()
        try:
            self.device = resolve_device(device)
        except ValueError as error:
            raise IResNetError("bad_value", str(error), "device") from error
        self._generator = torch.Generator().manual_seed(self.settings.seed)
        points = checked_points(data)
        self._data_hash = hashlib.sha256(points.numpy().tobytes()).hexdigest()
        self._split(points)
        self.losses: list[float] = []
        self.validations: list[tuple[int, float]] = []
        self.seconds = 0.0
        self.done = 0
        self._best: tuple[float, Tensor, IResNetConfig] | None = None
        self._halved = False
        self._flat = initial(config).to(self.device)
        self._prepare()
        self._keep_state()

    def _split(self, points: Tensor) -> None:
        order = torch.randperm(len(points), generator=self._generator)
        kept = round(len(points) * self.settings.val_fraction)
        self._validation = points[order[:kept][:_VALIDATED]].t()
        training = points[order[kept:]]
        mean, std, single = training.mean(0), training.std(0), training.float()
        if torch.equal(single.double(), training):  # as the sets are: float32 is all they need
            training, mean, std = single, mean.float(), std.float()
        standardised = ((training - mean) / std).float()
        self.mean, self.std = mean.double(), std.double()
        self._log_std = float(self.std.log().sum())
        self._points = standardised.t().contiguous().to(self.device)

    def _prepare(self) -> None:
        """Make the gradient's memory and the optimiser for the weights as they are now."""
        self._gradient = LossGradient(self._flat, self.config, self.settings.batch)
        self._trained = self._flat[: trained_size(self.config)]
        self._trained.grad = self._gradient.gradient[: len(self._trained)]
        graph = self.device == "cuda"
        rate: Any = torch.tensor(self.settings.lr, device="cuda") if graph else self.settings.lr
        self._optimiser = torch.optim.Adam(
            [self._trained], lr=rate, betas=_BETAS, fused=True, capturable=graph
        )
        self._batch = self._points.new_empty(2, self.settings.batch)
        self._run: Callable[[], Tensor] | None = None

    def _eager(self) -> Tensor:
        loss = self._gradient(self._batch, self.objective.log_det(self._generator))
        self._optimiser.step()
        return loss

    def _runner(self) -> Callable[[], Tensor]:
        """The step: on CUDA a captured graph where the objective draws no random numbers."""
        if self.device != "cuda" or self.objective.random:
            return self._eager
        before = self.state_dict()
        try:
            run = captured(self._eager)
        except RuntimeError:
            run = self._eager  # slower and the same numbers
        self._undo_warm_up(before)
        return run

    def _undo_warm_up(self, before: dict[str, Any]) -> None:
        """Put weights and moments back in place: a captured graph keeps their addresses."""
        self._flat.copy_(before["flat"])
        moments = self._optimiser.state.get(self._trained, {})
        for name, key in _MOMENTS.items() if moments else ():
            if before["optimiser"]:
                moments[key].copy_(before["optimiser"][name])
            else:
                moments[key].zero_()

    def step(self, n: int = 1) -> Metrics:
        """Take n steps and return where training stands.

        A loss or a gradient that is not finite puts back the last good state (at most 50 steps
        old) and halves the rate, once; the second time IResNetError "diverged" is raised and the
        good state stays.
        """
        began = time.perf_counter()
        for _ in range(n):
            self._one_step()
        self.seconds += time.perf_counter() - began
        return self.metrics

    def _one_step(self) -> None:
        rate = self.settings.rate(self.done)
        chosen_points = torch.randint(
            self._points.shape[1], (self.settings.batch,), generator=self._generator
        ).to(self.device)
        torch.index_select(self._points, 1, chosen_points, out=self._batch)
        if self._run is None:
            self._run = self._runner()
        self._set_rate(rate)
        loss = float(self._run()) + self._log_std  # as the validation: in the data's coordinates
        if not (math.isfinite(loss) and bool(torch.isfinite(self._flat).all())):
            self._recover()
            return
        self.done += 1
        self.losses.append(loss)
        if self.done % _CHECKED == 0 or self.done == self.settings.steps:
            self._validate()
            self._keep_state()

    def _set_rate(self, rate: float) -> None:
        group = self._optimiser.param_groups[0]
        if isinstance(group["lr"], Tensor):
            group["lr"].fill_(rate)
        else:
            group["lr"] = rate

    def _validate(self) -> None:
        if not self._validation.shape[1]:
            return
        flow = blocks(self._flat, self.config, self.mean, self.std)
        latent, log_det = forward(flow, self._validation)
        nll = float(((latent * latent).sum(0) / 2 + _LOG_TWO_PI - log_det).mean())
        self.validations.append((self.done, nll))
        if math.isfinite(nll) and (self._best is None or nll < self._best[0]):
            self._best = nll, self._flat.detach().to("cpu", copy=True), self.config

    def _keep_state(self) -> None:
        self._good = self.state_dict()

    def _recover(self) -> None:
        self.load_state_dict(self._good)
        if self._halved:
            raise IResNetError(
                "diverged",
                f"Training diverged again after step {self.done}; "
                "lower the learning rate or the Lipschitz bound.",
                "lr",
            )
        self._halved = True
        self.settings = dataclasses.replace(self.settings, lr=self.settings.lr / 2)

    @property
    def metrics(self) -> Metrics:
        """Where training stands."""
        return Metrics(
            self.done,
            self.losses[-1] if self.losses else math.nan,
            self.validations[-1][1] if self.validations else None,
            self.settings.rate(self.done),
            self.seconds,
        )

    @property
    def halved(self) -> bool:
        """Whether training diverged once and goes on at half the rate."""
        return self._halved

    def change(self, **values: Any) -> None:
        """Change what may change in training: lip, lr, batch, schedule, steps, estimator, terms,
        n_exact, stop, n_blocks. All of them or, with IResNetError, none take effect.
        """
        fields = {f.name for f in dataclasses.fields(Settings)} - {"seed", "val_fraction"}
        odds = {f.name for f in dataclasses.fields(Objective)}
        settings = dataclasses.replace(self.settings, **_of(values, fields))
        objective = dataclasses.replace(self.objective, **_of(values, odds))
        config = dataclasses.replace(self.config, **_of(values, {"lip", "n_blocks"}))
        if unknown := values.keys() - fields - odds - {"lip", "n_blocks"}:
            raise IResNetError(
                "bad_value", f"{min(unknown)} cannot change in training; begin anew.", min(unknown)
            )
        state = self._optimiser_state()
        blocks_before = self.config.n_blocks
        if config != self.config:
            self._best = None  # it kept another bound
        self.settings, self.objective = settings, objective
        self.config = dataclasses.replace(config, n_blocks=blocks_before)
        if config.n_blocks != blocks_before:
            self._resize(config.n_blocks, state)
        else:
            self._prepare()
            self._set_optimiser_state(state)
        self._keep_state()

    def _resize(self, n_blocks: int, state: dict[str, Tensor]) -> None:
        before = self.config
        flat, self.config = resized(self._flat.detach().cpu(), before, n_blocks)
        self._flat = flat.to(self.device)
        self._prepare()
        for name in ("first_moment", "second_moment") if state else ():
            old, new = torch.zeros(flat_size(before)), torch.zeros_like(flat)
            old[: len(state[name])] = state[name].cpu()
            carry(old, before, new, self.config)
            state[name] = new[: len(self._trained)].to(self.device)
        self._set_optimiser_state(state)

    def _optimiser_state(self) -> dict[str, Tensor]:
        state = self._optimiser.state.get(self._trained)
        if not state:
            return {}
        return {name: state[key].detach().clone() for name, key in _MOMENTS.items()}

    def _set_optimiser_state(self, state: dict[str, Tensor]) -> None:
        self._optimiser.state.clear()
        if state:
            self._optimiser.state[self._trained] = {
                key: state[name].clone() for name, key in _MOMENTS.items()
            }

    def state_dict(self) -> dict[str, Any]:
        """Return what is needed to go on from here to the same bits; it shares no memory."""
        return {
            "config": self.config,
            "flat": self._flat.detach().clone(),
            "optimiser": self._optimiser_state(),
            "generator": self._generator.get_state(),
            "done": self.done,
            "losses": list(self.losses),
            "validations": list(self.validations),
            "best": copy.deepcopy(self._best),
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go back to a state of this trainer or of one with equal data and settings."""
        if state["config"] != self.config:
            self.config = state["config"]
            self._flat = state["flat"].clone().to(self.device)
            self._prepare()
        self._flat.copy_(state["flat"])
        self._generator.set_state(state["generator"])
        self._set_optimiser_state(state["optimiser"])
        self._run = None  # a captured graph writes to the optimiser's old memory
        self.done = state["done"]
        self.losses, self.validations = list(state["losses"]), list(state["validations"])
        self._best = copy.deepcopy(state["best"])

    def model(self, best: bool = False) -> Model:
        """Return the flow as it is now, or with the weights that validated best so far.

        Its notes, which a file of it keeps, tell of the training: "step", "losses", "validations",
        "settings", "objective", the version of "torch" and the "data_sha256" of the points as rows
        of float64.
        """
        flat, config = self._flat.detach().to("cpu", copy=True), self.config
        if best and self._best is not None:
            _, flat, config = self._best
        notes = {
            "step": self.done,
            "losses": list(self.losses),
            "validations": list(self.validations),
            "settings": dataclasses.asdict(self.settings),
            "objective": dataclasses.asdict(self.objective),
            "torch": torch.__version__,
            "data_sha256": self._data_hash,
        }
        return Model(config, flat.clone(), self.mean, self.std, notes)


def _of(values: dict[str, Any], names: set[str]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in names}


def train(
    data: Any,
    config: IResNetConfig,
    steps: int,
    *,
    batch: int = 512,
    lr: float = 5e-3,
    schedule: str = "cosine",
    estimator: str = "exact",
    terms: int = 10,
    n_exact: int = 2,
    val_fraction: float = 0.2,
    device: str = "auto",
    seed: int = 0,
    callback: Callable[[int, Metrics], bool | None] | None = None,
) -> Model:
    """Train a flow on points [N, 2] and return it, with the weights that validated best.

    `callback(step, metrics)` after each step ends training by returning False. The other
    arguments are those of `Settings`, `Objective` and `Trainer`, and so are the errors.
    """
    settings = Settings(steps, batch, lr, schedule, val_fraction, seed)
    trainer = Trainer(data, config, settings, Objective(estimator, terms, n_exact), device)
    for metrics in train_steps(trainer):
        if callback is not None and callback(metrics.step, metrics) is False:
            break
    return trainer.model(best=True)


def train_steps(trainer: Trainer) -> Iterator[Metrics]:
    """Take the steps that are left of the trainer's schedule, one a yield."""
    while trainer.done < trainer.settings.steps:
        yield trainer.step()
