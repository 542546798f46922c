"""Settings that are chosen are heard by the whole window."""

import pytest

from tests.gui.main_window.fake_labs import MakeWindow
from zoetrope.gui.settings_dialog import SettingsDialog

# The offscreen platform says so of every window with a least size, and of every popup.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


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
