import matplotlib
import numpy as np
import pytest
from PyQt6.QtGui import QColor, QFont, QPalette
from PyQt6.QtWidgets import QLabel, QPushButton

from zoetrope.core.theme import COLOUR_MAPS, DARK, LIGHT, PRINT
from zoetrope.gui.colour_maps import colour_table, coloured_image
from zoetrope.gui.theme import (
    appearance,
    apply_theme,
    current_theme,
    mixed,
    palette,
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
    apply_theme(qapp, "light")  # what only the first choice of a theme brings stays for all tests
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


def test_a_new_theme_dresses_what_is_on_the_screen_and_what_is_not(app, qtbot):
    apply_theme(app, "light")
    shown, hidden = QPushButton("Shown"), QPushButton("Hidden")
    for button in (shown, hidden):
        qtbot.addWidget(button)
        button.resize(80, 30)
        button.ensurePolished()
    shown.show()

    def ground(button):
        return button.grab().toImage().pixelColor(6, 15).name()

    assert ground(shown) == ground(hidden) == LIGHT.panel
    apply_theme(app, "dark")
    assert ground(shown) == DARK.panel
    qtbot.waitUntil(lambda: ground(hidden) == DARK.panel)


def test_a_new_font_reaches_dressed_widgets(app, qtbot):
    apply_theme(app, "light")
    label = QLabel("Label")
    label.setProperty("look", "heading")
    qtbot.addWidget(label)
    label.show()
    font = app.font()
    font.setPointSizeF(2 * font.pointSizeF())
    app.setFont(font)
    appearance(app).dresser.dress_all()
    assert label.font().pointSizeF() == font.pointSizeF()
    assert label.font().weight() == QFont.Weight.DemiBold


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


# How people who lack one kind of cones see linear RGB (Machado, Oliveira and Fernandes 2009, at
# severity 1).
BLINDNESS = {
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
# Of CIELAB, from linear sRGB under D65 (IEC 61966-2-1; CIE 15).
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = np.array([0.9505, 1.0, 1.089])


def seen(colour: str, blindness: str) -> np.ndarray:
    """Return a colour in CIELAB as it is seen."""
    channels = np.array(QColor(colour).getRgbF()[:3])
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    if blindness:
        linear = np.clip(np.array(BLINDNESS[blindness]) @ linear, 0, 1)
    ratio = TO_XYZ @ linear / WHITE
    x, y, z = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("blindness", ["", *BLINDNESS])
@pytest.mark.parametrize("theme", [LIGHT, DARK, PRINT], ids=lambda theme: theme.name)
def test_the_first_four_data_colours_are_told_apart_by_everyone(theme, blindness):
    """More than four curves differ by dash, marker or label too."""
    colours = [seen(theme.roles[f"data{n}"], blindness) for n in range(1, 5)]
    apart = [np.linalg.norm(a - b) for i, a in enumerate(colours) for b in colours[i + 1 :]]
    assert min(apart) > 10  # 2.3 can just be told apart


@pytest.mark.parametrize("blindness", ["", *BLINDNESS])
@pytest.mark.parametrize("theme", [LIGHT, DARK, PRINT], ids=lambda theme: theme.name)
def test_all_data_colours_stand_out_from_their_ground(theme, blindness):
    ground = seen(theme.panel, blindness)
    for n in range(1, 8):
        assert np.linalg.norm(seen(theme.roles[f"data{n}"], blindness) - ground) > 30


@pytest.mark.parametrize("blindness", list(BLINDNESS))
@pytest.mark.parametrize("name", ["viridis", "cividis"])
def test_maps_grow_lighter_for_everyone(name, blindness):
    table = colour_table(name)[::16, :3]
    lightness = [seen(QColor(*map(int, colour)).name(), blindness)[0] for colour in table]
    assert np.all(np.diff(lightness) > 0)
