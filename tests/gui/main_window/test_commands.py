"""The commands of the menus and what they do."""

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from tests.gui.main_window.fake_labs import LABS, MakeWindow, clipboard_text
from zoetrope.core.damped.lab import DampedLab
from zoetrope.core.declarations import ParameterError
from zoetrope.gui.actions import COMMANDS, SUBMENUS

# The offscreen platform says so of every window with a least size, and of every popup.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_every_command_has_an_action_a_help_and_a_place(make: MakeWindow) -> None:
    window = make()
    for command in COMMANDS:
        action = window.menu_actions[command.id]
        assert command.help
        assert action.toolTip().startswith(command.help)
        assert action in window.menu_actions.menus[command.menu].actions()
    assert set(SUBMENUS) <= set(window.menu_actions.menus)


def test_no_two_commands_share_a_shortcut_or_a_letter(make: MakeWindow) -> None:
    window = make()
    commands = list(window.menu_actions.commands.values())
    shortcuts = [c.shortcut for c in commands if c.shortcut]
    assert len(set(shortcuts)) == len(shortcuts)
    for menu in {c.menu for c in commands}:
        texts = [c.text for c in COMMANDS if c.menu == menu]
        texts += [text for place, _, text in SUBMENUS.values() if place == menu]
        letters = [text[text.index("&") + 1].lower() for text in texts]
        assert len(set(letters)) == len(letters), (menu, sorted(letters))


def test_the_commands_one_is_asked_for_have_their_keys() -> None:
    keys = {command.id: command.shortcut for command in COMMANDS}
    assert keys["open"] == "Ctrl+O"
    assert keys["export"] == "Ctrl+E"
    assert keys["copy_figure"] == "Ctrl+Shift+C"
    assert keys["quit"] == "Ctrl+Q"
    assert (keys["undo"], keys["redo"]) == ("Ctrl+Z", "Ctrl+Shift+Z")
    assert (keys["present"], keys["help"], keys["palette"]) == ("F11", "F1", "Ctrl+K")


def test_undo_and_redo_act_on_the_lab_that_is_shown(make: MakeWindow) -> None:
    window = make()
    undo, redo = window.menu_actions["undo"], window.menu_actions["redo"]
    assert not undo.isEnabled()
    page = window.page
    page.set_parameters(page.parameters.change(amplitude=2.0), "Change amplitude")
    assert undo.isEnabled()
    assert "change amplitude" in undo.text()
    window.open_lab("other")
    assert not undo.isEnabled()
    window.open_lab("damped")
    undo.trigger()
    assert page.parameters.amplitude == 1.0
    assert redo.isEnabled()
    redo.trigger()
    assert page.parameters.amplitude == 2.0


def test_reset_is_one_step(make: MakeWindow) -> None:
    window = make()
    page = window.page
    page.set_parameters(page.parameters.change(amplitude=2.0, decay=3.0), "x")
    window.menu_actions["reset"].trigger()
    assert page.parameters == LABS["damped"].parameters()
    window.menu_actions["undo"].trigger()
    assert page.parameters.decay == 3.0


def test_presets_pages_and_actions_are_in_the_menus(make: MakeWindow) -> None:
    window = make()
    menus = window.menu_actions.menus
    for name in ("presets", "pages", "lab_actions"):
        menus[name].aboutToShow.emit()
    assert [a.text() for a in menus["presets"].actions()] == [p.label for p in DampedLab.presets]
    menus["presets"].actions()[0].trigger()
    assert window.page.parameters.frequency == 0.4
    pages = {a.data(): a for a in menus["pages"].actions()}
    assert pages["signal"].isChecked()
    pages["state"].trigger()
    assert window.page.parameters.page == "state"
    menus["lab_actions"].actions()[0].trigger()
    assert window.page.ran == ["strike"]


def test_copying_as_python_and_as_a_recipe(make: MakeWindow) -> None:
    window = make()
    window.menu_actions["copy_python"].trigger()
    assert "DampedParameters" in clipboard_text()
    window.page.set_parameters(window.page.parameters.change(amplitude=3.0), "x")
    window.menu_actions["copy_recipe"].trigger()
    assert clipboard_text().startswith("zoetrope:1:")
    window.menu_actions["reset"].trigger()
    window.open_lab("other")
    window.menu_actions["paste_recipe"].trigger()
    assert window.tab is not None
    assert window.tab.lab.id == "damped"
    assert window.page.parameters.amplitude == 3.0
    window.menu_actions["undo"].trigger()
    assert window.page.parameters.amplitude == 1.0


def test_values_that_make_no_script_are_refused(
    make: MakeWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: object, parameters: object) -> str:
        raise ParameterError("amplitude", "Too loud for this amplitude.")

    monkeypatch.setattr(DampedLab, "python", refuse)
    window = make()
    refused: list[tuple[str, str]] = []
    window.page.refuse = lambda error, name: refused.append((str(error), name))
    window.menu_actions["copy_python"].trigger()
    assert refused == [("Too loud for this amplitude.", "amplitude")]


def test_pasting_something_else_is_a_sentence(make: MakeWindow) -> None:
    window = make()
    clipboard = QGuiApplication.clipboard()
    assert clipboard is not None
    clipboard.setText("zoetrope:1:AAAA")
    window.menu_actions["paste_recipe"].trigger()
    window.menu_actions["paste_recipe"].trigger()
    assert len(window.notices.texts()) == 1
    assert window.notices.texts()[0].endswith(".")


def test_tabs_are_chosen_by_keys(make: MakeWindow) -> None:
    window = make()
    for command, index in (
        ("next_tab", 2),
        ("next_tab", 0),
        ("previous_tab", 2),
        ("tab_1", 1),
        ("tab_2", 2),
        ("start", 0),
    ):
        window.menu_actions[command].trigger()
        assert window.tabs.currentIndex() == index


def test_presenting_hides_what_is_not_the_picture(qtbot: QtBot, make: MakeWindow) -> None:
    window = make()
    size = QApplication.font().pointSizeF()
    window.menu_actions["present"].trigger()
    assert window.isFullScreen()
    assert QApplication.font().pointSizeF() > size
    bar = window.menuBar()
    assert bar is not None
    assert bar.isHidden()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isFullScreen()
    assert QApplication.font().pointSizeF() == pytest.approx(size)
    assert not bar.isHidden()
    assert not window.menu_actions["present"].isChecked()


def test_dialogs_open_and_are_not_modal(make: MakeWindow) -> None:
    window = make()
    for name in ("settings", "shortcuts", "about"):
        window.menu_actions[name].trigger()
        dialog = window.findChild(QDialog, name)
        assert dialog is not None
        assert not dialog.isModal()
        dialog.close()


def test_the_engine_is_restarted_by_a_command_without_a_shortcut(make: MakeWindow) -> None:
    window = make()
    action = window.menu_actions["restart_engine"]
    assert action.shortcut().isEmpty()
    assert action.isEnabled()
    action.trigger()
    assert window.engine.restarts == 1
    assert "anew" in window.toast.text()
