"""The export dialog: what the file will look like, and the few things to choose about it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from PyQt6.QtCore import QSize, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QCloseEvent, QColor, QImage, QPainter, QPaintEvent, QResizeEvent
from PyQt6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from zoetrope.gui.export_choices import (
    BY_ENDING,
    LIMITS,
    SIZES,
    THEMES,
    Choices,
    free_name,
    offered,
)
from zoetrope.gui.exporting import Exporter, Subject
from zoetrope.gui.icons import theme_of

PREVIEW_AFTER_MS = 150
STACKED_MM = 50.0  # height of each panel of a figure in a single column
MOST_NAME = 255  # bytes
SIDE_WIDTH = 350
PANEL_WIDTH = 200  # pixels of a panel's title


class Preview(QWidget):
    """Shows the newest preview on a grey table; the old one stays, dimmed, until there is one."""

    resized = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("preview")
        self.setMinimumSize(300, 240)
        self.setAccessibleName("Preview")
        self.image: QImage | None = None
        self.text = ""
        self.waiting = True
        self.chequered = False  # to show where there is no background

    def room(self) -> QSize:
        """Return the pixels of the screen that a preview may cover."""
        return (self.size() - QSize(28, 28)) * self.devicePixelRatioF()

    def show_image(self, image: QImage) -> None:
        """Show a picture."""
        self.image, self.text, self.waiting = image, "", False
        self.update()

    def show_text(self, text: str, keep: bool = False) -> None:
        """Show words, instead of the picture or (with `keep`) below it."""
        self.text, self.waiting = text, False
        if not keep:
            self.image = None
        self.update()

    def wait(self) -> None:
        """Dim what is shown: there will be something newer."""
        self.waiting = True
        self.update()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Have a preview of the new size made."""
        super().resizeEvent(event)
        self.resized.emit()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Draw the table, the sheet on it, and the words."""
        theme = theme_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), QColor(theme.grid))
        if self.image is not None and not self.image.isNull():
            ratio = self.devicePixelRatioF()
            size = self.image.size().scaled(self.room(), Qt.AspectRatioMode.KeepAspectRatio) / ratio
            area = self.rect()
            area.setSize(size)
            area.moveCenter(self.rect().center())
            if self.chequered:
                _chequer(painter, area.x(), area.y(), area.width(), area.height())
            painter.setOpacity(0.15 if self.text else 0.6 if self.waiting else 1.0)
            painter.drawImage(area, self.image)
            painter.setOpacity(1.0)
        if self.text:
            painter.setPen(QColor(theme.muted))
            painter.drawText(
                self.rect().adjusted(20, 12, -20, -12),
                Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap,
                self.text,
            )
        painter.end()


def _chequer(painter: QPainter, x: int, y: int, width: int, height: int, step: int = 8) -> None:
    painter.save()
    painter.setClipRect(x, y, width, height)
    painter.fillRect(x, y, width, height, QColor("#ffffff"))
    for row in range(0, height, step):
        for column in range((row // step % 2) * step, width, 2 * step):
            painter.fillRect(x + column, y + row, step, step, QColor("#dddddd"))
    painter.restore()


class ExportDialog(QDialog):
    """Exports one subject. `exported` carries the file's path and the choices, as plain values."""

    exported = pyqtSignal(object, object)

    def __init__(
        self,
        exporter: Exporter,
        subject: Subject,
        remembered: Mapping[str, Any],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("export")
        self.setWindowTitle(f"Export {subject.title}")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._exporter = exporter
        self._subject = subject
        self._ticket: int | None = None
        self._preview_ticket: int | None = None
        self._filling = True
        self._typing = False  # whether the format follows what is typed just now
        self._replacing: Path | None = None  # the file that Export would replace now
        choices = Choices.adapt(remembered)
        if not subject.animated and BY_ENDING[choices.format].kind == "animation":
            choices = replace(choices, format="svg")
        self._build(choices)
        self._debounce = QTimer(self)
        self._debounce.setSingleShot(True)
        self._debounce.setInterval(PREVIEW_AFTER_MS)
        self._debounce.timeout.connect(self._ask_preview)
        self._fill(choices)
        self._folder = Path(choices.folder) if choices.folder else Path.home()
        folder = self._folder
        self.file.setText(str(free_name(folder, subject.lab_id, choices.format)))
        self._filling = False
        self._changed()
        self.resize(940, 600)

    # -- building --------------------------------------------------------------------------------

    def _build(self, choices: Choices) -> None:
        self.preview = Preview()
        grabbed = self._subject.grab(1.0)  # stands there until there is a real one
        self.preview.image = grabbed.convertToFormat(QImage.Format.Format_RGB32)
        self.preview.resized.connect(lambda: self._debounce.start())
        self.caption = QLabel()
        self.caption.setProperty("look", "muted")
        self.caption.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.format = self._box("Format", {})
        for known in offered(self._subject.animated):
            self.format.addItem(f"{known.name} (.{known.ending})", known.ending)
        self.size_ = self._box("Size", {key: size.name for key, size in SIZES.items()})
        self.width_ = self._number("Width", "width", 0)
        self.height_ = self._number("Height", "height", 0)
        self.unit = self._box("Unit of the size", {"mm": "mm", "px": "px"})
        self.dpi = self._number("Dots per inch", "dpi", 0, " dpi")
        self.font_size = self._number("Size of the text", "font_size", 1, " pt")
        self.theme = self._box("Colours", THEMES)
        self.transparent = QCheckBox("No &background")
        self.transparent.setAccessibleName("Transparent background")
        self.transparent.toggled.connect(self._changed)
        self.fps = self._number("Pictures in a second", "fps", 0, " per second")
        self.speed = self._number("Speed", "speed", 2, " × real time")
        self.speed.setSingleStep(0.05)
        self.seconds = self._number("Length", "seconds", 1, " s")
        self.seconds.setSpecialValueText("One round")
        self.panels: dict[str, QCheckBox] = {}
        for name, title in self._subject.panels:
            short = self.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, PANEL_WIDTH)
            box = self.panels[name] = QCheckBox(short.replace("&", "&&"))
            box.setToolTip(title)
            box.setAccessibleName(f"Panel: {title}")
            box.toggled.connect(self._changed)

        self.form = QFormLayout()
        self.form.setVerticalSpacing(9)
        self.form.setHorizontalSpacing(14)
        self.form.setContentsMargins(0, 0, 12, 0)
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        size_row = QHBoxLayout()
        size_row.setSpacing(6)
        for widget, stretch in ((self.width_, 1), (QLabel("×"), 0), (self.height_, 1)):
            size_row.addWidget(widget, stretch)
        size_row.addWidget(self.unit)
        self.form.addRow("&Format", self.format)
        self.form.addRow("&Size", self.size_)
        self.form.addRow("", size_row)
        self.form.addRow("&Resolution", self.dpi)
        self.form.addRow("&Text", self.font_size)
        self.form.addRow("&Colours", self.theme)
        self.form.addRow("", self.transparent)
        self.form.addRow("&Pictures", self.fps)
        self.form.addRow("S&peed", self.speed)
        self.form.addRow("&Length", self.seconds)
        if len(self.panels) > 1:
            column = QVBoxLayout()
            column.setSpacing(4)
            for box in self.panels.values():
                column.addWidget(box)
            self.form.addRow("Panels", column)
        side = QWidget()
        side.setLayout(self.form)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(side)
        scroll.setFixedWidth(SIDE_WIDTH)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        left = QVBoxLayout()
        left.addWidget(self.preview, 1)
        left.addWidget(self.caption)
        upper = QHBoxLayout()
        upper.setSpacing(16)
        upper.addLayout(left, 1)
        upper.addWidget(scroll)

        self.file = QLineEdit()
        self.file.setAccessibleName("File")
        self.file.setObjectName("export_file")
        self.file.textChanged.connect(self._follow_ending)
        browse = QPushButton("&Browse…")
        browse.setAccessibleName("Choose the file's place")
        browse.clicked.connect(self._browse)
        file_label = QLabel("F&ile")
        file_label.setBuddy(self.file)
        file_row = QHBoxLayout()
        for item in (file_label, self.file, browse):
            file_row.addWidget(item)
        self.message = QLabel()
        self.message.setWordWrap(True)
        self.message.setProperty("look", "warn")
        self.message.hide()
        self.progress = QProgressBar()
        self.progress.setAccessibleName("Progress of the export")
        self.progress.setRange(0, 1000)
        self.progress.setTextVisible(True)
        self.progress.hide()
        self.export = QPushButton("&Export")
        self.export.setObjectName("export_button")
        self.export.setDefault(True)
        self.export.clicked.connect(self.start)
        self.cancel = QPushButton("Close")
        self.cancel.setObjectName("export_cancel")
        self.cancel.clicked.connect(self._cancel)
        bottom = QHBoxLayout()
        bottom.addWidget(self.progress, 1)
        bottom.addStretch(0)
        bottom.addWidget(self.cancel)
        bottom.addWidget(self.export)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 14)
        layout.setSpacing(12)
        layout.addLayout(upper, 1)
        layout.addLayout(file_row)
        layout.addWidget(self.message)
        layout.addLayout(bottom)

    def _box(self, name: str, options: Mapping[str, str]) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(name)
        box.setMinimumHeight(28)
        for value, words in options.items():
            box.addItem(words, value)
        box.currentIndexChanged.connect(lambda: self._changed())
        return box

    def _number(self, name: str, key: str, decimals: int, suffix: str = "") -> QDoubleSpinBox:
        box = QDoubleSpinBox()
        box.setAccessibleName(name)
        box.setRange(*LIMITS[key])
        box.setButtonSymbols(QDoubleSpinBox.ButtonSymbols.NoButtons)  # arrow keys and wheel do
        box.setMinimumWidth(64)
        box.setDecimals(decimals)
        box.setSuffix(suffix)
        box.setKeyboardTracking(False)
        box.valueChanged.connect(lambda: self._changed())
        return box

    # -- choices -----------------------------------------------------------------------------------

    def choices(self) -> Choices:
        """Return what is chosen now."""
        return Choices(
            format=self.format.currentData(),
            size=self.size_.currentData(),
            width=self.width_.value(),
            height=self.height_.value(),
            unit=self.unit.currentData(),
            dpi=self.dpi.value(),
            font_size=self.font_size.value(),
            theme=self.theme.currentData(),
            hidden=tuple(name for name, box in self.panels.items() if not box.isChecked()),
            transparent=self.transparent.isChecked(),
            fps=self.fps.value(),
            speed=self.speed.value(),
            seconds=self.seconds.value(),
            folder=str((self._folder / Path(self.file.text().strip()).expanduser()).parent),
        )

    def _fill(self, choices: Choices) -> None:
        for box, value in (
            (self.format, choices.format),
            (self.size_, choices.size),
            (self.unit, choices.unit),
            (self.theme, choices.theme),
        ):
            box.setCurrentIndex(max(0, box.findData(value)))
        for spin, number in (
            (self.width_, choices.width),
            (self.height_, choices.height),
            (self.dpi, choices.dpi),
            (self.font_size, choices.font_size),
            (self.fps, choices.fps),
            (self.speed, choices.speed),
            (self.seconds, choices.seconds),
        ):
            spin.setValue(number)
        self.transparent.setChecked(choices.transparent)
        for name, panel in self.panels.items():
            panel.setChecked(name not in choices.hidden)
        if not any(panel.isChecked() for panel in self.panels.values()):
            for panel in self.panels.values():
                panel.setChecked(True)

    def _changed(self) -> None:
        if self._filling:
            return
        self._filling = True
        key = self.size_.currentData()
        if key != "own":
            size = SIZES[key]
            width, height = (
                self._subject.screen_size if key == "screen" else (size.width, size.height)
            )
            self.unit.setCurrentIndex(self.unit.findData(size.unit))
            if key == "column":
                shown = sum(panel.isChecked() for panel in self.panels.values())
                height = max(height, STACKED_MM * shown)
            self.width_.setValue(width)
            self.height_.setValue(height)
        self._filling = False
        choices = self.choices()
        known = BY_ENDING[choices.format]
        drawn = known.kind != "data"
        for widget in (self.width_, self.height_, self.unit):
            widget.setEnabled(drawn and key == "own")
        self.size_.setEnabled(drawn)
        self.font_size.setEnabled(drawn)
        self.theme.setEnabled(drawn)
        self.transparent.setEnabled(drawn and known.transparent)
        self.form.setRowVisible(self.dpi, known.kind in ("picture", "animation"))
        self.dpi.setEnabled(choices.unit == "mm")
        self.form.setRowVisible(self.fps, known.kind == "animation")
        self.form.setRowVisible(self.speed, known.kind == "animation")
        self.form.setRowVisible(self.seconds, known.kind == "animation")
        for panel in self.panels.values():
            panel.setEnabled(drawn)
        path = Path(self.file.text())
        if self._typing:
            pass
        elif path.suffix.lstrip(".") in BY_ENDING and path.suffix != f".{known.ending}":
            self.file.setText(str(free_name(path.parent, path.stem, known.ending)))
        self.caption.setText(choices.describe())
        self._say("")
        self._check()
        self._debounce.start()

    def _check(self) -> None:
        """Allow the export only if it would hold something."""
        some = any(panel.isChecked() for panel in self.panels.values())
        self.export.setEnabled(self._ticket is None and (some or not self.panels))
        if self.panels and not some:
            self._say("Choose at least one panel.")

    def _say(self, text: str) -> None:
        self.message.setText(text)
        self.message.setVisible(bool(text))

    def _browse(self) -> None:
        choices = self.choices()
        known = BY_ENDING[choices.format]
        path, _ = QFileDialog.getSaveFileName(
            self,
            "Export to",
            self.file.text(),
            f"{known.name} (*.{known.ending})",
            options=QFileDialog.Option.DontConfirmOverwrite,
        )
        if path:
            named = Path(path)
            if named.suffix[1:].lower() not in BY_ENDING:
                named = named.with_name(f"{named.name}.{known.ending}")
            self.file.setText(str(named))

    # -- the preview ------------------------------------------------------------------------------

    def _ask_preview(self) -> None:
        choices = self.choices()
        if BY_ENDING[choices.format].kind == "data":
            self.preview.show_text(self._subject.describe_data())
            return
        if self.panels and not any(panel.isChecked() for panel in self.panels.values()):
            return
        self.preview.wait()
        self.preview.chequered = choices.transparent and self.transparent.isEnabled()
        room = self.preview.room()
        self._preview_ticket = self._exporter.preview(
            self._subject,
            choices,
            (room.width(), room.height()),
            done=self.preview.show_image,
            failed=lambda text: self.preview.show_text(text, keep=True),
        )

    # -- exporting --------------------------------------------------------------------------------

    def start(self) -> None:
        """Export with what is chosen."""
        choices = self.choices()
        try:
            path = self._named()
        except ValueError as error:
            self._say(str(error))
            self.file.setFocus()
            return
        if path.exists() and self._replacing != path:
            self._replacing = path
            self.export.setText("&Replace")
            self._say(f"Replace {path.name}? It is there already.")
            return
        self._keep_old()
        self._say("")
        self._ticket = self._exporter.export(
            self._subject,
            choices,
            path,
            progress=self._show_progress,
            done=self._done,
            failed=self._failed,
        )
        self.progress.setValue(0)
        self.progress.setFormat("Starting…")
        self.progress.show()
        self.cancel.setText("Cancel")
        self._check()

    def _named(self) -> Path:
        """Return the file that is meant, and show it; raises `ValueError` with a sentence."""
        text = self.file.text().strip()
        if not text:
            raise ValueError("Type a file name.")
        if "\0" in text:
            raise ValueError("A file's name cannot hold a null character.")
        path = self._folder / Path(text).expanduser()
        ending = self.format.currentData()
        if path.suffix[1:].lower() != ending:
            path = path.with_name(f"{path.name}.{ending}")
        if len(os.fsencode(path.name)) > MOST_NAME:
            raise ValueError(f"The file's name is too long: {MOST_NAME} bytes are the most.")
        if path.is_dir():
            raise ValueError(f"{path} is a folder: add a file name.")
        if not path.parent.is_dir():
            raise ValueError(
                f"There is no folder {path.parent}: choose another place for the file."
            )
        self._filling = True
        self.file.setText(str(path))
        self._filling = False
        return path

    def _follow_ending(self) -> None:
        """Choose the format that the typed ending names."""
        self._keep_old()
        if self._filling:
            return
        index = self.format.findData(Path(self.file.text().strip()).suffix[1:].lower())
        if index >= 0 and index != self.format.currentIndex():
            self._typing = True
            self.format.setCurrentIndex(index)
            self._typing = False

    def _keep_old(self) -> None:
        """Ask again before a file is replaced."""
        if self._replacing is not None:
            self._replacing = None
            self.export.setText("&Export")
            self._say("")

    def _show_progress(self, share: float, seconds_left: float | None) -> None:
        self.progress.setValue(round(1000 * share))
        left = "" if seconds_left is None else f", {_duration(seconds_left)} left"
        self.progress.setFormat(f"%p %{left}")

    def _done(self, path: Path) -> None:
        self._rest()
        self.exported.emit(path, self.choices().plain())
        self.accept()

    def _failed(self, text: str) -> None:
        self._rest()
        self._say(text)

    def _rest(self) -> None:
        self._ticket = None
        self.progress.hide()
        self.cancel.setText("Close")
        self._check()

    def _cancel(self) -> None:
        if self._ticket is None:
            self.reject()
            return
        self._exporter.cancel(self._ticket)
        self._rest()
        self._say("The export was cancelled; nothing was written.")

    def done(self, result: int) -> None:
        """Stop what is under way when the dialog closes."""
        self._debounce.stop()
        if self._ticket is not None:
            self._exporter.cancel(self._ticket)
        if self._preview_ticket is not None:
            self._exporter.forget(self._preview_ticket)
        self._ticket = self._preview_ticket = None
        super().done(result)

    def closeEvent(self, event: QCloseEvent | None) -> None:
        """Closing by the window's cross is the same as Close."""
        self.done(0)
        super().closeEvent(event)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(max(1, round(seconds)), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
