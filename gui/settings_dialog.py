"""The settings: few, each said in full, and applied as they are chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PyQt6.QtCore import pyqtSignal
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

from zoetrope.core.updates import EngineStatus
from zoetrope.gui.language import say
from zoetrope.gui.settings import LANGUAGES, THEMES, Settings

DEVICES = {
    "auto": "The fastest there is",
    "cpu": "CPU",
    "cuda": "NVIDIA GPU (CUDA)",
    "mps": "Apple GPU",
}
UNITS = {False: "SI units (m, N, J)", True: "Without dimension (ratios)"}
MOTION = {False: "Where it explains", True: "None: jump to the end"}


class SettingsDialog(QDialog):
    """Shows `Settings`. `changed` carries a setting's name and its new value; it is not modal."""

    changed = pyqtSignal(str, object)

    def __init__(
        self,
        settings: Settings,
        status: EngineStatus,
        state_folder: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("settings")
        self.setWindowTitle(say("Settings"))
        self.theme = self._box(say("Theme"), "theme", THEMES, settings.theme)
        self.language = self._box(say("Language"), "language", LANGUAGES, settings.language)
        present = {
            name: words
            for name, words in DEVICES.items()
            if name in {"auto", "cpu", settings.device, *status.devices}
        }
        self.device = self._box(say("Compute device"), "device", present, settings.device)
        self.units = self._box(say("Readouts"), "dimensionless", UNITS, settings.dimensionless)
        self.motion = self._box(say("Motion"), "reduced_motion", MOTION, settings.reduced_motion)
        self.cluster = QLineEdit(settings.cluster)
        self.cluster.setAccessibleName(say("Dask cluster"))
        self.cluster.setPlaceholderText("tcp://host:port; none: this machine")
        self.cluster.setToolTip(say("Where sweeps compute: the address of a Dask scheduler"))
        self.cluster.setMinimumHeight(28)
        self.cluster.editingFinished.connect(
            lambda: self.changed.emit("cluster", self.cluster.text().strip())
        )
        using = QLabel(say("In use: {label}", label=status.label))
        using.setProperty("look", "muted")
        folder = QLabel(say("The session is kept in {state_folder}", state_folder=state_folder))
        folder.setProperty("look", "muted")
        folder.setWordWrap(True)
        form = QFormLayout()
        form.setHorizontalSpacing(18)
        form.setVerticalSpacing(10)
        form.addRow(say("&Theme"), self.theme)
        form.addRow(say("&Language"), self.language)
        form.addRow(say("Compute &device"), self.device)
        form.addRow("", using)
        form.addRow(say("&Readouts"), self.units)
        form.addRow(say("&Motion"), self.motion)
        form.addRow(say("Dask &cluster"), self.cluster)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(16)
        layout.addLayout(form)
        layout.addWidget(folder)
        layout.addWidget(buttons)
        self.setMinimumWidth(420)

    def _box(self, name: str, setting: str, options: Mapping[Any, str], chosen: Any) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(name)
        box.setMinimumHeight(28)
        for value, words in options.items():
            box.addItem(say(words), value)
        box.setCurrentIndex(max(0, box.findData(chosen)))
        box.currentIndexChanged.connect(lambda: self.changed.emit(setting, box.currentData()))
        return box
