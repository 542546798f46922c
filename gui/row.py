"""The rows of a lab's form: what all have in common, and those of switches and text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PyQt6.QtCore import QEvent, QSize, Qt, pyqtSignal
from PyQt6.QtGui import (
    QColor,
    QEnterEvent,
    QKeyEvent,
    QMouseEvent,
    QPaintEvent,
)
from PyQt6.QtWidgets import (
    QCheckBox,
    QCompleter,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from zoetrope.core.parameters import Declaration, Number, ParameterError, Switch, Text
from zoetrope.core.symbols import plain_symbol
from zoetrope.gui.glyph_button import TARGET, at_least_a_target
from zoetrope.gui.inks import inks
from zoetrope.gui.language import later, say, say_all
from zoetrope.gui.message import Message, Severity
from zoetrope.gui.painting import painting


def is_reset(event: QKeyEvent) -> bool:
    """Say whether a key press asks for the default value: Ctrl+Backspace."""
    control = Qt.KeyboardModifier.ControlModifier
    return event.key() == Qt.Key.Key_Backspace and event.modifiers() == control


class Caption(QLabel):
    """A row's label: shortened with an ellipsis where there is no room; tells of double clicks."""

    double_clicked = pyqtSignal()

    def minimumSizeHint(self) -> QSize:
        """Let it shrink: the tooltip has the whole text."""
        return QSize(24, max(TARGET, super().minimumSizeHint().height()))

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:
        """Report it."""
        assert event is not None
        if event.button() == Qt.MouseButton.LeftButton:
            self.double_clicked.emit()

    def paintEvent(self, _event: QPaintEvent | None) -> None:
        """Draw the text, elided."""
        with painting(self) as painter:
            text = self.text().replace("&&", "&")
            shown = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, self.width())
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, shown)


class Row(QWidget):
    """One parameter in the form.

    `edited` carries the name and the value a person wants; the row goes on showing what it showed
    or what was typed until its owner calls `show_value` or `mark_wrong`. `refused` carries what
    was typed and cannot be read. `sticky` rows keep a wrong text for correction.
    """

    edited = pyqtSignal(str, object)
    refused = pyqtSignal(str, object)
    edit_started = pyqtSignal(str)
    edit_finished = pyqtSignal(str)
    reset_wanted = pyqtSignal(str)
    cancelled = pyqtSignal(str)
    pointed = pyqtSignal(str)  # its name when the mouse comes, "" when it leaves
    sticky = False

    def __init__(self, name: str, declaration: Declaration, default: Any, parent: QWidget) -> None:
        super().__init__(parent)
        self.name = name
        self.declaration = declaration
        self.default = default
        self.wrong = False
        self._idle = ""
        self._marked = False
        self.message: Message | None = None
        self.setObjectName(name)
        self.setToolTip(tooltip(declaration))
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        self.head = QHBoxLayout()
        self.head.setContentsMargins(0, 0, 0, 0)
        self.head.setSpacing(2)
        self.column.addLayout(self.head)

    @property
    def control(self) -> QWidget:
        """The widget that takes the focus for the row."""
        raise NotImplementedError

    @property
    def stops(self) -> list[QWidget]:
        """Where the tab key stops, in order."""
        return [self.control]

    def add_caption(self, buddy: QWidget) -> None:
        """Put the label in front, as the buddy of the control."""
        caption = Caption(say(self.declaration.label).replace("&", "&&"), self)
        caption.setBuddy(buddy)
        caption.double_clicked.connect(self._ask_reset)
        self.head.insertWidget(0, caption, 1)

    def describe(self, control: QWidget, suffix: str = "") -> None:
        """Give a control its accessible name and description."""
        declaration = self.declaration
        control.setAccessibleName(say_all((declaration.label, suffix), " "))
        allowed = ""
        if isinstance(declaration, (Number, Text)):
            allowed = later("Range: {range}", range=declaration.describe())
        control.setAccessibleDescription(say_all((declaration.help, allowed), " "))

    def show_value(self, value: Any) -> None:
        """Show the value that is in force; what was wrong is forgotten."""
        raise NotImplementedError

    def set_options(self, options: Sequence[str]) -> None:
        """Take what can be chosen, or is suggested, now; most rows have no use for it."""

    def set_idle(self, why: str) -> None:
        """Switch the row off while what it says has no effect; an empty reason switches it on."""
        if why != self._idle:
            self._idle = why
            for stop in self.stops:
                stop.setEnabled(not why)
            self.setToolTip(say_all((why, tooltip(self.declaration)), "\n\n"))

    def set_marked(self, marked: bool) -> None:
        """Set the row off from the others: something elsewhere is about it."""
        if marked != self._marked:
            self._marked = marked
            self.update()

    def enterEvent(self, event: QEnterEvent | None) -> None:
        """Say that the mouse points at it."""
        super().enterEvent(event)
        self.pointed.emit(self.name)

    def leaveEvent(self, event: QEvent | None) -> None:
        """Say that it does no more."""
        super().leaveEvent(event)
        self.pointed.emit("")

    def paintEvent(self, _event: QPaintEvent | None) -> None:
        """Draw the ground and the line of a row that is set off."""
        if self._marked:
            ink = inks()
            wash = QColor(ink.accent)
            wash.setAlphaF(0.16)
            with painting(self) as painter:
                painter.fillRect(self.rect(), wash)
                painter.fillRect(0, self.height() - 2, self.width(), 2, ink.accent)

    def mark_wrong(self, wrong: bool) -> None:
        """Say that what the row shows is not in force."""
        self.wrong = wrong

    def show_message(self, text: str, severity: Severity = "error") -> None:
        """Show a sentence under the row; an empty one takes it away."""
        if not text:
            if self.message is not None:
                self.message.hide()
                self.message.setText("")
            return
        if self.message is None:
            self.message = Message(self)
            self.column.addWidget(self.message)
        if (self.message.text(), self.message.severity) != (text, severity):
            self.message.show_sentence(text, severity)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Ctrl+Backspace resets, Esc takes back what is wrong; the rest is for the page."""
        assert event is not None
        if is_reset(event):
            self._ask_reset()
        elif event.key() == Qt.Key.Key_Escape and self.wrong:
            self.cancelled.emit(self.name)
        else:
            event.ignore()

    def has_message(self) -> bool:
        """Say whether a sentence stands under the row."""
        return self.message is not None and bool(self.message.text())

    def _ask_reset(self) -> None:
        self.reset_wanted.emit(self.name)


def tooltip(declaration: Declaration) -> str:
    """Return what a row says when the pointer rests on it."""
    lines = [declaration.label, declaration.help]
    if declaration.symbol:
        lines.append(later("Symbol: {symbol}", symbol=plain_symbol(declaration.symbol)))
    if isinstance(declaration, (Number, Text)):
        lines.append(later("Range: {range}", range=declaration.describe()))
    if isinstance(declaration, Number) and declaration.linked:
        lines.append(
            later("The padlock shows which of the linked values is held; the others follow.")
        )
    lines.append(later("Double-click the label or press Ctrl+Backspace to reset."))
    return say_all(lines, "\n")


class SwitchRow(Row):
    """A check box with its words."""

    def __init__(self, name: str, declaration: Switch, default: Any, parent: QWidget) -> None:
        super().__init__(name, declaration, default, parent)
        self.box = QCheckBox(say(declaration.label).replace("&", "&&"), self)
        at_least_a_target(self.box)
        self.describe(self.box)
        self.box.clicked.connect(lambda on: self.edited.emit(self.name, on))
        self.head.addWidget(self.box, 1)
        self.show_value(default)

    @property
    def control(self) -> QWidget:
        """The check box."""
        return self.box

    def show_value(self, value: Any) -> None:
        """Show on or off."""
        self.mark_wrong(False)
        self.box.setChecked(value)


class _Line(QLineEdit):
    """A line edit that leaves Ctrl+Backspace to its row and tells of Esc."""

    escaped = pyqtSignal()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Hand the row's keys on."""
        assert event is not None
        if is_reset(event):
            event.ignore()
        elif event.key() == Qt.Key.Key_Escape and self.isModified():
            self.escaped.emit()
        else:
            super().keyPressEvent(event)


class TextRow(Row):
    """A line of text, taken over on Return and when the focus leaves."""

    sticky = True

    def __init__(self, name: str, declaration: Text, default: Any, parent: QWidget) -> None:
        super().__init__(name, declaration, default, parent)
        self.line = _Line(self)
        at_least_a_target(self.line)
        self._suggested: tuple[str, ...] = ()
        self.describe(self.line)
        self.line.editingFinished.connect(self._commit)
        self.line.escaped.connect(lambda: self.cancelled.emit(self.name))
        self.add_caption(self.line)
        self.column.addWidget(self.line)
        self.show_value(default)

    @property
    def control(self) -> QWidget:
        """The line edit."""
        return self.line

    def show_value(self, value: Any) -> None:
        """Show the text."""
        self.mark_wrong(False)
        if self.line.text() != value:
            self.line.setText(value)
            self.line.setCursorPosition(0)
        self.line.setModified(False)

    def set_options(self, options: Sequence[str]) -> None:
        """Suggest these while something is typed."""
        if tuple(options) == self._suggested:
            return
        self._suggested = tuple(options)
        completer = QCompleter(self._suggested, self) if options else None
        if completer is not None:
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            completer.activated.connect(self._take_suggestion)
        self.line.setCompleter(completer)

    def _take_suggestion(self, text: str) -> None:
        self.line.setText(text)
        self.line.setModified(True)
        self._commit()

    def _commit(self) -> None:
        if not self.line.isModified():
            return
        self.line.setModified(False)
        try:
            value = self.declaration.parse(self.name, self.line.text())
        except ParameterError as error:
            self.refused.emit(self.name, error)
        else:
            self._wish(value)

    def _wish(self, value: str) -> None:
        self.edited.emit(self.name, value)
