"""The notice strip: sentences above the lab that never interrupt, and count when they repeat."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from PyQt6.QtCore import QEvent, QObject, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QColor, QPainter, QPaintEvent
from PyQt6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from zoetrope.gui.icons import icon, theme_of
from zoetrope.gui.language import say
from zoetrope.gui.painting import painting

Severity = Literal["info", "warning", "error"]
TOAST_MS = 3500
TOAST_ABOVE = 96  # pixels between a toast and the lower edge
MOST = 3  # notices at once; the oldest goes when a fourth comes
SIGNS: dict[Severity, str] = {"info": "i", "warning": "!", "error": "!"}
WORDS: dict[Severity, str] = {"info": "Note", "warning": "Warning", "error": "Error"}


class Sign(QWidget):
    """A disc with a letter: the severity, told by shape and word too, not by colour alone."""

    def __init__(self, severity: Severity, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._severity = severity
        self.setFixedSize(18, 18)
        self.setAccessibleName(say(WORDS[severity]))

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Draw the disc (a square for an error) and its letter."""
        theme = theme_of(self)
        role = {"info": "data1", "warning": "accent", "error": "warn"}[self._severity]
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.roles[role]))  # type: ignore[index]
            radius = 4 if self._severity == "error" else 9
            painter.drawRoundedRect(self.rect(), radius, radius)
            painter.setPen(QColor(theme.panel))
            font = painter.font()
            font.setBold(True)
            painter.setFont(font)
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, SIGNS[self._severity])


class NoticeRow(QWidget):
    """One notice: its sign, its sentence, how often it came, what can be done, and a cross."""

    closed = pyqtSignal()

    def __init__(
        self,
        text: str,
        severity: Severity,
        actions: Sequence[tuple[str, Callable[[], object]]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self.severity: Severity = severity
        self.count = 1
        self._label = QLabel(text)
        self._label.setWordWrap(True)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._times = QLabel()
        self._times.hide()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 5, 6, 5)
        layout.setSpacing(10)
        layout.addWidget(Sign(severity))
        layout.addWidget(self._label, 1)
        layout.addWidget(self._times)
        for words, do in actions:
            button = QPushButton(words)
            button.setAccessibleName(words)
            button.clicked.connect(do)
            layout.addWidget(button)
        self._close = QToolButton()
        self._close.setAutoRaise(True)
        self._close.setToolTip(say("Dismiss"))
        self._close.setAccessibleName(say("Dismiss this notice"))
        self._close.setMinimumSize(24, 24)
        self._close.clicked.connect(self.closed)
        layout.addWidget(self._close)
        self.setAccessibleName(say("{weight}: {text}", weight=WORDS[severity], text=text))
        self._dress()

    @property
    def text(self) -> str:
        """The sentence."""
        return self._label.text()

    def again(self) -> None:
        """The same notice came once more."""
        self.count += 1
        self._times.setText(f"×{self.count}")
        self._times.setToolTip(say("This came {count} times", count=self.count))
        self._times.show()

    def changeEvent(self, event: QEvent | None) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.PaletteChange:
            self._dress()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Draw the row's ground, a little set off from the window, with a line below."""
        theme = theme_of(self)
        with painting(self) as painter:
            painter.fillRect(self.rect(), QColor(theme.panel))
            painter.fillRect(0, self.height() - 1, self.width(), 1, QColor(theme.grid))

    def _dress(self) -> None:
        if hasattr(self, "_close"):
            self._close.setIcon(icon("close", self))


class Notices(QWidget):
    """The rows. `say` adds one, or counts up the one that says the same."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notices")
        self.setAccessibleName(say("Notices"))
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._rows: list[NoticeRow] = []
        self.hide()

    def say(
        self,
        text: str,
        severity: Severity = "info",
        actions: Sequence[tuple[str, Callable[[], object]]] = (),
    ) -> None:
        """Show a sentence with buttons for what can be done about it."""
        text = say(text)
        for row in self._rows:
            if (row.text, row.severity) == (text, severity):
                row.again()
                return
        row = NoticeRow(text, severity, actions, self)
        row.closed.connect(lambda: self.dismiss(row))
        self._rows.append(row)
        self._layout.addWidget(row)
        while len(self._rows) > MOST:
            self.dismiss(self._rows[0])
        self.show()

    def dismiss(self, row: NoticeRow) -> None:
        """Take a notice away."""
        if row in self._rows:
            self._rows.remove(row)
            self._layout.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.setVisible(bool(self._rows))

    def clear(self) -> None:
        """Take all notices away."""
        for row in list(self._rows):
            self.dismiss(row)

    def texts(self) -> list[str]:
        """Return the sentences that are shown, oldest first."""
        return [row.text for row in self._rows]


class Toast(QLabel):
    """A sentence that shows for a moment, low in the middle of its parent: something was done."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("toast")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setMargin(10)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(TOAST_MS)
        self._timer.timeout.connect(self.hide)
        parent.installEventFilter(self)
        self.hide()

    def say(self, text: str) -> None:
        """Show a sentence in place of the one before."""
        self.setText(say(text))
        self.setAccessibleName(say(text))
        self._place()
        self.show()
        self.raise_()
        self._timer.start()

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Stay in the middle when the parent is resized."""
        if event is not None and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Draw the words in the colours of the other theme."""
        theme = theme_of(self)
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.foreground))
            painter.drawRoundedRect(self.rect(), 8, 8)
            painter.setPen(QColor(theme.background))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())

    def _place(self) -> None:
        parent = self.parentWidget()
        assert parent is not None
        wanted = self.sizeHint()
        width = min(wanted.width() + 12, parent.width() - 40)
        self.setGeometry(
            (parent.width() - width) // 2,
            parent.height() - wanted.height() - TOAST_ABOVE,
            width,
            wanted.height(),
        )
