"""Whether one figure is exported or a whole series: presets or pages, and which of them."""

from __future__ import annotations

from pathlib import Path

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from zoetrope.core.export_batch import USUAL_NAMES, Batch, Member, Series, named, series_of
from zoetrope.core.export_options import ExportError
from zoetrope.gui.exporting import Subject
from zoetrope.gui.language import say
from zoetrope.gui.option_box import option_box

ONE = ""
ROWS_SHOWN = 5
EXAMPLE = {"lab": "lab", "name": "name", "number": "1"}


class SeriesChoice(QWidget):
    """The figure on the screen, or those of presets or pages that can be ticked in a list."""

    changed = pyqtSignal()

    def __init__(self, subject: Subject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._subject = subject
        self._series: dict[str, list[Member]] = {}
        if not subject.still:
            for series in ("presets", "pages"):
                members = series_of(subject.lab, subject.parameters, series)
                if len(members) > 1:
                    self._series[series] = members
        offered = {
            ONE: say("The figure on the screen"),
            "presets": say("Presets, a file for each"),
            "pages": say("Pages, a file for each"),
        }
        self.what = option_box(
            say("What is exported"),
            {key: words for key, words in offered.items() if key in ("", *self._series)},
        )
        self.members = QListWidget()
        self.members.setAccessibleName(say("Which of them"))
        self.members.setFixedHeight((self.fontMetrics().lineSpacing() + 6) * ROWS_SHOWN)
        self.names = QLineEdit(USUAL_NAMES)
        self.names.setAccessibleName(say("Names of the files"))
        self.names.setToolTip(
            say(
                "What the files are called. {fields} stand for the lab, the preset or page, and "
                "its number.",
                fields="{lab}, {name}, {number}",
            )
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for widget in (self.what, self.members, self.names):
            column.addWidget(widget)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._list()
        self.what.currentIndexChanged.connect(self._list)
        self.members.itemChanged.connect(lambda _item: self.changed.emit())
        self.names.textChanged.connect(lambda _text: self.changed.emit())

    @property
    def offered(self) -> bool:
        """Whether there is anything but the figure on the screen."""
        return bool(self._series)

    @property
    def whole(self) -> bool:
        """Whether a series is chosen."""
        return bool(self.what.currentData() != ONE)

    @property
    def problem(self) -> str:
        """Say in a sentence why the series cannot be exported; "" where it can."""
        if not self.whole:
            return ""
        if not self._ticked():
            return say("Tick at least one of the list.")
        try:
            named(self.names.text(), EXAMPLE)
        except ExportError as error:
            return say(str(error))
        return ""

    def batch(self, ending: str) -> Batch | None:
        """Return the series in a format; None where one figure is wanted."""
        if not self.whole:
            return None
        series: Series = self.what.currentData()
        return Batch(series=series, ending=ending, keys=self._ticked(), names=self.names.text())

    def paths(self, batch: Batch, folder: Path) -> list[Path]:
        """Return the files that a series is written to; raises `ExportError`."""
        lab, parameters = self._subject.lab, self._subject.parameters
        return batch.paths(lab, batch.members(lab, parameters), folder)

    def _ticked(self) -> tuple[str, ...]:
        items = [self.members.item(row) for row in range(self.members.count())]
        return tuple(
            item.data(Qt.ItemDataRole.UserRole)
            for item in items
            if item is not None and item.checkState() == Qt.CheckState.Checked
        )

    def _list(self) -> None:
        """List the members of the series, all of them ticked."""
        self.members.blockSignals(True)
        self.members.clear()
        for member in self._series.get(self.what.currentData(), []):
            item = QListWidgetItem(say(member.label))
            item.setData(Qt.ItemDataRole.UserRole, member.key)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked)
            self.members.addItem(item)
        self.members.blockSignals(False)
        self.members.setVisible(self.whole)
        self.names.setVisible(self.whole)
        self.changed.emit()
