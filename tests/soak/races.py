"""Races: random changes, stops and restarts against the engine, and what must hold after them.

A plan is a list of acts. `play` carries it out against a real engine whose labs work for as long as
their parameters say, fail where they say, and hold tensors meanwhile.
"""

from __future__ import annotations

import threading
import time
import weakref
from collections import Counter
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from hypothesis import strategies as st

from zoetrope.core.device import Context
from zoetrope.core.engine import Engine
from zoetrope.core.figure import Figure, Panel
from zoetrope.core.items import Label
from zoetrope.core.lab import Frame, Lab
from zoetrope.core.parameters import ParameterError, Parameters, choice, number, whole
from zoetrope.core.updates import Update

NAMES = ("first", "second", "third")
PATIENCE = 20.0  # seconds for the engine to come to rest
ENDS = ("rests", "returns", "raises", "refuses", "no memory", "no memory once", "clings")


@dataclass(frozen=True)
class Errand(Parameters):
    """What a lab is to do: so many frames, so long each, and how it ends."""

    serial: int = whole(0, "Serial", 0, 10**9)  # of the change, over the whole plan
    camera: int = whole(0, "Camera", 0, 10**9, live=True)  # the same, of a live change
    frames: int = whole(1, "Frames", 1, 50)
    pause: float = number(0.0, "Pause", 0.0, 0.01, unit="s")
    end: str = choice("rests", "End", {end: end for end in ENDS})

    @property
    def newest(self) -> int:
        """The serial number of the last change."""
        return max(self.serial, self.camera)


class Busy(Lab[Errand]):
    """Does errands. `open` counts the runs that have begun and not ended."""

    title, question, parameters = "Busy", "", Errand

    def __init__(self, name: str) -> None:
        self.id = name  # type: ignore[misc]
        self.open = 0
        self.held: list[weakref.ref[torch.Tensor]] = []
        self.failed_once: set[int] = set()
        self.threads: set[int] = set()

    def run(self, parameters: Errand, context: Context) -> Generator[Frame, Errand, None]:
        """Yield as many frames as asked for, then end as asked for."""
        self.open += 1
        tensor = torch.zeros(64)
        self.held.append(weakref.ref(tensor))
        try:
            while True:
                for count in range(1, parameters.frames + 1):
                    self.threads.add(threading.get_ident())
                    time.sleep(parameters.pause)
                    tensor += 1.0
                    last = count == parameters.frames
                    if last:
                        self._fail(parameters)
                    final = last and parameters.end != "returns"
                    parameters = yield picture(parameters, count / parameters.frames, final)
                if parameters.end == "returns":
                    return
        except GeneratorExit:
            if parameters.end == "clings":
                yield picture(parameters, 0.0, True)
            raise
        finally:
            self.open -= 1

    def _fail(self, parameters: Errand) -> None:
        if parameters.end == "raises":
            raise ZeroDivisionError("as was asked for")
        if parameters.end == "refuses":
            raise ParameterError("frames", "Frames are not wanted.")
        first = parameters.newest not in self.failed_once
        if parameters.end == "no memory" or (parameters.end == "no memory once" and first):
            self.failed_once.add(parameters.newest)
            raise MemoryError("Unable to allocate 7.45 GiB for an array")

    def alive(self) -> int:
        """Return how many tensors are still there."""
        return sum(held() is not None for held in self.held)


def picture(parameters: Errand, share: float, final: bool) -> Frame:
    """Return a frame that says which change it is of."""
    item = Label(key="text", label=str(parameters.newest), x=0.0, y=0.0)
    figure = Figure(panels=(Panel(name="only", items=(item,)),))
    return Frame(figure=figure, final=final, progress=None if final else share)


@dataclass(frozen=True)
class Act:
    """What is done to the engine: to which lab, and how."""

    kind: str  # change, live, cancel, show, restart, device or wait
    lab: str = NAMES[0]
    frames: int = 1
    pause: float = 0.0
    end: str = "rests"


def acts() -> st.SearchStrategy[Act]:
    """Changes mostly."""
    kinds = ["change"] * 10 + ["live"] * 6 + ["cancel"] * 3 + ["show", "wait"]
    return st.builds(
        Act,
        kind=st.sampled_from(kinds),
        lab=st.sampled_from(NAMES),
        frames=st.sampled_from([1, 1, 1, 2, 3, 10]),
        pause=st.sampled_from([0.0] * 8 + [0.0002, 0.002]),
        end=st.sampled_from(ENDS),
    )


def rare_acts() -> st.SearchStrategy[Act]:
    """The same, and now and then a new thread or device in the middle of it."""
    rare = st.builds(Act, kind=st.sampled_from(["restart", "device"]))
    return st.one_of(*[acts()] * 12, rare)


@dataclass
class Witness:
    """The screen: takes what is announced, and notes what may not be."""

    engine: Engine | None = None
    last: dict[str, Update] = field(default_factory=dict)
    pictures: dict[str, Update] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    told: Counter[str] = field(default_factory=Counter)

    def notify(self, lab: str) -> None:
        """Take all that is in a lab's mailbox, as the window does."""
        if not lab or self.engine is None:
            return
        while (update := self.engine.take(lab)) is not None:
            self.take(lab, update)

    def take(self, lab: str, update: Update) -> None:
        """Look at an update."""
        self.told[lab] += 1
        before = self.last.get(lab)
        if before is not None and update.ticket < before.ticket:
            self.wrong.append(f"{lab}: ticket {update.ticket} came after {before.ticket}")
        if update.frame is not None:
            self._look(lab, update)
        self.last[lab] = update  # last of all: whoever waits for it looks at the pictures next

    def _look(self, lab: str, update: Update) -> None:
        assert update.frame is not None
        said = int(update.frame.figure.panels[0].items[0].label)  # type: ignore[attr-defined]
        assert isinstance(update.parameters, Errand)
        if said != update.parameters.newest:
            self.wrong.append(f"{lab}: a picture of {said} was told to be {update.parameters}")
        shown = self.pictures.get(lab)
        if shown is not None and said < shown.parameters.newest:  # type: ignore[attr-defined]
            self.wrong.append(f"{lab}: the picture of {said} came late")
        self.pictures[lab] = update


@dataclass(frozen=True)
class Outcome:
    """How a plan ended: what was wrong, and what it took."""

    wrong: tuple[str, ...]
    changes: int
    updates: int


def play(plan: Sequence[Act]) -> Outcome:
    """Carry a plan out, let the engine come to rest, close it, and say what was wrong."""
    before = set(threading.enumerate())
    labs = {name: Busy(name) for name in NAMES}
    witness = Witness()
    engine = Engine(labs, witness.notify, device="cpu", warm_up=False)
    witness.engine = engine
    asked: dict[str, tuple[int, Errand, bool]] = {}  # ticket, parameters, cancelled since
    changes = 0
    for act in plan:
        if act.kind in ("change", "live"):
            changes += 1
            asked[act.lab] = _change(engine, act, asked.get(act.lab), changes)
        elif act.kind == "cancel":
            engine.cancel(act.lab)
            if act.lab in asked:
                asked[act.lab] = (*asked[act.lab][:2], True)
        else:
            _disturb(engine, act)
    resting = _wait(engine, witness, {lab: ticket for lab, (ticket, _, _) in asked.items()})
    wrong = list(witness.wrong)
    if not resting:
        wrong.append(f"not told of the end: {_state(witness, asked)}")
    restarted = any(act.kind == "restart" for act in plan)
    wrong += _wrong_ends(witness, asked, restarted=restarted)
    if not engine.close(10.0):
        wrong.append("the compute thread did not end")
    wrong += _leaks(labs, before, one_thread=not restarted)
    return Outcome(tuple(wrong), changes, witness.told.total())


def _change(
    engine: Engine, act: Act, known: tuple[int, Errand, bool] | None, serial: int
) -> tuple[int, Errand, bool]:
    if act.kind == "live" and known is not None:
        parameters = known[1].change(camera=serial)
    else:
        parameters = Errand(serial=serial, frames=act.frames, pause=act.pause, end=act.end)
    return engine.submit(act.lab, parameters), parameters, False


def _disturb(engine: Engine, act: Act) -> None:
    if act.kind == "show":
        engine.show(act.lab)
    elif act.kind == "restart":
        engine.restart()
    elif act.kind == "device":
        engine.choose_device("cpu")
    else:
        time.sleep(act.pause)


def _wait(engine: Engine, witness: Witness, tickets: dict[str, int]) -> bool:
    """Wait until every lab has been told of its last request that it is over."""
    deadline = time.perf_counter() + PATIENCE
    while time.perf_counter() < deadline:
        last = witness.last
        over = [lab in last and last[lab].ticket == t and not last[lab].running
                for lab, t in tickets.items()]  # fmt: skip
        if all(over) and not engine.status().busy:
            return True
        time.sleep(0.0005)
    return False


def _state(witness: Witness, asked: dict[str, tuple[int, Errand, bool]]) -> str:
    parts = []
    for lab, (ticket, parameters, cancelled) in asked.items():
        last = witness.last.get(lab)
        told = "nothing" if last is None else f"{last.ticket}, running {last.running}"
        parts.append(f"{lab} asked {ticket} ({parameters}, cancelled {cancelled}), told {told}")
    return "; ".join(parts)


def _wrong_ends(
    witness: Witness, asked: dict[str, tuple[int, Errand, bool]], *, restarted: bool
) -> list[str]:
    """Say where the last thing told is not what the last parameters lead to."""
    wrong = []
    for lab, (_ticket, parameters, cancelled) in asked.items():
        last, shown = witness.last.get(lab), witness.pictures.get(lab)
        if cancelled or last is None:
            continue
        fails = parameters.end in ("raises", "refuses", "no memory")
        if fails and last.failure is None:
            wrong.append(f"{lab}: {parameters} ended without saying that it failed")
        if fails or (restarted and last.failure is not None):  # given up: it says so
            continue
        if last.failure is not None:
            wrong.append(f"{lab}: {parameters} failed: {last.failure.details}")
        elif shown is None or shown.parameters != parameters:
            wrong.append(f"{lab}: the last picture is of {shown and shown.parameters}")
    return wrong


def _leaks(labs: dict[str, Busy], before: set[threading.Thread], *, one_thread: bool) -> list[str]:
    """Say what is left when the engine is closed."""
    wrong: list[str] = []
    deadline = time.perf_counter() + PATIENCE
    left: Any = None
    while time.perf_counter() < deadline:  # an abandoned thread ends when its step does
        left = [
            *(thread.name for thread in threading.enumerate() if thread not in before),
            *(f"{lab.open} runs of {lab.id}" for lab in labs.values() if lab.open),
            *(f"{lab.alive()} tensors of {lab.id}" for lab in labs.values() if lab.alive()),
        ]
        if not left:
            break
        time.sleep(0.001)
    if left:
        wrong.append(f"left behind: {', '.join(left)}")
    workers = {ident for lab in labs.values() for ident in lab.threads}
    if one_thread and len(workers) > 1:
        wrong.append(f"{len(workers)} threads ran labs")
    return wrong
