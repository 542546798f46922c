"""The flat button that shows a symbol, and the least size of anything to be pressed."""

from __future__ import annotations

from PyQt6.QtCore import QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from zoetrope.gui.glyphs import draw_glyph
from zoetrope.gui.inks import Inks, inks, mixed
from zoetrope.gui.painting import painting

TARGET = 24  # the least width and height of anything to be pressed, in pixels
_SYMBOL = 18  # the width of a symbol beside usual text


def at_least_a_target(widget: QWidget) -> None:
    """Make a widget high enough to be pressed, and no lower than its text."""
    widget.ensurePolished()
    widget.setMinimumHeight(max(TARGET, widget.sizeHint().height()))


class GlyphButton(QAbstractButton):
    """A flat button with a drawn symbol (and its text, if it has one), named for all."""

    def __init__(self, glyph: str, name: str, tip: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._glyph = glyph
        self.quiet = False  # drawn fainter: there, but not asking for attention
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        self.setToolTip(tip or name)

    @property
    def glyph(self) -> str:
        """The symbol that is shown."""
        return self._glyph

    def set_glyph(self, glyph: str, name: str, tip: str = "") -> None:
        """Show another symbol under another name."""
        if (glyph, name) != (self._glyph, self.accessibleName()):
            self._glyph = glyph
            self.setAccessibleName(name)
            self.setToolTip(tip or name)
            self.update()

    def sizeHint(self) -> QSize:
        """Return the size of the target: the symbol, its text and room around them."""
        metrics = self.fontMetrics()
        side = max(TARGET, metrics.height() + 8)
        if not self.text():
            return QSize(side, side)
        symbol = max(_SYMBOL, metrics.height())
        return QSize(symbol + 6 + metrics.horizontalAdvance(self.text()), side)

    def minimumSizeHint(self) -> QSize:
        """Return the size hint: the target does not shrink."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent | None) -> None:
        """Draw hover and focus softly, then the symbol and the text."""
        ink = inks()
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            under = self.underMouse() and self.isEnabled()
            self._draw_ground(painter, ink, under)
            colour = ink.text if under else (ink.muted if self.quiet or self.text() else ink.text)
            if self.isCheckable():
                colour = ink.accent if self.isChecked() else ink.muted
            if not self.isEnabled() or (self.quiet and not under):
                colour = mixed(ink.muted, ink.window, 0.35)
            height = float(self.height())
            size = min(height - 8, float(max(_SYMBOL, self.fontMetrics().height())))
            left = 0.0 if self.text() else (self.width() - size) / 2
            draw_glyph(painter, self._glyph, QRectF(left, (height - size) / 2, size, size), colour)
            if self.text():
                painter.setPen(colour)
                words = QRectF(size + 3, 0, self.width() - size - 3, height)
                painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self.text())

    def _draw_ground(self, painter: QPainter, ink: Inks, under: bool) -> None:
        body = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if self.text():
            body.adjust(-2, 0, 2, 0)
            body = body.intersected(QRectF(self.rect()))
        elif under or self.isDown():
            wash = QColor(ink.text)
            wash.setAlphaF(0.14 if self.isDown() else 0.07)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(wash)
            painter.drawRoundedRect(body, 5, 5)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(ink.accent, 1.5))
            painter.drawRoundedRect(body, 5, 5)
