"""A training that can be taken to any step, forth and back, and changed on the way."""

from __future__ import annotations

import dataclasses
import time
from bisect import bisect_right
from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from zoetrope.core.iresnet.config import IResNetConfig
from zoetrope.core.iresnet.errors import IResNetError
from zoetrope.core.iresnet.lab_parameters import IResNetParameters
from zoetrope.core.iresnet.objectives import Objective
from zoetrope.core.iresnet.training_settings import Settings
from zoetrope.core.items import Array

if TYPE_CHECKING:
    from zoetrope.core.iresnet.lab_data import LabData
    from zoetrope.core.iresnet.model import Model

KEPT_EVERY = 10  # steps, at first
KEPT_BYTES = 12_000_000  # of one training's states


@dataclass(frozen=True, slots=True)
class Setup:
    """What a training is, whatever step it has come to."""

    config: IResNetConfig
    settings: Settings
    objective: Objective


def setup_of(parameters: IResNetParameters) -> Setup:
    """Return the training that the parameters ask for."""
    p = parameters
    return Setup(
        IResNetConfig(
            p.n_blocks, p.hidden, p.activation, p.lip, p.bound, p.affine, p.w1_scale, p.seed
        ),
        Settings(p.length, p.batch, p.lr, p.schedule, p.held_out, p.seed),
        Objective(p.estimator, p.terms, p.n_exact, p.stop),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Trained:
    """Where a training stands; `model` is a snapshot.

    losses: each step's, [step]; validations: (step, nll). changed: the steps at which its settings
    changed; a training from the start with those of now comes to another network if there are any.
    halved: whether it diverged once and goes on at half the rate. trouble: why it goes on no more.
    """

    setup: Setup
    step: int
    model: Model
    losses: Array
    validations: tuple[tuple[int, float], ...]
    changed: tuple[int, ...]
    halved: bool
    trouble: IResNetError | None


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """States of a training on its way, by step, and its history to the last of them.

    Nothing in it is ever written to, so that trainings can share it.
    """

    states: dict[int, dict[str, Any]]
    losses: tuple[float, ...]
    validations: tuple[tuple[int, float], ...]
    every: int  # steps from one state to the next
    size: int  # bytes


class Training:
    """One flow in training on some data. Equal setups taken to equal steps give equal bits, by
    whatever way they came there. `kept` are states of an equal one.
    """

    def __init__(self, data: LabData, setup: Setup, kept: Kept | None = None) -> None:
        self._data = data
        self.setup = setup
        self._states: dict[int, dict[str, Any]]
        self._losses: list[float]  # the longest history known, of which this step may be past
        self._validations: list[tuple[int, float]]
        self._changed: list[int]
        self._begin()
        if kept is not None:
            self._states = dict(kept.states)
            self._losses, self._validations = list(kept.losses), list(kept.validations)
            self._every = kept.every

    def _begin(self) -> None:
        """Go to step 0, with the settings of now."""
        from zoetrope.core.iresnet.training import Trainer

        setup = self.setup
        self._trainer = Trainer(
            self._data.points, setup.config, setup.settings, setup.objective, "cpu"
        )
        self._every = KEPT_EVERY
        self._states, self._losses, self._validations, self._changed = {}, [], [], []
        self._jumped = False
        self._trouble: IResNetError | None = None
        self._shown: Trained | None = None
        self._keep()

    @property
    def step(self) -> int:
        """How many steps have been taken."""
        return self._trainer.done

    @property
    def state(self) -> object:
        """Equal where nothing has happened in between."""
        return self.step, self.setup, self._changed.copy(), self._trouble

    def arrived(self, target: int) -> bool:
        """Whether it is at a step, or comes no nearer."""
        return self.step == target or (self._trouble is not None and target > self.step)

    def change(self, setup: Setup) -> None:
        """Train with other settings from the next step on; a network of another shape, unless it
        only grows, begins anew.
        """
        if setup == self.setup:
            return
        old, self.setup = self.setup.config, setup
        if not self.step or setup.config.n_blocks < old.n_blocks:
            self._begin()
            return
        live = dataclasses.asdict(setup.objective) | {
            name: getattr(setup.settings, name) for name in ("lr", "batch", "schedule", "steps")
        }
        self._trainer.change(lip=setup.config.lip, n_blocks=setup.config.n_blocks, **live)
        if self.step not in self._changed:  # a slider that is dragged changes it again and again
            self._changed.append(self.step)
        self._trouble = self._shown = None
        self._losses = list(self._trainer.losses)
        self._validations = list(self._trainer.validations)
        self._states = {}
        self._keep()

    def advance(self, target: int, seconds: float) -> None:
        """Go towards a step for about so long, one step at least.

        Where it has been before, it jumps to the last state kept on the way there; but asked for
        the end of all it trains there anew, to be watched.
        """
        self._jump(target, ahead=target != self.setup.settings.steps)
        end = time.perf_counter() + seconds
        while self.step < target and self._trouble is None:
            self._take_step()
            if time.perf_counter() >= end:
                break

    def _take_step(self) -> None:
        try:
            self._trainer.step()
        except IResNetError as error:
            self._trouble = error
            return
        if self._trainer.halved and self._jumped:
            self._begin()  # it went back to a state that it would not have gone back to by itself
        elif self.step % self._every == 0:
            self._keep()

    def trained(self, best: bool = False) -> Trained:
        """Return where it stands, with the newest weights or those that validated best so far."""
        known = self._shown
        if known is None or known.step != self.step or known.model.notes["best"] != best:
            trainer = self._trainer
            model = trainer.model(best)
            model.notes["best"] = best
            known = self._shown = Trained(
                self.setup,
                self.step,
                model,
                np.array(trainer.losses),
                tuple(trainer.validations),
                tuple(self._changed),
                trainer.halved,
                self._trouble,
            )
        return known

    # -- states on the way ---------------------------------------------------------------------

    def kept(self) -> Kept | None:
        """Return what an equal training can begin with; None if its settings changed."""
        if self._changed or self._trouble is not None or self._trainer.halved:
            return None
        self._remember()
        return Kept(
            dict(self._states),
            tuple(self._losses),
            tuple(self._validations),
            self._every,
            self._state_bytes() * len(self._states),
        )

    def _remember(self) -> None:
        """Keep the history, of which the states hold only the length."""
        if len(self._trainer.losses) > len(self._losses):
            self._losses = list(self._trainer.losses)
            self._validations = list(self._trainer.validations)

    def _state_bytes(self) -> int:
        flat: int = self._states[min(self._states)]["flat"].numel()
        return 4 * 4 * flat + 8192  # with both moments and the best weights

    def _keep(self) -> None:
        if self.step in self._states:
            return
        state = self._trainer.state_dict()
        state["losses"] = state["validations"] = None
        self._states[self.step] = state
        if self._state_bytes() * len(self._states) > KEPT_BYTES:
            self._every *= 2
            first = min(self._states)
            kept = self._states.items()
            self._states = {s: v for s, v in kept if s == first or s % self._every == 0}

    def begin_near(self, target: int) -> None:
        """Go to the last state that was kept on the way to a step."""
        self._jump(target, ahead=True)

    def _jump(self, target: int, *, ahead: bool) -> None:
        """Go to the last state at or before `target`, if that is behind, or may be ahead."""
        halved = self._trainer.halved
        if target < self.step and (halved or target < min(self._states)):
            self._begin()  # a state does not say at which rate it went on, or by which settings
            return
        if halved:
            return
        steps = sorted(self._states)
        nearest = steps[bisect_right(steps, target) - 1] if steps[0] <= target else self.step
        if not (target < self.step or (ahead and nearest > self.step)):
            return
        self._remember()
        history = {
            "losses": self._losses[:nearest],
            "validations": [entry for entry in self._validations if entry[0] <= nearest],
        }
        self._trainer.load_state_dict(self._states[nearest] | history)
        self._jumped = True
        self._trouble = self._shown = None


def key_of(data: Hashable, setup: Setup) -> Hashable:
    """Return what a training is known by: equal keys come to equal networks."""
    return "iresnet training", data, setup
