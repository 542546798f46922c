"""How a sweep's results are shown: which readout, summed up how, as a map or as curves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QHBoxLayout, QLabel, QWidget

from zoetrope.core.sweep.picture import Shown
from zoetrope.core.sweep.results import STATISTICS
from zoetrope.gui.language import say
from zoetrope.gui.option_box import option_box

LEVEL_WIDTH = 80
FORMS = {"map": "Map", "curves": "Curves"}


class SweepView(QWidget):
    """A row of choices. `changed` carries the new `Shown`."""

    changed = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._filling = False
        self.readout = self._box(say("Readout"), {})
        self.readout.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.statistic = self._box(say("How repeats are summed up"), STATISTICS)
        self.level = QDoubleSpinBox()
        self.level.setDecimals(4)
        self.level.setRange(-1e9, 1e9)
        self.level.setSingleStep(0.01)
        self.level.setValue(0.05)
        self.level.setAccessibleName(say("Level"))
        self.level.setMinimumHeight(28)
        self.level.setFixedWidth(LEVEL_WIDTH)
        self.level.setButtonSymbols(QDoubleSpinBox.ButtonSymbols.NoButtons)
        self.level.valueChanged.connect(self._change)
        self.form = self._box(say("Drawn as"), FORMS)
        self.swapped = QCheckBox(say("S&wap axes"))
        self.swapped.toggled.connect(self._change)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(QLabel(say("Show")))
        for widget in (self.statistic, self.level, self.readout, self.form, self.swapped):
            row.addWidget(widget)
        row.addStretch(1)
        self._settle()

    def _box(self, name: str, options: Mapping[str, str]) -> QComboBox:
        box = option_box(name, options)
        box.currentIndexChanged.connect(self._change)
        return box

    def shown(self) -> Shown:
        """Return what is chosen."""
        return Shown(
            self.readout.currentData() or "",
            self.statistic.currentData(),
            self.level.value(),
            self.form.currentData(),
            not self.swapped.isChecked(),
        )

    def offer(self, readouts: Sequence[str], *, two: bool, repeats: bool) -> None:
        """Offer what a sweep has kept, and only choices that make a difference."""
        self._filling = True
        if readouts != [self.readout.itemData(i) for i in range(self.readout.count())]:
            before = self.readout.currentData()
            self.readout.clear()
            for key in readouts:
                self.readout.addItem(key, key)
            self.readout.setCurrentIndex(max(0, self.readout.findData(before)))
        for widget in (self.form, self.swapped):
            widget.setVisible(two)
        self.statistic.setVisible(repeats)
        if not repeats:
            self.statistic.setCurrentIndex(0)
        self._filling = False
        self._settle()

    def choose(self, shown: Shown) -> None:
        """Show choices that were made elsewhere."""
        self._filling = True
        for box, value in (
            (self.readout, shown.readout), (self.statistic, shown.statistic),
            (self.form, shown.form),
        ):  # fmt: skip
            box.setCurrentIndex(max(0, box.findData(value)))
        self.level.setValue(shown.level)
        self.swapped.setChecked(not shown.first_across)
        self._filling = False
        self._settle()

    def _settle(self) -> None:
        share = self.statistic.currentData() == "share" and not self.statistic.isHidden()
        self.level.setVisible(share)

    def _change(self) -> None:
        if not self._filling:
            self._settle()
            self.changed.emit(self.shown())
