"""A number in the form: an exact box and a slider that agree."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from PyQt6.QtCore import QEvent, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QValidator,
    QWheelEvent,
)
from PyQt6.QtWidgets import QAbstractSpinBox, QLineEdit, QWidget

from zoetrope.core.lab import Mark
from zoetrope.core.parameters import Number, ParameterError
from zoetrope.gui.glyph_button import TARGET, GlyphButton
from zoetrope.gui.inks import inks, mixed
from zoetrope.gui.language import say, worded
from zoetrope.gui.painting import painting
from zoetrope.gui.quantities import editable, number_format
from zoetrope.gui.row import Row, is_reset
from zoetrope.gui.slider import Slider
from zoetrope.gui.slider_scale import Scale, stepped

_FREE = "Let the others follow this one: hold it at its present value"
_HELD = "Held: the linked values follow this one"


class _Edit(QLineEdit):
    """The text of a box; drawn in a lighter tone while it is quiet and not being edited."""

    def __init__(self, box: NumberBox) -> None:
        super().__init__(box)
        self._box = box
        self.quiet = False

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Draw the text, then a veil over it: a style sheet would win over another colour."""
        super().paintEvent(event)
        if self.quiet and not self._box.hasFocus():
            veil = self._box.ground()
            veil.setAlphaF(0.45)
            with painting(self) as painter:
                painter.fillRect(self.rect(), veil)


class NumberBox(QAbstractSpinBox):
    """A box that shows text and hands on what is typed; what it means, its row knows.

    `typed` carries the text on Return or when the focus leaves, if it was changed; `stepped` the
    steps asked for by keys or the wheel.
    """

    typed = pyqtSignal(str)
    stepped = pyqtSignal(int)
    escaped = pyqtSignal()

    def __init__(self, unit: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._unit = unit
        self._wrong = False
        self.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
        self.setFrame(False)
        self.setKeyboardTracking(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._edit = _Edit(self)
        self._edit.setTextMargins(2, 0, 1, 0)
        self.setLineEdit(self._edit)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)

    def show_text(self, text: str) -> None:
        """Show a text; what was being typed is given up."""
        if self._edit.text() != text:
            whole = self._edit.selectedText() == self._edit.text() != ""
            self._edit.setText(text)
            if whole:  # what is typed next takes the place of all, as it was meant to
                self._edit.selectAll()
        self._edit.setModified(False)

    def being_typed(self) -> bool:
        """Say whether there is text that was typed and not yet handed on."""
        return self._edit.isModified()

    def mark(self, *, wrong: bool | None = None, quiet: bool | None = None) -> None:
        """Draw a warning border, or the text in a lighter tone."""
        if wrong is not None and wrong != self._wrong:
            self._wrong = wrong
            self.update()
        if quiet is not None and quiet != self._edit.quiet:
            self._edit.quiet = quiet
            self.update()

    def commit(self) -> None:
        """Hand on what was typed, if anything was."""
        if self._edit.isModified():
            self._edit.setModified(False)
            self.typed.emit(self._edit.text())

    def validate(self, text: str | None, position: int) -> tuple[QValidator.State, str, int]:
        """Let everything be typed: what is wrong is said in a sentence afterwards."""
        return QValidator.State.Acceptable, text or "", position

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        """Allow both directions; the ends are the row's business."""
        return (
            QAbstractSpinBox.StepEnabledFlag.StepUpEnabled
            | QAbstractSpinBox.StepEnabledFlag.StepDownEnabled
        )

    def stepBy(self, steps: int) -> None:
        """Ask for steps."""
        self.stepped.emit(steps)

    def sizeHint(self) -> QSize:
        """Return room for six digits, a sign and the unit; most boxes come out alike."""
        metrics = self.fontMetrics()
        unit = max(map(metrics.horizontalAdvance, (worded(self._unit), "rad/s")))
        width = metrics.horizontalAdvance("−0.00000 ") + unit
        return QSize(width + 16, max(TARGET, metrics.height() + 8))

    def minimumSizeHint(self) -> QSize:
        """Return the size hint."""
        return self.sizeHint()

    def changeEvent(self, event: QEvent | None) -> None:
        """Take the room for a unit in another language."""
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.LanguageChange:
            self.updateGeometry()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Return hands the text on, Esc gives it up, Ctrl+Backspace is for the row."""
        assert event is not None
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.commit()
            self._edit.selectAll()
        elif event.key() == Qt.Key.Key_Escape and (self._edit.isModified() or self._wrong):
            self.escaped.emit()
            self._edit.selectAll()
        elif is_reset(event) or event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        """Step only with the focus; otherwise let the page scroll."""
        assert event is not None
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def focusOutEvent(self, event: QFocusEvent | None) -> None:
        """Hand the text on."""
        self.commit()
        super().focusOutEvent(event)

    def ground(self) -> QColor:
        """Return the colour behind the text."""
        ink = inks()
        if self._wrong:
            return mixed(ink.panel, ink.warn, 0.1)
        return mixed(ink.panel, ink.window, 0.7) if self._edit.quiet else ink.panel

    def paintEvent(self, _event: QPaintEvent | None) -> None:
        """Draw the field and its edge."""
        ink = inks()
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            pen = QPen(ink.muted if self.underMouse() else mixed(ink.hairline, ink.muted, 0.15), 1)
            if self._wrong:
                pen = QPen(ink.warn, 1.5)
            elif self.hasFocus():
                pen = QPen(ink.accent, 1.5)
            painter.setPen(pen)
            painter.setBrush(self.ground())
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1.5, -1, -1.5), 4, 4)


class NumberRow(Row):
    """A number: label, padlock or dice where they belong, exact box, and a slider below."""

    sticky = True
    declaration: Number

    def __init__(self, name: str, declaration: Number, default: Any, parent: QWidget) -> None:
        super().__init__(name, declaration, default, parent)
        self._value: float | None = default
        self._followed: float | None = None
        self._marks: tuple[Mark, ...] = ()
        self.lock: GlyphButton | None = None
        self.dice: GlyphButton | None = None
        self.slider: Slider | None = None
        label = declaration.label
        if declaration.linked:
            self.lock = GlyphButton("free", say("Hold {label}", label=label), say(_FREE), self)
            self.lock.clicked.connect(self._hold)
            self.head.addWidget(self.lock)
        if declaration.seed:
            self.dice = GlyphButton(
                "dice", say("Another {label} at random", label=label.lower()), "", self
            )
            self.dice.clicked.connect(self._throw)
            self.head.addWidget(self.dice)
        self.box = NumberBox(declaration.unit, self)
        self.describe(self.box)
        self.box.typed.connect(self._typed)
        self.box.stepped.connect(self._step)
        self.box.escaped.connect(lambda: self.cancelled.emit(self.name))
        self.head.addWidget(self.box)
        self.add_caption(self.box)
        if not declaration.seed:
            self._scale = Scale(declaration)
            usual, warned = (
                None if value is None else self._scale.position(value)
                for value in (default, declaration.warn_from)
            )
            self.slider = Slider(self._scale.ticks, usual, self, warn_from=warned)
            self.describe(self.slider, say("slider"))
            self.slider.valueChanged.connect(self._slid)
            self.slider.stepped.connect(self._step)
            self.slider.sliderPressed.connect(lambda: self.edit_started.emit(self.name))
            self.slider.sliderReleased.connect(self._released)
            self.slider.mark_pressed.connect(self._go_to_mark)
            self.column.addWidget(self.slider)
        self._show()

    @property
    def control(self) -> QWidget:
        """The box."""
        return self.box

    @property
    def stops(self) -> list[QWidget]:
        """The padlock, the dice, the box and the slider, as far as there are."""
        parts = (self.lock, self.dice, self.box, self.slider)
        return [part for part in parts if part is not None]

    @property
    def held(self) -> bool:
        """Whether the value is given (and not following others)."""
        return self._value is not None

    def shown(self) -> float | None:
        """Return the value that is in force, given or followed; None before it is known."""
        return self._value if self._value is not None else self._followed

    def show_value(self, value: Any) -> None:
        """Show a given value, or with None that this one follows."""
        if value == self._value and not self.wrong and not self.box.being_typed():
            return
        if value is None and self._value is not None:
            self._followed = self._value  # the best guess until the frame says
        self._value = value
        self._show()

    def set_marks(self, marks: Sequence[Mark]) -> None:
        """Put ticks on the slider, those within its travel; pressing one goes to its value."""
        if self.slider is None or tuple(marks) == self._marks:
            return
        self._marks = tuple(marks)
        low, high = self.declaration.travel
        self.slider.set_marks(
            [
                (i, self._scale.position(mark.value), mark.label)
                for i, mark in enumerate(self._marks)
                if low <= mark.value <= high
            ]
        )
        self.describe(self.slider, say("slider"))
        if self._marks:
            unit = say(self.declaration.unit)
            words = "; ".join(f"{m.label}: {m.value:.3g} {unit}".rstrip() for m in self._marks)
            said = self.slider.accessibleDescription()
            self.slider.setAccessibleDescription(
                say("{said}. Ticks: {words}", said=said, words=words)
            )

    def _go_to_mark(self, index: int) -> None:
        self.edit_started.emit(self.name)
        value = float(f"{self._marks[index].value:.6g}")
        self._want(round(value) if self.declaration.integer else value)
        self.edit_finished.emit(self.name)

    def show_followed(self, value: float | None) -> None:
        """Show the value of a number that follows (None: it has none now).

        Text that is being typed is left alone.
        """
        if self._value is None and value != self._followed:
            self._followed = value
            if not self.box.being_typed() and not self.wrong:
                self._show()

    def mark_wrong(self, wrong: bool) -> None:
        """Give the box a warning border."""
        super().mark_wrong(wrong)
        self.box.mark(wrong=wrong)

    def _show(self) -> None:
        self.mark_wrong(False)
        value = self.shown()
        finite = value is not None and math.isfinite(value)
        self.box.show_text(
            editable(self.declaration, value) if finite and value is not None else "–"
        )
        if self.slider is not None and finite and value is not None:
            self._place(value)
        if self.declaration.linked:
            self._show_hold()

    def _place(self, value: float) -> None:
        assert self.slider is not None
        if not self.slider.isSliderDown():
            self.slider.show_position(self._scale.position(value))

    def _show_hold(self) -> None:
        assert self.lock is not None
        label = self.declaration.label
        if self.held:
            self.lock.set_glyph("held", say("{label} is held", label=label), say(_HELD))
        else:
            self.lock.set_glyph("free", say("Hold {label}", label=label), say(_FREE))
        if self.lock.quiet == self.held:
            self.lock.quiet = not self.held
            self.lock.update()
        self.box.mark(quiet=not self.held)
        if self.slider is not None:
            self.slider.set_quiet(not self.held)

    def _want(self, value: float) -> None:
        """Show at once what is wanted and ask for it."""
        self.box.show_text(editable(self.declaration, value))
        if self.slider is not None:
            self._place(value)
        self.edited.emit(self.name, value)

    def _typed(self, text: str) -> None:
        try:
            value = self._read(text)
        except ParameterError as error:
            self.refused.emit(self.name, error)
        else:
            self._want(value)

    def _read(self, text: str) -> float | int:
        """Read what was typed, with the unit in the language of the interface."""
        plain = text.strip().removesuffix(say(self.declaration.unit))
        return self.declaration.parse(self.name, number_format().unmarked(plain))

    def _step(self, steps: int) -> None:
        value = self.shown()
        if self.box.being_typed():
            with suppress(ParameterError):
                value = self._read(self.box.text())
        if value is not None and math.isfinite(value):
            self._want(stepped(self.declaration, value, steps))

    def _slid(self, position: int) -> None:
        self._want(self._scale.value(position))

    def _released(self) -> None:
        self.edit_finished.emit(self.name)
        value = self.shown()
        if value is not None and math.isfinite(value):
            self._place(value)

    def _throw(self) -> None:
        low, high = int(self.declaration.low), int(self.declaration.high)
        self._want(random.randint(low, min(high, low + 99_999)))

    def _hold(self) -> None:
        value = self.shown()
        if not self.held and value is not None:
            self.edited.emit(self.name, value)
