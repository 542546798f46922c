"""What the command palette finds: commands, tours, files, and what each lab has."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from PyQt6.QtGui import QAction, QKeySequence

from zoetrope.core.lab import Lab
from zoetrope.core.parameters import Choice, Declaration, Switch
from zoetrope.core.symbols import plain_symbol
from zoetrope.gui.actions import MENUS, plain
from zoetrope.gui.command_palette import Entry
from zoetrope.gui.form import has_row
from zoetrope.gui.language import say

if TYPE_CHECKING:
    from zoetrope.gui.window import MainWindow


def palette_entries(window: MainWindow) -> list[Entry]:
    """Return all entries: of the program, of the lab that is shown, and then of the others."""
    shown = window.tab.lab if window.tab is not None else None
    others = [lab for lab in window.labs.values() if lab is not shown]
    return [
        *_commands(window),
        *_menu(window, "lab_actions", say("Action")),
        *(_of_lab(window, shown, "") if shown is not None else ()),
        *_menu(window, "tours", say("Tour")),
        *_menu(window, "recent", say("Open")),
        *(
            entry
            for lab in others
            for entry in _of_lab(window, lab, say(" of {title}", title=lab.title))
        ),
    ]


def _commands(window: MainWindow) -> Iterator[Entry]:
    for command in window.menu_actions.commands.values():
        if command.id != "palette":
            where = plain(say(MENUS[command.menu]))
            yield _of_action(where, command.words, window.menu_actions[command.id])


def _menu(window: MainWindow, name: str, where: str) -> Iterator[Entry]:
    menu = window.menu_actions.menus[name]
    menu.aboutToShow.emit()  # which fills it
    for action in menu.actions():
        if action.data():
            yield _of_action(where, action.text().replace("&&", "&"), action)


def _of_action(where: str, words: str, action: QAction) -> Entry:
    keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    return Entry(
        where,
        words,
        action.trigger,
        action.toolTip(),
        keys,
        action.objectName(),
        action.isEnabled(),
    )


def _of_lab(window: MainWindow, lab: Lab[Any], of: str) -> Iterator[Entry]:
    """Yield what a lab has: taking an entry opens the lab."""

    def there(deed: str, what: Any) -> None:
        page = window.open_lab(lab.id)
        if page is not None:
            getattr(page, deed)(what)

    declarations = lab.parameters.declarations()
    turner = lab.parameters.page_name()
    pages = declarations[turner] if turner is not None else None
    if isinstance(pages, Choice):
        for value, words in pages.options.items():
            yield Entry(
                say("Page{of}", of=of), say(words), partial(there, "turn_to", value), also=words
            )
    for preset in lab.presets:
        take = partial(there, "take_preset", preset)
        yield Entry(
            say("Preset{of}", of=of), say(preset.label), take, say(preset.help), also=preset.label
        )
    tab = window.tabs.of(lab.id)
    now = tab.page.parameters if tab is not None and tab.page is not None else lab.parameters()
    for name, declaration in declarations.items():
        if not has_row(declaration) or name == turner:
            continue
        show = partial(there, "show_parameter", name)
        shown = _shown(declaration, getattr(now, name))
        also = f"{name} {declaration.label} {plain_symbol(declaration.symbol)}"
        yield Entry(
            say("Parameter{of}", of=of),
            say(declaration.label),
            show,
            say(declaration.help),
            shown,
            also,
        )


def _shown(declaration: Declaration, value: Any) -> str:
    if value is None:
        return ""  # it follows from a sibling
    if isinstance(declaration, Choice):
        return say(declaration.options[value])
    if isinstance(declaration, Switch):
        return say("on") if value else say("off")
    return say(declaration.show(value))
