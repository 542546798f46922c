"""A line of text on a figure, of constant size, legible on whatever is drawn below it."""

from __future__ import annotations

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QStaticText
from PyQt6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

_PLATE = (3.0, 1.0)  # how far a plate reaches beyond its text, in pixels
_HALO = tuple(QPointF(x, y) for x in (-1.2, 0.0, 1.2) for y in (-1.2, 0.0, 1.2) if x or y)


class TextMark(QGraphicsItem):
    """Text whose upper left corner stands `offset` pixels from the item's position."""

    def __init__(self, parent: QGraphicsItem, *, fixed_size: bool = False) -> None:
        super().__init__(parent)
        self._static = QStaticText()
        self._static.setTextFormat(Qt.TextFormat.PlainText)
        self._text = ""
        self._font: QFont | None = None
        self._colour = QColor()
        self._halo: QColor | None = None
        self._on_plate = False
        self._offset = QPointF()
        self._size = (0.0, 0.0)
        if fixed_size:
            self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIgnoresTransformations)

    @property
    def text(self) -> str:
        """Return the words."""
        return self._text

    @property
    def size(self) -> tuple[float, float]:
        """Return the width and height in pixels."""
        return self._size

    def write(
        self,
        text: str,
        font: QFont,
        colour: QColor,
        halo: QColor | None = None,
        *,
        on_plate: bool = False,
    ) -> None:
        """Set what is written and how: with a halo around the letters, or on a plate of its colour.

        A halo hides little of a line; on a heat map, dark here and bright there, only a plate does.
        """
        if text != self._text or font != self._font:
            self.prepareGeometryChange()
            self._text, self._font = text, font
            self._static.setText(text)
            self._static.prepare(font=font)
            metrics = QFontMetricsF(font)
            self._size = (metrics.horizontalAdvance(text), metrics.height())
        self._colour, self._halo, self._on_plate = colour, halo, on_plate
        self.update()

    def place(self, offset: QPointF) -> None:
        """Move the text's upper left corner, in pixels from the item's position."""
        if offset != self._offset:
            self.prepareGeometryChange()
            self._offset = offset

    def boundingRect(self) -> QRectF:
        """Return the text's rectangle with what is drawn around it."""
        x, y = _PLATE
        return self._words().adjusted(-x, -max(y, 2.0), x, max(y, 2.0))

    def _words(self) -> QRectF:
        return QRectF(self._offset.x(), self._offset.y(), *self._size)

    def paint(
        self,
        painter: QPainter | None,
        option: QStyleOptionGraphicsItem | None,
        widget: QWidget | None = None,
    ) -> None:
        """Draw what keeps the words legible, then the words."""
        if painter is None or self._font is None:
            return
        painter.setFont(self._font)
        if self._halo is not None and self._on_plate:
            x, y = _PLATE
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._halo)
            painter.drawRoundedRect(self._words().adjusted(-x, -y, x, y), x, x)
        elif self._halo is not None:
            painter.setPen(self._halo)
            for shift in _HALO:
                painter.drawStaticText(self._offset + shift, self._static)
        painter.setPen(self._colour)
        painter.drawStaticText(self._offset, self._static)
