"""A matrix as a picture: which colours its cells get, and which cells a pixel shows."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from PyQt6.QtGui import QColor, QImage

from zoetrope.core.figure import Axis, Figure, Panel
from zoetrope.core.items import HeatMap
from zoetrope.core.theme import LIGHT
from zoetrope.gui.canvas import Canvas
from zoetrope.gui.heat_image import cell_indices, thinned


def test_the_ends_of_the_levels_are_the_ends_of_the_colours_and_nan_is_nothing():
    z = np.array([[0.0, 0.5, 1.0], [-3.0, 9.0, np.nan], [np.inf, -np.inf, 1e308]])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        cells = cell_indices(z, (0.0, 1.0))
    assert cells.tolist() == [[1, 128, 255], [1, 255, 0], [255, 1, 255]]


def test_levels_that_are_one_number_are_one_colour():
    assert cell_indices(np.array([[2.0, 5.0, np.nan]]), (3.0, 3.0)).tolist() == [[1, 1, 0]]


def test_blocks_are_means_of_the_numbers_there_are():
    z = np.arange(15.0).reshape(3, 5)
    z[0, 1] = np.nan
    z[2, 4] = np.nan
    wanted = [[np.mean([0, 5, 6]), np.mean([2, 3, 7, 8]), np.mean([4, 9])], [10.5, 12.5, np.nan]]
    np.testing.assert_array_equal(thinned(z, 2, 2), wanted)
    assert thinned(z, 1, 1) is z


@pytest.mark.parametrize(("rows", "columns"), [(1, 3), (4, 1), (3, 7), (9, 9)])
def test_blocks_of_any_shape_against_a_loop(rows, columns):
    z = np.random.default_rng(3).normal(size=(13, 17))
    z[z > 1.0] = np.nan
    wanted = [
        [
            np.nanmean(z[i : i + rows, j : j + columns])
            if np.isfinite(z[i : i + rows, j : j + columns]).any()
            else np.nan
            for j in range(0, 17, columns)
        ]
        for i in range(0, 13, rows)
    ]
    np.testing.assert_allclose(thinned(z, rows, columns), wanted, rtol=1e-12)


@pytest.fixture
def canvas(qtbot) -> Canvas:
    canvas = Canvas(theme=LIGHT)
    canvas.reduced_motion = True
    canvas.resize(400, 300)
    qtbot.addWidget(canvas)
    return canvas


def colour_at(canvas: Canvas, x: float, y: float) -> tuple[int, int, int]:
    image: QImage = canvas.grab_image()
    colour = image.pixelColor(canvas.to_pixel("main", x, y).toPoint())
    return colour.red(), colour.green(), colour.blue()


def shown(canvas: Canvas, z, extent, x, y) -> None:
    heat = HeatMap(key="z", z=z, extent=extent, levels=(0.0, 1.0), colours="grey", bar=False)
    x_axis, y_axis = Axis(range=x), Axis(range=y)
    canvas.show_figure(
        Figure(panels=(Panel(name="main", items=(heat,), x=x_axis, y=y_axis, grid=False),))
    )


WHITE, BLACK = (255, 255, 255), (0, 0, 0)


def test_many_more_cells_than_pixels_are_drawn_as_their_means(canvas):
    z = np.zeros((3000, 2500))
    z[:, 1250:] = 1.0
    z[:1000] = np.nan
    shown(canvas, z, (0, 1, 0, 1), (0, 1), (0, 1))
    assert colour_at(canvas, 0.25, 0.8) == WHITE
    assert colour_at(canvas, 0.75, 0.8) == BLACK
    assert colour_at(canvas, 0.75, 0.2) == QColor(LIGHT.panel).getRgb()[:3]


def test_a_zoom_into_few_of_a_million_cells_is_exact(canvas):
    z = np.zeros((1024, 1024))
    z[512, 700] = 1.0
    shown(canvas, z, (0, 2**20, 0, 2**20), (699 * 1024, 702 * 1024), (514 * 1024, 511 * 1024))
    assert colour_at(canvas, 700.5 * 1024, 512.5 * 1024) == BLACK
    assert colour_at(canvas, 700.02 * 1024, 512.02 * 1024) == BLACK
    assert colour_at(canvas, 699.97 * 1024, 512.5 * 1024) == WHITE
    assert colour_at(canvas, 700.5 * 1024, 513.03 * 1024) == WHITE
    shown(canvas, z, (0, 2**20, 0, 2**20), (700.4 * 1024, 700.6 * 1024), (512.6e3, 512.7e3))
    assert colour_at(canvas, 700.5 * 1024, 512.65e3) == WHITE  # cell 500: all of one colour


def test_a_view_beside_the_matrix_shows_nothing_of_it(canvas):
    shown(canvas, np.ones((4, 4)), (0, 1, 0, 1), (2, 3), (0, 1))
    assert colour_at(canvas, 2.5, 0.5) == QColor(LIGHT.panel).getRgb()[:3]
