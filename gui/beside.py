"""Pictures of a lab beside the one on its page: asked for, and kept as they come."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from PyQt6.QtCore import QObject, pyqtSignal

from zoetrope.core.failure import Failure
from zoetrope.core.lab import Frame
from zoetrope.core.parameters import Parameters
from zoetrope.core.slots import slot_beside
from zoetrope.core.updates import Update


class Computes(Protocol):
    """What is asked of the engine."""

    def submit(self, lab: str, parameters: Parameters) -> int:
        """Ask for a picture; return a ticket."""

    def cancel(self, lab: str) -> None:
        """Stop a job."""

    def take(self, lab: str) -> Update | None:
        """Empty a mailbox."""


class Picture:
    """One of the pictures: what is wanted, and the last whole one that came."""

    def __init__(self, slot: str) -> None:
        self.slot = slot
        self.wanted: Parameters | None = None
        self.parameters: Parameters | None = None  # of the frame
        self.frame: Frame | None = None
        self.failure: Failure | None = None  # of what is wanted
        self.share = 0.0  # of what is wanted
        self.ticket: int | None = None  # while it is computed

    @property
    def settled(self) -> bool:
        """Whether nothing more comes for what is wanted."""
        return self.ticket is None


class PicturesBeside(QObject):
    """The pictures that are wanted for one use, each in a slot of the engine's.

    `arrived` comes whenever one of them is whole, has failed, or is further than before. The owner
    calls `hear` with every slot that the engine has news of.
    """

    arrived = pyqtSignal()

    def __init__(
        self, lab: str, use: str, most: int, engine: Computes, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self.pictures = [Picture(slot_beside(lab, use, number)) for number in range(most)]

    @property
    def settled(self) -> bool:
        """Whether nothing more comes."""
        return all(picture.settled for picture in self.pictures)

    @property
    def progress(self) -> float:
        """How much of all that is wanted is done, from 0 to 1."""
        wanted = [picture for picture in self.pictures if picture.wanted is not None]
        shares = [1.0 if picture.settled else picture.share for picture in wanted]
        return sum(shares) / len(shares) if shares else 1.0

    def want(self, sets: Sequence[Parameters | None]) -> None:
        """Want these pictures, and none in place of None; what is there already is kept."""
        padded = [*sets, *[None] * (len(self.pictures) - len(sets))]
        for picture, wanted in zip(self.pictures, padded, strict=True):
            if wanted == picture.wanted:
                continue
            picture.wanted, picture.failure, picture.share = wanted, None, 0.0
            if wanted is None or wanted == picture.parameters:
                self._stop(picture)
            else:
                picture.ticket = self._engine.submit(picture.slot, wanted)

    def cancel(self) -> None:
        """Stop what is computed, and want nothing."""
        self.want([])

    def hear(self, slot: str) -> None:
        """Take what the engine has for a slot, if it is one of these."""
        for picture in self.pictures:
            if picture.slot == slot:
                while (update := self._engine.take(slot)) is not None:
                    self._take(picture, update)
                self.arrived.emit()

    def _take(self, picture: Picture, update: Any) -> None:
        if update.ticket != picture.ticket:
            return
        if update.frame is not None and update.frame.final:
            picture.parameters, picture.frame = update.parameters, update.frame
        elif update.frame is not None:
            picture.share = update.frame.progress or 0.0
        picture.failure = update.failure
        if not update.running:
            picture.ticket = None

    def _stop(self, picture: Picture) -> None:
        if picture.ticket is not None:
            self._engine.cancel(picture.slot)
            picture.ticket = None
