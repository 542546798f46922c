"""What a sweep is, as a form: the parameters that are varied, seeds, readouts, and the folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from zoetrope.core.lab import Readout
from zoetrope.core.parameters import Number, Parameters
from zoetrope.core.sweep.definition import Definition
from zoetrope.core.sweep.errors import SweepError
from zoetrope.core.sweep.worked import definition_of
from zoetrope.core.translation import AsIs
from zoetrope.core.worked_sweeps import WorkedSweep
from zoetrope.gui.language import say
from zoetrope.gui.sweep_axis import SweepAxis

AS_SHOWN = ""
READOUT_ROWS = 5  # that are seen at once


class SweepForm(QWidget):
    """Defines a sweep of a lab's state. `changed` comes after each change, `worked_chosen` with
    the shipped sweep that was chosen.
    """

    changed = pyqtSignal()
    worked_chosen = pyqtSignal(object)

    def __init__(
        self,
        lab: object,
        base: Parameters,
        readouts: Sequence[Readout],
        folder: Path,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._lab, self._shown_base, self.base = lab, base, base
        self._make(folder)
        self._lay_out()
        self._offer(readouts)
        self.first.show_parameters(base)
        self.second.show_parameters(base)
        self.worked.currentIndexChanged.connect(self._choose_worked)
        for part in (self.first.changed, self.second.changed, self.seeds.valueChanged,
                     self.keep.itemChanged, self.folder.textEdited):  # fmt: skip
            part.connect(lambda *_: self.changed.emit())

    def _make(self, folder: Path) -> None:
        self.worked = QComboBox()
        self.worked.setAccessibleName(say("Begin with"))
        self.worked.setMinimumHeight(28)
        self.worked.addItem(say("The lab as it stands"), AS_SHOWN)
        for one in self._lab.sweeps:  # type: ignore[attr-defined]
            self.worked.addItem(say(one.label), one.key)
            self.worked.setItemData(
                self.worked.count() - 1, say(one.help), Qt.ItemDataRole.ToolTipRole
            )
        fitting = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        self.worked.setSizeAdjustPolicy(fitting)
        self.first = SweepAxis(say("&Vary"), say("Vary"), optional=False)
        self.second = SweepAxis(say("&And"), say("And"), optional=True)
        self.seeds = QSpinBox()
        self.seeds.setRange(1, 10_000)
        self.seeds.setAccessibleName(say("Seeds"))
        self.seeds.setToolTip(
            say("Each cell is repeated with so many seeds, counted up from the lab's")
        )
        self.seeds.setMinimumHeight(28)
        self.seeds.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.keep = QListWidget()
        self.keep.setAccessibleName(say("Readouts to keep"))
        height = self.fontMetrics().lineSpacing() + 6
        self.keep.setFixedHeight(READOUT_ROWS * height)
        self.folder = QLineEdit(str(folder))
        self.folder.setAccessibleName(say("Folder of the results"))
        self.folder.setToolTip(
            say("A Parquet data set: a folder that Python, R and others can open")
        )
        self.afresh = QCheckBox(say("Measure known cells &anew"))
        self.afresh.setToolTip(
            say("Otherwise cells that other sweeps on this machine have measured are taken over")
        )

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(8)
        begin = _label(say("&Begin with"), self.worked)
        for widget in (begin, self.worked):
            column.addWidget(widget)
            widget.setVisible(self.worked.count() > 1)
        column.addWidget(self.first)
        column.addWidget(self.second)
        row = QHBoxLayout()
        self._seeds_label = _label(say("Repeat with see&ds"), self.seeds)
        row.addWidget(self._seeds_label, 1)
        row.addWidget(self.seeds)
        column.addLayout(row)
        column.addWidget(_label(say("&Keep these readouts"), self.keep))
        column.addWidget(self.keep)
        column.addWidget(_label(say("&Into the folder"), self.folder))
        browse = QPushButton(say("Bro&wse…"))
        browse.setAccessibleName(say("Choose the folder"))
        browse.clicked.connect(self._browse)
        row = QHBoxLayout()
        row.addWidget(self.folder, 1)
        row.addWidget(browse)
        column.addLayout(row)
        column.addWidget(self.afresh)
        column.addStretch(1)
        has_seed = any(
            isinstance(declared, Number) and declared.seed
            for declared in self.base.declarations().values()
        )
        self.seeds.setEnabled(has_seed)
        self._seeds_label.setEnabled(has_seed)

    def _offer(self, readouts: Sequence[Readout]) -> None:
        """List the readouts that are numbers now, the first of them chosen."""
        for readout in readouts:
            if isinstance(readout.value, str):
                continue
            words = say("{label} ({key})", label=readout.label, key=AsIs(readout.key))
            self._add_readout(readout.key, words, say(readout.help))
        first = self.keep.item(0)
        if first is not None:
            first.setCheckState(Qt.CheckState.Checked)

    def _add_readout(self, key: str, words: str, help: str = "") -> QListWidgetItem:
        item = QListWidgetItem(words)
        item.setData(Qt.ItemDataRole.UserRole, key)
        item.setToolTip(help)
        item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable)
        item.setCheckState(Qt.CheckState.Unchecked)
        self.keep.addItem(item)
        return item

    def kept(self) -> list[str]:
        """Return the keys of the readouts that are kept."""
        items = (self.keep.item(row) for row in range(self.keep.count()))
        return [
            item.data(Qt.ItemDataRole.UserRole)
            for item in items
            if item is not None and item.checkState() == Qt.CheckState.Checked
        ]

    def definition(self) -> Definition:
        """Return what is defined; raises `SweepError` with what is wrong."""
        keep = self.kept()
        if not keep:
            raise SweepError(say("Choose at least one readout to keep."))
        varied = [one for one in (self.first.varied(), self.second.varied()) if one is not None]
        if not self.folder.text().strip():
            raise SweepError(say("Name a folder for the results."))
        return Definition.of(
            self._lab, self.base, varied, seeds=self.seeds.value(), keep=keep  # type: ignore[arg-type]
        )  # fmt: skip

    def path(self) -> Path:
        """Return the folder that is typed."""
        return Path(self.folder.text().strip()).expanduser().absolute()

    def _choose_worked(self) -> None:
        """Fill the form with a sweep that the lab ships, or go back to the lab as it stands."""
        key = self.worked.currentData()
        chosen: WorkedSweep | None = next(
            (one for one in self._lab.sweeps if one.key == key), None  # type: ignore[attr-defined]
        )  # fmt: skip
        self.worked.setToolTip(say(chosen.help) if chosen is not None else "")
        if chosen is None:
            self.base = self._shown_base
            self.changed.emit()
            return
        definition = definition_of(self._lab, chosen)  # type: ignore[arg-type]
        self.show_definition(definition)
        self.folder.setText(str(self.path().with_name(f"{definition.lab.id}-{key}.parquet")))
        self.worked_chosen.emit(chosen)
        self.changed.emit()

    def show_definition(self, definition: Definition) -> None:
        """Show a sweep that is defined already."""
        self.base = definition.base
        self.blockSignals(True)
        for part in (self.first, self.second):
            part.show_parameters(definition.base)
        self.first.choose(definition.varied[0])
        self.second.choose(definition.varied[1] if len(definition.varied) > 1 else None)
        self.seeds.setValue(definition.seeds)
        items = {}
        for row in range(self.keep.count()):
            item = self.keep.item(row)
            assert item is not None
            items[item.data(Qt.ItemDataRole.UserRole)] = item
            item.setCheckState(Qt.CheckState.Unchecked)
        for key in definition.keep:
            item = items.get(key) or self._add_readout(key, key)
            item.setCheckState(Qt.CheckState.Checked)
        self.blockSignals(False)

    def _browse(self) -> None:
        path, _ = QFileDialog.getSaveFileName(
            self,
            say("A folder for the sweep"),
            self.folder.text(),
            say("Parquet data sets (*.parquet)"),
            options=QFileDialog.Option.DontConfirmOverwrite,
        )
        if path:
            self.folder.setText(path)
            self.changed.emit()


def _label(words: str, buddy: QWidget) -> QLabel:
    label = QLabel(words)
    label.setBuddy(buddy)
    return label
