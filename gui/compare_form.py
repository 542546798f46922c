"""Which parameter sets stand side by side: values of one parameter, or sets chosen one by one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PyQt6.QtCore import QSignalBlocker, QSize, Qt, pyqtSignal
from PyQt6.QtWidgets import QLabel, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from zoetrope.core.comparison import on_page_of
from zoetrope.core.declarations import Choice, Number, Switch
from zoetrope.core.lab import Lab
from zoetrope.core.parameters import Parameters
from zoetrope.core.side_by_side import FEWEST_SETS, MOST_SETS, ComparisonError
from zoetrope.gui.form import has_row
from zoetrope.gui.language import say
from zoetrope.gui.option_box import option_box

TYPED = "Values, with commas between"
TICKED = "2 to 4 of these"
WAYS = {"values": "Values of one parameter", "chosen": "Sets chosen one by one"}
APART = 0.4  # of the present value, from one suggested value to the next
DIGITS = 2  # of a suggested value
HEIGHT = 28  # pixels of a line to type in
ROW = 26  # pixels of a line of a list
MOST_SEEN = 11  # lines of a list
Entry = tuple[str, Parameters]


def suggested(declared: Number, value: float | None) -> list[float]:
    """Return three values of a number worth comparing: the present one and one on each side."""
    low, high = declared.travel
    if value is None:
        value = (low * high) ** 0.5 if declared.log else (low + high) / 2
    step = APART * abs(value) or (high - low) / 4
    wanted = (value / (1 + APART), value, value * (1 + APART)) if declared.log else (
        value - step, value, value + step
    )  # fmt: skip
    rounded = [float(f"{min(max(each, low), high):.{DIGITS}g}") for each in wanted]
    rounded[1] = value
    if declared.integer:
        rounded = [round(each) for each in rounded]
    return sorted({declared.clamp(each) for each in rounded})


class CompareForm(QWidget):
    """`changed` comes when other sets, or other panels, are wanted."""

    changed = pyqtSignal()

    def __init__(
        self,
        lab: Lab[Any],
        present: Parameters,
        entries: Sequence[Entry],
        checked: int,
        panels: Sequence[tuple[str, str]],
        parent: QWidget | None = None,
    ) -> None:
        """`entries` are the sets that can be chosen, the first `checked` of them at first; `panels`
        the names and titles of those that can be shown.
        """
        super().__init__(parent)
        self._lab, self._present, self._entries = lab, present, list(entries)
        self.way = option_box(say("What is compared"), WAYS)
        self.parameter = option_box(say("Parameter"), self._offered())
        self.values = QLineEdit()
        self.values.setAccessibleName(say(TYPED))
        self.values.setMinimumHeight(HEIGHT)
        self.options = _checklist(say("Values"))
        self.sets = _checklist(say("Sets"))
        self.panels = _checklist(say("Panels"))
        for words, _ in self._entries:
            _add(self.sets, words, None, checked=self.sets.count() < checked)
        for name, title in panels:
            _add(self.panels, say(title), name, checked=self.panels.count() == 0)
        self._lay_out()
        way = "chosen" if checked >= FEWEST_SETS else "values"
        self.way.setCurrentIndex(self.way.findData(way))
        self._suggest()
        self.way.currentIndexChanged.connect(self._change)
        self.parameter.currentIndexChanged.connect(self._parameter_chosen)
        self.values.textChanged.connect(self._change)
        for chosen in (self.options, self.sets, self.panels):
            chosen.itemChanged.connect(self._change)
        self._settle()

    def wanted(self) -> list[Parameters]:
        """Return the sets; raises `ComparisonError` or `ParameterError` for what is wrong."""
        if self.way.currentData() == "chosen":
            places = [i for i in range(self.sets.count()) if _is_checked(self.sets, i)]
            sets = [on_page_of(self._present, self._entries[i][1]) for i in places]
        else:
            name = self.parameter.currentData()
            sets = [self._present.change(**{name: value}) for value in self._wanted_values(name)]
        if not FEWEST_SETS <= len(sets) <= MOST_SETS:
            raise ComparisonError(
                f"Choose {FEWEST_SETS} to {MOST_SETS} to be compared; these are {len(sets)}."
            )
        return sets

    def wanted_panels(self) -> tuple[str, ...]:
        """Return the names of the panels to be shown; none stands for the first one."""
        places = range(self.panels.count())
        chosen = [self.panels.item(i) for i in places if _is_checked(self.panels, i)]
        return tuple(item.data(Qt.ItemDataRole.UserRole) for item in chosen if item is not None)

    def _wanted_values(self, name: str) -> list[Any]:
        declared = self._lab.parameters.declarations()[name]
        if isinstance(declared, Number):
            parts = [part for part in self.values.text().split(",") if part.strip()]
            return [declared.parse(name, part) for part in parts]
        places = (i for i in range(self.options.count()) if _is_checked(self.options, i))
        chosen = (self.options.item(i) for i in places)
        return [item.data(Qt.ItemDataRole.UserRole) for item in chosen if item is not None]

    def _offered(self) -> dict[str, str]:
        """Return the parameters of the page that is shown which can have other values."""
        page = getattr(self._present, self._present.page_name() or "", "")
        return {
            name: declared.label
            for name, declared in self._lab.parameters.declarations().items()
            if isinstance(declared, (Number, Choice, Switch))
            and has_row(declared)
            and (not declared.pages or page in declared.pages)
        }

    def _suggest(self) -> None:
        """Offer values of the parameter that is chosen."""
        name = self.parameter.currentData()
        declared = self._lab.parameters.declarations().get(name)
        value = getattr(self._present, name or "", None)
        with QSignalBlocker(self.values), QSignalBlocker(self.options):
            self.options.clear()
            if isinstance(declared, Number):
                self.values.setText(", ".join(f"{each:.6g}" for each in suggested(declared, value)))
                self.values.setToolTip(declared.help)
            elif isinstance(declared, Switch):
                for on, words in ((False, "Off"), (True, "On")):
                    _add(self.options, say(words), on, checked=True)
            elif isinstance(declared, Choice):
                for option, words in declared.options.items():
                    _add(self.options, say(words), option, checked=self.options.count() < MOST_SETS)

    def _parameter_chosen(self) -> None:
        self._suggest()
        self._change()

    def _settle(self) -> None:
        """Show only what the present way asks for."""
        chosen = self.way.currentData() == "chosen"
        declared = self._lab.parameters.declarations().get(self.parameter.currentData())
        number = isinstance(declared, Number)
        for widget in (self.parameter, self._parameter_label):
            widget.setVisible(not chosen)
        self._values_label.setVisible(not chosen)
        self._values_label.setText(say(TYPED if number else TICKED))
        self.values.setVisible(not chosen and number)
        self.options.setVisible(not chosen and not number)
        self._sets_label.setVisible(chosen)
        self.sets.setVisible(chosen)

    def _change(self) -> None:
        self._settle()
        self.changed.emit()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 12, 0)
        column.setSpacing(6)
        column.addWidget(QLabel(say("Compare")))
        column.addWidget(self.way)
        column.addSpacing(6)
        self._parameter_label = QLabel(say("Parameter"))
        self._values_label = QLabel()
        self._sets_label = QLabel(say(TICKED))
        for widget in (
            self._parameter_label, self.parameter, self._values_label, self.values, self.options,
            self._sets_label, self.sets,
        ):  # fmt: skip
            column.addWidget(widget)
        column.addSpacing(6)
        self._panels_label = QLabel(say("Panels of each"))
        column.addWidget(self._panels_label)
        column.addWidget(self.panels)
        self._panels_label.setVisible(self.panels.count() > 1)
        self.panels.setVisible(self.panels.count() > 1)
        column.addStretch(1)


def _checklist(name: str) -> QListWidget:
    box = QListWidget()
    box.setAccessibleName(name)
    box.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    box.setTextElideMode(Qt.TextElideMode.ElideRight)
    return box


def _add(box: QListWidget, words: str, data: Any, *, checked: bool) -> None:
    """Add what can be checked; the list is as high as what is in it, up to `MOST_SEEN`."""
    item = QListWidgetItem(words)
    item.setToolTip(words)
    item.setData(Qt.ItemDataRole.UserRole, data)
    item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
    item.setCheckState(Qt.CheckState.Checked if checked else Qt.CheckState.Unchecked)
    row = max(ROW, box.fontMetrics().height() + 8)
    item.setSizeHint(QSize(0, row))
    box.addItem(item)
    box.setFixedHeight(min(box.count(), MOST_SEEN) * row + 2 * box.frameWidth() + 2)


def _is_checked(box: QListWidget, place: int) -> bool:
    item = box.item(place)
    return item is not None and item.checkState() == Qt.CheckState.Checked
