"""Doing what a lab offers to do: a change at once, a text for the clipboard, or an animation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, QObject, Qt
from PyQt6.QtGui import QGuiApplication, QKeyEvent
from PyQt6.QtWidgets import QApplication, QWidget

from zoetrope.core.lab import Action, Animate
from zoetrope.core.parameters import Number, ParameterError, Parameters
from zoetrope.gui.animator import Animator
from zoetrope.gui.picture_edits import nearest

if TYPE_CHECKING:
    from zoetrope.gui.lab_page import LabPage


class ActionRunner(QObject):
    """Runs the actions of a page's lab; an animation ends at any touch of the page."""

    def __init__(self, page: LabPage) -> None:
        super().__init__(page)
        self._page = page
        self._running = ""
        self._label = ""
        self.animator = Animator(page)
        self.animator.moved.connect(self._moved)
        self.animator.ended.connect(self._ended)

    def run(self, action: Action, *, jump: bool) -> None:
        """Do what the lab offers; a second press stops an animation. `jump`: go to its end."""
        page = self._page
        again = self._running == action.key
        self.animator.stop()
        if again or not action.enabled:
            return
        if action.copy:
            clipboard = QGuiApplication.clipboard()
            assert clipboard is not None
            clipboard.setText(action.copied())
            page.actions_box.tell_copied(action.key)
        elif action.animate is not None:
            self.animate(action.animate, action.key, action.label, jump=jump)
        else:
            try:
                parameters = page.parameters.change(**action.change)
            except ParameterError as error:
                page.refuse(error, next(iter(action.change)))
            else:
                page.take_change(parameters, action.label)

    def animate(
        self,
        animate: Animate,
        key: str,
        label: str,
        *,
        jump: bool,
        begin: Parameters | None = None,
    ) -> None:
        """Move a number, from the parameters `begin` if given, all as one step of undo."""
        page = self._page
        self.animator.stop()
        declaration = page.parameters.declarations()[animate.parameter]
        self._running, self._label = key, label
        page.actions_box.set_running(key)
        page.begin_drag()
        if begin is not None and begin != page.parameters:
            page.history.change(begin, label)
            page.history.join(self._step())
        app = QApplication.instance()
        if app is not None:
            app.installEventFilter(self)
        log = isinstance(declaration, Number) and declaration.log
        self.animator.start(animate, log=log, jump=jump)

    def _moved(self, name: str, value: float) -> None:
        page = self._page
        try:
            parameters = page.parameters.change(**{name: nearest(page.parameters, name, value)})
        except ParameterError as error:
            self.animator.stop()
            page.refuse(error, name)
            return
        if parameters == page.parameters:
            self.animator.frame_shown()  # the same whole number as before: no picture will come
        else:
            page.history.change(parameters, self._label, self._step())

    def _step(self) -> str:
        return f"action {self._running}"

    def _ended(self) -> None:
        self._running = ""
        self._page.actions_box.set_running("")
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self)
        self._page.end_drag()

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """End an animation at any touch of the page; Esc does nothing else then."""
        touches = (QEvent.Type.MouseButtonPress, QEvent.Type.Wheel, QEvent.Type.KeyPress)
        if event is None or event.type() not in touches or not self.animator.running:
            return False
        page = self._page
        if not isinstance(watched, QWidget) or not (watched is page or page.isAncestorOf(watched)):
            return False
        escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if escape or watched is not page.actions_box.buttons.get(self._running):
            self.animator.stop()
        return escape
