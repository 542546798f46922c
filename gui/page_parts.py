"""Smaller parts of a lab's page: the banner, and the buttons of what the lab offers to do."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from zoetrope.core.lab import Action
from zoetrope.gui.glyph_button import at_least_a_target
from zoetrope.gui.language import say
from zoetrope.gui.message import Message, Severity

LINGER_MS = 600  # a sentence that is no longer due stays so long: sentences may come and go
TOLD_MS = 1200  # for how long a button says that its text was copied


class Banner(QWidget):
    """Sentences above the canvas that concern no parameter in particular."""

    details_requested = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._details = ""
        self.message = Message(self)
        self.details_button = QPushButton(say("Details"), self)
        at_least_a_target(self.details_button)
        self.details_button.clicked.connect(lambda: self.details_requested.emit(self._details))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 3, 12, 3)
        row.addWidget(self.message, 1)
        row.addWidget(self.details_button, 0, Qt.AlignmentFlag.AlignTop)
        self._leave = QTimer(self)
        self._leave.setSingleShot(True)
        self._leave.setInterval(LINGER_MS)
        self._leave.timeout.connect(self.hide)
        self.hide()

    def say(self, text: str, severity: Severity = "info", details: str = "") -> None:
        """Show sentences; an empty text takes them away after a moment."""
        if not text:
            if not self.isHidden() and not self._leave.isActive():
                self._leave.start()
            return
        self._leave.stop()
        self._details = details
        self.details_button.setVisible(bool(details))
        if (self.message.text(), self.message.severity) != (text, severity):
            self.message.show_sentence(text, severity)
        self.show()

    @property
    def text(self) -> str:
        """The sentences that are due."""
        return "" if self.isHidden() or self._leave.isActive() else self.message.text()


class ActionButtons(QWidget):
    """A button for each thing that a lab offers to do. `triggered` carries the action."""

    triggered = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons: dict[str, QPushButton] = {}
        self.after: QWidget | None = None  # what the tab key leaves for the first button
        self._actions: dict[str, Action] = {}
        self._running = ""
        self._copied = ""
        self._told = QTimer(self)
        self._told.setSingleShot(True)
        self._told.setInterval(TOLD_MS)
        self._told.timeout.connect(lambda: self._tell_copied(""))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self.hide()

    def set_actions(self, actions: Sequence[Action]) -> None:
        """Offer these; the same ones as before in place."""
        if list(self._actions) != [action.key for action in actions]:
            for button in self.buttons.values():
                self._column.removeWidget(button)
                button.hide()
                button.deleteLater()
            self.buttons = {}
            before: QWidget | None = self.after
            for action in actions:
                button = QPushButton(self)
                at_least_a_target(button)
                button.clicked.connect(lambda _checked, key=action.key: self._press(key))
                self._column.addWidget(button)
                self.buttons[action.key] = button
                if before is not None:
                    QWidget.setTabOrder(before, button)
                before = button
            self._actions = {}
            self.setVisible(bool(actions))
        for action in actions:
            if self._actions.get(action.key) != action:
                self._actions[action.key] = action
                self._dress(action.key)

    def set_running(self, key: str) -> None:
        """Let the button of a running animation say that it stops it; "" for none."""
        before, self._running = self._running, key
        for changed in {before, key} & self.buttons.keys():
            self._dress(changed)

    def tell_copied(self, key: str) -> None:
        """Let the button of a text say for a moment that it is on the clipboard."""
        self._tell_copied(key)
        self._told.start()

    def _tell_copied(self, key: str) -> None:
        before, self._copied = self._copied, key
        for changed in {before, key} & self.buttons.keys():
            self._dress(changed)

    def _dress(self, key: str) -> None:
        action, button = self._actions[key], self.buttons[key]
        running = key == self._running
        text = say("Stop: {label}", label=action.label) if running else action.label
        button.setText((say("Copied") if key == self._copied else text).replace("&", "&&"))
        button.setToolTip(action.help)
        button.setAccessibleDescription(action.help)
        button.setEnabled(action.enabled or running)

    def _press(self, key: str) -> None:
        self.triggered.emit(self._actions[key])
