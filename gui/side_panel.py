"""The left side of a lab's page: its question, presets, form and actions."""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import QSize, Qt, QTimer
from PyQt6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from zoetrope.core.lab import Lab
from zoetrope.gui.form import ParameterForm
from zoetrope.gui.glyph_button import GlyphButton, at_least_a_target
from zoetrope.gui.language import say
from zoetrope.gui.page_parts import ActionButtons
from zoetrope.gui.retranslate import hold

WIDTH = 312  # pixels, at usual text
DIGITS = 41  # the same in digits, at larger text
WIDEST = 460
_EDGE = 14


class SidePanel(QWidget):
    """The widgets that a person sets a lab with. What they do, the page knows."""

    def __init__(self, lab: Lab[Any], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumWidth(240)
        self._sought = ""  # the row that is being brought into sight
        # What is made first comes first when the tab key is pressed.
        column = QVBoxLayout(self)
        column.setContentsMargins(_EDGE, 10, 0, 10)
        column.setSpacing(8)
        column.addWidget(self._question(lab.question))
        column.addLayout(self._presets(lab))
        self.form = ParameterForm(lab.parameters, self)
        column.addWidget(self._scrolled(), 1)
        self.actions_box = ActionButtons(self)
        self.actions_box.after = self.form.stops[-1] if self.form.stops else self.reset_button
        self.actions_box.setContentsMargins(0, 0, _EDGE, 0)
        column.addWidget(self.actions_box)

    def sizeHint(self) -> QSize:
        """Return the width in which most labels stand whole."""
        digit = self.fontMetrics().horizontalAdvance("0")
        return QSize(min(max(WIDTH, DIGITS * digit), WIDEST), super().sizeHint().height())

    def show_row(self, name: str) -> None:
        """Put the focus into a parameter's row and bring that into sight."""
        self.form.focus_row(name)
        self._sought = name
        QTimer.singleShot(0, self._bring_into_sight)  # once what was unfolded has its place

    def _bring_into_sight(self) -> None:
        self._scroll.ensureWidgetVisible(self.form.rows[self._sought])

    def _question(self, text: str) -> QLabel:
        question = QLabel(say(text[:1].upper() + text[1:]), self)
        question.setWordWrap(True)
        question.setContentsMargins(0, 0, _EDGE, 0)
        question.setProperty("look", "muted")
        return question

    def _presets(self, lab: Lab[Any]) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, _EDGE, 2)
        row.setSpacing(4)
        self.presets = QComboBox(self)
        self.presets.setAccessibleName(say("Presets"))
        self.presets.setPlaceholderText(say("Choose a preset"))
        at_least_a_target(self.presets)
        for index, preset in enumerate(lab.presets):
            self.presets.addItem(say(preset.label), preset.key)
            self.presets.setItemData(index, say(preset.help), Qt.ItemDataRole.ToolTipRole)
        hold(self.presets)
        self.presets.setVisible(bool(lab.presets))
        self.reset_button = GlyphButton("reset", say("Reset all"), say("Set all values back"), self)
        row.addWidget(self.presets, 1)
        if not lab.presets:
            row.addStretch(1)
        row.addWidget(self.reset_button)
        return row

    def _scrolled(self) -> QScrollArea:
        self._scroll = QScrollArea(self)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self.form)
        bar = self._scroll.verticalScrollBar()
        assert bar is not None
        bar.rangeChanged.connect(self._make_room_for_bar)
        self._make_room_for_bar()
        return self._scroll

    def _make_room_for_bar(self) -> None:
        """Keep the form's right edge where it is when a scroll bar appears beside it."""
        bar, inside = self._scroll.verticalScrollBar(), self.form.layout()
        assert bar is not None
        assert inside is not None
        taken = bar.sizeHint().width() if bar.maximum() > bar.minimum() else 0
        inside.setContentsMargins(0, 0, max(_EDGE - taken, 2), 8)
