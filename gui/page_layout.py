"""What a lab's page is made of, and where it stands. What the parts do, `LabPage` knows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QFrame, QSplitter, QTabBar, QVBoxLayout, QWidget

from zoetrope.core.lab import Lab
from zoetrope.core.parameters import Choice, Playhead
from zoetrope.gui.canvas import Canvas
from zoetrope.gui.language import say
from zoetrope.gui.page_parts import Banner
from zoetrope.gui.pin_buttons import PinButtons
from zoetrope.gui.progress_line import ProgressLine
from zoetrope.gui.readout_bar import ReadoutBar
from zoetrope.gui.retranslate import hold
from zoetrope.gui.side_panel import SidePanel
from zoetrope.gui.tab_row import TabRow
from zoetrope.gui.transport import TransportBar


class PageLayout(QWidget):
    """The widgets of a page: the form at the left, tabs, picture and transport, and the readouts.

    `rate` tells the transport how far the playhead moves in a second.
    """

    def __init__(
        self, lab: Lab[Any], rate: Callable[[], float], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.lab = lab
        self.page_name = lab.parameters.page_name()
        self.playhead_name = next(iter(lab.parameters.playhead_names()), None)
        # What is made first comes first when the tab key is pressed.
        self.side = SidePanel(lab, self)
        self.form, self.presets = self.side.form, self.side.presets
        self.reset_button, self.actions_box = self.side.reset_button, self.side.actions_box
        self.tabs = self._page_tabs()
        self.banner = Banner(self)
        self.pin_buttons = PinButtons(self)
        self.progress = ProgressLine(self)
        self.canvas = Canvas(self)
        self.canvas.setAccessibleName(say("{title}: figure", title=lab.title))
        self.transport: TransportBar | None = None
        if self.playhead_name is not None:
            declaration = lab.parameters.declarations()[self.playhead_name]
            assert isinstance(declaration, Playhead)
            self.transport = TransportBar(declaration, rate, self)
        self.readouts = ReadoutBar(self)
        self._lay_out()

    def _page_tabs(self) -> QTabBar:
        tabs = QTabBar(self)
        tabs.setDrawBase(False)
        tabs.setExpanding(False)
        tabs.setUsesScrollButtons(True)
        tabs.setAccessibleName(say("Pages"))
        if self.page_name is not None:
            declaration = self.lab.parameters.declarations()[self.page_name]
            assert isinstance(declaration, Choice)
            for value, words in declaration.options.items():
                tabs.setTabData(tabs.addTab(say(words)), value)
        hold(tabs)
        tabs.setVisible(tabs.count() > 1)
        return tabs

    def _lay_out(self) -> None:
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.side)
        self.splitter.addWidget(self._centre())
        self.splitter.setStretchFactor(1, 1)
        width = self.side.sizeHint().width()
        self.splitter.setSizes([width, 1200 - width])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.splitter, 1)
        column.addWidget(_line(self))
        column.addWidget(self.readouts)

    def _centre(self) -> QWidget:
        centre = QWidget(self)
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(TabRow(self.tabs, self.progress, self.pin_buttons, centre))
        column.addWidget(self.progress)
        column.addWidget(self.banner)
        column.addWidget(self.canvas, 1)
        if self.transport is not None:
            column.addWidget(_line(centre))
            column.addWidget(self.transport)
        return centre


def _line(parent: QWidget) -> QFrame:
    line = QFrame(parent)
    line.setFixedHeight(1)
    line.setAutoFillBackground(True)
    line.setBackgroundRole(line.palette().ColorRole.Mid)
    return line
