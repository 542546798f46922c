"""The right end of the tab row: what the device does, and the buttons that are always at hand."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QEvent, QSize, Qt, QTimer
from PyQt6.QtGui import QAction, QColor, QPainter, QPaintEvent
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from zoetrope.core.items import Role
from zoetrope.core.updates import EngineStatus
from zoetrope.gui.actions import plain
from zoetrope.gui.icons import icon, theme_of
from zoetrope.gui.language import say
from zoetrope.gui.painting import painting

STUCK_AFTER = 1.0  # seconds in one step before it is said
RESTART_AFTER = 8.0  # seconds in one step before it may be given up
WATCH_EVERY_MS = 1000
LONGEST_LABEL = 28  # characters; the tooltip has the rest


class Dot(QWidget):
    """A small disc in a role's colour: filled, or a ring while things are being made ready."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._role: Role = "guide"
        self._filled = False
        self.setFixedSize(10, 10)

    def show_state(self, role: Role, filled: bool) -> None:
        """Take a colour role and whether the disc is filled."""
        if (role, filled) != (self._role, self._filled):
            self._role, self._filled = role, filled
            self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Draw the disc."""
        colour = QColor(theme_of(self).roles[self._role])
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(colour)
            if self._filled:
                painter.setBrush(colour)
            painter.drawEllipse(1, 1, 8, 8)


class StatusCorner(QWidget):
    """The device's dot and name, "still computing" with two ways out, and a few buttons.

    `status` is asked when `refresh` is called, and every second while `watch` has been called and
    the engine is busy. There is no timer while nothing runs.
    """

    def __init__(
        self,
        status: Callable[[], EngineStatus],
        stop: Callable[[], object],
        restart: Callable[[], object],
        buttons: dict[str, QAction],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("status_corner")
        self._status = status
        self._dot = Dot()
        self._label = QLabel()
        self._label.setObjectName("engine_status")
        self._label.setProperty("look", "muted")
        self._stop = QPushButton(say("Stop when possible"))
        self._stop.setObjectName("stop_when_possible")
        self._stop.setAccessibleName(say("Stop computing when possible"))
        self._stop.setToolTip(
            say(
                "{help} ({keys})",
                help="Stop at the next possible moment; the picture stays",
                keys="Ctrl+.",
            )
        )
        self._stop.clicked.connect(stop)
        self._stop.hide()
        self._restart = QPushButton(say("Restart engine"))
        self._restart.setObjectName("restart_engine")
        self._restart.setAccessibleName(say("Restart the compute engine"))
        self._restart.setToolTip(
            say("Give up the step that does not end, and compute anew without it")
        )
        self._restart.clicked.connect(restart)
        self._restart.hide()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 2, 8, 2)
        layout.setSpacing(7)
        layout.addWidget(self._dot)
        layout.addWidget(self._label)
        layout.addWidget(self._stop)
        layout.addWidget(self._restart)
        layout.addSpacing(4)
        self._buttons: dict[str, QToolButton] = {}
        for name, action in buttons.items():
            button = QToolButton()
            button.setObjectName(f"corner_{name}")
            button.setAutoRaise(True)
            button.setIconSize(QSize(16, 16))
            button.setMinimumSize(28, 26)
            button.clicked.connect(action.trigger)
            layout.addWidget(button)
            self._buttons[name] = button
        self._actions = buttons
        self._name_buttons()
        self._watch = QTimer(self)
        self._watch.setSingleShot(True)
        self._watch.setInterval(WATCH_EVERY_MS)
        self._watch.timeout.connect(self._look_again)
        self._dress()
        self.refresh()

    @property
    def text(self) -> str:
        """What is said of the device, in full."""
        return self._label.toolTip()

    def refresh(self) -> None:
        """Show what the engine says of itself now."""
        status = self._status()
        stuck = status.stuck_seconds >= STUCK_AFTER and not status.starting
        if stuck:
            text, role = (
                say("still computing ({stuck_seconds:.0f} s)", stuck_seconds=status.stuck_seconds),
                "accent",
            )
        else:
            text, role = say(status.label), "guide" if status.starting else "data3"
        filled = status.device is not None and not status.starting
        self._dot.show_state(role, filled or stuck)  # type: ignore[arg-type]
        shown = text if len(text) <= LONGEST_LABEL else f"{text[: LONGEST_LABEL - 1]}…"
        self._label.setText(shown)
        self._label.setToolTip(text)
        self._label.setAccessibleName(say("Compute device: {text}", text=text))
        self._stop.setVisible(stuck)
        self._restart.setVisible(stuck and status.stuck_seconds >= RESTART_AFTER)

    def watch(self) -> None:
        """Something was asked of the engine: look after it until it is done."""
        if not self._watch.isActive():
            self._watch.start()

    def rest(self) -> None:
        """Stop looking after it."""
        self._watch.stop()

    def changeEvent(self, event: QEvent | None) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.PaletteChange:
            self._dress()
        if event is not None and event.type() == QEvent.Type.LanguageChange:
            self._name_buttons()

    def _name_buttons(self) -> None:
        for name, button in self._buttons.items():
            button.setAccessibleName(plain(self._actions[name].text()))
            button.setToolTip(self._actions[name].toolTip())

    def _look_again(self) -> None:
        self.refresh()
        if self._status().busy:
            self._watch.start()

    def _dress(self) -> None:
        for name, button in getattr(self, "_buttons", {}).items():
            button.setIcon(icon(name, self))
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
