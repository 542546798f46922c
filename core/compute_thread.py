"""The thread that runs the labs.

Each lab has a slot, not a queue: the newest request wins, but a run that has not shown a frame yet
is not replaced (with strict latest-wins a drag faster than the computation never shows anything).
A lab's mailbox keeps its newest frame only, so nothing queues behind a slow screen. For pictures
beside its own a lab has more slots (see `slots`), which are all like labs to the thread.
"""

from __future__ import annotations

import gc
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from zoetrope.core import device as devices
from zoetrope.core.device import Context
from zoetrope.core.failure import explain
from zoetrope.core.jobs import Job
from zoetrope.core.lab import Lab
from zoetrope.core.mailboxes import Mailboxes
from zoetrope.core.parameters import Parameters
from zoetrope.core.slots import lab_of
from zoetrope.core.turns import Turns
from zoetrope.core.updates import EngineStatus, Remains, Update

SLICE = 0.008  # seconds that a job keeps the thread while another waits
# Seconds after which a thread lets the interpreter lock go to one that waits. What the window does
# gives it up hundreds of times (each call of numpy's on a long array), and waits as often: by 1 ms
# a page beside a lab that computes in Python took .9 s to make, by this .35 s.
SWITCH = 0.00005
IDLE_BEFORE_TORCH = 1.0  # seconds without work before torch is loaded ahead of need
REST_BEFORE_TIDYING = 0.05  # seconds without work before free memory is given back
TIDY_EVERY = 10.0  # seconds at least from one time to the next
READY = "Ready"  # while no lab has asked for the device
STARTING = "Starting the compute engine…"


class ComputeThread:
    """One thread and all that it works on; `Engine` is what others see of it.

    All methods without an underscore may be called from any thread and never block on work.
    """

    def __init__(
        self,
        labs: Mapping[str, Lab[Any]],
        notify: Callable[[str], None],
        *,
        device: str,
        warm_up: bool,
        remains: Remains | None = None,
    ) -> None:
        self._labs = labs
        self._notify = notify
        self._condition = threading.Condition()
        self._telling = threading.Lock()  # held while the receiver is told something
        self._wanted: dict[str, tuple[int, Parameters]] = {}
        self._jobs: dict[str, Job] = {}  # changed by the compute thread only
        # The labs that were told to stop, and the request that waited, which is not begun.
        self._cancelled: dict[str, tuple[int, Parameters] | None] = {}
        self._mail = Mailboxes(remains.mail if remains is not None else {})
        self._visible = ""
        self._ticket = 0
        self._asked = False  # has anything been asked for?
        self._stopping = False
        self._wanted_device = device
        self._device_changed = False
        self._warm_up = warm_up  # is torch still to be loaded ahead of need?
        self._warmed = False  # has that been done, and the device not been asked for?
        self._loading = False  # is the device being looked for on this thread?
        self._abandoned = False
        self._untidy = False  # has anything been computed since free memory was given back?
        self._tidied = time.perf_counter()
        self._in_hand: tuple[str, float] | None = None  # the lab in hand, and since when
        self._taken_up: tuple[int, Parameters] | None = None  # its request, if its job has it not
        self._status = EngineStatus(None, READY, False, False, 0.0, ())
        self._context = Context(self._resolve_device, watched=True)
        self._turns = Turns()
        if remains is not None:
            self._ticket, self._visible = remains.ticket, remains.visible
            self._wanted = dict(remains.wanted)
            self._asked = True
        self._thread = threading.Thread(target=self._loop, name="compute", daemon=True)
        self._thread.start()

    # -- for the window ------------------------------------------------------------------------

    def submit(self, lab: str, parameters: Parameters) -> int:
        """Ask for a lab's picture in place of any request not yet begun. Returns a ticket."""
        if lab_of(lab) not in self._labs:
            raise KeyError(lab)
        with self._condition:
            self._ticket += 1
            self._asked = True
            self._wanted[lab] = (self._ticket, parameters)
            self._cancelled.pop(lab, None)
            self._condition.notify()
            return self._ticket

    def cancel(self, lab: str) -> None:
        """Stop a lab's job at its next yield and forget its request. The last picture stays."""
        with self._condition:
            self._cancelled[lab] = self._wanted.pop(lab, None) or self._cancelled.get(lab)
            self._condition.notify()

    def take(self, lab: str) -> Update | None:
        """Take the oldest update from a lab's mailbox; None once it is empty.

        It holds at most two: the newest frame, and why no newer one followed.
        """
        with self._condition:
            return self._mail.take(lab)

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
            step = self._in_hand
            return replace(
                self._status,
                starting=self._status.starting and (self._loading or step is None),
                busy=step is not None,
                stuck_seconds=time.perf_counter() - step[1] if step is not None else 0.0,
            )

    @property
    def alive(self) -> bool:
        """Return whether the thread still runs."""
        return self._thread.is_alive()

    def close(self, timeout: float) -> bool:
        """Stop at the next yield; return whether the thread ended within `timeout` seconds.

        Even if it did not, the receiver is told nothing any more: it may be taken apart.
        """
        with self._condition:
            self._stopping = True
            self._condition.notify()
        self._thread.join(timeout)
        with self._telling:  # what is being told at this moment has been told then
            return not self._thread.is_alive()

    def abandon(self) -> Remains:
        """Listen to this thread no more, and return what it leaves undone.

        What it still computes is dropped. When its step ends, so does the thread.
        """
        with self._condition:
            self._stopping = self._abandoned = True
            self._condition.notify()
            stuck = self._in_hand[0] if self._in_hand is not None else ""
            unfinished = {
                lab: (job.ticket, job.parameters)
                for lab, job in list(self._jobs.items())
                if not job.resting or lab == stuck
            }
            if self._taken_up is not None:
                unfinished[stuck] = self._taken_up
            stopped = {
                lab: request
                for lab, waiting in self._cancelled.items()
                if (request := waiting or unfinished.get(lab)) is not None
            }
            unfinished = {lab: r for lab, r in unfinished.items() if lab not in self._cancelled}
            given_up = unfinished.pop(stuck, None)
            return Remains(
                ticket=self._ticket,
                wanted={**unfinished, **self._wanted},
                mail=self._mail.unread(),
                visible=self._visible,
                device=self._wanted_device,
                stuck=stuck,
                given_up=given_up,
                stopped=stopped,
            )

    # -- the compute thread --------------------------------------------------------------------

    def _loop(self) -> None:
        sys.setswitchinterval(SWITCH)
        with self._condition:
            unread = self._mail.unread()  # left by the thread before
        for addressee in unread:
            self._tell(addressee)
        while True:
            with self._condition:
                while not self._stopping and not self._has_work():
                    if not self._condition.wait(self._patience()):
                        break
                if self._stopping:
                    break
                idle = not self._has_work()
            if idle:
                self._use_the_rest()
                continue
            self._drop_cancelled()
            if self._warmed:
                self._warmed = False
                self._load_torch()
            if self._device_changed:
                self._move_to_device()
            lab = self._next_lab()
            if lab is not None:
                self._work(lab)
                self._untidy = True
        for job in self._jobs.values():
            job.close()
        self._jobs.clear()
        if self._abandoned:
            devices.free_caches()

    def _patience(self) -> float | None:
        """Return how long to wait for work before the rest is used for something else."""
        if self._warm_up and self._asked:
            return IDLE_BEFORE_TORCH
        if self._untidy:
            return max(REST_BEFORE_TIDYING, self._tidied + TIDY_EVERY - time.perf_counter())
        return None

    def _use_the_rest(self) -> None:
        """Load torch ahead of need, or give back the memory that work has left free."""
        if self._warm_up:
            self._warm_up = False
            if self._status.device is None:
                self._set_status(starting=True, label=STARTING)
                threading.Thread(target=self._warm, name="compute-torch", daemon=True).start()
        elif self._untidy:
            devices.return_free_memory()
            self._untidy, self._tidied = False, time.perf_counter()

    def _warm(self) -> None:
        """Load torch ahead of need, on a thread of its own: on a busy machine that takes long
        enough to be missed, and a lab that needs no torch need not wait for it.
        """
        with suppress(Exception):  # whoever asks for torch is told why there is none
            devices.load_torch()
        with self._condition:
            self._warmed = True
            self._condition.notify()

    def _has_work(self) -> bool:
        return bool(
            self._wanted
            or self._device_changed
            or self._warmed
            or self._cancelled
            or any(not job.resting for job in self._jobs.values())
        )

    def _drop_cancelled(self) -> None:
        """Close what was told to stop, and say of the newest request that nothing comes of it."""
        with self._condition:
            cancelled = list(self._cancelled)
        for lab in cancelled:
            job = self._jobs.get(lab)
            if job is not None:
                job.close()
            with self._condition:  # at once: whoever takes over finds it undone, or in the mail
                self._jobs.pop(lab, None)
                stopped = self._cancelled.pop(lab, None)
                if stopped is None and job is not None and not job.resting:
                    stopped = (job.ticket, job.parameters)
                news = stopped is not None and self._mail.put(lab, Update(*stopped))
            if news:
                self._tell(lab)

    def _next_lab(self) -> str | None:
        """Return the lab whose turn it is: the visible one, but every fifth slice another."""
        with self._condition:
            ready = [lab for lab, job in self._jobs.items() if not job.resting]
            ready += [lab for lab in self._wanted if lab not in ready]
            visible = self._visible
        return self._turns.next(ready, visible)

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
            self._in_hand, self._taken_up = (lab, time.perf_counter()), request
        try:
            if request is not None:
                job = self._start_or_redirect(lab, job, *request)
            if job is None or (job.resting and request is None):
                return False
            frame = job.step()
            # The very frame that was posted before says that work goes on and nothing else.
            told = frame is job.frame and request is None and not frame.final
            posted = not told and self._post(lab, job.update(frame))
            job.frame, job.resting = frame, frame.final and posted
        except StopIteration:
            self._end(lab)
        except BaseException as error:  # whatever a lab raises, the thread lives on
            self._fail(lab, error)
        finally:
            with self._condition:
                self._in_hand = self._taken_up = None
        job = self._jobs.get(lab)
        return job is not None and not job.resting

    def _start_or_redirect(
        self, lab: str, job: Job | None, ticket: int, parameters: Parameters
    ) -> Job:
        """Send a live change into the running job, or close it and begin a new one."""
        if job is not None and parameters.differs_only_live(job.parameters):
            job.redirect(ticket, parameters)
            return job
        if job is not None:
            job.close()
        return self._start(lab, ticket, parameters)

    def _start(self, lab: str, ticket: int, parameters: Parameters, retried: bool = False) -> Job:
        job = Job.begin(self._labs[lab_of(lab)], ticket, parameters, self._context, retried=retried)
        self._jobs[lab] = job
        return job

    def _end(self, lab: str) -> None:
        """A job returned: say so, unless its last frame said it already."""
        job = self._jobs[lab]
        if not job.resting:
            self._post(lab, Update(job.ticket, job.parameters))
        del self._jobs[lab]

    def _fail(self, lab: str, error: BaseException) -> None:
        """A job raised: say so, unless another was asked for meanwhile."""
        job = self._jobs[lab]
        job.close()
        if devices.is_out_of_memory(error) and not job.retried:
            self._retry(lab, job)
            return
        with self._condition:
            superseded, stopped = lab in self._wanted, lab in self._cancelled
        if not superseded:
            failure = None if stopped else explain(error)
            self._post(lab, Update(job.ticket, job.parameters, failure=failure))
        del self._jobs[lab]

    def _retry(self, lab: str, job: Job) -> None:
        """Run a job once more after memory ran out, with all that other labs keep given back."""
        for other in [name for name, kept in self._jobs.items() if kept.resting]:
            self._jobs.pop(other).close()
        gc.collect()  # of what refers to itself; only here, as it holds up the window for .1 s
        devices.free_caches()
        self._start(lab, job.ticket, job.parameters, retried=True)

    def _post(self, lab: str, update: Update) -> bool:
        """Put an update into the mailbox; a frame takes the place of all that is unread there.

        Return whether it was put there: no frame is, of a lab that was told to stop.
        """
        with self._condition:
            if update.frame is not None and lab in self._cancelled:
                return False
            was_empty = self._mail.put(lab, update)
        if was_empty:
            self._tell(lab)
        return True

    def _tell(self, lab: str) -> None:
        """Notify the receiver, unless it was told to close and may be gone at any moment."""
        with self._telling:
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
        self._loading = True
        self._set_status(starting=True, label=STARTING)
        try:
            present = devices.available_devices()
            device, label = self._chosen_device()
        finally:
            self._loading = False
        self._set_status(device=device, label=label, starting=False, devices=present)
        return device

    def _chosen_device(self) -> tuple[str, str]:
        """Return the device that was chosen and its name; the CPU, and why, if it is absent."""
        try:
            device = devices.resolve_device(self._wanted_device)
            return device, devices.device_label(device)
        except ValueError as error:
            return "cpu", f"CPU. {error}"

    def _move_to_device(self) -> None:
        """Begin every job again on the newly chosen device."""
        with self._condition:
            self._device_changed = False
            self._context = Context(self._resolve_device, watched=True)
            moved = [lab for lab in self._jobs if lab not in self._cancelled]
            for lab in moved:
                job = self._jobs[lab]
                self._wanted.setdefault(lab, (job.ticket, job.parameters))
        for lab in moved:
            self._jobs.pop(lab).close()
        self._load_torch()
