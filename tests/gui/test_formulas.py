import numpy as np
import pytest
from pytestqt.qtbot import QtBot

import tests.gui.quiet_ziamath  # noqa: F401
from zoetrope.core.latex_symbols import mark_symbol
from zoetrope.gui.formulas import draw, picture


def inked(image) -> np.ndarray:
    data = image.constBits().asarray(image.sizeInBytes())
    return np.frombuffer(data, np.uint8).reshape(image.height(), image.width(), 4)[..., 3] > 60


@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_a_formula_is_drawn_sharp_and_in_its_colour(qtbot: QtBot, ratio: float) -> None:
    drawing = draw(r"\frac{L}{d} = \frac{2E}{k'^2K} - 1", 20.0, "#0072b2", True)
    assert drawing is not None
    image = picture(drawing, ratio)
    assert image.devicePixelRatio() == ratio
    assert abs(image.width() - ratio * drawing.width) <= 2
    assert inked(image).mean() > 0.03
    colours = {
        image.pixelColor(x, y).name()
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).alpha() == 255
    }
    assert colours == {"#0072b2"}


@pytest.mark.parametrize("latex", ["x", r"\rho", "H", r"\frac{a}{b}", "k'^2"])
def test_the_baseline_lands_where_qt_puts_the_middle(qtbot: QtBot, latex: str) -> None:
    drawing = draw(latex, 20.0, "#000000")
    assert drawing is not None
    x_height = 9.0
    image = picture(drawing, 1.0, x_height)
    baseline = (image.height() + x_height / 2) / 2
    rows = np.flatnonzero(inked(image).any(axis=1))
    below = drawing.height - drawing.ascent - 1.0  # without the margin
    assert abs(rows[-1] + 1 - (baseline + below)) <= 1.5


def test_nonsense_is_no_formula(qtbot: QtBot) -> None:
    assert draw(r"\frac{a", 20.0, "#000000") is None


def test_what_is_marked_is_coloured_underlaid_and_moves_nothing(qtbot: QtBot) -> None:
    latex = r"T = H + \tfrac12\,\rho\,\omega^2\,(h^2-y^2), \qquad H = \frac{EA}{k'^2}"
    plain = draw(latex, 18.0, "#000000", True)
    assert plain is not None
    for symbol, boxes in ((r"\rho", 1), ("H", 2), ("EA", 1), ("h", 1)):
        marked = mark_symbol(latex, symbol, "#c2410c")
        drawing = draw(marked, 18.0, "#000000", True, "#c2410c")
        assert drawing is not None
        assert (drawing.width, drawing.height) == (plain.width, plain.height)
        assert drawing.svg.count(b"<rect") == plain.svg.count(b"<rect") + boxes, symbol
        image = picture(drawing, 2.0)
        colours = {
            image.pixelColor(x, y).name()
            for x in range(image.width())
            for y in range(image.height())
        }
        assert "#c2410c" in colours
