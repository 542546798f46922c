"""Labs that do what a test tells them, and a screen that notes what it is told."""

import threading
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass

from zoetrope.core.device import Context
from zoetrope.core.engine import Engine
from zoetrope.core.figure import Figure, Panel
from zoetrope.core.items import Label
from zoetrope.core.lab import Frame, Lab
from zoetrope.core.parameters import Parameters, number, whole
from zoetrope.core.updates import Update


@dataclass(frozen=True)
class Counting(Parameters):
    value: int = whole(0, "Value", 0, 1_000_000)
    camera: float = number(0.0, "Camera", 0.0, 1e6, live=True)


def frame(text: str, *, final: bool = True, progress: float | None = None) -> Frame:
    item = Label(key="text", label=text, x=0.0, y=0.0)
    panel = Panel(name="only", items=(item,))
    return Frame(figure=Figure(panels=(panel,)), final=final, progress=progress)


def text_of(update: Update) -> str:
    assert update.frame is not None
    return update.frame.figure.panels[0].items[0].label


Run = Callable[[Counting], Generator[Frame, Counting, None]]


class Scripted(Lab[Counting]):
    """A lab whose run is given by the test."""

    title = "Scripted"
    question = ""
    parameters = Counting

    def __init__(self, id: str, script: Run) -> None:
        self.id = id  # type: ignore[misc]
        self.script = script
        self.started = 0

    def run(self, parameters: Counting, context: Context) -> Generator[Frame, Counting, None]:
        self.started += 1
        return self.script(parameters)


class Screen:
    """Takes updates as they are announced, as the window does."""

    def __init__(self) -> None:
        self.updates: list[tuple[str, Update]] = []
        self.changed = threading.Condition()
        self.engine: Engine | None = None

    def notify(self, lab: str) -> None:
        with self.changed:
            self.changed.notify_all()
        if lab and self.engine is not None:
            while (update := self.engine.take(lab)) is not None:
                with self.changed:
                    self.updates.append((lab, update))
                    self.changed.notify_all()

    def wait(self, enough: Callable[[], bool], seconds: float = 10.0) -> None:
        with self.changed:
            assert self.changed.wait_for(enough, seconds), self.updates

    def of(self, lab: str) -> list[Update]:
        return [update for name, update in self.updates if name == lab]

    def last(self, lab: str) -> str:
        frames = [u for u in self.of(lab) if u.frame is not None]
        return text_of(frames[-1]) if frames else ""


def follow_camera(parameters: Counting) -> Generator[Frame, Counting, None]:
    while True:
        parameters = yield frame(f"{parameters.value}/{parameters.camera:g}")


def endless(parameters: Counting) -> Generator[Frame, Counting, None]:
    step = 0
    while True:
        time.sleep(0.001)  # stands for work
        step += 1
        yield frame(f"{parameters.value}:{step}", final=False, progress=min(step / 1e6, 0.99))
