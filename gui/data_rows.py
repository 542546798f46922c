"""The rows of what a lab takes from people: points, a data file, and which of its columns."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
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
from PyQt6.QtGui import (
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PyQt6.QtWidgets import (
    QApplication,
    QFileDialog,
    QFrame,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionButton,
    QStyleOptionViewItem,
    QStylePainter,
    QVBoxLayout,
    QWidget,
)

from zoetrope.core.parameters import DataFile, Names, ParameterError, Table
from zoetrope.gui.glyph_button import TARGET, GlyphButton, at_least_a_target
from zoetrope.gui.glyphs import draw_glyph
from zoetrope.gui.inks import inks, mixed
from zoetrope.gui.language import say
from zoetrope.gui.opening import dropped_files
from zoetrope.gui.row import Row, TextRow

MOST_RECENT = 8
MOST_PASTED = 1 << 22  # characters: what is longer has more rows than any table of points
_PASTE = QKeySequence.StandardKey.Paste
_MOST_SEEN = 12  # names in a list before it scrolls


class TableRow(Row):
    """How many rows a table has, and the buttons to clear it and to paste another."""

    def __init__(self, name: str, declaration: Table, default: Any, parent: QWidget) -> None:
        super().__init__(name, declaration, default, parent)
        self._table = declaration
        self.count = QLabel(self)
        self.count.setProperty("look", "muted")
        self.paste_button = self._button(say("Paste"), say("Take the table on the clipboard"))
        self.clear_button = self._button(say("Clear"), say("Take all away"))
        for widget in (self.count, self.paste_button, self.clear_button):
            self.head.addWidget(widget)
        self.add_caption(self.paste_button)
        self.paste_button.clicked.connect(self.paste)
        self.clear_button.clicked.connect(lambda: self.edited.emit(self.name, ()))
        self.show_value(default)

    def _button(self, words: str, tip: str) -> QPushButton:
        button = QPushButton(words, self)
        at_least_a_target(button)
        button.setToolTip(tip)
        self.describe(button)
        button.setAccessibleName(say("{label}: {words}", label=self.declaration.label, words=words))
        return button

    @property
    def control(self) -> QWidget:
        """The button to paste."""
        return self.paste_button

    @property
    def stops(self) -> list[QWidget]:
        """Both buttons."""
        return [self.paste_button, self.clear_button]

    def show_value(self, value: Any) -> None:
        """Say how many rows there are."""
        self.mark_wrong(False)
        self.count.setText(say(self.declaration.show(value)))
        if not value and self.clear_button.hasFocus():
            self.paste_button.setFocus()
        self.clear_button.setEnabled(bool(value))

    def paste(self) -> None:
        """Take the rows that are on the clipboard; what is wrong with them stands under the row."""
        clipboard = QApplication.clipboard()
        text = clipboard.text() if clipboard is not None else ""
        from zoetrope.core.table import TableError, parse_table, table_rows

        try:
            if len(text) > MOST_PASTED:
                raise TableError(
                    say(
                        "The pasted text is too long; at most {most_rows} rows are taken.",
                        most_rows=self._table.most_rows,
                    )
                )
            rows, note = table_rows(parse_table(text), self._table.columns)
        except TableError as error:
            self.refused.emit(self.name, ParameterError(self.name, str(error)))
            return
        self.edited.emit(self.name, rows)
        if note and not self.has_message():
            self.show_message(note, "info")

    def event(self, event: QEvent | None) -> bool:
        """Keep the keys of pasting from the window, which would take a table for a file."""
        overriding = event is not None and event.type() == QEvent.Type.ShortcutOverride
        if overriding and isinstance(event, QKeyEvent) and event.matches(_PASTE):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Paste by the keys of the system too."""
        if event is not None and event.matches(_PASTE):
            self.paste()
        else:
            super().keyPressEvent(event)


class FileRow(TextRow):
    """The path of a data file: typed, browsed for, dropped, or one of those used before.

    `wanted` carries a table that is to be looked into before it is used.
    """

    wanted = pyqtSignal(str, str)

    def __init__(self, name: str, declaration: DataFile, default: Any, parent: QWidget) -> None:
        super().__init__(name, declaration, default, parent)
        self._file = declaration
        self.recent: list[str] = []
        self.line.setPlaceholderText(say("No file"))
        self.line.setAcceptDrops(False)
        self.setAcceptDrops(True)
        self.browse_button = GlyphButton(
            "open", say("{label}: browse", label=declaration.label), say("Browse…"), self
        )
        self.recent_button = GlyphButton(
            "more", say("{label}: recent files", label=declaration.label), say("Recent files"), self
        )
        self.browse_button.clicked.connect(self.browse)
        self.recent_button.clicked.connect(self._pop_up_recent)
        self.head.addWidget(self.browse_button)
        self.head.addWidget(self.recent_button)

    @property
    def stops(self) -> list[QWidget]:
        """The line and its two buttons."""
        return [self.line, self.browse_button, self.recent_button]

    def show_value(self, value: Any) -> None:
        """Show the path: its end, where the name is."""
        super().show_value(value)
        self.line.setCursorPosition(len(self.line.text()))
        self.line.setToolTip(value or self.toolTip())

    def take(self, path: str) -> None:
        """Ask for a file: a look into a table, and any other at once."""
        if self._file.tabular:
            self.wanted.emit(self.name, path)
        else:
            self.remember(path)
            self.edited.emit(self.name, path)

    def remember(self, path: str) -> None:
        """Put a path first among the recent ones."""
        self.recent = [path, *(p for p in self.recent if p != path)][:MOST_RECENT]

    def browse(self) -> None:
        """Ask for a file with the system's dialog."""
        endings = " ".join(f"*{ending}" for ending in self._file.endings)
        folder = str(Path(self.line.text()).parent) if self.line.text() else ""
        path, _ = QFileDialog.getOpenFileName(
            self,
            say(self.declaration.label),
            folder,
            say("Data ({endings});;All files (*)", endings=endings),
        )
        if path:
            self.take(path)

    def recent_menu(self) -> QMenu:
        """Return the menu of recent files."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        for path in self.recent:
            action = menu.addAction(Path(path).name.replace("&", "&&") or path)
            if action is not None:
                action.setData(path)
                action.setToolTip(path)
        if self.recent:
            menu.addSeparator()
        none = menu.addAction(say("No file"))
        if none is not None:
            none.setData("")
            none.setEnabled(bool(self.line.text()))
        look = menu.addAction(say("Look into the file…")) if self._file.tabular else None
        if look is not None:
            look.setData(self.line.text())
            look.setEnabled(bool(self.line.text()))
        menu.triggered.connect(lambda action: self._choose(action.data()))
        return menu

    def _choose(self, path: str) -> None:
        if path:
            self.take(path)
        else:
            self.edited.emit(self.name, "")

    def _wish(self, value: str) -> None:
        self._choose(value)

    def _pop_up_recent(self) -> None:
        below = self.recent_button.mapToGlobal(QPoint(0, self.recent_button.height()))
        self.recent_menu().popup(below)

    def dragEnterEvent(self, event: QDragEnterEvent | None) -> None:
        """Take files."""
        if event is not None and dropped_files(event.mimeData()):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent | None) -> None:
        """Take them anywhere on the row."""
        if event is not None and dropped_files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent | None) -> None:
        """Take the first file."""
        paths = dropped_files(event.mimeData()) if event is not None else []
        if event is not None and paths:
            event.acceptProposedAction()
            self.take(str(paths[0]))


class NamesRow(Row):
    """A button that shows the chosen names and opens a list of all that can be chosen."""

    def __init__(self, name: str, declaration: Names, default: Any, parent: QWidget) -> None:
        super().__init__(name, declaration, default, parent)
        self.options: tuple[str, ...] = ()
        self.value: tuple[str, ...] = ()
        self.button = _Elided(self)
        self.describe(self.button)
        self.button.clicked.connect(self.open)
        self.list: NameList | None = None
        self.add_caption(self.button)
        self.column.addWidget(self.button)
        self.show_value(default)

    @property
    def control(self) -> QWidget:
        """The button."""
        return self.button

    def show_value(self, value: Any) -> None:
        """Show the chosen names."""
        self.mark_wrong(False)
        self.value = tuple(value)
        self.button.setText(", ".join(self.value) or say("Automatic"))
        self.button.setAccessibleName(
            say("{label}: {words}", label=self.declaration.label, words=self.button.text())
        )
        if self.list is not None:
            self.list.show_names(self.options, self.value)

    def set_options(self, options: Sequence[str]) -> None:
        """Take the names that can be chosen now."""
        if tuple(options) != self.options:
            self.options = tuple(options)
            if self.list is not None:
                self.list.show_names(self.options, self.value)

    def open(self) -> None:
        """Open the list under the button."""
        if self.list is None:
            self.list = NameList(say(self.declaration.label), self)
            self.list.chosen.connect(self._choose)
        self.list.show_names(self.options, self.value)
        self.list.open_at(
            self.button.mapToGlobal(QPoint(0, self.button.height())), self.button.width()
        )

    def _choose(self, names: tuple[str, ...]) -> None:
        try:
            value = self.declaration.check(self.name, names)
        except ParameterError as error:
            if self.list is not None:
                self.list.show_names(self.options, self.value)
            self.refused.emit(self.name, error)
            return
        self.edited.emit(self.name, value)


class _Elided(QPushButton):
    """A button whose words end in an ellipsis where there is no room for them."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setMinimumHeight(TARGET)

    def minimumSizeHint(self) -> QSize:
        """Let it shrink."""
        return QSize(40, max(TARGET, super().minimumSizeHint().height()))

    def sizeHint(self) -> QSize:
        """Ask for no more than other rows."""
        return QSize(120, super().sizeHint().height())

    def paintEvent(self, _event: QPaintEvent | None) -> None:
        """Draw the button with as many of its words as it has room for."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        room = self.width() - 16
        option.text = self.fontMetrics().elidedText(
            self.text().replace("&", "&&"), Qt.TextElideMode.ElideRight, room
        )
        painter = QStylePainter(self)
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)


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
