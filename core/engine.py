"""The compute engine: what computes, as the window sees it.

One thread owns the device: no other runs a lab. It can be abandoned when a step of a lab does not
end, and another takes over.

The engine knows nothing of the window. It is given `notify(lab)`, which is called on the compute
thread when an empty mailbox is filled, and as `notify("")` when its status changed.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from zoetrope.core.compute_thread import ComputeThread
from zoetrope.core.failure import Failure
from zoetrope.core.lab import Lab
from zoetrope.core.parameters import Parameters
from zoetrope.core.updates import EngineStatus, Remains, Update


class Engine:
    """Runs labs on one thread. All methods may be called from any thread and never block on work.

    `device` is "auto", "cpu", "cuda" or "mps". With `warm_up`, torch is loaded when the thread has
    been idle for a moment after its first work, so that the first lab that needs it does not wait
    and neither does the first picture.
    """

    def __init__(
        self,
        labs: Mapping[str, Lab[Any]],
        notify: Callable[[str], None],
        *,
        device: str = "auto",
        warm_up: bool = True,
    ) -> None:
        self._labs = labs
        self._notify = notify
        self._warm_up = warm_up
        self._changing = threading.Lock()  # of the thread
        self._abandoned: list[ComputeThread] = []
        self._thread = ComputeThread(labs, notify, device=device, warm_up=warm_up)

    def submit(self, lab: str, parameters: Parameters) -> int:
        """Ask for a lab's picture in place of any request not yet begun. Returns a ticket.

        Raises KeyError for a lab that is not known.
        """
        with self._changing:
            return self._thread.submit(lab, parameters)

    def cancel(self, lab: str) -> None:
        """Stop a lab's job at its next yield and forget its request. The last picture stays."""
        with self._changing:
            self._thread.cancel(lab)

    def take(self, lab: str) -> Update | None:
        """Take the oldest update from a lab's mailbox; None once it is empty.

        It holds at most two: the newest frame, and why no newer one followed.
        """
        with self._changing:
            return self._thread.take(lab)

    def show(self, lab: str) -> None:
        """Say which lab is on the screen: it comes first."""
        with self._changing:
            self._thread.show(lab)

    def choose_device(self, device: str) -> None:
        """Compute on another device from now on; running jobs start again there."""
        with self._changing:
            self._thread.choose_device(device)

    def status(self) -> EngineStatus:
        """Return what the engine is doing now."""
        with self._changing:
            return self._thread.status()

    def restart(self) -> None:
        """Abandon the compute thread, whose step does not end, and go on with another.

        What the step was for is given up, and its lab says so; all else that was asked for is
        computed by the new thread. The old one cannot be killed: it ends when its step does, its
        results are dropped, and then it gives back what it held.
        """
        with self._changing:
            self._abandoned = [thread for thread in self._abandoned if thread.alive]
            self._abandoned.append(self._thread)
            remains = self._thread.abandon()
            self._thread = ComputeThread(
                self._labs,
                self._notify,
                device=remains.device,
                warm_up=self._warm_up,
                remains=_told(remains),
            )

    def close(self, timeout: float = 2.0) -> bool:
        """Stop at the next yield; return whether all threads ended within `timeout` seconds."""
        end = time.perf_counter() + timeout
        with self._changing:  # and not while waiting: a thread that ends may still take its mail
            threads = [self._thread, *self._abandoned]
        return all(
            [thread.close(max(0.0, end - time.perf_counter())) for thread in threads]  # noqa: C419
        )


def _told(remains: Remains) -> Remains:
    """Add the letters to the labs that were stopped, and to the one whose step was given up."""
    for lab, request in remains.stopped.items():
        remains.mail.setdefault(lab, []).append(Update(*request))
    if remains.given_up is None or remains.stuck in remains.wanted:
        return remains  # nothing was given up that is still wanted
    ticket, parameters = remains.given_up
    failure = Failure(
        "This was given up because one step of it took too long, and the compute engine was "
        "started anew.",
        "Change a parameter to try again.",
        f"A step of the lab {remains.stuck} did not end: {parameters.plain()}",
    )
    letter = Update(ticket, parameters, failure=failure)
    remains.mail.setdefault(remains.stuck, []).append(letter)
    return remains
