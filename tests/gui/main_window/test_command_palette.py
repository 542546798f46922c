"""The palette: what it finds, in which order, and what it does with it."""

from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QLineEdit, QListWidget
from pytestqt.qtbot import QtBot

from tests.gui.main_window.fake_labs import MakeWindow, a_file
from zoetrope.core.damped.lab import DampedLab
from zoetrope.gui.command_palette import RIGHT, CommandPalette, match_rank
from zoetrope.gui.window import MainWindow

# The offscreen platform says so of every window with a least size, and of every popup.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


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
