"""How far a lab's job is: a thin line, a few words and a button that cancels it."""

from __future__ import annotations

from PyQt6.QtCore import QRectF, QSize, QTimer, pyqtSignal
from PyQt6.QtGui import QPaintEvent
from PyQt6.QtWidgets import QLabel, QSizePolicy, QWidget

from zoetrope.gui.glyph_button import GlyphButton
from zoetrope.gui.inks import inks
from zoetrope.gui.language import say
from zoetrope.gui.painting import painting

SHOW_PROGRESS_MS = 300  # a shorter wait shows no progress
GAP = 8  # pixels between the words and the button
_CANCEL = "Cancel"
_SLIDE_MS = 40


class ProgressLine(QWidget):
    """A thin line that fills while a job runs. It keeps its place when nothing runs.

    `begin` starts waiting; only a wait that lasts shows anything. The words about it and the
    button that cancels are separate widgets, `words` and `cancel_button`, to be placed where
    there is room; `set_room` tells them how much that is.
    """

    cancelled = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._share: float | None = None
        self._slide = 0.0
        self._still = False
        self._room: int | None = None
        self._parts: tuple[str, ...] = ()
        self.words = QLabel(parent)
        self.words.setProperty("look", "muted")
        self.cancel_button = GlyphButton(
            "cross", say("Cancel the computation"), say("Cancel (Esc)"), parent
        )
        self.cancel_button.setText(say(_CANCEL))
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
        shown = () if share is None else (f"{100 * share:.0f} %",)
        self._parts = shown if seconds_left is None else (*shown, about(seconds_left))
        self._say()
        self.update()

    def set_room(self, room: int) -> None:
        """Say no more than has room in a width: what is left out stands in the tooltip."""
        self._room = room
        self._say()

    def _say(self) -> None:
        sentence = " · ".join(self._parts) or say("Computing")
        advance = self.words.fontMetrics().horizontalAdvance
        cancel = self.cancel_button.sizeHint().height()
        ways = [(sentence, say(_CANCEL)), (sentence, ""), *((part, "") for part in self._parts[:1])]
        for words, button in ways:
            needed = advance(words) + GAP + cancel + advance(button)
            if self._room is None or needed <= self._room:
                break
        else:
            words, button = "", ""
        if (self.words.text(), self.cancel_button.text()) != (words, button):
            self.words.setText(words)
            self.cancel_button.setText(button)
            self.cancel_button.updateGeometry()
        self.words.setToolTip(sentence)
        self.setToolTip(sentence)

    def end(self) -> None:
        """Nothing is under way any more."""
        self._patience.stop()
        self._slider.stop()
        if self._seen:
            self._show_words(False)
        self._parts = ()

    def _appear(self) -> None:
        self._say()
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
        with painting(self) as painter:
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
        return say("about a second left")
    if seconds < 90:
        return say("about {seconds:.0f} s left", seconds=seconds)
    return say("about {seconds:.0f} min left", seconds=seconds / 60)
