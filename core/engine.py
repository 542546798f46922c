"""The one compute thread.

It owns the device: no other thread imports torch or runs a lab. Each lab has a slot, not a queue:
the newest request wins, but a run that has not shown a frame yet is not replaced (with strict
latest-wins a drag faster than the computation never shows anything). A lab's mailbox keeps its
newest frame only, so nothing queues behind a slow screen.

The engine knows nothing of the window. It is given `notify(lab)`, which it calls on its own thread
when an empty mailbox is filled, and as `notify("")` when its status changed.
"""

from __future__ import annotations

import sys
import threading
import time
import traceback
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from zoetrope.core import device as devices
from zoetrope.core.device import Context
from zoetrope.core.lab import Frame, Lab
from zoetrope.core.parameters import Parameters

SLICE = 0.008  # seconds that a job keeps the thread while another waits
VISIBLE_SHARE = 4  # slices for the visible lab to one for the others
IDLE_BEFORE_TORCH = 1.0  # seconds without work before torch is loaded ahead of need


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a job failed: a sentence for people, what to do, and the details for a report."""

    sentence: str
    hint: str
    details: str
    parameter: str | None = None


@dataclass(frozen=True, slots=True)
class Update:
    """What the screen should know of a lab: the newest frame, or why there is none.

    `parameters` are those that the frame or the failure belongs to. `seconds_left` is an estimate
    while the job runs and reports progress.
    """

    ticket: int
    parameters: Parameters
    frame: Frame | None = None
    failure: Failure | None = None
    running: bool = False
    seconds_left: float | None = None


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """What the engine is doing. `stuck_seconds` is how long the step in hand has taken so far."""

    device: str | None
    label: str
    starting: bool
    busy: bool
    stuck_seconds: float
    devices: tuple[str, ...]


@dataclass(slots=True)
class _Job:
    ticket: int
    parameters: Parameters
    generator: Generator[Frame, Any, None]
    started: float
    shown: bool = False  # has it yielded a frame yet?
    resting: bool = False  # has it yielded its final frame, and waits for live changes?
    retried: bool = False  # has it been run again after memory ran out?


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
        self._condition = threading.Condition()
        self._wanted: dict[str, tuple[int, Parameters]] = {}
        self._jobs: dict[str, _Job] = {}  # touched by the compute thread only
        self._cancelled: set[str] = set()
        self._mail: dict[str, list[Update]] = {}
        self._visible = ""
        self._ticket = 0
        self._stopping = False
        self._wanted_device = device
        self._device_changed = False
        self._warm_up = warm_up
        self._step_started: float | None = None
        self._status = EngineStatus(None, "Starting the compute engine…", True, False, 0.0, ())
        self._context = Context(self._resolve_device)
        self._turn = 0
        self._thread = threading.Thread(target=self._loop, name="compute", daemon=True)
        self._thread.start()

    # -- for the window ------------------------------------------------------------------------

    def submit(self, lab: str, parameters: Parameters) -> int:
        """Ask for a lab's picture in place of any request not yet begun. Returns a ticket."""
        if lab not in self._labs:
            raise KeyError(lab)
        with self._condition:
            self._ticket += 1
            self._wanted[lab] = (self._ticket, parameters)
            self._cancelled.discard(lab)
            self._condition.notify()
            return self._ticket

    def cancel(self, lab: str) -> None:
        """Stop a lab's job at its next yield and forget its request. The last picture stays."""
        with self._condition:
            self._wanted.pop(lab, None)
            self._cancelled.add(lab)
            self._condition.notify()

    def take(self, lab: str) -> Update | None:
        """Take the oldest update from a lab's mailbox; None once it is empty.

        It holds at most two: the newest frame, and why no newer one followed.
        """
        with self._condition:
            mail = self._mail.get(lab)
            return mail.pop(0) if mail else None

    def show(self, lab: str) -> None:
        """Say which lab is on the screen: it comes first."""
        with self._condition:
            self._visible = lab

    def choose_device(self, device: str) -> None:
        """Compute on another device from now on; running jobs start again there."""
        with self._condition:
            self._wanted_device = device
            self._device_changed = True
            self._condition.notify()

    def status(self) -> EngineStatus:
        """Return what the engine is doing now."""
        with self._condition:
            began = self._step_started
            return replace(
                self._status,
                busy=began is not None,
                stuck_seconds=time.perf_counter() - began if began is not None else 0.0,
            )

    def close(self, timeout: float = 2.0) -> bool:
        """Stop at the next yield; return whether the thread ended within `timeout` seconds."""
        with self._condition:
            self._stopping = True
            self._condition.notify()
        self._thread.join(timeout)
        return not self._thread.is_alive()

    # -- the compute thread --------------------------------------------------------------------

    def _loop(self) -> None:
        sys.setswitchinterval(0.001)  # shortens the window's wait for the interpreter lock
        while True:
            with self._condition:
                while not self._stopping and not self._has_work():
                    ahead_of_need = self._warm_up and self._ticket > 0
                    if not self._condition.wait(IDLE_BEFORE_TORCH if ahead_of_need else None):
                        break
                if self._stopping:
                    break
                idle = not self._has_work()
            if idle:
                self._warm_up = False
                self._load_torch()
                continue
            self._drop_cancelled()
            if self._device_changed:
                self._move_to_device()
            lab = self._next_lab()
            if lab is not None:
                self._work(lab)
        for job in self._jobs.values():
            _close(job)
        self._jobs.clear()

    def _has_work(self) -> bool:
        return bool(
            self._wanted
            or self._device_changed
            or self._cancelled & self._jobs.keys()
            or any(not job.resting for job in self._jobs.values())
        )

    def _drop_cancelled(self) -> None:
        with self._condition:
            cancelled = self._cancelled & self._jobs.keys()
            self._cancelled.clear()
        for lab in cancelled:
            job = self._jobs.pop(lab)
            _close(job)
            if not job.resting:
                self._post(lab, Update(job.ticket, job.parameters))

    def _next_lab(self) -> str | None:
        """Return the lab whose turn it is: the visible one, but every fifth slice another."""
        with self._condition:
            ready = [lab for lab, job in self._jobs.items() if not job.resting]
            ready += [lab for lab in self._wanted if lab not in ready]
            visible = self._visible
        if not ready:
            return None
        self._turn += 1
        others = [lab for lab in ready if lab != visible]
        if visible in ready and (not others or self._turn % (VISIBLE_SHARE + 1)):
            return visible
        return others[self._turn % len(others)]

    def _work(self, lab: str) -> None:
        """Give a lab one slice of time, or less if its job rests or is no longer wanted."""
        end = time.perf_counter() + SLICE
        while self._step(lab):
            with self._condition:
                alone = (
                    len(self._wanted) == 0 and sum(not j.resting for j in self._jobs.values()) == 1
                )
                interrupted = self._stopping or self._device_changed or lab in self._cancelled
            if interrupted or (time.perf_counter() > end and not alone):
                return

    def _step(self, lab: str) -> bool:
        """Advance a lab's job by one yield. Return whether there is more to do for it."""
        with self._condition:
            request = self._wanted.get(lab)
            job = self._jobs.get(lab)
            if request is not None and (job is None or job.shown):
                del self._wanted[lab]
            else:
                request = None
            self._step_started = time.perf_counter()
        try:
            if request is not None:
                job = self._start_or_redirect(lab, job, *request)
            if job is None or (job.resting and request is None):
                return False
            job.resting = False
            frame = job.generator.send(job.parameters) if job.shown else next(job.generator)
            job.shown = True
            job.resting = frame.final
            self._post(lab, self._update(job, frame))
        except StopIteration:
            self._end(lab)
        except BaseException as error:  # whatever a lab raises, the thread lives on
            self._fail(lab, error)
        finally:
            with self._condition:
                self._step_started = None
        job = self._jobs.get(lab)
        return job is not None and not job.resting

    def _start_or_redirect(
        self, lab: str, job: _Job | None, ticket: int, parameters: Parameters
    ) -> _Job:
        """Send a live change into the running job, or close it and begin a new one."""
        if job is not None and parameters.differs_only_live(job.parameters):
            job.ticket, job.parameters = ticket, parameters
            return job
        if job is not None:
            _close(job)
        return self._start(lab, ticket, parameters)

    def _start(self, lab: str, ticket: int, parameters: Parameters, retried: bool = False) -> _Job:
        generator = _run(self._labs[lab], parameters, self._context)
        job = _Job(ticket, parameters, generator, time.perf_counter(), retried=retried)
        self._jobs[lab] = job
        return job

    def _end(self, lab: str) -> None:
        """A job returned: say so, unless its last frame said it already."""
        job = self._jobs.pop(lab)
        if not job.resting:
            self._post(lab, Update(job.ticket, job.parameters))

    def _fail(self, lab: str, error: BaseException) -> None:
        job = self._jobs.pop(lab)
        _close(job)
        if devices.is_out_of_memory(error) and not job.retried:
            self._retry(lab, job)
            return
        with self._condition:
            superseded = lab in self._wanted
        if not superseded:
            self._post(lab, Update(job.ticket, job.parameters, failure=explain(error)))

    def _retry(self, lab: str, job: _Job) -> None:
        """Run a job once more after memory ran out, with all that other labs keep given back."""
        for other in [name for name, kept in self._jobs.items() if kept.resting]:
            _close(self._jobs.pop(other))
        devices.free_caches()
        self._start(lab, job.ticket, job.parameters, retried=True)

    def _update(self, job: _Job, frame: Frame) -> Update:
        seconds_left = None
        if not frame.final and frame.progress:
            elapsed = time.perf_counter() - job.started
            seconds_left = elapsed * (1 - frame.progress) / frame.progress
        return Update(
            job.ticket, job.parameters, frame, running=not frame.final, seconds_left=seconds_left
        )

    def _post(self, lab: str, update: Update) -> None:
        """Put an update into the mailbox; a frame takes the place of all that is unread there."""
        with self._condition:
            if lab in self._cancelled:
                return
            mail = self._mail.setdefault(lab, [])
            was_empty = not mail
            kept = (
                [] if update.frame is not None else [old for old in mail if old.frame is not None]
            )
            mail[:] = [*kept, update]
        if was_empty:
            self._tell(lab)

    def _tell(self, lab: str) -> None:
        """Notify the receiver, unless it was told to close and may be gone at any moment."""
        with self._condition:
            if self._stopping:
                return
        try:
            self._notify(lab)
        except RuntimeError:  # the receiver is gone: the window is closing
            with self._condition:
                self._stopping = True

    # -- the device, on the compute thread -------------------------------------------------------

    def _set_status(self, **changes: Any) -> None:
        with self._condition:
            self._status = replace(self._status, **changes)
        self._tell("")

    def _load_torch(self) -> None:
        try:
            self._context.device  # noqa: B018 - asking for the device loads torch
        except Exception as error:
            self._set_status(starting=False, label=f"No compute device: {error}")

    def _resolve_device(self) -> str:
        self._set_status(starting=True, label="Starting the compute engine…")
        present = devices.available_devices()
        try:
            device = devices.resolve_device(self._wanted_device)
            label = devices.device_label(device)
        except ValueError as error:
            device, label = "cpu", f"CPU. {error}"
        self._set_status(device=device, label=label, starting=False, devices=present)
        return device

    def _move_to_device(self) -> None:
        """Begin every job again on the newly chosen device."""
        with self._condition:
            self._device_changed = False
            self._context = Context(self._resolve_device)
            for lab, job in self._jobs.items():
                self._wanted.setdefault(lab, (job.ticket, job.parameters))
        for job in self._jobs.values():
            _close(job)
        self._jobs.clear()
        self._load_torch()


def _run(lab: Lab[Any], parameters: Parameters, context: Context) -> Generator[Frame, Any, None]:
    """Run a lab so that whatever it raises, at once or later, is raised at the first step."""
    yield from lab.run(parameters, context)


def _close(job: _Job) -> None:
    try:
        job.generator.close()
    except BaseException:  # a lab that fails while it is being stopped is stopped all the same
        return


def explain(error: BaseException) -> Failure:
    """Turn any exception of a lab into a sentence, a hint and details."""
    details = "".join(traceback.format_exception(error))
    parameter = getattr(error, "parameter", None)
    if devices.is_out_of_memory(error):
        needed = devices.memory_asked_for(error)
        asked = f": one step asked for {needed}" if needed else ""
        return Failure(
            f"There is not enough memory for these settings{asked}.",
            "Make the size parameters smaller, or choose another device in the settings.",
            details,
        )
    if isinstance(error, ValueError) and str(error):
        hint = "" if parameter else "Change the parameters and it runs again."
        return Failure(str(error), hint, details, parameter)
    return Failure(
        f"This could not be computed: {type(error).__name__}"
        + (f", {error}" if str(error) else "")
        + ".",
        "Change a parameter to try again; the details help us to mend it.",
        details,
        parameter,
    )
