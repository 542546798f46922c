"""The strip of a guided tour below the labs: what to look at now, and the way on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QColor, QFont, QKeyEvent, QPaintEvent
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from zoetrope.core.lab import Lab
from zoetrope.core.tours import Tour
from zoetrope.gui.glyph_button import at_least_a_target
from zoetrope.gui.icons import theme_of
from zoetrope.gui.language import say
from zoetrope.gui.painting import painting

_EDGE = 14


class TourStrip(QWidget):
    """Shows one step of a tour at a time.

    `stepped` carries the lab, the tour and the number of the step that is to be shown; `left`
    comes when the tour ends.
    """

    stepped = pyqtSignal(object, object, int)
    left = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tour")
        self.setAccessibleName(say("Guided tour"))
        self.lab: Lab[Any] | None = None
        self.tour: Tour | None = None
        self.index = 0
        self._place = QLabel(self)
        self._place.setProperty("look", "muted")
        self._title = QLabel(self)
        bold = QFont(self._title.font())
        bold.setBold(True)
        self._title.setFont(bold)
        self._text = QLabel(self)
        self._text.setWordWrap(True)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.back_button = self._button(say("Back"), say("The step before (Alt+Left)"), self.back)
        self.next_button = self._button(say("Next"), say("The next step (Alt+Right)"), self.forward)
        self.leave_button = self._button(
            say("Leave"), say("End the tour; the picture stays"), self.leave
        )
        self.next_button.setDefault(True)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._text)
        words.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(_EDGE, 9, _EDGE, 9)
        row.setSpacing(10)
        row.addWidget(self._place, 0, Qt.AlignmentFlag.AlignTop)
        row.addSpacing(8)
        row.addLayout(words, 1)
        for button in (self.back_button, self.next_button, self.leave_button):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.hide()

    def begin(self, lab: Lab[Any], tour: Tour) -> None:
        """Begin a tour at its first step."""
        self.lab, self.tour = lab, tour
        self._go(0)
        self.show()
        self.next_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def forward(self) -> None:
        """Go to the next step; from the last one, leave."""
        if self.tour is None:
            return
        if self.index + 1 < len(self.tour.steps):
            self._go(self.index + 1)
        else:
            self.leave()

    def back(self) -> None:
        """Go to the step before, if there is one."""
        if self.tour is not None and self.index:
            self._go(self.index - 1)

    def leave(self) -> None:
        """End the tour."""
        if self.tour is not None:
            self.lab = self.tour = None
            self.hide()
            self.left.emit()

    def _go(self, index: int) -> None:
        assert self.tour is not None
        assert self.lab is not None
        self.index = index
        steps = self.tour.steps
        step = steps[index]
        last = index + 1 == len(steps)
        self._place.setText(
            say(
                "{title}\nStep {index} of {steps}",
                title=self.lab.title,
                index=index + 1,
                steps=len(steps),
            )
        )
        self._title.setText(say(step.title))
        self._text.setText(say(step.text))
        self.back_button.setEnabled(index > 0)
        self.next_button.setText(say("Finish") if last else say("Next"))
        # What a screen reader says of the button that has the focus.
        spoken = say(
            "Step {index} of {steps}. {title}. {text}",
            index=index + 1,
            steps=len(steps),
            title=step.title,
            text=step.text,
        )
        self.next_button.setAccessibleDescription(spoken)
        self.stepped.emit(self.lab, self.tour, index)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Esc leaves the tour while the strip has the focus."""
        assert event is not None
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Draw the ground, set off from the lab by a line in the accent's colour."""
        theme = theme_of(self)
        with painting(self) as painter:
            painter.fillRect(self.rect(), QColor(theme.panel))
            painter.fillRect(0, 0, self.width(), 2, QColor(theme.roles["accent"]))

    def _button(self, words: str, tip: str, do: Callable[[], None]) -> QPushButton:
        button = QPushButton(words, self)
        button.setToolTip(tip)
        button.setAccessibleName(say("{words}: guided tour", words=words))
        at_least_a_target(button)
        button.clicked.connect(lambda: do())
        return button
