"""Every command of the program, declared once: menus, shortcuts, the palette and tests read it.

A command is only words; `gui/window.py` says what each does. `needs` names facts about the moment
("picture", "undo", ...); a command can be used while all of them hold.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from PyQt6.QtCore import QObject
from PyQt6.QtGui import QAction, QActionGroup, QKeySequence
from PyQt6.QtWidgets import QMenu, QMenuBar, QWidget

from zoetrope.gui.language import later, say


@dataclass(frozen=True, slots=True)
class Command:
    """One command. Commands of one `group` are alternatives, of which one is checked.

    `section` separates commands within a menu by a line. A command without a `menu` is reached by
    its shortcut and the palette only.
    """

    id: str
    text: str
    menu: str
    help: str
    shortcut: str = ""
    section: int = 0
    needs: tuple[str, ...] = ()
    checkable: bool = False
    group: str = ""

    @property
    def tip(self) -> str:
        """What it does, with its shortcut."""
        if not self.shortcut:
            return say(self.help)
        return say("{help} ({keys})", help=self.help, keys=self.shortcut)

    @property
    def words(self) -> str:
        """The text without its mnemonic and dots."""
        return plain(say(self.text))


def plain(text: str) -> str:
    """Return a menu's text without its mnemonic, "&Open…" or "打开(&O)…", and without dots."""
    return re.sub(r"\(&.\)|&", "", text).rstrip("…")


MENUS = {"file": "&File", "edit": "&Edit", "view": "&View", "lab": "&Lab", "help": "&Help"}
# Menus that are filled when they open, and the section of their menu that they stand in.
SUBMENUS = {
    "recent": ("file", 0, "Open recen&t"),
    "pages": ("view", 2, "&Pages"),
    "presets": ("lab", 0, "&Presets"),
    "lab_actions": ("lab", 1, "&Actions"),
    "tours": ("help", 0, "&Tours"),
}

COMMANDS: tuple[Command, ...] = (
    Command(
        "open", "&Open…", "file", "Open a figure that Zoetrope exported, or a data file", "Ctrl+O"
    ),
    Command("export", "&Export…", "file", "Write the figure to a file", "Ctrl+E", 1, ("picture",)),
    Command(
        "export_again",
        "Export a&gain",
        "file",
        "Export with the same options as last time",
        "Ctrl+Shift+E",
        1,
        ("picture",),
    ),
    Command(
        "copy_figure",
        "&Copy figure",
        "file",
        "Copy the figure as a picture, a drawing and its recipe",
        "Ctrl+Shift+C",
        2,
        ("picture",),
    ),
    Command(
        "copy_python",
        "Copy as &Python",
        "file",
        "Copy a script that computes these numbers",
        "Ctrl+Alt+C",
        2,
        ("lab",),
    ),
    Command(
        "copy_recipe",
        "Copy &recipe code",
        "file",
        "Copy a line of text that brings this figure back",
        "Ctrl+Shift+R",
        2,
        ("lab",),
    ),
    Command(
        "paste_recipe",
        "P&aste recipe code",
        "file",
        "Show the figure whose recipe code is on the clipboard",
        "Ctrl+Shift+V",
        2,
    ),
    Command("settings", "&Settings…", "file", "Theme, compute device and units", "Ctrl+,", 3),
    Command("quit", "&Quit", "file", "Save the session and quit", "Ctrl+Q", 4),
    Command("undo", "&Undo", "edit", "Take back the last change", "Ctrl+Z", 0, ("undo",)),
    Command("redo", "&Redo", "edit", "Make the change again", "Ctrl+Shift+Z", 0, ("redo",)),
    Command(
        "paste_data",
        "Paste &data",
        "edit",
        "Take the table or the file on the clipboard as the data of this lab",
        "Ctrl+V",
        1,
    ),
    Command(
        "reset",
        "Reset &parameters",
        "edit",
        "Set all parameters of this lab to their defaults",
        "Ctrl+D",
        1,
        ("lab",),
    ),
    Command(
        "theme_system",
        "Theme like the s&ystem",
        "view",
        "Light or dark as the system is",
        checkable=True,
        group="theme",
    ),
    Command("theme_light", "&Light theme", "view", "White", checkable=True, group="theme"),
    Command("theme_dark", "&Dark theme", "view", "Dark", checkable=True, group="theme"),
    Command("toggle_theme", "&Toggle light and dark", "view", "The other theme", "Ctrl+Shift+L"),
    Command(
        "language_system",
        "Lang&uage of the system",
        "view",
        "Chinese where the system is in Chinese, otherwise English",
        section=5,
        checkable=True,
        group="language",
    ),
    Command(
        "language_en",
        "&English",
        "view",
        "Speak English",
        section=5,
        checkable=True,
        group="language",
    ),
    Command(
        "language_zh_CN",
        "中文(&Z)",
        "view",
        "Speak Chinese",
        section=5,
        checkable=True,
        group="language",
    ),
    Command(
        "start", "St&art page", "view", "All labs, guided tours and recent figures", "Ctrl+0", 1
    ),
    Command("next_tab", "&Next lab", "view", "The lab to the right", "Ctrl+Tab", 1),
    Command("previous_tab", "Prev&ious lab", "view", "The lab to the left", "Ctrl+Shift+Tab", 1),
    Command(
        "units_si",
        "Readouts in &SI units",
        "view",
        "Show metres, newtons and joules",
        section=3,
        checkable=True,
        group="units",
    ),
    Command(
        "units_ratio",
        "Readouts &without dimension",
        "view",
        "Show readouts as ratios, such as force over ρω²d²",
        section=3,
        checkable=True,
        group="units",
    ),
    Command(
        "present",
        "&Full screen",
        "view",
        "Present: all of the screen, large type, no menus",
        "F11",
        4,
        checkable=True,
    ),
    Command("log", "Lo&g", "view", "What the program noticed", "Ctrl+Shift+G", 4, checkable=True),
    Command(
        "sweep",
        "S&weep…",
        "lab",
        "Compute this lab over many values of one or two parameters",
        "Ctrl+Shift+W",
        2,
        ("lab",),
    ),
    Command(
        "pin",
        "P&in the picture",
        "lab",
        "Let this picture stay, paler, under what comes",
        "Ctrl+P",
        3,
        ("picture", "pin room"),
    ),
    Command(
        "unpin",
        "&Unpin",
        "lab",
        "Take the newest pinned picture away",
        "Ctrl+Shift+P",
        3,
        ("pinned",),
    ),
    Command(
        "compare",
        "Compare side &by side…",
        "lab",
        "Show 2 to 4 parameter sets side by side, on the same axes",
        "Ctrl+Shift+B",
        3,
        ("picture",),
    ),
    Command(
        "key_frames",
        "&Key frames…",
        "lab",
        "Make a film that passes through states of this lab",
        "Ctrl+Shift+K",
        2,
        ("picture",),
    ),
    Command(
        "play", "P&lay or pause", "lab", "Run or stop the animation", "Ctrl+Space", 2, ("playhead",)
    ),
    Command(
        "stop",
        "&Stop computing",
        "lab",
        "Stop at the next possible moment; the picture stays",
        "Ctrl+.",
        2,
        ("lab",),
    ),
    Command(
        "restart_engine",
        "&Restart engine",
        "lab",
        "Give up what is being computed, and compute anew on a fresh engine",
        section=2,
    ),
    Command(
        "help",
        "&About this lab",
        "help",
        "The mathematics of this lab",
        "F1",
        0,
        ("lab",),
        checkable=True,
    ),
    Command(
        "tour_next",
        "&Next step of the tour",
        "help",
        "Go on with the guided tour",
        "Alt+Right",
        0,
        ("tour",),
    ),
    Command(
        "tour_back",
        "Step &before of the tour",
        "help",
        "Go back to the step before",
        "Alt+Left",
        0,
        ("tour",),
    ),
    Command(
        "tour_leave",
        "&Leave the tour",
        "help",
        "End the guided tour; the picture stays",
        "",
        0,
        ("tour",),
    ),
    Command(
        "palette",
        "&Find anything…",
        "help",
        "Labs, pages, presets, parameters, actions, tours and files, by a few letters",
        "Ctrl+K",
        1,
    ),
    Command("shortcuts", "&Keyboard shortcuts", "help", "All of them on one sheet", "Ctrl+F1", 1),
    Command("about", "About &Zoetrope", "help", "Version and licence", section=2),
)


def tab_commands(titles: Iterable[str]) -> tuple[Command, ...]:
    """Return a command for each of the first nine labs: Ctrl+1 to Ctrl+9."""
    return tuple(
        Command(f"tab_{n}", title, "view", later("Show {title}", title=title), f"Ctrl+{n}", 1)
        for n, title in enumerate(list(titles)[:9], start=1)
    )


class Actions(QObject):
    """The commands as QActions of a window, its menus, and their enabled state."""

    def __init__(
        self, commands: Iterable[Command], run: Mapping[str, Callable[[], object]], window: QWidget
    ) -> None:
        super().__init__(window)
        self.commands = {command.id: command for command in commands}
        self.menus: dict[str, QMenu] = {}
        self._groups: dict[str, QActionGroup] = {}
        self._actions = {name: self._make(command) for name, command in self.commands.items()}
        for name, action in self._actions.items():
            action.triggered.connect(lambda _=False, do=run[name]: do())
            window.addAction(action)

    def __getitem__(self, name: str) -> QAction:
        """Return a command's action."""
        return self._actions[name]

    def fill(self, bar: QMenuBar) -> None:
        """Build the menus into a menu bar; `menus` then holds all of them by name."""
        for menu_name, title in MENUS.items():
            menu = bar.addMenu(say(title))
            assert menu is not None
            menu.setToolTipsVisible(True)
            self.menus[menu_name] = menu
            members = [c for c in self.commands.values() if c.menu == menu_name]
            inside = [(name, s) for name, s in SUBMENUS.items() if s[0] == menu_name]
            sections = {c.section for c in members} | {s[1] for _, s in inside}
            for section in sorted(sections):
                if section:
                    menu.addSeparator()
                for command in members:
                    if command.section == section:
                        menu.addAction(self._actions[command.id])
                for name, (_, at, words) in inside:
                    if at == section:
                        submenu = menu.addMenu(say(words))
                        assert submenu is not None
                        submenu.setToolTipsVisible(True)
                        self.menus[name] = submenu

    def refresh(self, facts: frozenset[str]) -> None:
        """Enable the commands whose needs are all among the facts."""
        for name, command in self.commands.items():
            self._actions[name].setEnabled(facts.issuperset(command.needs))

    def check(self, name: str, on: bool = True) -> None:
        """Show a command as on, without running it."""
        self._actions[name].setChecked(on)

    def _make(self, command: Command) -> QAction:
        action = QAction(say(command.text), self)
        action.setObjectName(f"action_{command.id}")
        if command.shortcut:
            action.setShortcut(QKeySequence(command.shortcut))
        action.setToolTip(command.tip)
        action.setStatusTip(say(command.help))
        action.setCheckable(command.checkable)
        if command.group:
            if command.group not in self._groups:
                self._groups[command.group] = QActionGroup(self)
            self._groups[command.group].addAction(action)
        return action
