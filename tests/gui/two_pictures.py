"""A panel as either renderer draws it, with the maps from its pixels to its data and back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PyQt6.QtCore import QPointF
from PyQt6.QtGui import QColor, QImage

from zoetrope.core.figure import Axis, Figure, Panel
from zoetrope.core.items import Item
from zoetrope.core.render import render
from zoetrope.core.theme import LIGHT
from zoetrope.gui.canvas import Canvas

WIDTH = 640
HEIGHT = 480
DPI = 96
MM = 25.4 / DPI
TOLERANCE = 0.015  # of an axis
Limits = tuple[float, float, float, float]


@dataclass
class Drawn:
    """A panel as drawn: colours [rows, columns, 3], and the maps to data and back.

    `to_data` takes columns and rows, `to_pixel` gives them; `frame` is (left, right, top, bottom).
    """

    pixels: np.ndarray
    to_data: Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]
    to_pixel: Callable[[float, float], tuple[float, float]]
    frame: Limits

    def found(self, role: str, slack: float = 70.0) -> tuple[np.ndarray, np.ndarray]:
        """Return where in the panel, in data, the pixels are that have about a role's colour."""
        wanted = np.array(QColor(LIGHT.roles[role]).getRgb()[:3], dtype=float)
        near = np.linalg.norm(self.pixels.astype(float) - wanted, axis=2) < slack
        left, right, top, bottom = self.frame
        rows, columns = np.nonzero(near)
        inside = (columns > left - 1) & (columns < right) & (rows > top - 1) & (rows < bottom)
        assert inside.sum() > 10, f"nothing in the colour of {role} was drawn"
        return self.to_data(columns[inside] + 0.5, rows[inside] + 0.5)

    def colour(self, x: float, y: float) -> np.ndarray:
        """Return the colour at a point of the data."""
        column, row = self.to_pixel(x, y)
        return self.pixels[int(row), int(column)].astype(float)


def on_screen(qtbot, figure: Figure, name: str = "main") -> Drawn:
    canvas = Canvas(theme=LIGHT)
    qtbot.addWidget(canvas)
    canvas.resize(WIDTH, HEIGHT)
    canvas.show_figure(figure)
    canvas.resizeEvent(None)
    image = canvas.grab_image().convertToFormat(QImage.Format.Format_RGBA8888)
    pixels = np.frombuffer(image.constBits().asarray(image.sizeInBytes()), dtype=np.uint8)
    pixels = pixels.reshape(HEIGHT, WIDTH, 4)[:, :, :3].copy()  # the memory is the image's
    rect = canvas.panel_rect(name)

    def to_data(columns: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        # The axes are independent: each column and each row needs to be asked for once.
        xs = {at: canvas.to_data(name, QPointF(at, 0.0))[0] for at in np.unique(columns)}
        ys = {at: canvas.to_data(name, QPointF(0.0, at))[1] for at in np.unique(rows)}
        return np.array([xs[at] for at in columns]), np.array([ys[at] for at in rows])

    def to_pixel(x: float, y: float) -> tuple[float, float]:
        place = canvas.to_pixel(name, x, y)
        return place.x(), place.y()

    frame = (rect.left(), rect.right() + 1, rect.top(), rect.bottom() + 1)
    return Drawn(pixels, to_data, to_pixel, frame)


def on_paper(figure: Figure, name: str = "main") -> Drawn:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    picture = render(
        figure, width_mm=WIDTH * MM, height_mm=HEIGHT * MM, dpi=DPI, theme="light", font_size=9.0
    )
    canvas = FigureCanvasAgg(picture)
    canvas.draw()
    pixels = np.asarray(canvas.buffer_rgba())[:, :, :3].copy()
    height = pixels.shape[0]
    axes = next(axes for axes in picture.axes if axes.get_label() == name)
    box = axes.get_window_extent()

    def to_data(columns: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        points = np.column_stack([columns, height - rows])
        x, y = axes.transData.inverted().transform(points).T
        return x, y

    def to_pixel(x: float, y: float) -> tuple[float, float]:
        column, up = axes.transData.transform((x, y))
        return column, height - up

    frame = (box.x0, box.x1, height - box.y1, height - box.y0)
    return Drawn(pixels, to_data, to_pixel, frame)


def figure_of(*items: Item, **panel) -> Figure:
    settings = {
        "name": "main",
        "x": Axis(range=(0.0, 1.0)),
        "y": Axis(range=(0.0, 1.0)),
        "grid": False,
        **panel,
    }
    return Figure(panels=(Panel(items=items, **settings),))


def place(drawn: Drawn, panel: Panel, role: str) -> np.ndarray:
    """Return the box and centre of what has a colour, as shares of the declared axes."""
    shares = []
    for values, axis in zip(drawn.found(role), (panel.x, panel.y), strict=True):
        low, high = axis.range or (0.0, 1.0)
        if axis.log:
            values, low, high = np.log10(values), np.log10(low), np.log10(high)
        shares.append((values - low) / (high - low))
    x, y = shares
    return np.array([x.min(), x.max(), y.min(), y.max(), x.mean(), y.mean()])


def compare(
    qtbot,
    screen: Figure,
    paper: Figure,
    role: str,
    name: str = "main",
    tolerance: float = TOLERANCE,
) -> None:
    """Fail unless what has a role's colour lies in the same place in both pictures."""
    panel = screen.panel(name)
    seen = place(on_screen(qtbot, screen, name), panel, role)
    printed = place(on_paper(paper, name), panel, role)
    np.testing.assert_allclose(seen, printed, atol=tolerance, rtol=0)
