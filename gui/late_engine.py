"""An engine that begins when it is first asked for a picture.

An idle engine loads torch ahead of need. On a busy machine that would come before the window is
painted, and before the first picture, which mostly needs no torch.
"""

from __future__ import annotations

from collections.abc import Callable

from zoetrope.core.engine import Engine, EngineStatus, Update
from zoetrope.core.parameters import Parameters

NOT_YET = EngineStatus(None, "Starting the compute engine…", True, False, 0.0, ())


class LateEngine:
    """Passes everything on to the engine that `make` returns for a device, from the first
    `submit` on.
    """

    def __init__(self, make: Callable[[str], Engine], device: str) -> None:
        self._make = make
        self._device = device
        self._visible = ""
        self._engine: Engine | None = None

    def submit(self, lab: str, parameters: Parameters) -> int:
        """Ask for a lab's picture; return a ticket."""
        if self._engine is None:
            self._engine = self._make(self._device)
            self._engine.show(self._visible)
        return self._engine.submit(lab, parameters)

    def cancel(self, lab: str) -> None:
        """Stop a lab's job at its next yield."""
        if self._engine is not None:
            self._engine.cancel(lab)

    def take(self, lab: str) -> Update | None:
        """Empty a lab's mailbox and return what was in it."""
        return self._engine.take(lab) if self._engine is not None else None

    def show(self, lab: str) -> None:
        """Say which lab is on the screen."""
        self._visible = lab
        if self._engine is not None:
            self._engine.show(lab)

    def choose_device(self, device: str) -> None:
        """Compute on another device from now on."""
        self._device = device
        if self._engine is not None:
            self._engine.choose_device(device)

    def status(self) -> EngineStatus:
        """Return what the engine is doing now."""
        return self._engine.status() if self._engine is not None else NOT_YET

    def close(self, timeout: float = 2.0) -> bool:
        """Stop; return whether the thread ended in time."""
        return self._engine.close(timeout) if self._engine is not None else True
