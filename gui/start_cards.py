"""The cards of the start page: a lab with its picture, and a line that can be pressed."""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen, QResizeEvent
from PyQt6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from zoetrope.core.figure import Figure
from zoetrope.core.lab import Lab
from zoetrope.core.theme import Theme
from zoetrope.core.thumbnail import thumbnail
from zoetrope.gui.canvas import Canvas
from zoetrope.gui.glyph_button import TARGET
from zoetrope.gui.inks import inks
from zoetrope.gui.language import say, say_again
from zoetrope.gui.painting import painting
from zoetrope.gui.theme import appearance

HIGHEST = 340  # pixels, of a picture
_ROUND = 8.0
_INSIDE = 10


class Card(QAbstractButton):
    """A button with widgets on it, none of which takes part in being pressed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def sizeHint(self) -> QSize:
        """Return what its content asks for."""
        layout = self.layout()
        return layout.sizeHint() if layout is not None else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Return what its content needs."""
        layout = self.layout()
        return layout.minimumSize() if layout is not None else super().minimumSizeHint()

    def keyPressEvent(self, event: Any) -> None:
        """Enter presses it, as the space bar does."""
        if event is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent | None) -> None:
        """Draw the ground and an edge, which tells of the mouse and of the focus."""
        ink = inks()
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            body = QRectF(self.rect()).adjusted(1, 1, -1, -1)
            told = self.hasFocus() or self.underMouse()
            painter.setPen(QPen(ink.accent if told else ink.edge, 2.0 if self.hasFocus() else 1.0))
            painter.setBrush(ink.panel)
            painter.drawRoundedRect(body, _ROUND, _ROUND)
            if self.isDown():
                wash = QColor(ink.accent)
                wash.setAlphaF(0.08)
                painter.setBrush(wash)
                painter.drawRoundedRect(body, _ROUND, _ROUND)


class LabCard(Card):
    """A lab: the picture that it shows now, its name, and the question that it answers."""

    def __init__(self, lab: Lab[Any], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"card_{lab.id}")
        question = lab.question[:1].upper() + lab.question[1:]
        self.setAccessibleName(say("Open the lab {title}", title=lab.title))
        self.setAccessibleDescription(say(question))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.canvas = Canvas(self, empty_text=say("Computing…"))
        self.canvas.setMinimumSize(160, 130)
        self.canvas.setMaximumHeight(HIGHEST)
        self.canvas.setEnabled(False)  # a picture only: nothing on it is pressed or focused
        self.canvas.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        title = QLabel(say(lab.title))
        font = QFont(title.font())
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * 1.15)
        title.setFont(font)
        words = QLabel(say(question))
        words.setWordWrap(True)
        words.setProperty("look", "muted")
        words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.title, self.words = title, words
        self._rest = 0  # what stands below the picture, and the edges
        column = QVBoxLayout(self)
        column.setContentsMargins(_INSIDE, _INSIDE, _INSIDE, 12)
        column.setSpacing(5)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(self.canvas, 1000)
        middle.addStretch(1)
        column.addStretch(1)
        column.addLayout(middle, 1000)
        column.addStretch(1)
        column.addWidget(title)
        column.addWidget(words)
        self.make_room(self.title_height(), 2 * words.fontMetrics().lineSpacing())
        for label in (title, words):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            appearance(app).changed.connect(self.set_theme)

    def title_height(self) -> int:
        """Return how high its name stands: Chinese letters are higher than Latin ones."""
        return self.title.sizeHint().height()

    def words_height(self, width: int) -> int:
        """Return how high its question stands in a card of that width."""
        room = QRect(0, 0, width - 2 * _INSIDE, HIGHEST)
        wrap = Qt.TextFlag.TextWordWrap
        return self.words.fontMetrics().boundingRect(room, wrap, self.words.text()).height()

    def make_room(self, title: int, words: int) -> None:
        """Keep so much room for the title and the question: all cards' titles stand in one line."""
        layout = self.layout()
        assert layout is not None
        self.title.setFixedHeight(title)
        self.words.setFixedHeight(words)
        self._rest = layout.minimumSize().height() - self.canvas.minimumHeight()
        self.setMaximumHeight(HIGHEST + self._rest)

    def show_figure(self, figure: Figure) -> None:
        """Show a figure in small."""
        if figure.panels:
            self.canvas.show_figure(thumbnail(figure))
            self._centre()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Keep a square picture in the middle."""
        super().resizeEvent(event)
        self._centre()

    def _centre(self) -> None:
        width, height = self.width() - 2 * _INSIDE, min(self.height() - self._rest, HIGHEST)
        figure = self.canvas.figure
        if figure is not None and figure.panels[0].square:
            width = height = min(width, height)
        self.canvas.setMaximumSize(max(width, 0), max(height, 0))

    def set_theme(self, theme: Theme) -> None:
        """Colour the picture for a theme."""
        self.canvas.set_theme(theme)


class LineCard(Card):
    """A line of words, with more of them in grey at its end."""

    def __init__(self, words: str, more: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words, self._more = words, more
        self.setMinimumHeight(max(TARGET, 30))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the room for both texts."""
        text = self.fontMetrics().horizontalAdvance(f"{self._words}   {self._more}")
        return QSize(text + 30, max(self.fontMetrics().height() + 12, 30))

    def minimumSizeHint(self) -> QSize:
        """Let the texts be shortened: the tooltip has more."""
        return QSize(140, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Draw the words; of too long ones the grey ones give way first."""
        super().paintEvent(event)
        ink, metrics = inks(), self.fontMetrics()
        with painting(self) as painter:
            room = self.rect().adjusted(12, 0, -12, 0)
            right = Qt.TextElideMode.ElideRight
            words = metrics.elidedText(self._words, right, room.width())
            left = room.width() - metrics.horizontalAdvance(words) - 16
            painter.setPen(ink.text)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)
            if left > 40:
                middle = Qt.TextElideMode.ElideMiddle
                painter.setPen(ink.muted)
                flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
                painter.drawText(room, flags, metrics.elidedText(self._more, middle, left))

    def changeEvent(self, event: QEvent | None) -> None:
        """Take the size of a new font."""
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.LanguageChange:
            self._words, self._more = say_again(self._words), say_again(self._more)
            self.update()
        if event is not None and event.type() == QEvent.Type.FontChange:
            self.updateGeometry()
