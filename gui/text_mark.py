"""A line of text on a figure, of constant size, with a halo that keeps it legible on anything."""

from __future__ import annotations

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QStaticText
from PyQt6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

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

    def write(self, text: str, font: QFont, colour: QColor, halo: QColor | None = None) -> None:
        """Set what is written and how."""
        if text != self._text or font != self._font:
            self.prepareGeometryChange()
            self._text, self._font = text, font
            self._static.setText(text)
            self._static.prepare(font=font)
            metrics = QFontMetricsF(font)
            self._size = (metrics.horizontalAdvance(text), metrics.height())
        self._colour, self._halo = colour, halo
        self.update()

    def place(self, offset: QPointF) -> None:
        """Move the text's upper left corner, in pixels from the item's position."""
        if offset != self._offset:
            self.prepareGeometryChange()
            self._offset = offset

    def boundingRect(self) -> QRectF:
        """Return the text's rectangle, the halo included."""
        width, height = self._size
        return QRectF(self._offset.x() - 2, self._offset.y() - 2, width + 4, height + 4)

    def paint(
        self,
        painter: QPainter | None,
        option: QStyleOptionGraphicsItem | None,
        widget: QWidget | None = None,
    ) -> None:
        """Draw the halo, then the words."""
        if painter is None or self._font is None:
            return
        painter.setFont(self._font)
        if self._halo is not None:
            painter.setPen(self._halo)
            for shift in _HALO:
                painter.drawStaticText(self._offset + shift, self._static)
        painter.setPen(self._colour)
        painter.drawStaticText(self._offset, self._static)
