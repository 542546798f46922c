"""A choice in the form: a strip of buttons, or a box that folds out."""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QWheelEvent
from PyQt6.QtWidgets import QComboBox, QWidget

from zoetrope.core.parameters import Choice
from zoetrope.gui.glyph_button import at_least_a_target
from zoetrope.gui.language import say
from zoetrope.gui.row import Row
from zoetrope.gui.segments import Segments
from zoetrope.gui.words_at_right import WordsAtRight

_NOTE = Qt.ItemDataRole.AccessibleDescriptionRole  # where a note is: it is read out, too


class _Combo(QComboBox):
    """A combo box that leaves the wheel to the page unless it has the focus."""

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        """Turn the wheel over to the scroll area without the focus."""
        assert event is not None
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def showPopup(self) -> None:
        """Fold out as wide as the notes need."""
        view = self.view()
        assert view is not None
        view.setMinimumWidth(view.sizeHintForColumn(0))
        super().showPopup()


class ChoiceRow(Row):
    """A choice: a strip of buttons for two or three short options, otherwise a combo box."""

    def __init__(self, name: str, declaration: Choice, default: Any, parent: QWidget) -> None:
        super().__init__(name, declaration, default, parent)
        self.segments: Segments | None = None
        self.combo: QComboBox | None = None
        words = declaration.options.values()
        if len(words) in (2, 3) and sum(map(len, words)) <= 30:
            self.segments = Segments(declaration.options, self)
            self.describe(self.segments)
            for button in self.segments.buttons.values():
                button.setAccessibleName(
                    say("{label}: {words}", label=declaration.label, words=button.text())
                )
                button.setAccessibleDescription(self.segments.accessibleDescription())
            self.segments.chosen.connect(self._choose)
            self.add_caption(self.segments)
            self.column.addWidget(self.segments)
        else:
            self.combo = _Combo(self)
            self.combo.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            at_least_a_target(self.combo)
            adjust = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            self.combo.setSizeAdjustPolicy(adjust)
            longest = max(map(len, words), default=1)
            self.combo.setMinimumContentsLength(min(longest, 16))
            for value, text in declaration.options.items():
                self.combo.addItem(say(text), value)
                if value in declaration.notes:
                    last = self.combo.count() - 1
                    self.combo.setItemData(last, say(declaration.notes[value]), _NOTE)
            if declaration.notes:
                self.combo.setItemDelegate(WordsAtRight(_NOTE, self.combo))
            self.describe(self.combo)
            self.combo.activated.connect(self._activated)
            self.head.addWidget(self.combo)
            self.add_caption(self.combo)
        self.show_value(default)

    @property
    def control(self) -> QWidget:
        """The combo box or the button that is pressed."""
        if self.segments is not None:
            return self.segments.pressed or self.segments
        assert self.combo is not None
        return self.combo

    @property
    def stops(self) -> list[QWidget]:
        """All buttons: the tab key stops at the pressed one."""
        return list(self.segments.buttons.values()) if self.segments else [self.control]

    def show_value(self, value: Any) -> None:
        """Show the option."""
        self.mark_wrong(False)
        if self.segments is not None:
            self.segments.show_value(value)
        elif self.combo is not None:
            self.combo.setCurrentIndex(self.combo.findData(value))

    def _activated(self, index: int) -> None:
        assert self.combo is not None
        self._choose(self.combo.itemData(index))

    def _choose(self, value: str) -> None:
        self.edited.emit(self.name, value)
