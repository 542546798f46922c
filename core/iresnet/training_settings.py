"""How long, how fast and on how much a flow is trained, and where its training stands."""

from __future__ import annotations

import math
from dataclasses import dataclass

from zoetrope.core.iresnet.config import chosen, positive, whole
from zoetrope.core.iresnet.errors import IResNetError

SCHEDULES = ("cosine", "constant")
MOST_BATCH = 65536
_WARM_UP = 50  # steps in which the rate rises
_FLOOR = 0.02  # of the rate, at the cosine's end


@dataclass(frozen=True, slots=True)
class Settings:
    """How a flow is trained; raises IResNetError naming the field.

    steps: length of the cosine schedule; training may go on after it at its lowest rate.
    batch: points of a step, drawn with replacement. lr: Adam's rate at its highest.
    schedule: "cosine" or "constant", both after 50 rising steps.
    val_fraction: share of the points that is kept for validation, 0 to .9.
    seed: of the split, the batches and the estimators' noise.
    """

    steps: int = 1500
    batch: int = 512
    lr: float = 5e-3
    schedule: str = "cosine"
    val_fraction: float = 0.2
    seed: int = 0

    def __post_init__(self) -> None:
        """Check every field."""
        whole("steps", self.steps, 0, 10_000_000)
        whole("batch", self.batch, 1, MOST_BATCH)
        positive("lr", self.lr)
        chosen("schedule", self.schedule, SCHEDULES)
        whole("seed", self.seed, 0, 2**63 - 1)
        if not 0 <= self.val_fraction <= 0.9:
            raise IResNetError(
                "bad_value",
                f"val_fraction is {self.val_fraction!r}; give a number from 0 to 0.9.",
                "val_fraction",
            )

    def rate(self, step: int) -> float:
        """Return the learning rate of a step, counted from 0."""
        rising = min(1.0, (step + 1) / _WARM_UP)
        if self.schedule == "constant" or self.steps == 0:
            return self.lr * rising
        turn = math.pi * min(step / self.steps, 1.0)
        return self.lr * rising * (_FLOOR + (1 - _FLOOR) * (1 + math.cos(turn)) / 2)


@dataclass(frozen=True, slots=True)
class Metrics:
    """Where training stands: steps done, the last batch's objective (nats, in the data's
    coordinates; a likelihood only if exact), the validation NLL when it was last measured (nats,
    exact in float64; None without validation points), the learning rate, and seconds spent in
    steps.
    """

    step: int
    loss: float
    validation: float | None
    lr: float
    seconds: float
