"""Which commands can be chosen now, which are ticked, and what undo and redo would do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QObject

from zoetrope.gui.language import say

if TYPE_CHECKING:
    from zoetrope.gui.window import MainWindow


class MenuState(QObject):
    """Keeps a window's menus and palette as what is shown and chosen there has it."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    def refresh(self) -> None:
        """Let what makes sense now be chosen, and name the steps that undo and redo would take."""
        page, actions = self._window.page, self._window.menu_actions
        facts = _facts(page) if page is not None else set()
        facts |= {"tour"} if self._window.tours.strip.tour is not None else set()
        if page is not None:
            stack = page.history.stack
            for name, text in (("undo", stack.undoText()), ("redo", stack.redoText())):
                words = actions.commands[name].text
                step = text[:1].lower() + text[1:]
                actions[name].setText(
                    say("{undo} {step}", undo=words, step=step) if text else say(words)
                )
        actions.refresh(frozenset(facts))

    def check_choices(self) -> None:
        """Tick the settings that are in force."""
        settings, actions = self._window.settings.now, self._window.menu_actions
        actions.check(f"theme_{settings.theme}")
        actions.check(f"language_{settings.language}")
        actions.check("units_ratio" if settings.dimensionless else "units_si")

    def check_docks(self) -> None:
        """Tick the panels that are open."""
        self._window.menu_actions.check("help", not self._window.help_panel.isHidden())
        self._window.menu_actions.check("log", not self._window.log_panel.isHidden())


def _facts(page: Any) -> set[str]:
    """Return what holds of a page that commands depend on."""
    holds = {
        "lab": True,
        "picture": page.frame is not None,
        "pin room": page.pins.room,
        "pinned": page.pins.pinned,
        "undo": page.history.stack.canUndo(),
        "redo": page.history.stack.canRedo(),
        "playhead": page.parameters.playhead_name(),
    }
    return {fact for fact, true in holds.items() if true}
