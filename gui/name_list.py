"""A list of names with boxes to tick, which opens over the window."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PyQt6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPoint,
    QRectF,
    QSize,
    Qt,
    pyqtSignal,
)
from PyQt6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPen
from PyQt6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from zoetrope.gui.glyph_button import TARGET
from zoetrope.gui.glyphs import draw_glyph
from zoetrope.gui.inks import inks, mixed
from zoetrope.gui.language import say

_MOST_SEEN = 12  # names in a list before it scrolls


class _Ticks(QStyledItemDelegate):
    """Draws a name with its box in the program's colours; a click anywhere on it ticks it."""

    def paint(
        self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex
    ) -> None:
        """Draw the ground of the current name, the box, its tick and the name."""
        if painter is None:
            return
        ink = inks()
        area = QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, mixed(ink.window, ink.accent, 0.16))
        box = QRectF(area.left() + 7, area.center().y() - 7, 14, 14)
        state = index.data(Qt.ItemDataRole.CheckStateRole)
        ticked = state is not None and Qt.CheckState(state) == Qt.CheckState.Checked
        if state is not None:
            painter.setPen(QPen(ink.accent if ticked else ink.muted, 1.2))
            painter.setBrush(ink.accent if ticked else ink.panel)
            painter.drawRoundedRect(box, 3, 3)
        if ticked:
            draw_glyph(painter, "tick", box.adjusted(1, 1, -1, -1), ink.panel)
        painter.setPen(ink.text if index.flags() & Qt.ItemFlag.ItemIsEnabled else ink.muted)
        words = area.adjusted(28 if state is not None else 8, 0, -6, 0)
        text = option.fontMetrics.elidedText(
            str(index.data()), Qt.TextElideMode.ElideRight, int(words.width())
        )
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()

    def editorEvent(
        self,
        event: QEvent | None,
        model: QAbstractItemModel | None,
        option: QStyleOptionViewItem,
        index: QModelIndex,
    ) -> bool:
        """Tick or untick at a click; keys are as usual."""
        if isinstance(event, QMouseEvent) and model is not None:
            state = index.data(Qt.ItemDataRole.CheckStateRole)
            clicked = event.type() == QEvent.Type.MouseButtonRelease
            if not clicked or state is None or event.button() != Qt.MouseButton.LeftButton:
                return False
            ticked = Qt.CheckState(state) == Qt.CheckState.Checked
            new = Qt.CheckState.Unchecked if ticked else Qt.CheckState.Checked
            return model.setData(index, new, Qt.ItemDataRole.CheckStateRole)
        return super().editorEvent(event, model, option, index)


class NameList(QFrame):
    """A list of names with boxes to tick, over the window until Esc, Return or a click beside it.

    `chosen` carries the ticked names in the order of the list after each change.
    """

    chosen = pyqtSignal(tuple)

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.names = QListWidget(self)
        self.names.setAccessibleName(title)
        self.names.setFrameShape(QFrame.Shape.NoFrame)
        self.names.setItemDelegate(_Ticks(self.names))
        self.names.itemChanged.connect(self._tell)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.addWidget(self.names)
        self.setFocusProxy(self.names)
        self._showing = False

    def show_names(self, options: Sequence[str], chosen: Sequence[str]) -> None:
        """List all names that can be chosen, and chosen ones that are not there any more."""
        wanted = [(name, "") for name in options]
        wanted += [(name, say(" (not there)")) for name in chosen if name not in options]
        self._showing = True
        row = self.names.currentRow()
        if [self._name(i) for i in range(self.names.count())] != [name for name, _ in wanted]:
            self.names.clear()
            for name, note in wanted:
                item = QListWidgetItem(name + note, self.names)
                item.setData(Qt.ItemDataRole.UserRole, name)
                item.setSizeHint(QSize(0, TARGET))
            if not wanted:
                item = QListWidgetItem(say("There is nothing to choose from yet."), self.names)
                item.setFlags(Qt.ItemFlag.NoItemFlags)
            self.names.setCurrentRow(min(max(row, 0), self.names.count() - 1))
        for index in range(len(wanted)):
            entry = self.names.item(index)
            if entry is not None:
                ticked = self._name(index) in chosen
                entry.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
        self._showing = False

    def open_at(self, place: QPoint, width: int) -> None:
        """Show the list at a place of the screen."""
        rows = min(max(self.names.count(), 1), _MOST_SEEN)
        height = rows * max(self.names.sizeHintForRow(0), TARGET) + 8
        words = max(
            (self.fontMetrics().horizontalAdvance(name) for name in self._words()), default=0
        )
        self.resize(max(width, words + 60), height)
        screen = self.screen()
        if screen is not None:
            area = screen.availableGeometry()
            place.setX(min(place.x(), area.right() - self.width()))
            place.setY(min(place.y(), area.bottom() - self.height()))
        self.move(place)
        self.show()
        self.names.setFocus(Qt.FocusReason.PopupFocusReason)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Close on Esc and Return."""
        closing = (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event is not None and event.key() in closing:
            self.close()
        else:
            super().keyPressEvent(event)

    def _words(self) -> list[str]:
        items = (self.names.item(index) for index in range(self.names.count()))
        return [item.text() for item in items if item is not None]

    def _name(self, index: int) -> Any:
        item = self.names.item(index)
        return item.data(Qt.ItemDataRole.UserRole) if item is not None else None

    def _tell(self) -> None:
        if self._showing:
            return
        ticked = []
        for index in range(self.names.count()):
            item = self.names.item(index)
            if item is not None and item.checkState() == Qt.CheckState.Checked:
                ticked.append(self._name(index))
        self.chosen.emit(tuple(ticked))
