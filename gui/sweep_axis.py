"""One varied parameter of a sweep: which, from where to where in how many values, or a list."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QComboBox, QGridLayout, QLabel, QLineEdit, QSpinBox, QWidget

from zoetrope.core.declarations import Choice, Declaration, Names, Number, Switch, Table
from zoetrope.core.parameters import Parameters
from zoetrope.core.sweep.varied import Scalar, Varied, parse_varied
from zoetrope.gui.language import say

EVEN, LOG, LIST = "even", "log", "list"
USUAL_VALUES = 9
NONE = ""


def can_vary(declared: Declaration) -> bool:
    """Say whether a parameter is offered: what the form shows, one value at a time."""
    return not declared.hidden and not isinstance(declared, (Table, Names))


class SweepAxis(QWidget):
    """Chooses one parameter and its values. `changed` comes after each change.

    `title` stands above, with its mnemonic; `name` is the same without one.
    """

    changed = pyqtSignal()

    def __init__(
        self, title: str, name: str, *, optional: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._base: Parameters | None = None
        self._filling = False
        self.name, self.how = QComboBox(), QComboBox()
        fitting = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        self.name.setSizeAdjustPolicy(fitting)
        self.low, self.high, self.listed = QLineEdit(), QLineEdit(), QLineEdit()
        self.count = QSpinBox()
        self.count.setRange(2, 10_000)
        self.count.setValue(USUAL_VALUES)
        self.count.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self._optional = optional
        self._lay_out(title, name)
        self.name.currentIndexChanged.connect(self._choose)
        self.how.currentIndexChanged.connect(self._show_fields)
        for field in (self.low, self.high, self.listed):
            field.textEdited.connect(self._change)
        self.count.valueChanged.connect(self._change)

    def _lay_out(self, title: str, name: str) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(6)
        heading = QLabel(title)
        heading.setBuddy(self.name)
        named = {
            self.name: "",
            self.how: say("how values are spaced"),
            self.low: say("from"),
            self.high: say("to"),
            self.count: say("number of values"),
            self.listed: say("values, with commas"),
        }
        for widget, what in named.items():
            widget.setAccessibleName(
                say("{label}: {words}", label=name, words=what) if what else name
            )
            widget.setMinimumHeight(28)
        grid.addWidget(heading, 0, 0, 1, 5)
        grid.addWidget(self.name, 1, 0, 1, 5)
        grid.addWidget(self.how, 2, 0, 1, 5)
        self._of, self._to = QLabel(say("values")), QLabel(say("to"))
        for column, widget in enumerate((self.low, self._to, self.high, self.count, self._of)):
            grid.addWidget(widget, 3, column)
        grid.addWidget(self.listed, 4, 0, 1, 5)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(2, 1)

    def show_parameters(self, base: Parameters) -> None:
        """Offer the parameters of a lab's page."""
        before, self._base, self._filling = self.name.currentData(), base, True
        self.name.clear()
        if self._optional:
            self.name.addItem(say("None"), NONE)
        page = base.page_name()
        shown = getattr(base, page) if page else ""
        here = {n: d for n, d in base.declarations().items() if can_vary(d)}
        # Those of the page that is shown come first.
        for first in (True, False):
            for name, declared in here.items():
                if first == (not declared.pages or shown in declared.pages):
                    self.name.addItem(say(declared.label), name)
        if before is None and not self._optional:
            before = next((n for n, d in here.items() if isinstance(d, Number)), None)
        self.name.setCurrentIndex(max(0, self.name.findData(before)))
        self._filling = False
        self._choose()

    def varied(self) -> Varied | None:
        """Return what is chosen, None for no parameter; raises `SweepError`."""
        name = self.name.currentData()
        if self._base is None or not name:
            return None
        if self.how.currentData() == LIST:
            text = f"{name}={self.listed.text()}"
        else:
            ends = f"{self.low.text().strip()}..{self.high.text().strip()}"
            text = f"{name}={ends}:{self.count.value()}:{self.how.currentData()}"
        return parse_varied(text, type(self._base))

    def choose(self, varied: Varied | None) -> None:
        """Show a parameter with its values."""
        self._filling = True
        self.name.setCurrentIndex(self.name.findData(varied.name if varied else NONE))
        self._fill()
        if varied is not None:
            spaced = varied.numeric and (len(varied.values) > 2 or varied.log)
            self.how.setCurrentIndex(
                self.how.findData((LOG if varied.log else EVEN) if spaced and self._even(varied)
                                  else LIST)
            )  # fmt: skip
            self.low.setText(_written(varied.values[0]))
            self.high.setText(_written(varied.values[-1]))
            self.count.setValue(len(varied.values))
            self.listed.setText(", ".join(map(_written, varied.values)))
        self._filling = False
        self._show_fields()

    def _even(self, varied: Varied) -> bool:
        """Whether the values are those of a range."""
        assert self._base is not None
        ends = f"{varied.values[0]!r}..{varied.values[-1]!r}"
        steps = LOG if varied.log else EVEN
        text = f"{varied.name}={ends}:{len(varied.values)}:{steps}"
        return parse_varied(text, type(self._base)).values == varied.values

    def _choose(self) -> None:
        if not self._filling:
            self._fill()
            self._show_fields()

    def _fill(self) -> None:
        """Offer the values of a parameter as its slider has them, or all its options."""
        name = self.name.currentData()
        declared = self._base.declarations().get(name) if self._base is not None else None
        before, self._filling = self._filling, True
        self.how.clear()
        if isinstance(declared, Number):
            self.how.addItem(say("In equal steps"), EVEN)
            self.how.addItem(say("By equal factors"), LOG)
            low, high = declared.travel
            self.low.setText(_written(int(low) if declared.integer else low))
            self.high.setText(_written(int(high) if declared.integer else high))
            self.how.setCurrentIndex(1 if declared.log and low > 0 else 0)
        self.how.addItem(say("A list of values"), LIST)
        listed: tuple[Scalar, ...] = ()
        if isinstance(declared, Choice):
            listed = tuple(declared.options)
        elif isinstance(declared, Switch):
            listed = ("false", "true")
        self.listed.setText(", ".join(map(_written, listed)))
        self.setToolTip(
            say("{label}: {range}", label=declared.label, range=declared.describe())
            if declared
            else ""
        )
        self._filling = before

    def _show_fields(self) -> None:
        chosen, listed = bool(self.name.currentData()), self.how.currentData() == LIST
        self.how.setVisible(chosen and self.how.count() > 1)
        for widget in (self.low, self._to, self.high, self.count, self._of):
            widget.setVisible(chosen and not listed)
        self.listed.setVisible(chosen and listed)
        self._change()

    def _change(self) -> None:
        if not self._filling:
            self.changed.emit()


def _written(value: Scalar) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:.12g}" if isinstance(value, float) else str(value)
