"""Smaller parts of a lab's page: the banner, the line of progress, the buttons of its actions."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QRectF, QSize, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QPainter, QPaintEvent
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from zoetrope.core.lab import Action
from zoetrope.gui.glyphs import TARGET, GlyphButton, inks
from zoetrope.gui.message import Message, Severity

LINGER_MS = 600  # a sentence that is no longer due stays so long: sentences may come and go
SHOW_PROGRESS_MS = 300  # a shorter wait shows no progress
TOLD_MS = 1200  # for how long a button says that its text was copied
_SLIDE_MS = 40


class Banner(QWidget):
    """Sentences above the canvas that concern no parameter in particular."""

    details_requested = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._details = ""
        self.message = Message(self)
        self.details_button = QPushButton("Details", self)
        self.details_button.setMinimumHeight(TARGET)
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


class ProgressLine(QWidget):
    """A thin line that fills while a job runs. It keeps its place when nothing runs.

    `begin` starts waiting; only a wait that lasts shows anything. The words about it and the
    button that cancels are separate widgets, `words` and `cancel_button`, to be placed where
    there is room.
    """

    cancelled = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._share: float | None = None
        self._slide = 0.0
        self._still = False
        self.words = QLabel(parent)
        self.words.setProperty("look", "muted")
        self.cancel_button = GlyphButton("cross", "Cancel the computation", "Cancel (Esc)", parent)
        self.cancel_button.setText("Cancel")
        self.cancel_button.clicked.connect(self.cancelled)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(SHOW_PROGRESS_MS)
        self._patience.timeout.connect(self._appear)
        self._slider = QTimer(self)
        self._slider.setInterval(_SLIDE_MS)
        self._slider.timeout.connect(self._move)
        self._seen = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._show_words(False)

    @property
    def seen(self) -> bool:
        """Whether it shows anything."""
        return self._seen

    @property
    def waiting(self) -> bool:
        """Whether something is under way, shown or not."""
        return self._seen or self._patience.isActive()

    def set_reduced_motion(self, still: bool) -> None:
        """Move nothing that carries no number."""
        self._still = still

    def begin(self) -> None:
        """Something was asked for."""
        if not self.waiting:
            self._share = None
            self._patience.start()

    def report(self, share: float | None, seconds_left: float | None) -> None:
        """Say how far it is, from 0 to 1 if known, and how long it may still take."""
        self.begin()
        self._share = share
        parts = [] if share is None else [f"{100 * share:.0f} %"]
        if seconds_left is not None:
            parts.append(about(seconds_left))
        self.words.setText(" · ".join(parts) or "Computing")
        self.update()

    def end(self) -> None:
        """Nothing is under way any more."""
        self._patience.stop()
        self._slider.stop()
        if self._seen:
            self._show_words(False)
        self.words.setText("Computing")

    def _appear(self) -> None:
        self._show_words(True)
        if not self._still:
            self._slider.start()

    def _show_words(self, seen: bool) -> None:
        self._seen = seen
        self.words.setVisible(seen)
        self.cancel_button.setVisible(seen)
        self.update()

    def _move(self) -> None:
        self._slide = (self._slide + _SLIDE_MS / 1600) % 1.0
        if self._share is None:
            self.update()

    def sizeHint(self) -> QSize:
        """Return the line's thickness."""
        return QSize(100, 2)

    def paintEvent(self, _event: QPaintEvent | None) -> None:
        """Draw the line."""
        ink = inks()
        painter = QPainter(self)
        painter.fillRect(self.rect(), ink.hairline)
        if not self._seen:
            return
        width = float(self.width())
        if self._share is not None:
            painter.fillRect(QRectF(0, 0, width * self._share, self.height()), ink.accent)
        else:
            left = -0.25 + 1.25 * self._slide
            painter.fillRect(QRectF(width * left, 0, width / 4, self.height()), ink.accent)


def about(seconds: float) -> str:
    """Return a time to wait in words."""
    if seconds < 1.5:
        return "about a second left"
    if seconds < 90:
        return f"about {seconds:.0f} s left"
    return f"about {seconds / 60:.0f} min left"


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
                button.setMinimumHeight(TARGET + 4)
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
        text = f"Stop: {action.label}" if running else action.label
        button.setText(("Copied" if key == self._copied else text).replace("&", "&&"))
        button.setToolTip(action.help)
        button.setAccessibleDescription(action.help)
        button.setEnabled(action.enabled or running)

    def _press(self, key: str) -> None:
        self.triggered.emit(self._actions[key])
