"""What all pages of the i-ResNet lab share: a picture drawn in steps from where training stands."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Generator
from dataclasses import dataclass
from typing import TypeVar

from zoetrope.core.iresnet.lab_data import LabData
from zoetrope.core.iresnet.lab_parameters import IResNetParameters
from zoetrope.core.iresnet.lab_training import Setup, Trained, setup_of
from zoetrope.core.iresnet.model import Model
from zoetrope.core.lab import Frame
from zoetrope.core.stepping import Steps

T = TypeVar("T")
Part = Generator[None, None, T]
Drawing = Generator[Frame | None, None, Frame]  # a frame on the way is shown; None: more to do


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """What a page draws: parameters, data, and where the page's trainings stand.

    `moving`: more steps are coming, so that a coarse picture soon is better than a fine one late.
    """

    parameters: IResNetParameters
    data: LabData
    trained: tuple[Trained, ...]
    moving: bool

    @property
    def model(self) -> Model:
        """The first training's network."""
        return self.trained[0].model


class Page(ABC):
    """A page; it lives as long as it is shown on the same data, and may keep what it found out."""

    def __init__(self, data: LabData) -> None:
        self.data = data

    def setups(self, parameters: IResNetParameters) -> tuple[Setup, ...]:
        """Return what is trained for this page."""
        return (setup_of(parameters),)

    @abstractmethod
    def draw(self, shot: Shot) -> Drawing:
        """Return the frame of a shot, in steps of 20 ms at most; the lab adds what is common."""


def quietly(steps: Steps[T]) -> Part[T]:
    """Take the steps of a computation as those of a drawing; returns its result."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: T = end.value
            return result
        yield None
