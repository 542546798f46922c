"""The row of chosen names in a form, such as the columns of a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PyQt6.QtCore import QPoint, QSize, Qt
from PyQt6.QtGui import QPaintEvent
from PyQt6.QtWidgets import QPushButton, QStyle, QStyleOptionButton, QStylePainter, QWidget

from zoetrope.core.parameters import Names, ParameterError
from zoetrope.gui.glyph_button import TARGET
from zoetrope.gui.language import say
from zoetrope.gui.name_list import NameList
from zoetrope.gui.row import Row


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
