"""The settings: few, each said in full, and applied as they are chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PyQt6.QtCore import QSignalBlocker, pyqtSignal
from PyQt6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from zoetrope.core.number_format import MARKS, NumberFormat, power_of_ten
from zoetrope.core.updates import EngineStatus
from zoetrope.gui.language import say, say_all
from zoetrope.gui.option_box import option_box
from zoetrope.gui.settings import FRAME_RATES, LANGUAGES, OPENINGS, THEMES, Settings

DEVICES = {
    "auto": "The fastest there is",
    "cpu": "CPU",
    "cuda": "NVIDIA GPU (CUDA)",
    "mps": "Apple GPU",
}
UNITS = {False: "SI units (m, N, J)", True: "Without dimension (ratios)"}
MOTION = {False: "Where it explains", True: "None: jump to the end"}
_DIGITS = range(3, 9)
_POWERS = (4, 5, 6, 9, 12)
_WIDTH, _EDGE = 480, 20  # pixels
_SAMPLE = 31.41592653589793


class SettingsDialog(QDialog):
    """Shows `Settings`. `changed` carries a setting's name and its new value; it is not modal.

    `precisions` says in which floating-point type each lab computes, by its title, and `folders`
    where settings and session are kept.
    """

    changed = pyqtSignal(str, object)

    def __init__(
        self,
        settings: Settings,
        status: EngineStatus,
        precisions: Mapping[str, str],
        folders: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("settings")
        self.setWindowTitle(say("Settings"))
        self._settings = settings
        self._boxes: dict[str, QComboBox] = {}
        present = {
            name: words
            for name, words in DEVICES.items()
            if name in {"auto", "cpu", settings.device, *status.devices}
        }
        self.theme = self._box(say("Theme"), "theme", THEMES)
        self.language = self._box(say("Language"), "language", LANGUAGES)
        self.marks = self._box(say("Number format"), "number_marks", _marks())
        self.marks.setToolTip(
            say(
                "Boxes, sliders, readouts and the numbers at axes follow, those of exported "
                "figures too. Sentences, captions, recipes and data files keep the decimal point."
            )
        )
        self.digits = self._box(say("Significant digits"), "number_digits", _digits())
        self.power = self._box(say("Powers of ten"), "number_power", _powers())
        self.units = self._box(say("Readouts"), "dimensionless", UNITS)
        self.motion = self._box(say("Animation"), "reduced_motion", MOTION)
        self.rate = self._box(say("Pictures while playing"), "frame_rate", FRAME_RATES)
        self.device = self._box(say("Compute device"), "device", present)
        self.opening = self._box(say("On opening"), "opening", OPENINGS)
        self.cluster = self._line()
        self._build(say("In use: {label}", label=status.label), _precision(precisions), folders)

    # -- building --------------------------------------------------------------------------------

    def _build(self, using: str, precision: str, folders: str) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(18)
        form.setVerticalSpacing(8)
        form.addRow(say("&Theme"), self.theme)
        form.addRow(say("&Language"), self.language)
        form.addRow(say("&Number format"), self.marks)
        form.addRow(say("Significant di&gits"), self.digits)
        form.addRow(say("&Powers of ten"), self.power)
        form.addRow(say("&Readouts"), self.units)
        form.addRow(say("Ani&mation"), self.motion)
        form.addRow(say("P&ictures while playing"), self.rate)
        form.addRow(say("On &opening"), self.opening)
        form.addRow(say("Compute &device"), self.device)
        in_use = QLabel(using)
        in_use.setProperty("look", "muted")
        form.addRow("", in_use)
        form.addRow(say("Dask &cluster"), self.cluster)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Close | QDialogButtonBox.StandardButton.RestoreDefaults
        )
        buttons.rejected.connect(self.reject)
        restore = buttons.button(QDialogButtonBox.StandardButton.RestoreDefaults)
        assert restore is not None
        restore.setText(say("Restore defaults"))
        restore.setToolTip(say("Set everything here back to what it was at first"))
        restore.setAutoDefault(False)
        restore.clicked.connect(self.restore_defaults)
        self.restore_button = restore
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_EDGE, 18, _EDGE, 16)
        layout.setSpacing(14)
        layout.addLayout(form)
        layout.addWidget(_muted(precision))
        layout.addWidget(_muted(folders))
        layout.addWidget(buttons)
        self.setMinimumWidth(_WIDTH)

    def _box(self, name: str, setting: str, options: Mapping[Any, str]) -> QComboBox:
        box = option_box(name, options)
        box.setCurrentIndex(max(0, box.findData(getattr(self._settings, setting))))
        box.currentIndexChanged.connect(lambda: self.changed.emit(setting, box.currentData()))
        self._boxes[setting] = box
        return box

    def _line(self) -> QLineEdit:
        line = QLineEdit(self._settings.cluster)
        line.setAccessibleName(say("Dask cluster"))
        line.setPlaceholderText(say("tcp://host:port; none: this machine"))
        line.setToolTip(say("Where sweeps compute: the address of a Dask scheduler"))
        line.setMinimumHeight(28)
        line.editingFinished.connect(lambda: self.changed.emit("cluster", line.text().strip()))
        return line

    def show_settings(self, settings: Settings) -> None:
        """Show settings that were changed elsewhere, such as by a menu."""
        for setting, box in self._boxes.items():
            with QSignalBlocker(box):
                box.setCurrentIndex(max(0, box.findData(getattr(settings, setting))))
        if not self.cluster.isModified():
            self.cluster.setText(settings.cluster)

    # -- defaults --------------------------------------------------------------------------------

    def restore_defaults(self) -> None:
        """Set all that is shown here back to its default."""
        usual = Settings()
        for setting, box in self._boxes.items():
            box.setCurrentIndex(box.findData(getattr(usual, setting)))
        if self.cluster.text() != usual.cluster:
            self.cluster.setText(usual.cluster)
            self.changed.emit("cluster", usual.cluster)


def _muted(words: str) -> QLabel:
    label = QLabel(words)
    label.setProperty("look", "muted")
    label.setWordWrap(True)
    label.setMinimumHeight(label.heightForWidth(_WIDTH - 2 * _EDGE))
    return label


def _marks() -> dict[str, str]:
    return {marks: NumberFormat(marks=marks).marked("1,234.5") for marks in MARKS}


def _digits() -> dict[int, str]:
    return {digits: f"{digits}: {_SAMPLE:.{digits - 2}f}" for digits in _DIGITS}


def _powers() -> dict[int, str]:
    return {power: say("From {power} on", power=power_of_ten(power)) for power in _POWERS}


def _precision(precisions: Mapping[str, str]) -> str:
    """Say in which floating-point type the labs compute: it is theirs to know, and not a choice."""
    by_type: dict[str, list[str]] = {}
    for title, precision in precisions.items():
        by_type.setdefault(precision, []).append(say(title))
    parts = [
        say("{precision} in {labs}.", precision=precision, labs=say_all(titles, ", "))
        for precision, titles in by_type.items()
    ]
    why = say("Each lab takes what its mathematics needs; Apple GPUs have float32 only.")
    return say_all([say("Precision is not chosen:"), *parts, why], " ")
