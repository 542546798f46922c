"""What can be chosen about an export: the form at the right of the dialog."""

from __future__ import annotations

from collections.abc import Mapping

from PyQt6.QtCore import QEvent, Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QVBoxLayout,
    QWidget,
)

from zoetrope.core.print_styles import STYLES, PrintStyle
from zoetrope.gui.export_animate import AnimateChoice
from zoetrope.gui.export_choices import FONTS, LIMITS, THEMES, Choices, sizes
from zoetrope.gui.export_formats import Format, kind_of
from zoetrope.gui.export_series import SeriesChoice
from zoetrope.gui.exporting import Subject
from zoetrope.gui.language import say, say_all
from zoetrope.gui.option_box import option_box

PANEL_WIDTH = 200  # pixels of a panel's title


class ExportForm(QWidget):
    """The choices of one export; `changed` comes after each change."""

    changed = pyqtSignal()

    def __init__(self, subject: Subject, choices: Choices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._subject = subject
        self._filling = True
        self._resolutions = {"picture": choices.dpi, "animation": choices.film_dpi}
        self._kind = kind_of(choices.format)
        self._styled = choices.size  # the style whose type was put in last
        self._formats = {known.ending: known for known in subject.formats}
        self._make_rows()
        self._lay_out()
        self._fill(choices)
        self._filling = False
        self._settle()

    @property
    def format_(self) -> Format:
        """The format that is chosen."""
        return self._formats[self.format.currentData()]

    @property
    def endings(self) -> list[str]:
        """What the names of files in the formats on offer end in."""
        return list(self._formats)

    @property
    def empty(self) -> bool:
        """Whether every panel is left out."""
        boxes = self.panels.values()
        return bool(boxes) and not any(box.isChecked() for box in boxes)

    @property
    def problem(self) -> str:
        """Say in a sentence why nothing can be exported as it stands; "" where it can."""
        if self.series.problem:
            return self.series.problem
        if self.empty and not self.series.whole:
            return say("Choose at least one panel.")
        return self.animate.problem if self.format_.kind == "animation" else ""

    @property
    def shown(self) -> list[str]:
        """The names of the panels that are drawn."""
        return [name for name, box in self.panels.items() if box.isChecked()]

    def choices(self, folder: str, *, caption: str, caption_file: bool) -> Choices:
        """Return what is chosen now, for a file in `folder` and such a caption."""
        self._keep_resolution()
        return Choices(
            format=self.format.currentData(),
            size=self.size_.currentData(),
            width=self.width_.value(),
            height=self.height_.value(),
            unit=self.unit.currentData(),
            dpi=self._resolutions["picture"],
            film_dpi=self._resolutions["animation"],
            font=self.font_.currentData(),
            font_size=self.font_size.value(),
            least_text=self.least_text.value(),
            theme=self.theme.currentData(),
            letters=self.letters.isChecked(),
            hidden=tuple(name for name, box in self.panels.items() if not box.isChecked()),
            transparent=self.transparent.isChecked(),
            caption=caption,
            caption_file=caption_file,
            fps=self.fps.value(),
            speed=self.speed.value(),
            seconds=self.seconds.value(),
            animate=self.animate.text(),
            folder=folder,
        )

    def choose_format(self, ending: str) -> None:
        """Choose the format with an ending, if it is offered."""
        index = self.format.findData(ending)
        if index >= 0:
            self.format.setCurrentIndex(index)

    # -- building --------------------------------------------------------------------------------

    def _make_rows(self) -> None:
        self.series = SeriesChoice(self._subject)
        self.series.changed.connect(self._settle)
        self.format = self._box(say("Format"), {})
        fitting = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        self.format.setSizeAdjustPolicy(fitting)  # a long name must not widen the form
        for known in self._formats.values():
            self.format.addItem(
                say("{name} (.{ending})", name=known.name, ending=known.ending), known.ending
            )
        self.size_ = self._box(say("Size"), sizes())
        self.size_.setSizeAdjustPolicy(fitting)
        self.size_.setMaxVisibleItems(24)
        self.width_ = self._number(say("Width"), "width", 1)
        self.height_ = self._number(say("Height"), "height", 1)
        self.unit = self._box(say("Unit of the size"), {"mm": "mm", "px": "px"})
        self.dpi = self._number(say("Dots per inch"), "dpi", 0, " dpi")
        self.height_.setSpecialValueText(say("as needed"))
        self.height_.setToolTip(say("In mm; 0 for as high as the panels need"))
        self.font_ = self._box(say("Font"), FONTS)
        self.font_size = self._number(say("Size of the text"), "font_size", 1, " pt")
        self.least_text = self._number(say("Least size of the text"), "least_text", 1, " pt")
        self.least_text.setToolTip(say("Text shrinks where there is little room, but not below"))
        self.theme = self._box(say("Colours"), THEMES)
        self.theme.currentIndexChanged.connect(self._follow_theme)
        self.letters = self._switch(say("Titles in the ca&ption"), say("Titles in the caption"))
        self.letters.setToolTip(say("As journals want it: letters on the panels, sentences below"))
        self.transparent = self._switch(say("No &background"), say("Transparent background"))
        self.animate = AnimateChoice(self._subject)
        self.animate.changed.connect(self._settle)
        self.fps = self._number(say("Pictures in a second"), "fps", 0, say(" per second"))
        self.speed = self._number(say("Speed of the film"), "speed", 2, say(" × real time"))
        self.speed.setSingleStep(0.05)
        self.seconds = self._number(say("Length of the film"), "seconds", 1, " s")
        self.panels: dict[str, QCheckBox] = {}
        for name, title in self._subject.panels:
            box = self.panels[name] = self._switch("", say("Panel: {title}", title=title))
            box.setToolTip(say(title))
        self._name_panels()

    def _name_panels(self) -> None:
        """Write as much of each panel's title as there is room for."""
        for box in self.panels.values():
            right = Qt.TextElideMode.ElideRight
            short = self.fontMetrics().elidedText(box.toolTip(), right, PANEL_WIDTH)
            box.setText(short.replace("&", "&&"))

    def changeEvent(self, event: QEvent | None) -> None:
        """Write the titles in another language, and have the picture drawn in it."""
        super().changeEvent(event)
        changed = event is not None and event.type() == QEvent.Type.LanguageChange
        if changed and hasattr(self, "panels"):
            self._name_panels()
            self.changed.emit()

    def _lay_out(self) -> None:
        self.rows = QFormLayout(self)
        self.rows.setVerticalSpacing(9)
        self.rows.setHorizontalSpacing(14)
        self.rows.setContentsMargins(0, 0, 12, 0)
        self.rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.rows.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        size_row = QHBoxLayout()
        size_row.setSpacing(6)
        for widget, stretch in ((self.width_, 1), (QLabel("×"), 0), (self.height_, 1)):
            size_row.addWidget(widget, stretch)
        size_row.addWidget(self.unit)
        text_row = QHBoxLayout()
        text_row.setSpacing(6)
        text_row.addWidget(self.font_size, 1)
        text_row.addWidget(QLabel(say("at least")))
        text_row.addWidget(self.least_text, 1)
        self.rows.addRow(say("E&xport"), self.series)
        self.rows.setRowVisible(self.series, self.series.offered)
        self.rows.addRow(say("&Format"), self.format)
        self.rows.addRow(say("&Size"), self.size_)
        self.rows.addRow("", size_row)
        self.rows.addRow(say("&Resolution"), self.dpi)
        self.rows.addRow(say("Fo&nt"), self.font_)
        text_label = QLabel(say("&Text"))
        text_label.setBuddy(self.font_size)
        self.rows.addRow(text_label, text_row)
        self.rows.addRow(say("&Colours"), self.theme)
        self.rows.addRow("", self.letters)
        self.rows.addRow("", self.transparent)
        self.rows.addRow(say("&Animate"), self.animate)
        self.rows.addRow(say("&Pictures"), self.fps)
        self.rows.addRow(say("Spee&d"), self.speed)
        self.rows.addRow(say("&Length"), self.seconds)
        self._of_drawings: list[QWidget | QLayout] = [
            self.size_, size_row, self.font_, text_row, self.theme, self.letters, self.transparent,
        ]  # fmt: skip
        self._of_one: list[QWidget | QLayout] = []  # what a series has no use for
        if len(self.panels) > 1:
            column = QVBoxLayout()
            column.setSpacing(4)
            for box in self.panels.values():
                column.addWidget(box)
            self.rows.addRow(say("Panels"), column)
            self._of_drawings.append(column)
            self._of_one.append(column)

    def _box(self, name: str, options: Mapping[str, str]) -> QComboBox:
        box = option_box(name, options)
        box.currentIndexChanged.connect(self._settle)
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
        box.valueChanged.connect(self._settle)
        return box

    def _switch(self, words: str, name: str) -> QCheckBox:
        box = QCheckBox(words)
        box.setAccessibleName(name)
        box.toggled.connect(self._settle)
        return box

    # -- what follows from what ------------------------------------------------------------------

    def _fill(self, choices: Choices) -> None:
        for box, value in (
            (self.format, choices.format),
            (self.size_, choices.size),
            (self.unit, choices.unit),
            (self.theme, choices.theme),
            (self.font_, choices.font),
        ):
            box.setCurrentIndex(max(0, box.findData(value)))
        for spin, number in (
            (self.width_, choices.width),
            (self.height_, choices.height),
            (self.dpi, choices.resolution),
            (self.font_size, choices.font_size),
            (self.least_text, choices.least_text),
            (self.fps, choices.fps),
            (self.speed, choices.speed),
            (self.seconds, choices.seconds),
        ):
            spin.setValue(number)
        self.animate.choose(choices.animate)
        self.letters.setChecked(choices.letters)
        self.transparent.setChecked(choices.transparent)
        for name, panel in self.panels.items():
            panel.setChecked(name not in choices.hidden)
        if self.empty:
            for panel in self.panels.values():
                panel.setChecked(True)

    def _follow_theme(self) -> None:
        """Leave titles to the caption in print, and write them on the picture elsewhere."""
        if not self._filling:
            self.letters.setChecked(self.theme.currentData() == "print")

    def _settle(self) -> None:
        """Bring everything in line with what has just been chosen."""
        if self._filling:
            return
        self._filling = True
        self._follow_size()
        self._follow_kind()
        self._filling = False
        self._enable()
        self.changed.emit()

    def _follow_size(self) -> None:
        """Show the size that has been chosen by its name, and a style's type when it is new."""
        key = self.size_.currentData()
        style = STYLES.get(key)
        if style is not None:
            self._show_size(style.width, style.height, "mm")
        elif key == "screen":
            self._show_size(*self._subject.screen_size, "px")
        if style is not None and key != self._styled:
            self.font_.setCurrentIndex(self.font_.findData(style.font))
            self.font_size.setValue(style.text)
            self.least_text.setValue(style.least_text)
            self.theme.setCurrentIndex(self.theme.findData(style.theme))
            self.letters.setChecked(style.letters)
        self._styled = key
        self.size_.setToolTip(_provenance(style))

    def _show_size(self, width: float, height: float, unit: str) -> None:
        self.unit.setCurrentIndex(self.unit.findData(unit))
        self.width_.setValue(width)
        self.height_.setValue(height)

    def _follow_kind(self) -> None:
        """Show the resolution that was last chosen for this kind: films have far more pictures."""
        kind = self.format_.kind
        if kind == self._kind:
            return
        self._keep_resolution()
        self._kind = kind
        if kind in self._resolutions:
            self.dpi.setValue(self._resolutions[kind])

    def _keep_resolution(self) -> None:
        if self._kind in self._resolutions:
            self._resolutions[self._kind] = self.dpi.value()

    def _enable(self) -> None:
        """Offer only what matters for the format."""
        known = self.format_
        film = known.kind == "animation"
        own_size: tuple[QWidget, ...] = (self.width_, self.height_, self.unit)
        for widget in own_size:
            widget.setEnabled(self.size_.currentData() == "own")
        for row in self._of_drawings:
            one = row not in self._of_one or not self.series.whole
            self.rows.setRowVisible(row, known.drawn and one)
        self.transparent.setEnabled(known.transparent)
        self.rows.setRowVisible(self.dpi, film or known.kind == "picture")
        self.dpi.setEnabled(self.unit.currentData() == "mm")
        for row in (self.animate, self.fps, self.seconds):
            self.rows.setRowVisible(row, film)
        self.rows.setRowVisible(self.speed, film and self.animate.plays)
        self.seconds.setSpecialValueText(say("One round") if self.animate.plays else say("Usual"))


def _provenance(style: PrintStyle | None) -> str:
    """Say whose guide a style follows, and where its numbers have no second witness."""
    if style is None or not style.source:
        return ""
    follows = say("The numbers follow {source}.", source=style.source)
    if style.compared:
        return follows
    unsure = say(
        "They were not compared with a second source: look at the guide before you submit."
    )
    return say_all([follows, unsure], " ")
