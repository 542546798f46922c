"""The window's tabs: the start page, and one for each lab, whose page is built when first shown."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QAbstractScrollArea, QTabWidget, QWidget

from zoetrope.core.lab import Lab
from zoetrope.gui.lab_tab import LabTab
from zoetrope.gui.language import say

log = logging.getLogger(__name__)


class LabTabs(QTabWidget):
    """The tabs. `build` makes the page of a lab inside a tab, `states` is what a session kept.

    `built` carries a page that was built, and whether nothing was kept of it; `due` a tab whose
    picture should be drawn; `said` a sentence for the person and how grave it is.
    """

    built = pyqtSignal(object, bool)
    due = pyqtSignal(object)
    said = pyqtSignal(str, str)

    def __init__(
        self,
        start_page: QWidget,
        labs: Iterable[Lab[Any]],
        build: Callable[[Lab[Any], QWidget], Any],
        states: Mapping[str, Any],
    ) -> None:
        super().__init__()
        self._build = build
        self._states = dict(states)
        self.setObjectName("labs")
        self.setDocumentMode(True)
        self.setAccessibleName(say("Labs"))
        self.addTab(start_page, say("Start"))
        self.setTabToolTip(0, say("All labs, guided tours and recent figures"))
        for lab in labs:
            tab = LabTab(lab)
            tab.due.connect(lambda tab=tab: self.due.emit(tab))
            index = self.addTab(tab, say(lab.title))
            self.setTabToolTip(index, say(lab.question))
        tab_bar = self.tabBar()
        assert tab_bar is not None
        tab_bar.setAccessibleName(say("Labs"))

    @property
    def tab(self) -> LabTab | None:
        """The lab's tab that is shown; None for the start page."""
        tab = self.currentWidget()
        return tab if isinstance(tab, LabTab) else None

    def of(self, lab_id: str) -> LabTab | None:
        """Return a lab's tab."""
        return next((tab for tab in self.lab_tabs() if tab.lab.id == lab_id), None)

    def lab_tabs(self) -> list[LabTab]:
        """Return the tabs of all labs."""
        tabs = (self.widget(index) for index in range(self.count()))
        return [tab for tab in tabs if isinstance(tab, LabTab)]

    def pages(self) -> list[Any]:
        """Return the pages that were built."""
        return [tab.page for tab in self.lab_tabs() if tab.page is not None]

    def open(self, lab_id: str) -> Any:
        """Show a lab and return its page; None if that could not be built."""
        tab = self.of(lab_id)
        if tab is None:
            raise KeyError(lab_id)
        self.setCurrentWidget(tab)
        self.fill(tab)
        return tab.page

    def fill(self, tab: LabTab) -> None:
        """Build the page of a tab, unless that was done or tried."""
        if tab.page is not None or tab.broken:
            return
        try:
            page = self._build(tab.lab, tab)
        except Exception as error:  # whatever a lab's declaration leads to, the others must work
            log.error("the page of %s could not be built", tab.lab.id, exc_info=error)
            tab.say_broken()
            return
        tab.show_page(page)
        for child in page.findChildren(QAbstractScrollArea):
            child.viewport().setAcceptDrops(False)  # files dropped on the picture are for us
        state = self._states.get(tab.lab.id)
        if isinstance(state, dict):
            self._restore(tab, state)
        self.built.emit(page, not isinstance(state, dict))

    def states(self) -> dict[str, Any]:
        """Return what a session keeps of the labs, also of those that were not opened."""
        for page in self.pages():
            self._states[page.lab.id] = page.session.state()
        return dict(self._states)

    def _restore(self, tab: LabTab, state: dict[str, Any]) -> None:
        try:
            sentences = tab.page.session.restore(state)
        except Exception as error:  # a state from a file; the lab opens with its defaults instead
            log.warning("the saved state of %s could not be used: %s", tab.lab.id, error)
            self.said.emit(
                say(
                    "{lab} starts from its defaults: what was saved of it cannot be used.",
                    lab=tab.lab.title,
                ),
                "warning",
            )
            return
        for sentence in sentences or ():
            self.said.emit(say("{lab}: {sentence}", lab=tab.lab.title, sentence=sentence), "info")
