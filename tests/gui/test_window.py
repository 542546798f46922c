"""The window with pages and an engine that answer at once."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PyQt6.QtCore import QMimeData, QPointF, Qt, QUrl
from PyQt6.QtGui import QDropEvent, QGuiApplication
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

import tests.gui.quiet_ziamath  # noqa: F401
from tests.gui.fake_page import FakeEngine, FakePage
from zoetrope.core.damped.lab import DampedLab
from zoetrope.core.declarations import ParameterError
from zoetrope.core.lab import Lab
from zoetrope.core.recipe import Recipe
from zoetrope.core.updates import EngineStatus
from zoetrope.gui import session as sessions
from zoetrope.gui.actions import COMMANDS, SUBMENUS
from zoetrope.gui.command_palette import RIGHT, CommandPalette, match_rank
from zoetrope.gui.errors import SENTENCE
from zoetrope.gui.settings_dialog import SettingsDialog
from zoetrope.gui.window import MainWindow


class OtherLab(DampedLab):
    id = "other"
    title = "Other lab"
    order = 901
    plays = True


# The offscreen platform says so of every window with a least size, and of every popup.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

LABS: Mapping[str, Lab[Any]] = {lab.id: lab for lab in (DampedLab(), OtherLab())}
MakeWindow = Callable[..., MainWindow]


@pytest.fixture
def make(qtbot: QtBot, tmp_path: Path) -> Iterator[MakeWindow]:
    made: list[MainWindow] = []

    def make(lab: str = "damped", **more: Any) -> MainWindow:
        """Make a window; `lab` is opened where the session was at none."""
        window = MainWindow(
            LABS, **{"folder": tmp_path, "make_page": FakePage, "make_engine": FakeEngine, **more}
        )
        made.append(window)
        window.show()
        if lab and window.tab is None:
            window.open_lab(lab)
        return window

    yield make
    for window in made:
        window.close()
        window.deleteLater()
    app = QApplication.instance()
    assert app is not None
    app.processEvents()


def clipboard_text() -> str:
    clipboard = QGuiApplication.clipboard()
    assert clipboard is not None
    return clipboard.text()


def drop(window: MainWindow, data: QMimeData) -> None:
    event = QDropEvent(
        QPointF(300, 300),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    window.dropEvent(event)


def a_file(folder: Path, **values: Any) -> Path:
    path = folder / "figure.json"
    lab = LABS["damped"]
    path.write_text(
        Recipe(lab="damped", parameters={**lab.parameters().plain(), **values}).to_json()
    )
    return path


# -- commands ----------------------------------------------------------------------------------


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


def test_a_page_is_built_when_its_tab_is_first_shown(make: MakeWindow) -> None:
    window = make()
    assert [tab.page is not None for tab in window.tabs.lab_tabs()] == [True, False]
    first = window.page
    window.menu_actions["tab_2"].trigger()
    window.menu_actions["tab_1"].trigger()
    assert window.page is first
    assert all(tab.page is not None for tab in window.tabs.lab_tabs())


def test_the_theme_is_chosen_and_toggled(make: MakeWindow) -> None:
    window = make()
    window.menu_actions["theme_dark"].trigger()
    assert window.settings.now.theme == "dark"
    assert window.palette().window().color().lightness() < 100
    window.menu_actions["toggle_theme"].trigger()
    assert window.settings.now.theme == "light"
    assert window.menu_actions["theme_light"].isChecked()


def test_readouts_change_units_everywhere(make: MakeWindow) -> None:
    window = make()
    window.open_lab("other")
    window.menu_actions["units_ratio"].trigger()
    assert [tab.page.dimensionless for tab in window.tabs.lab_tabs()] == [True, True]
    window.page.dimensionless_changed.emit(False)
    assert window.menu_actions["units_si"].isChecked()


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


def test_the_palette_finds_and_runs_a_command(qtbot: QtBot, make: MakeWindow) -> None:
    window = make()
    window.menu_actions["palette"].trigger()
    palette = window.findChild(CommandPalette)
    assert palette is not None
    edit = palette.findChild(QLineEdit)
    assert edit is not None
    qtbot.keyClicks(edit, "next lab")
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert window.tabs.currentIndex() == 2


def test_presets_are_in_the_palette(qtbot: QtBot, make: MakeWindow) -> None:
    window = make()
    window.menu_actions["palette"].trigger()
    palette = window.findChild(CommandPalette)
    assert palette is not None
    edit = palette.findChild(QLineEdit)
    assert edit is not None
    qtbot.keyClicks(edit, "struck")
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert window.page.parameters.period == 0.05


def found(window: MainWindow, typed: str) -> list[str]:
    """Type into the palette; return its lines and take the first."""
    window.menu_actions["palette"].trigger()
    palette = window.findChildren(CommandPalette)[-1]
    edit, lines = palette.findChild(QLineEdit), palette.findChild(QListWidget)
    assert edit is not None
    assert lines is not None
    edit.setText(typed)
    items = [lines.item(row) for row in range(lines.count())]
    words = [f"{item.text()} {item.data(RIGHT)}".rstrip() for item in items if item is not None]
    QTest.keyClick(edit, Qt.Key.Key_Return)
    return words


def test_the_palette_finds_parameters_pages_tours_and_files(
    qtbot: QtBot, make: MakeWindow, tmp_path: Path
) -> None:
    window = make()
    assert found(window, "parameter decay")[0] == "Parameter: Decay rate 0.4 1/s"
    assert window.page.sought == "decay"
    assert "Parameter: Wave Cosine" in found(window, "wave")
    assert "Parameter: Show the envelope on" in found(window, "envelope")
    assert found(window, "γ")[0].startswith("Parameter: Decay rate")  # its symbol
    assert found(window, "page state")[0] == "Page: State space"
    assert window.page.parameters.page == "state"
    window.recent.remember(str(a_file(tmp_path, amplitude=6.0)))
    with qtbot.waitSignal(window.opener.opened):
        assert found(window, "open figure.json")[0] == "Open: figure.json"
    assert found(window, "tour dies")[0] == "Tour: Damped oscillation: How a swing dies"
    assert window.tours.strip.tour is DampedLab.tours[0]


def test_the_palette_finds_what_other_labs_have(make: MakeWindow) -> None:
    window = make()
    assert found(window, "preset string")[:2] == [
        "Preset: A struck string",
        "Preset of Other lab: A struck string",
    ]
    assert window.page.parameters.period == 0.05
    assert "Parameter of Other lab: Amplitude 1 m" in found(window, "amplitude of other")
    assert window.tab is not None
    assert window.tab.lab.id == "other"
    assert window.page.sought == "amplitude"
    window.show_start()
    assert found(window, "page of damped")[0] == "Page of Damped oscillation: Signal"
    assert window.tab.lab.id == "damped"


@pytest.mark.parametrize(
    ("typed", "words", "found"),
    [
        ("exp", "Export File", True),
        ("fig cop", "Copy figure File", True),
        ("cpfg", "Copy figure File", True),
        ("xyz", "Copy figure File", False),
        ("", "anything", True),
    ],
)
def test_letters_match_commands(typed: str, words: str, found: bool) -> None:
    assert (match_rank(typed, words) is not None) == found


def test_dialogs_open_and_are_not_modal(make: MakeWindow) -> None:
    window = make()
    for name in ("settings", "shortcuts", "about"):
        window.menu_actions[name].trigger()
        dialog = window.findChild(QDialog, name)
        assert dialog is not None
        assert not dialog.isModal()
        dialog.close()


def test_settings_are_put_in_force_as_they_are_chosen(make: MakeWindow) -> None:
    window = make()
    window.menu_actions["settings"].trigger()
    dialog = window.findChild(SettingsDialog)
    assert dialog is not None
    dialog.device.setCurrentIndex(dialog.device.findData("cpu"))
    dialog.theme.setCurrentIndex(dialog.theme.findData("dark"))
    dialog.units.setCurrentIndex(1)
    assert window.engine.device == "cpu"  # type: ignore[attr-defined]
    assert (window.settings.now.theme, window.settings.now.dimensionless) == ("dark", True)


# -- files -------------------------------------------------------------------------------------


def test_a_dropped_file_brings_its_figure_back(
    qtbot: QtBot, make: MakeWindow, tmp_path: Path
) -> None:
    window = make()
    window.open_lab("other")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(a_file(tmp_path, amplitude=2.5)))])
    with qtbot.waitSignal(window.opener.opened):
        drop(window, data)
    assert window.tab is not None
    assert window.tab.lab.id == "damped"
    assert window.page.parameters.amplitude == 2.5
    assert window.notices.texts() == []
    window.menu_actions["undo"].trigger()
    assert window.page.parameters.amplitude == 1.0
    window.menu_actions.menus["recent"].aboutToShow.emit()
    (recent,) = window.menu_actions.menus["recent"].actions()
    assert recent.text() == "figure.json"
    with qtbot.waitSignal(window.opener.opened):
        recent.trigger()
    assert window.page.parameters.amplitude == 2.5


def test_values_out_of_range_are_clamped_and_said(
    qtbot: QtBot, make: MakeWindow, tmp_path: Path
) -> None:
    window = make()
    with qtbot.waitSignal(window.opener.opened):
        window.opener.open_file(a_file(tmp_path, amplitude=99.0))
    assert window.page.parameters.amplitude == 10.0
    assert len(window.notices.texts()) == 1
    assert "above the largest" in window.notices.texts()[0]


@pytest.mark.parametrize("content", [b"", b"hello", b"\x89PNG\r\n\x1a\n", b'{"zoetrope": 1}'])
def test_a_wrong_file_changes_nothing_and_is_said(
    qtbot: QtBot, make: MakeWindow, tmp_path: Path, content: bytes
) -> None:
    window = make()
    path = tmp_path / "wrong.png"
    path.write_bytes(content)
    before = window.page.parameters
    heard: list[object] = []
    window.opener.refused.connect(heard.append)
    window.opener.no_recipe.connect(lambda *_: heard.append(_))
    for count in (1, 2):
        window.opener.open_file(path)
        qtbot.waitUntil(lambda count=count: len(heard) == count)
    assert window.page.parameters == before
    assert not window.page.history.stack.canUndo()
    assert len(window.notices.texts()) == 1


def test_a_file_that_went_away_leaves_the_recent_ones(
    qtbot: QtBot, make: MakeWindow, tmp_path: Path
) -> None:
    window = make()
    window.recent.remember(str(tmp_path / "gone.png"))
    with qtbot.waitSignal(window.opener.refused):
        window.opener.open_file(tmp_path / "gone.png")
    assert window.recent.paths == []


# -- the session -------------------------------------------------------------------------------


def test_the_session_comes_back(make: MakeWindow, tmp_path: Path) -> None:
    window = make()
    window.resize(700, 600)
    window.page.set_parameters(window.page.parameters.change(amplitude=4.0), "x")
    window.open_lab("other")
    window.settings.choose(theme="dark", dimensionless=True, device="cpu", export={"format": "pdf"})
    window.help_panel.show()
    window.recent.remember("/somewhere/figure.png")
    window.close()
    again = make()
    assert again.tab is not None
    assert again.tab.lab.id == "other"
    assert again.settings.now == replace(window.settings.now)
    assert again.engine.device == "cpu"  # type: ignore[attr-defined]
    assert again.size() == window.size()
    assert not again.help_panel.isHidden()
    assert again.menu_actions["help"].isChecked()
    assert again.recent.paths == ["/somewhere/figure.png"]
    assert again.open_lab("damped").parameters.amplitude == 4.0
    assert again.page.dimensionless


def test_labs_that_were_not_opened_keep_their_state(make: MakeWindow, tmp_path: Path) -> None:
    state = {"parameters": {"amplitude": 7.0}}
    sessions.write(tmp_path, {"labs": {"other": state, "of a plug-in": {"x": 1}}})
    make().close()
    session, _ = sessions.read(tmp_path)
    assert session is not None
    assert session["labs"]["other"] == state
    assert session["labs"]["of a plug-in"] == {"x": 1}


def test_a_damaged_session_is_set_aside_and_said(make: MakeWindow, tmp_path: Path) -> None:
    (tmp_path / "session.json").write_text("{")
    window = make()
    assert "session.broken-1.json" in window.notices.texts()[0]


@pytest.mark.parametrize(
    "labs",
    [
        {"damped": {"parameters": {"amplitude": "x"}}},
        {"damped": {"parameters": 3}},
        {"damped": 3},
        {"damped": {"parameters": {"amplitude": 1e9}}},
    ],
)
def test_a_lab_state_that_does_not_fit_is_survived(
    make: MakeWindow, tmp_path: Path, labs: Any
) -> None:
    wrong = {"geometry": "%%%", "docks": "é"}
    sessions.write(tmp_path, {"labs": labs, "window": wrong, "settings": {"theme": 3}})
    window = make()
    assert window.page is not None
    assert window.settings.now.theme == "system"


def test_what_changes_is_saved_without_being_asked(
    qtbot: QtBot, make: MakeWindow, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setattr(sessions, "SAVE_AFTER_MS", 10)
    window = make()
    with qtbot.waitSignal(window.keeper.saved):
        window.page.set_parameters(window.page.parameters.change(amplitude=5.0), "x")

    def saved() -> None:
        stored = json.loads((tmp_path / "session.json").read_text())
        assert stored["labs"]["damped"]["parameters"]["amplitude"] == 5.0

    qtbot.waitUntil(saved)


# -- errors and the engine ---------------------------------------------------------------------


def test_an_error_is_a_notice_with_a_report(make: MakeWindow) -> None:
    window = make()
    for _ in range(2):
        window.errors.tell('Traceback\n  File "/home/ann/gui/x.py", line 1\nKeyError: 1')
    assert window.notices.texts() == [SENTENCE]
    buttons = {b.text(): b for b in window.notices.findChildren(QAbstractButton)}
    buttons["Copy report"].click()
    assert "KeyError: 1" in clipboard_text()
    assert "Lab: damped" in clipboard_text()
    assert "ann" not in clipboard_text()
    buttons["Details"].click()
    dialog = window.findChild(QDialog, "details")
    assert dialog is not None
    assert not dialog.isModal()
    dialog.close()


def test_the_status_says_what_the_device_does(make: MakeWindow) -> None:
    window = make()
    engine: Any = window.engine
    for status, text, can_stop in (
        (
            EngineStatus(None, "Starting the compute engine…", True, True, 3.0, ()),
            "Starting",
            False,
        ),
        (EngineStatus("cuda", "CUDA: NVIDIA H100", False, False, 0.0, ()), "CUDA", False),
        (EngineStatus("cpu", "CPU", False, True, 12.3, ()), "still computing (12 s)", True),
    ):
        engine.now = status
        window.status.refresh()
        assert text in window.status.text
        button = window.status.findChild(QWidget, "stop_when_possible")
        assert button is not None
        assert button.isHidden() != can_stop
    window.status.findChild(QAbstractButton, "stop_when_possible").click()
    assert engine.cancelled == ["damped"]


def test_a_hidden_lab_is_drawn_when_it_is_shown(qtbot: QtBot, make: MakeWindow) -> None:
    window = make()
    hidden = window.open_lab("damped")
    window.open_lab("other")
    hidden.set_parameters(hidden.parameters.change(amplitude=6.0), "x")
    assert hidden.frame.figure.panel("signal").items[-1].y != 6.0
    window.open_lab("damped")
    assert hidden.frame.figure.panel("signal").items[-1].y == 6.0


def test_pictures_are_drawn_as_they_come(qtbot: QtBot, make: MakeWindow) -> None:
    window = make()
    page = window.page
    for amplitude in (2.0, 3.0, 4.0):
        page.set_parameters(page.parameters.change(amplitude=amplitude), "x")
    qtbot.waitUntil(lambda: page.frame.figure.panel("signal").items[-1].y == 4.0)


# -- the whole ---------------------------------------------------------------------------------


def test_closing_stops_everything(qtbot: QtBot, make: MakeWindow) -> None:
    threads = {thread.name for thread in threading.enumerate()}
    window = make()
    window.help_panel.show()
    qtbot.waitUntil(lambda: window.help_panel.page.ready == "damped")
    window.keeper.save()
    window.close()
    assert window.engine.closed  # type: ignore[attr-defined]
    assert {thread.name for thread in threading.enumerate()} <= threads


def test_it_fits_a_small_screen(make: MakeWindow) -> None:
    window = make()
    window.help_panel.show()
    window.log_panel.show()
    assert window.minimumSizeHint().width() <= 1024
    assert window.minimumSizeHint().height() <= 700


def test_everything_that_takes_the_focus_has_a_name(make: MakeWindow) -> None:
    window = make()
    window.help_panel.show()
    window.log_panel.show()
    window.menu_actions["settings"].trigger()
    nameless = []
    for widget in window.findChildren(QWidget):
        takes_focus = widget.focusPolicy() & Qt.FocusPolicy.TabFocus and not widget.isHidden()
        takes_focus = takes_focus and widget.isEnabled()
        elsewhere = window.page.isAncestorOf(widget) or isinstance(widget, QAbstractItemView)
        if takes_focus and not elsewhere:
            words = widget.accessibleName() or getattr(widget, "text", str)()
            if not words:
                nameless.append((type(widget).__name__, widget.objectName()))
    assert nameless == []


def test_a_page_that_cannot_be_built_leaves_the_others_working(make: MakeWindow) -> None:
    def make_page(lab: Lab[Any], engine: Any, parent: QWidget) -> FakePage:
        page = FakePage(lab, engine, parent)
        if lab.id == "damped":
            raise KeyError("nowhere")
        return page

    window = make(make_page=make_page)
    assert window.page is None
    QApplication.processEvents()
    tab = window.tab
    assert tab is not None
    words = [label.text() for label in tab.findChildren(QLabel) if label.isVisible()]
    assert any("could not be built" in text for text in words)
    assert not window.menu_actions["export"].isEnabled()
    window.open_lab("other")
    assert window.page.frame is not None
    assert window.open_lab("damped") is None
    assert window.state()["labs"].keys() == {"other"}


def test_a_step_that_does_not_end_can_be_given_up(make: MakeWindow) -> None:
    window = make()
    button = window.status.findChild(QAbstractButton, "restart_engine")
    window.engine.now = replace(window.engine.now, busy=True, stuck_seconds=3.0)
    window.status.refresh()
    assert not button.isVisible()
    window.engine.now = replace(window.engine.now, stuck_seconds=9.0)
    window.status.refresh()
    assert button.isVisible()
    assert window.width() <= 1280
    button.click()
    assert window.engine.restarts == 1
    window.engine.now = replace(window.engine.now, busy=False, stuck_seconds=0.0)
    window.status.refresh()
    assert not button.isVisible()


def test_the_engine_is_restarted_by_a_command_without_a_shortcut(make: MakeWindow) -> None:
    window = make()
    action = window.menu_actions["restart_engine"]
    assert action.shortcut().isEmpty()
    assert action.isEnabled()
    action.trigger()
    assert window.engine.restarts == 1
    assert "anew" in window.toast.text()


# -- what moves by itself ----------------------------------------------------------------------


def test_a_lab_that_plays_does_so_on_its_first_opening_for_a_person(make: MakeWindow) -> None:
    window = make(plays=True)
    assert window.open_lab("other").player.playing
    assert not window.open_lab("damped").player.playing


def test_it_does_not_in_a_window_that_is_to_be_the_same_each_time(make: MakeWindow) -> None:
    assert not make().open_lab("other").player.playing


def test_it_does_not_when_a_session_brought_it_back(make: MakeWindow) -> None:
    first = make(plays=True)
    first.open_lab("other")
    first.close()
    assert (
        not make(plays=True).open_lab("other").player.playing
    )  # the page's own state says whether


def test_a_recipe_that_is_opened_stands_still(
    make: MakeWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    window = make(plays=True)
    page = window.open_lab("damped")
    page.player.playing = True
    window.opener.open_file(a_file(tmp_path, amplitude=2.5))
    qtbot.waitUntil(lambda: page.parameters.amplitude == 2.5)
    assert not page.player.playing
