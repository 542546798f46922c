import numpy as np
import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from zoetrope.core.theme import LIGHT
from zoetrope.gui import pens
from zoetrope.gui.geometry import Look
from zoetrope.gui.line_item import LineItem


def drawn_columns(x: np.ndarray, y: np.ndarray, columns: int) -> np.ndarray:
    """Return the lowest and highest value in each column: what a thin line covers."""
    index = np.clip((x * columns).astype(int), 0, columns - 1)
    low, high = np.full(columns, np.inf), np.full(columns, -np.inf)
    np.minimum.at(low, index, y)
    np.maximum.at(high, index, y)
    return np.stack([low, high])


def test_noise_keeps_its_extremes_in_every_column():
    rng = np.random.default_rng(0)
    x = np.linspace(0, 1, 100_000, endpoint=False)
    y = rng.normal(size=x.size)
    few_x, few_y = pens.min_max_per_column(x, y, 500)
    assert few_x.size <= 4 * 500
    np.testing.assert_array_equal(drawn_columns(few_x, few_y, 500), drawn_columns(x, y, 500))


def test_a_gap_in_noise_stays_a_gap():
    x = np.linspace(0, 1, 10_000)
    y = np.sin(1e4 * x)
    y[4000:6000] = np.nan
    few_x, few_y = pens.min_max_per_column(x, y, 100)
    inside = (few_x > 0.42) & (few_x < 0.58)
    assert np.isnan(few_y[inside]).all()
    assert np.isfinite(few_y[(few_x < 0.38) | (few_x > 0.62)]).all()


def test_a_thinned_curve_stays_within_a_fraction_of_a_pixel():
    t = np.linspace(0, 1, 20_000)
    x, y = 600 * t, 200 + 150 * np.sin(9 * t)
    keep, corners = pens.thinned(x, y)
    few_x, few_y = x[keep], y[keep]
    assert few_x.size < 300
    assert not corners
    assert (few_x[0], few_x[-1]) == (x[0], x[-1])
    assert np.abs(np.interp(x, few_x, few_y) - y).max() < 0.1


def test_thinning_keeps_corners_and_gaps():
    t = np.linspace(0, 1, 4001)
    x, y = 100 * t, 50 * np.abs(2 * t - 1)
    corner = 2000
    y[3000] = np.nan
    keep, corners = pens.thinned(x, y)
    few_x, few_y = x[keep], y[keep]
    assert corners
    assert x[corner] in few_x
    assert np.isnan(few_y).sum() == 1
    assert {x[2999], x[3001]} <= set(few_x)


@pytest.mark.parametrize(
    ("points", "length", "dash", "opacity", "thin", "segmented"),
    [
        (513, 2.0, "solid", 1.0, False, False),
        (513, 12.0, "solid", 1.0, False, True),
        (513, 7.0, "dash", 1.0, False, False),
        (513, 12.0, "dash", 1.0, True, False),
        (513, 12.0, "solid", 0.8, True, False),
        (65, 1.0, "solid", 0.8, False, False),
        (65, 1.0, "solid", 0.3, False, False),
        (513, 300.0, "solid", 1.0, True, False),
        (100_000, 2.0, "solid", 1.0, True, False),
    ],
)
def test_the_pen_follows_the_line(points, length, dash, opacity, thin, segmented):
    stroke = pens.choose_stroke(points, length, dash, opacity)
    assert (stroke.thin, stroke.segmented) == (thin, segmented)
    assert stroke.antialias or length > pens.NOISE_TRAVEL


def test_only_the_visible_part_and_its_neighbours_are_kept():
    x = np.arange(10.0)
    assert x[pens.visible_part(x, 2.5, 5.5)].tolist() == [2, 3, 4, 5, 6]
    assert x[pens.visible_part(x, 20, 30)].tolist() == [9]


def painted(x: np.ndarray, y: np.ndarray, opacity: float, *, segmented: bool) -> np.ndarray:
    """Return the grey levels of a line drawn whole, or in segments that meet end to end."""
    colour = QColor(0, 0, 0)
    colour.setAlphaF(opacity)
    line = LineItem()
    line.draw(
        x,
        y,
        "finite",
        pens.cosmetic_pen(Look(LIGHT), colour, 1.5, flat=segmented),
        limits=(0.0, 400.0, 0.0, 400.0),
        antialias=True,
        segmented=segmented,
    )
    image = QImage(400, 400, QImage.Format.Format_Grayscale8)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    line.paint(painter, None)
    painter.end()
    bits = image.constBits()
    assert bits is not None
    return np.frombuffer(bits.asstring(image.sizeInBytes()), np.uint8).reshape(400, -1).astype(int)


def test_a_faint_line_in_segments_looks_like_a_whole_one(qtbot: QtBot):
    t = np.linspace(0, 1, 400)
    x, y = 200 + 150 * np.sin(2 * np.pi * t), 200 + 150 * np.cos(3 * np.pi * t)
    keep, corners = pens.thinned(x, y)
    x, y = x[keep], y[keep]
    assert pens.choose_stroke(x.size, 4.0, "solid", pens.FAINT, corners=corners).segmented
    whole = painted(x, y, pens.FAINT, segmented=False)
    inside = slice(60, 340)  # the line's own ends, flat and square, lie outside
    apart = np.abs(painted(x, y, pens.FAINT, segmented=True) - whole)[inside, inside]
    contrast = 255 - whole.min()
    assert apart.max() < 0.2 * contrast
    assert apart[whole[inside, inside] < 255].mean() < 0.02 * contrast


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0, 3.0])
def test_the_thin_pen_is_one_pixel_of_any_screen(ratio: float):
    look = Look(LIGHT, pen_ratio=ratio)
    assert pens.thin_pen(look, QColor("black")).widthF() == 1.0
    assert pens.cosmetic_pen(look, QColor("black"), 2.0).widthF() == pytest.approx(
        2.0 * look.point * LIGHT.line_scale * ratio
    )


def test_segments_are_cut_to_what_is_seen():
    rng = np.random.default_rng(1)
    ends = rng.uniform(-30, 30, (4, 300))
    ends[2, :20], ends[3, 20:40] = ends[0, :20], ends[1, 20:40]  # upright and level ones
    ends[:, 40] = np.nan
    cut = np.stack(pens.cut_to((-5.0, 9.0, -2.0, 7.0), *ends))
    share = np.linspace(0, 1, 20_001)[:, None]

    def seen(x0, y0, x1, y1):
        x, y = x0 + share * (x1 - x0), y0 + share * (y1 - y0)
        inside = (x >= -5 - 1e-9) & (x <= 9 + 1e-9) & (y >= -2 - 1e-9) & (y <= 7 + 1e-9)
        return inside.mean(0) * np.hypot(x1 - x0, y1 - y0)

    before, after = seen(*ends), seen(*cut)
    assert after == pytest.approx(np.hypot(cut[2] - cut[0], cut[3] - cut[1]), abs=1e-6)
    assert 0 < cut.shape[1] < 300
    assert np.nansum(before) == pytest.approx(after.sum(), abs=1.0)
