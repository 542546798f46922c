"""What is exported is what is on the screen: both renderers draw every kind of item alike.

Each figure is drawn by both. The pixels in an item's colour are found in either picture and
mapped back to data coordinates through that renderer's own axes; where they lie must agree.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PyQt6.QtGui import QColor

from tests.gui.two_pictures import TOLERANCE, compare, figure_of, on_paper, on_screen, place
from zoetrope.core import items as items_module
from zoetrope.core.edits import Edit, TableEdit
from zoetrope.core.figure import Axis, Cell, Figure, Panel
from zoetrope.core.ghost import FADED, Ghost, with_ghosts
from zoetrope.core.items import (
    Arrows,
    Band,
    Bars,
    Curve,
    Handle,
    HeatMap,
    Item,
    Label,
    Places,
    Rectangle,
    Region,
    Rule,
    Scatter,
    Segments,
)
from zoetrope.core.side_by_side import side_by_side
from zoetrope.core.theme import LIGHT

X = np.linspace(0.0, 1.0, 201)
LOG = Axis(range=(1e-3, 1e3), log=True)
WAVE = 0.5 + 0.4 * np.sin(5 * X)
CASES: dict[str, tuple[Item, dict]] = {
    "curve": (Curve(key="i", x=X, y=WAVE, width=3.0), {}),
    "thick curve": (Curve(key="i", x=X, y=WAVE, width=5.0), {}),
    "dashed curve": (Curve(key="i", x=X, y=0.1 + 0.8 * X**2, dash="dash", width=3.0), {}),
    "dotted curve": (Curve(key="i", x=X, y=0.1 + 0.8 * X**2, dash="dot", width=4.0), {}),
    "long curve": (
        Curve(key="i", x=np.linspace(0, 1, 9000), y=0.5 + 0.4 * np.sin(np.linspace(0, 7, 9000))),
        {},
    ),
    "noise": (
        Curve(
            key="i",
            x=np.linspace(0.1, 0.8, 20_000),
            y=0.4 + 0.2 * np.random.default_rng(0).uniform(-1, 1, 20_000),
        ),
        {},
    ),
    "segments": (
        Segments(key="i", x0=[0.1, 0.5], y0=[0.2, 0.9], x1=[0.3, 0.8], y1=[0.4, 0.3], width=2.0),
        {},
    ),
    "band": (Band(key="i", x=X, low=WAVE - 0.1, high=WAVE + 0.05, opacity=1.0), {}),
    "scatter": (Scatter(key="i", x=[0.2, 0.7, 0.9], y=[0.1, 0.8, 0.5], size=9.0), {}),
    "bars": (Bars(key="i", x=[0.2, 0.5, 0.7], height=[0.3, 0.8, 0.1], width=0.1, opacity=1.0), {}),
    "hanging bars": (
        Bars(key="i", x=[0.2, 0.6], height=[-0.3, 0.4], width=0.2, base=0.5, opacity=1.0),
        {},
    ),
    "arrows": (
        Arrows(key="i", x=[0.1, 0.9], y=[0.1, 0.9], dx=[0.3, -0.4], dy=[0.5, -0.1], width=2.0),
        {},
    ),
    "upright rule": (Rule(key="i", axis="x", value=0.3, role="data1", width=3, dash="solid"), {}),
    "level rule": (Rule(key="i", axis="y", value=0.8, role="data1", width=3, dash="solid"), {}),
    "upright region": (Region(key="i", axis="x", low=0.2, high=0.5, role="data1", opacity=1), {}),
    "level region": (Region(key="i", axis="y", low=0.6, high=0.7, role="data1", opacity=1), {}),
    "rectangle": (
        Rectangle(key="i", x=(0.2, 0.7), y=(0.9, 0.3), role="data1", opacity=1),
        {},
    ),
    "rectangle that is an outline": (
        Rectangle(key="i", x=(0.1, 0.5), y=(0.2, 0.3), role="data1", opacity=0, width=3.0),
        {},
    ),
    "log rectangle": (
        Rectangle(key="i", x=(0.01, 1.0), y=(1.0, 100.0), role="data1", opacity=1),
        {"x": LOG, "y": LOG},
    ),
    "log-log curve": (
        Curve(
            key="i", x=np.geomspace(1e-2, 1e2, 50), y=np.geomspace(1e-2, 1e2, 50) ** -1.2, width=3.0
        ),
        {"x": LOG, "y": LOG},
    ),
    "curve on a log y axis": (Curve(key="i", x=X, y=10 ** (4 * X - 2), width=3.0), {"y": LOG}),
    "curve that a log axis cannot show all of": (
        Curve(key="i", x=X, y=100 * (X - 0.4), width=4.0),
        {"y": LOG},
    ),
    "log scatter": (
        Scatter(key="i", x=[1e-2, 1.0, 1e2], y=[1e2, 1e-2, 10.0], size=9.0),
        {"x": LOG, "y": LOG},
    ),
    "log rule": (Rule(key="i", axis="y", value=10.0, role="data1", width=3.0), {"y": LOG}),
    "log region": (
        Region(key="i", axis="x", low=0.1, high=10.0, role="data1", opacity=1),
        {"x": LOG},
    ),
    "log band": (
        Band(key="i", x=X, low=10 ** (X - 2), high=10 ** (2 * X), opacity=1),
        {"y": LOG},
    ),
    "log arrows": (
        Arrows(key="i", x=[0.01], y=[0.01], dx=[10.0], dy=[100.0], width=2.0),
        {"x": LOG, "y": LOG},
    ),
    "reversed axis": (Curve(key="i", x=X, y=X**3), {"y": Axis(range=(1.0, 0.0))}),
    "circle": (
        Curve(key="i", x=0.5 + 0.4 * np.cos(7 * X), y=0.5 + 0.4 * np.sin(7 * X)),
        {"equal": True},
    ),
    "beyond the panel": (Curve(key="i", x=4 * X - 2, y=3 * X - 1, width=3.0), {}),
    **{
        f"{marker} markers": (
            Scatter(key="i", x=[0.3, 0.7], y=[0.6, 0.2], size=14.0, marker=marker),
            {},
        )
        for marker in ("ring", "square", "triangle", "diamond", "cross")
    },
}


def moved(item: Item, by: float) -> Item:
    """Return an item moved to the right, or up if it has no place of its own on the x axis."""
    if isinstance(item, Rule):
        return replace(item, value=item.value + by)
    if isinstance(item, Region):
        return replace(item, low=item.low + by, high=item.high + by)
    if isinstance(item, Rectangle):
        return replace(item, x=(item.x[0] + by, item.x[1] + by))
    if isinstance(item, Segments):
        return replace(item, x0=item.x0 + by, x1=item.x1 + by)
    return replace(item, x=item.x + by)


@pytest.mark.parametrize("case", CASES)
def test_both_draw_it_in_the_same_place(qtbot, case):
    item, panel = CASES[case]
    figure = figure_of(item, **panel)
    compare(qtbot, figure, figure, "data1")


@pytest.mark.parametrize(
    "case",
    [
        "curve",
        "noise",
        "segments",
        "band",
        "scatter",
        "bars",
        "arrows",
        "level rule",
        "rectangle",
        "circle",
    ],
)
def test_the_comparison_would_see_a_shift_of_three_hundredths(qtbot, case):
    item, panel = CASES[case]
    with pytest.raises(AssertionError):
        compare(qtbot, figure_of(item, **panel), figure_of(moved(item, 0.03), **panel), "data1")


@pytest.mark.parametrize("draw", ["screen", "paper"])
def test_equal_scales_make_circles_round(qtbot, draw):
    item, panel = CASES["circle"]
    figure = figure_of(item, **panel)
    drawn = on_screen(qtbot, figure) if draw == "screen" else on_paper(figure)
    x, y = drawn.found("data1")
    corners = [drawn.to_pixel(x.min(), y.min()), drawn.to_pixel(x.max(), y.max())]
    width, height = np.abs(np.subtract(*corners))
    assert width == pytest.approx(height, abs=2.0)


def test_automatic_ranges_agree(qtbot):
    figure = figure_of(Curve(key="i", x=3 * X, y=-7 * X**2), x=Axis(), y=Axis())
    drawn = on_screen(qtbot, figure), on_paper(figure)
    ends = []
    for picture in drawn:
        left, right, top, bottom = picture.frame
        x, y = picture.to_data(np.array([left, right]), np.array([bottom, top]))
        ends.append(np.concatenate([x, y]))
    np.testing.assert_allclose(ends[0], ends[1], atol=0.02)


@pytest.mark.parametrize("kind", ["curve", "band"])
def test_a_gap_is_a_gap(qtbot, kind):
    y = np.where((X > 0.4) & (X < 0.6), np.nan, 0.5)
    item: Item = (
        Curve(key="i", x=X, y=y, width=4.0)
        if kind == "curve"
        else Band(key="i", x=X, low=y - 0.1, high=y + 0.1, opacity=1.0)
    )
    figure = figure_of(item)
    for drawn in (on_screen(qtbot, figure), on_paper(figure)):
        x, _ = drawn.found("data1")
        assert not ((x > 0.41) & (x < 0.59)).any()
        assert (x < 0.39).any()
        assert (x > 0.61).any()


@pytest.mark.parametrize("on_top", ["data2", "data3"])
def test_the_upper_layer_hides_the_lower(qtbot, on_top):
    layers = {role: int(role == on_top) for role in ("data2", "data3")}
    bars = Bars(key="a", x=[0.5], height=[0.8], width=0.6, role="data2", opacity=1)
    band = Band(key="b", x=X, low=0 * X + 0.3, high=0 * X + 0.6, role="data3", opacity=1)
    figure = figure_of(replace(bars, layer=layers["data2"]), replace(band, layer=layers["data3"]))
    wanted = QColor(LIGHT.roles[on_top]).getRgb()[:3]
    for drawn in (on_screen(qtbot, figure), on_paper(figure)):
        np.testing.assert_allclose(drawn.colour(0.5, 0.45), wanted, atol=3)


def test_within_a_layer_the_last_is_on_top(qtbot):
    figure = figure_of(
        *(
            Scatter(key=role, x=[0.5], y=[0.5], size=30.0, role=role)
            for role in ("data1", "data2", "data3")
        )
    )
    wanted = QColor(LIGHT.roles["data3"]).getRgb()[:3]
    for drawn in (on_screen(qtbot, figure), on_paper(figure)):
        np.testing.assert_allclose(drawn.colour(0.5, 0.5), wanted, atol=3)


def cell_centres(low: float, high: float, cells: int, log: bool) -> np.ndarray:
    edges = np.geomspace(low, high, cells + 1) if log else np.linspace(low, high, cells + 1)
    return np.sqrt(edges[:-1] * edges[1:]) if log else (edges[:-1] + edges[1:]) / 2


@pytest.mark.parametrize(
    ("colours", "log", "bar"),
    [
        ("viridis", False, True),
        ("viridis", True, False),
        ("cividis", False, False),
        ("diverging", True, True),
        ("grey", False, True),
    ],
)
def test_heat_maps_have_the_same_colours_in_the_same_cells(qtbot, colours, log, bar):
    z = np.arange(20.0).reshape(4, 5)
    z[1, 2] = np.nan
    axis = Axis(range=(1.0, 1e4), log=True) if log else Axis(range=(0.0, 1.0))
    extent = (10.0, 1e3, 10.0, 1e4) if log else (0.1, 0.9, 0.2, 1.0)
    heat = HeatMap(key="i", z=z, extent=extent, colours=colours, levels=(2.0, 17.0), bar=bar)
    figure = figure_of(heat, x=axis, y=axis)
    screen, paper = on_screen(qtbot, figure), on_paper(figure)
    xs = cell_centres(*extent[:2], 5, log)
    ys = cell_centres(*extent[2:], 4, log)
    seen = np.array([[screen.colour(x, y) for x in xs] for y in ys])
    printed = np.array([[paper.colour(x, y) for x in xs] for y in ys])
    np.testing.assert_allclose(seen, printed, atol=7)
    ground = QColor(LIGHT.panel).getRgb()[:3]
    np.testing.assert_allclose(seen[1, 2], ground, atol=2)  # NaN is transparent
    order = {"viridis": 1, "cividis": 1, "grey": -1}.get(colours)
    if order:  # z[0, 0], the smallest value, is at the lower left
        assert order * seen[0, 0].sum() < order * seen[3, 4].sum()


def test_a_heat_map_ends_at_its_extent(qtbot):
    z = np.zeros((3, 3))
    heat = HeatMap(key="i", z=z, extent=(0.2, 0.7, 0.3, 0.9), levels=(-1, 0), colours="grey")
    figure = figure_of(heat)
    for drawn in (on_screen(qtbot, figure), on_paper(figure)):
        for x, y, dark in ((0.21, 0.31, True), (0.69, 0.89, True), (0.19, 0.5, False),
                           (0.71, 0.5, False), (0.5, 0.29, False), (0.5, 0.91, False)):  # fmt: skip
            assert (drawn.colour(x, y).max() < 30) == dark


def test_points_have_the_colours_of_their_values(qtbot):
    x = np.linspace(0.1, 0.9, 7)
    values = np.linspace(-1.0, 3.0, 7)
    points = Scatter(key="i", x=x, y=0 * x + 0.5, values=values, size=20.0, levels=(-0.5, 2.5))
    figure = figure_of(points)
    screen, paper = on_screen(qtbot, figure), on_paper(figure)
    seen = np.array([screen.colour(at, 0.5) for at in x])
    printed = np.array([paper.colour(at, 0.5) for at in x])
    np.testing.assert_allclose(seen, printed, atol=10)
    assert np.abs(seen[0] - seen[-1]).max() > 100


@pytest.mark.parametrize("bar", [True, False])
def test_both_draw_a_bar_for_points_that_ask_for_one_and_for_no_others(qtbot, bar):
    values = np.linspace(-1.0, 3.0, 7)
    points = Scatter(key="i", x=values, y=values, values=values, bar=bar, label="z", opacity=0.4)
    figure = figure_of(points, x=Axis(range=(-2, 4)), y=Axis(range=(-2, 4)))
    for drawn in (on_screen(qtbot, figure), on_paper(figure)):
        _, right, top, bottom = (int(value) for value in drawn.frame)
        beside = drawn.pixels[top + 20 : bottom - 20, right + 2 :].astype(int)
        coloured = (beside.max(axis=2) - beside.min(axis=2) > 60).any(axis=1)
        assert coloured.mean() == (1.0 if bar else 0.0)
    ends = []
    for drawn in (on_screen(qtbot, figure), on_paper(figure)):
        _, right, top, bottom = (int(value) for value in drawn.frame)
        beside = drawn.pixels[top + 4 : bottom - 4, right + 2 :].astype(int)
        if bar:
            column = int(np.argmax((beside.max(axis=2) - beside.min(axis=2)).sum(axis=0)))
            ends.append(beside[[0, -1], column])
    if bar:
        np.testing.assert_allclose(ends[0], ends[1], atol=12)


def test_points_that_can_be_edited_look_like_others_in_both(qtbot):
    points = Scatter(key="i", x=[0.2, 0.7, 0.9], y=[0.1, 0.8, 0.5], size=9.0)
    edited = replace(points, edits=TableEdit("points"))
    plain = figure_of(points)
    brushed = figure_of(
        edited, brush=TableEdit("points"), crosshair="here", hover_x=Edit("a"), hover_y=Edit("b")
    )
    for draw in (lambda figure: on_screen(qtbot, figure), on_paper):
        np.testing.assert_array_equal(draw(plain).pixels, draw(brushed).pixels)


def test_translucent_things_have_the_same_shade(qtbot):
    figure = figure_of(
        Band(key="band", x=X, low=0 * X, high=0 * X + 0.3, opacity=0.25),
        Bars(key="bars", x=[0.5], height=[0.9], width=0.2, role="data2", opacity=0.5),
    )
    screen, paper = on_screen(qtbot, figure), on_paper(figure)
    for at in ((0.2, 0.15), (0.5, 0.15), (0.5, 0.6)):
        np.testing.assert_allclose(screen.colour(*at), paper.colour(*at), atol=4)


@pytest.mark.parametrize("anchor", ["left", "right", "top", "bottom", "center"])
def test_words_stand_on_the_same_side_of_their_point(qtbot, anchor):
    label = Label(key="i", x=0.5, y=0.5, label="MMMMMM", anchor=anchor, role="data1", size=14.0)
    figure = figure_of(label)
    panel = figure.panels[0]
    seen = place(on_screen(qtbot, figure), panel, "data1")
    printed = place(on_paper(figure), panel, "data1")
    np.testing.assert_allclose(seen[4:], printed[4:], atol=TOLERANCE)  # the centres
    np.testing.assert_allclose(seen[:4], printed[:4], atol=2 * TOLERANCE)  # fonts are hinted
    left, right, low, high = seen[:4]
    expected = {
        "left": left > 0.49,
        "right": right < 0.51,
        "top": high < 0.51,
        "bottom": low > 0.49,
        "center": left < 0.45 < 0.55 < right and low < 0.5 < high,
    }
    assert expected[anchor]


def test_the_name_of_a_curve_is_at_its_end_in_both(qtbot):
    figure = figure_of(
        Curve(key="up", x=X, y=X, label="rising", role="data2"),
        Curve(key="down", x=X, y=1 - X, label="falling", role="data3"),
    )
    for drawn in (on_screen(qtbot, figure), on_paper(figure)):
        left, right, top, bottom = drawn.frame
        for role, at_top in (("data2", True), ("data3", False)):
            wanted = np.array(QColor(LIGHT.roles[role]).getRgb()[:3], dtype=float)
            beside = drawn.pixels[:, int(right) + 4 :].astype(float)
            rows, _ = np.nonzero(np.linalg.norm(beside - wanted, axis=2) < 90)
            assert rows.size > 5
            assert (rows.mean() < (top + bottom) / 2) == at_top
        assert left < right


def test_handles_are_in_neither_picture(qtbot):
    figure = figure_of(
        Handle(key="h", x=0.5, y=0.5, x_edit=Edit("a")), Curve(key="c", x=X, y=0 * X + 0.1)
    )
    ground = QColor(LIGHT.panel).getRgb()[:3]
    for drawn in (on_screen(qtbot, figure), on_paper(figure)):
        column, row = (int(value) for value in drawn.to_pixel(0.5, 0.5))
        around = drawn.pixels[row - 12 : row + 12, column - 12 : column + 12].reshape(-1, 3)
        np.testing.assert_allclose(around, np.broadcast_to(ground, around.shape), atol=3)


def test_links_give_the_same_ranges(qtbot):
    figure = Figure(
        panels=(
            Panel(name="leader", items=(Curve(key="a", x=5 * X, y=X),)),
            Panel(
                name="main",
                items=(Curve(key="b", x=X, y=2 * X, role="data2"),),
                cell=Cell(1, 0),
                link_x="leader",
            ),
        )
    )
    shares = []
    for drawn in (on_screen(qtbot, figure), on_paper(figure)):
        left, right, _, _ = drawn.frame
        x, _ = drawn.to_data(np.array([left, right]), np.array([0.0, 0.0]))
        shares.append(x)
    np.testing.assert_allclose(shares[0], shares[1], atol=0.03)
    np.testing.assert_allclose(shares[0], (-0.25, 5.25), atol=0.03)


def test_every_kind_of_item_is_compared():
    compared = {type(item) for item, _ in CASES.values()}
    elsewhere = {HeatMap, Label, Handle, Places}  # the last draws nothing
    kinds = {
        kind
        for kind in vars(items_module).values()
        if isinstance(kind, type) and issubclass(kind, Item) and kind is not Item
    }
    assert kinds == compared | elsewhere


def waves(height: float) -> Figure:
    curve = Curve(key="y", x=X, y=height * X, role="data1", label="wave")
    return figure_of(curve, x=Axis("Time", "s"), y=Axis("Height", "m"))


def test_pictures_side_by_side_have_the_same_axes_and_sizes_in_both(qtbot):
    figure = side_by_side([waves(h) for h in (1.0, 3.0, 2.0)], ["h = 1 m", "h = 3 m", "h = 2 m"])
    names = [panel.name for panel in figure.panels]
    for draw in (lambda name: on_screen(qtbot, figure, name), lambda name: on_paper(figure, name)):
        pictures = [draw(name) for name in names]
        sizes = [
            (right - left, bottom - top)
            for left, right, top, bottom in (picture.frame for picture in pictures)
        ]
        assert np.ptp(np.array(sizes), axis=0).max() <= 1.5  # pixels
        tops = [float(picture.found("data1")[1].max()) for picture in pictures]
        assert tops == pytest.approx([1.0, 3.0, 2.0], abs=0.06)


def test_a_ghost_lies_in_the_same_place_and_behind_in_both(qtbot):
    pinned = Curve(key="y", x=X, y=1 - X, role="data2", width=4.0)
    live = Curve(key="y", x=X, y=X, role="data1", width=4.0)
    ghosts = [(Ghost.of(figure_of(pinned)), "pinned")]
    figure = with_ghosts(figure_of(live), ghosts)
    faded = []
    for drawn in (on_screen(qtbot, figure), on_paper(figure)):
        colour = drawn.colour(0.25, 0.75)
        full, ground = (
            np.array(QColor(c).getRgb()[:3]) for c in (LIGHT.roles["data2"], LIGHT.panel)
        )
        share = (colour - ground) @ (full - ground) / ((full - ground) @ (full - ground))
        assert share == pytest.approx(FADED, abs=0.06)
        above = np.array(QColor(LIGHT.roles["data1"]).getRgb()[:3])
        assert np.linalg.norm(drawn.colour(0.5, 0.5) - above) < 30  # where the two cross
        faded.append(colour)
    assert np.abs(faded[0] - faded[1]).max() < 12


@pytest.mark.parametrize("letters", [3, 400])
def test_words_too_wide_for_their_panel_are_in_neither_picture(qtbot, letters):
    label = Label(key="t", label="x" * letters, x=0.1, y=0.5, role="data1")
    figure = figure_of(label, Curve(key="y", x=X, y=X, role="guide"))
    for draw in (lambda: on_screen(qtbot, figure), lambda: on_paper(figure)):
        if letters == 3:
            draw().found("data1")
        else:
            with pytest.raises(AssertionError, match="nothing in the colour"):
                draw().found("data1")
