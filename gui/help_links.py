"""Ties the help to the page that is shown: what is pointed at in one is marked in the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PyQt6.QtCore import QObject
from PyQt6.QtWidgets import QApplication, QWidget

from zoetrope.gui.help_marks import LabHelpPage
from zoetrope.gui.row import Row


class HelpLinks(QObject):
    """`page` returns the page that is shown, or None. The focus points, and so does the mouse."""

    def __init__(
        self, help_page: LabHelpPage, page: Callable[[], Any], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._help = help_page
        self._page = page
        self._focused = ""
        help_page.pointed.connect(self._mark_rows)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_moved)

    def follow(self, page: Any) -> None:
        """Mark in the help what is pointed at on this page."""
        page.parameter_pointed.connect(self._point)

    def _point(self, name: str) -> None:
        if self._help.isVisible():
            self._help.point_at(name or self._focused)

    def _focus_moved(self, _before: QWidget | None, now: QWidget | None) -> None:
        widget = now
        while widget is not None and not isinstance(widget, Row):
            widget = widget.parentWidget()
        self._focused = widget.name if isinstance(widget, Row) else ""
        self._point(self._focused)

    def _mark_rows(self, names: tuple[str, ...]) -> None:
        page = self._page()
        if page is not None:
            page.point_at(names)
