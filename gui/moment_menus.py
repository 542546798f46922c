"""Menus whose content depends on the moment: they are filled when they open."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QMenu

from zoetrope.core.lab import Preset
from zoetrope.core.parameters import Choice
from zoetrope.gui.language import say

if TYPE_CHECKING:
    from zoetrope.gui.window import MainWindow


class MomentMenus(QObject):
    """Fills a window's menus of recent files, pages, presets, actions and tours."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        menus = window.menu_actions.menus
        for name, fill in {
            "recent": self._fill_recent,
            "pages": self._fill_pages,
            "presets": self._fill_presets,
            "lab_actions": self._fill_lab_actions,
            "tours": self._fill_tours,
        }.items():
            menus[name].aboutToShow.connect(partial(fill, menus[name]))

    def _fill_recent(self, menu: QMenu) -> None:
        menu.clear()
        for path in self._window.recent.paths:
            _add(menu, Path(path).name, path, path, partial(self._open_recent, path))
        if not self._window.recent.paths:
            _add_nothing(menu, say("No files yet"))

    def _open_recent(self, path: str) -> None:
        self._window.opener.open_file(Path(path))

    def _fill_pages(self, menu: QMenu) -> None:
        menu.clear()
        page = self._window.page
        name = page.parameters.page_name() if page is not None else None
        if name is None:
            _add_nothing(menu, say("This lab has one page"))
            return
        declaration = page.parameters.declarations()[name]
        assert isinstance(declaration, Choice)
        for value, words in declaration.options.items():
            action = _add(menu, say(words), value, "", partial(page.turn_to, value))
            action.setCheckable(True)
            action.setChecked(getattr(page.parameters, name) == value)

    def _fill_presets(self, menu: QMenu) -> None:
        menu.clear()
        tab = self._window.tab
        presets = tab.lab.presets if tab is not None else ()
        for preset in presets:
            _add(
                menu, say(preset.label), preset.key, say(preset.help), partial(self._preset, preset)
            )
        if not presets:
            _add_nothing(menu, say("This lab has no presets"))

    def _preset(self, preset: Preset) -> None:
        """Take over a preset; the page, the playhead and the camera stay, unless it sets them."""
        page = self._window.page
        if page is not None:
            page.take_preset(preset)

    def _fill_lab_actions(self, menu: QMenu) -> None:
        menu.clear()
        page = self._window.page
        offered = page.frame.actions if page is not None and page.frame is not None else ()
        for offer in offered:
            action = _add(
                menu, say(offer.label), offer.key, say(offer.help), partial(page.run_action, offer)
            )
            action.setEnabled(offer.enabled)
        if not offered:
            _add_nothing(menu, say("This lab offers none now"))

    def _fill_tours(self, menu: QMenu) -> None:
        menu.clear()
        window = self._window
        for lab in window.labs.values():
            for tour in lab.tours:
                begin = partial(window.tours.begin, lab.id, tour.key)
                words = say("{lab}: {tour}", lab=lab.title, tour=tour.label)
                _add(menu, words, tour.key, say(tour.help), begin)
        if not menu.actions():
            _add_nothing(menu, say("No lab offers a tour"))


def _add(menu: QMenu, text: str, data: str, tip: str, do: Callable[[], object]) -> QAction:
    action = menu.addAction(text.replace("&", "&&"))
    assert action is not None
    action.setData(data)
    action.setToolTip(tip)
    action.triggered.connect(lambda _=False: do())
    return action


def _add_nothing(menu: QMenu, text: str) -> None:
    action = menu.addAction(text)
    assert action is not None
    action.setEnabled(False)
