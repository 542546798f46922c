"""Lines of a list with words in grey at their right ends."""

from __future__ import annotations

from PyQt6.QtCore import QModelIndex, QSize, Qt
from PyQt6.QtGui import QPainter, QPalette
from PyQt6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

_GAP, _MARGIN = 24, 10  # pixels between the two, and at the right end


class WordsAtRight(QStyledItemDelegate):
    """Draws an entry, and what its model has under `role` at the right end of its line."""

    def __init__(self, role: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._role = role

    def paint(
        self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex
    ) -> None:
        """Draw the words, then those at the right in grey."""
        super().paint(painter, option, index)
        text = index.data(self._role)
        if painter is not None and text:
            chosen = bool(option.state & QStyle.StateFlag.State_Selected)
            role = (
                QPalette.ColorRole.HighlightedText if chosen else QPalette.ColorRole.PlaceholderText
            )
            left = option.fontMetrics.horizontalAdvance(index.data()) + _GAP
            room = option.rect.adjusted(left, 0, -_MARGIN, 0)
            painter.setPen(option.palette.color(role))
            shown = option.fontMetrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width())
            flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(room, flags, shown)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        """Return room for both."""
        size = super().sizeHint(option, index)
        text = index.data(self._role)
        if text:
            right = option.fontMetrics.horizontalAdvance(text) + _GAP + _MARGIN
            size.setWidth(size.width() + right)
        return size
