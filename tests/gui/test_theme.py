import matplotlib
import numpy as np
import pytest
from PyQt6.QtGui import QColor, QPalette

from zoetrope.core.theme import COLOUR_MAPS, DARK, LIGHT
from zoetrope.gui.colour_maps import colour_table, coloured_image
from zoetrope.gui.theme import (
    appearance,
    apply_theme,
    current_theme,
    mixed,
    palette,
    style_sheet,
)


def luminance(colour: QColor) -> float:
    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    return (
        0.2126 * linear(colour.redF())
        + 0.7152 * linear(colour.greenF())
        + 0.0722 * linear(colour.blueF())
    )


def contrast(a: QColor, b: QColor) -> float:
    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.fixture
def app(qapp):
    font, sheet, colours = qapp.font(), qapp.styleSheet(), qapp.palette()
    yield qapp
    apply_theme(qapp, "light")
    qapp.setFont(font)
    qapp.setStyleSheet(sheet)
    qapp.setPalette(colours)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_text_is_legible_on_its_ground(theme):
    colours = palette(theme)
    role = QPalette.ColorRole
    pairs = [
        (role.WindowText, role.Window),
        (role.Text, role.Base),
        (role.ButtonText, role.Button),
        (role.ToolTipText, role.ToolTipBase),
        (role.HighlightedText, role.Highlight),
        (role.PlaceholderText, role.Base),
        (role.Link, role.Window),
    ]
    for text, ground in pairs:
        assert contrast(colours.color(text), colours.color(ground)) >= 4.5, (text, ground)
    for ground in (theme.background, theme.panel):
        assert contrast(QColor(theme.muted), QColor(ground)) >= 4.5
        assert contrast(QColor(theme.roles["warn"]), QColor(ground)) >= 4.5
        assert contrast(QColor(theme.roles["accent"]), QColor(ground)) >= 3.0


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_the_edges_of_controls_are_visible(theme):
    for name in ("accent", "guide"):
        assert contrast(QColor(theme.roles[name]), QColor(theme.panel)) >= 3.0


def test_the_theme_is_applied_and_told(app, qtbot):
    apply_theme(app, "light")
    with qtbot.waitSignal(appearance(app).changed) as told:
        assert apply_theme(app, "dark") is DARK
    assert told.args == [DARK]
    assert current_theme() is DARK
    assert app.palette().color(QPalette.ColorRole.Window) == QColor(DARK.background)


def test_the_desktop_is_followed(app):
    assert apply_theme(app, "system") in (LIGHT, DARK)
    assert appearance(app).choice == "system"


def test_style_sheet_names_no_unknown_colour():
    assert "{" + "text" + "}" not in style_sheet(LIGHT)
    assert style_sheet(LIGHT) != style_sheet(DARK)


def test_mixing_colours():
    assert mixed("#000000", "#ffffff", 0.5) == "#808080"


@pytest.mark.parametrize("name", sorted(COLOUR_MAPS))
def test_colour_maps_are_those_of_the_files(name):
    expected = matplotlib.colormaps[COLOUR_MAPS[name]](np.arange(256), bytes=True)
    difference = colour_table(name)[:, :3].astype(int) - expected[:, :3]
    assert np.abs(difference).max() <= 5  # of 255: nobody sees that


def test_nan_is_transparent_and_levels_are_clipped():
    image = coloured_image(np.array([[np.nan, -5.0, 5.0]]), (0.0, 1.0), "grey")
    assert image[0, 0].tolist() == [0, 0, 0, 0]
    assert image[0, 1, :3].tolist() == [255, 255, 255]
    assert image[0, 2, :3].tolist() == [0, 0, 0]
