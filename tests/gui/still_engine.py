"""An engine that computes when it is asked for what there is, and nothing by itself."""

from __future__ import annotations

from zoetrope.core.damped.lab import LAB
from zoetrope.core.device import Context
from zoetrope.core.lab import final_frame
from zoetrope.core.parameters import Parameters
from zoetrope.core.updates import Update


class StillEngine:
    """Computes a frame when it is taken, on the same thread; the newest request only."""

    def __init__(self, lab=LAB) -> None:
        self.lab = lab
        self.ticket = 0
        self.wanted: tuple[int, Parameters] | None = None
        self.submitted: list[Parameters] = []
        self.cancelled = 0
        self.shown: list[str] = []
        self.answer: Update | None = None  # given in place of what the lab computes

    def submit(self, lab: str, parameters: Parameters) -> int:
        assert lab == self.lab.id
        self.ticket += 1
        self.wanted = (self.ticket, parameters)
        self.submitted.append(parameters)
        return self.ticket

    def cancel(self, lab: str) -> None:
        self.cancelled += 1
        self.wanted = None
        self.answer = Update(self.ticket, self.submitted[-1])

    def take(self, lab: str) -> Update | None:
        if self.answer is not None:
            answer, self.answer, self.wanted = self.answer, None, None
            return answer
        if self.wanted is None:
            return None
        ticket, parameters = self.wanted
        self.wanted = None
        return Update(ticket, parameters, frame=final_frame(self.lab, parameters, Context("cpu")))

    def show(self, lab: str) -> None:
        self.shown.append(lab)
