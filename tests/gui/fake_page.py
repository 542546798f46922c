"""A page of a lab for tests of the window: it draws nothing and remembers what it was told."""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QUndoCommand, QUndoStack
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from zoetrope.core.device import Context
from zoetrope.core.ghost import MOST_GHOSTS
from zoetrope.core.lab import Lab, Preset, final_frame
from zoetrope.core.updates import EngineStatus, Update
from zoetrope.gui.beside import PicturesBeside
from zoetrope.gui.canvas import Canvas
from zoetrope.gui.history import History
from zoetrope.gui.pins import Pins
from zoetrope.gui.quantities import number_format


class FakeHistory:
    def __init__(self, page: FakePage) -> None:
        self.stack = QUndoStack(page)
        self.undo = self.stack.undo
        self.redo = self.stack.redo
        self.real = History(lambda: page.parameters, page.put, page)
        self.real.stack = self.stack
        self.do, self.together = self.real.do, self.real.together


class FakeStep(QUndoCommand):
    def __init__(self, page: FakePage, before: Any, after: Any, text: str) -> None:
        super().__init__(text)
        self._page, self._before, self._after = page, before, after

    def redo(self) -> None:
        self._page.put(self._after)

    def undo(self) -> None:
        self._page.put(self._before)


class FakeFiles:
    """The files of a lab that takes none."""

    def elsewhere(self, path: str) -> bool:
        return False

    def offer(self, path: str, unused: Any = None) -> bool:
        return False


class FakeSession:
    """Keeps the parameters of a page, and nothing else."""

    def __init__(self, page: FakePage) -> None:
        self._page = page

    def state(self) -> dict[str, Any]:
        return {"parameters": self._page.parameters.plain()}

    def restore(self, state: dict[str, Any]) -> list[str]:
        parameters, sentences = self._page.lab.parameters.adapt(state["parameters"])
        self._page.set_parameters(parameters, "", undoable=False)
        return sentences


class FakePlayer:
    """What has a page played by a transport; it remembers whether it plays, and how fast."""

    def __init__(self) -> None:
        self.playing = False
        self.frame_rate = 0

    def toggle(self) -> None:
        self.playing = not self.playing

    def hold(self) -> None:
        """Nothing here is driven by the lab."""

    def set_frame_rate(self, rate: int) -> None:
        self.frame_rate = rate


class FakePage(QWidget):
    parameters_changed = pyqtSignal(object)
    details_requested = pyqtSignal(str)
    dimensionless_changed = pyqtSignal(bool)
    parameter_pointed = pyqtSignal(str)

    def __init__(self, lab: Lab[Any], engine: FakeEngine, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lab = lab
        self.engine = engine
        self.parameters = lab.parameters()
        self.frame: Any = None
        self.frame_parameters: Any = None
        self.last_drag: Any = None
        self.history = FakeHistory(self)
        self.files = FakeFiles()
        self.pictures = PicturesBeside(lab.id, "pinned", MOST_GHOSTS, engine, self)
        self.pins = Pins(self, self.pictures)
        self.canvas = Canvas(self)
        layout = QVBoxLayout(self)
        layout.addWidget(self.canvas)
        self.player = FakePlayer()
        self.session = FakeSession(self)
        self.dimensionless = False
        self.ran: list[str] = []
        self.guided: Any = None
        self.sought = ""
        self.marked: set[str] = set()
        engine.submit(lab.id, self.parameters)

    @property
    def shown_frame(self) -> Any:
        return self.frame

    def begin(self) -> None:
        self.player.playing = self.lab.plays

    def take_preset(self, preset: Preset) -> None:
        made = self.lab.parameters.make(preset.values)
        self.set_parameters(made, f"Preset “{preset.label}”")

    def rest(self) -> None:
        self.player.playing = False

    def set_parameters(self, parameters: Any, text: str, *, undoable: bool = True) -> None:
        if undoable:
            self.history.stack.push(FakeStep(self, self.parameters, parameters, text))
        else:
            self.put(parameters)

    def put(self, parameters: Any) -> None:
        self.parameters = parameters
        self.engine.submit(self.lab.id, parameters)
        self.parameters_changed.emit(parameters)

    def reset(self) -> None:
        self.set_parameters(self.lab.parameters(), "Reset all")

    def show_dimensionless(self, on: bool) -> None:
        self.dimensionless = on

    def set_reduced_motion(self, on: bool) -> None:
        self.reduced_motion = on

    def show_numbers(self) -> None:
        self.written = number_format()

    def guide(self, begin: Any, text: str, animate: Any = None) -> None:
        self.rest()
        self.set_parameters(begin, text)
        self.guided = animate

    def point_at(self, names: Any) -> None:
        self.marked = set(names)

    def turn_to(self, page: str) -> None:
        self.put(self.parameters.change(page=page))

    def show_parameter(self, name: str) -> None:
        self.sought = name

    def run_action(self, action: Any) -> None:
        self.ran.append(action.key)

    def collect(self) -> None:
        update = self.engine.take(self.lab.id)
        if update is not None:
            self.frame = update.frame
            self.frame_parameters = update.parameters
            self.canvas.show_figure(self.frame.figure)


class FakeEngine:
    """Computes at once, on the caller's thread, and says so through `notify`."""

    def __init__(self, labs: Any, notify: Any, device: str = "auto") -> None:
        self.labs = labs
        self.notify = notify
        self.device = device
        self.shown = ""
        self.cancelled: list[str] = []
        self.closed = False
        self.restarts = 0
        self.now = EngineStatus("cpu", "CPU", False, False, 0.0, ("cpu",))
        self._mail: dict[str, Update] = {}

    def submit(self, lab: str, parameters: Any) -> int:
        frame = final_frame(self.labs[lab], parameters, Context("cpu"))
        self._mail[lab] = Update(1, parameters, frame)
        self.notify(lab)
        return 1

    def take(self, lab: str) -> Update | None:
        return self._mail.pop(lab, None)

    def show(self, lab: str) -> None:
        self.shown = lab

    def cancel(self, lab: str) -> None:
        self.cancelled.append(lab)

    def restart(self) -> None:
        self.restarts += 1

    def choose_device(self, device: str) -> None:
        self.device = device

    def status(self) -> EngineStatus:
        return self.now

    def close(self, timeout: float = 2.0) -> bool:
        self.closed = True
        return True
