"""Reads what the renderer wrote with parsers that know nothing of it."""

import io
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from PIL import Image

from zoetrope.core.figure import Axis, Cell, Figure, Panel, panel_limits
from zoetrope.core.items import (
    Arrows,
    Band,
    Bars,
    Curve,
    Handle,
    HeatMap,
    Item,
    Label,
    Region,
    Rule,
    Scatter,
    Segments,
)
from zoetrope.core.render import Drawing, encode, render
from zoetrope.core.render_axes import linear_ticks, typeset
from zoetrope.core.render_size import least_size
from zoetrope.core.sheet import Sheet
from zoetrope.core.theme import DARK, PRINT

SVG = "{http://www.w3.org/2000/svg}"
SMALL: dict[str, Any] = {"width_mm": 85.0, "height_mm": 60.0, "dpi": 100.0}
x = np.linspace(0.0, 10.0, 200)
ITEMS: tuple[Item, ...] = (
    Curve(key="curve", x=x, y=np.sin(x), label="a sine"),
    Curve(key="gap", x=x, y=np.where(x > 5, np.nan, x / 10), role="data2", dash="dash"),
    Curve(key="dots", x=x, y=np.cos(x), role="data3", dash="dot", label="余弦"),
    Segments(key="segments", x0=[0, 1], y0=[0, 0], x1=[1, 2], y1=[1, 1], label="steps"),
    Band(key="band", x=x, low=np.sin(x) - 0.2, high=np.sin(x) + 0.2, label="spread"),
    Scatter(key="scatter", x=x[::20], y=np.cos(x[::20]), label="samples"),
    Scatter(key="cross", x=x[::40], y=x[::40] / 10, marker="cross"),
    Scatter(key="values", x=x[::20], y=-np.cos(x[::20]), values=x[::20]),
    HeatMap(key="map", z=[[0.0, np.nan], [1.0, 2.0]], extent=(0, 2, -1, 0), label="Density"),
    Bars(key="bars", x=[6, 7], height=[0.5, 0.8], width=0.9, label="counts"),
    Arrows(key="arrows", x=[3.0], y=[0.0], dx=[1.0], dy=[0.5], label="force"),
    Label(key="label", label="peak", x=1.57, y=1.0, anchor="bottom"),
    Rule(key="rule", axis="y", value=0.5, label="threshold"),
    Rule(key="upright", axis="x", value=8.0, label="now"),
    Region(key="region", axis="x", low=4.0, high=5.0, label="window"),
    Handle(key="handle", x=2.0, y=0.0, label="drag me"),
)
EVERYTHING = Panel(
    name="all", title="One of each", items=ITEMS, x=Axis("Time", "s"), y=Axis("Height", "m")
)


def figure(*panels: Panel, **more: Any) -> Figure:
    return Figure(panels=panels or (EVERYTHING,), **more)


def curve_panel(name: str = "p", count: int = 3, **more: Any) -> Panel:
    """Curves that all end near one height at the right edge."""
    items = tuple(
        Curve(key=f"c{i}", x=x, y=np.exp(-x) * i + 0.01 * i, role=f"data{i + 1}", label=f"mode {i}")
        for i in range(count)
    )
    return Panel(name=name, items=items, x=Axis("Time"), y=Axis("Height"), **more)


def texts(picture: Any) -> list[str]:
    """Every text of a picture, read back from its SVG."""
    root = ET.fromstring(encode(picture, "svg"))
    return ["".join(element.itertext()) for element in root.iter(f"{SVG}text")]


def boxes(picture: Any) -> Iterator[tuple[str, Any]]:
    """The extents of the visible words in pixels, halos left out."""
    renderer = picture.canvas.get_renderer()
    for axes in picture.axes:
        for artist in axes.texts:
            if not artist.get_path_effects():
                yield artist.get_text(), artist.get_window_extent(renderer)


def test_every_kind_of_item_is_drawn() -> None:
    def panel(*items: Item) -> Figure:
        return figure(Panel(name="p", items=items, x=Axis(range=(0, 10)), y=Axis(range=(-2, 2))))

    drawing = Drawing(panel(), Sheet(theme="light", **SMALL))
    empty = drawing.pixels().copy()
    for item in ITEMS:
        drawing.update(panel(item))
        assert (drawing.pixels() != empty).any() != isinstance(item, Handle), item


def test_handles_are_for_the_screen() -> None:
    assert "drag me" not in texts(render(figure(), **SMALL))


def test_svg_text_stays_text_and_is_written_once() -> None:
    found = texts(render(figure(), width_mm=170, height_mm=110))
    for words in ("One of each", "Time (s)", "a sine", "余弦", "peak", "threshold", "window"):
        assert found.count(words) == 1, words


def test_minus_signs_are_minus_signs() -> None:
    found = texts(render(figure(), **SMALL))
    assert any("−" in text for text in found)
    assert not any(re.fullmatch(r"-\d.*", text) for text in found)


def test_pdf_embeds_real_fonts() -> None:
    data = encode(render(figure(), **SMALL), "pdf", metadata={"Title": "Sine"})
    assert data.startswith(b"%PDF")
    assert b"/Subtype /Type3" not in data
    assert b"(Sine)" in data
    assert b"CreationDate" not in data


@pytest.mark.parametrize("file_format", ["png", "svg", "pdf"])
def test_the_same_figure_gives_the_same_bytes(file_format: str) -> None:
    first, second = (encode(render(figure(), **SMALL), file_format) for _ in range(2))
    assert first == second


@pytest.mark.parametrize(("width", "height", "dpi"), [(101, 77, 96.0), (640, 480, 300.0)])
def test_a_picture_has_exactly_the_pixels_asked_for(width: int, height: int, dpi: float) -> None:
    picture = render(
        figure(), width_mm=width / dpi * 25.4, height_mm=height / dpi * 25.4, dpi=dpi, font_size=4
    )
    assert Image.open(io.BytesIO(encode(picture, "png"))).size == (width, height)


def test_themes_colour_the_ground() -> None:
    for theme in (DARK, PRINT):
        data = encode(render(figure(), theme=theme, **SMALL), "png")
        corner = Image.open(io.BytesIO(data)).convert("RGB").getpixel((0, 0))
        assert "#{:02x}{:02x}{:02x}".format(*corner) == theme.background  # type: ignore[misc]


def test_a_transparent_picture_has_no_ground() -> None:
    data = encode(render(figure(), transparent=True, **SMALL), "png")
    picture = np.asarray(Image.open(io.BytesIO(data)).convert("RGBA"))
    assert picture[0, 0, 3] == 0
    assert picture[..., 3].max() == 255


@pytest.mark.parametrize("width_mm", [60.0, 85.0, 170.0])
@pytest.mark.parametrize("count", [2, 5, 7])
def test_labels_of_curves_neither_overlap_nor_get_cut(width_mm: float, count: int) -> None:
    picture = render(figure(curve_panel(count=count)), width_mm=width_mm, height_mm=60, dpi=150)
    found = dict(boxes(picture))
    assert sorted(found) == [f"mode {i}" for i in range(count)]
    for box in found.values():
        assert 0 <= box.x0 < box.x1 <= picture.bbox.width
        assert 0 <= box.y0 < box.y1 <= picture.bbox.height
    for a, b in combinations(found.values(), 2):
        assert min(a.x1, b.x1) <= max(a.x0, b.x0) or min(a.y1, b.y1) - max(a.y0, b.y0) < 3


def test_labels_stand_in_the_order_of_the_curves_ends() -> None:
    found = dict(boxes(render(figure(curve_panel(count=5)), **SMALL)))
    heights = [found[f"mode {i}"].y0 for i in range(5)]
    assert heights == sorted(heights)


def test_a_label_may_stand_along_its_curve() -> None:
    early = Curve(key="c", x=x, y=x, label="early", label_at=0.25)
    picture = render(figure(Panel(name="p", items=(early,))), **SMALL)
    (_, box), axes = next(boxes(picture)), picture.axes[0]
    place = axes.transData.inverted().transform([(box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2])
    assert abs(place[0] - 2.5) < 2.0


def test_a_label_at_the_edge_is_moved_into_the_panel() -> None:
    edge = Label(key="l", label="a long label here", x=9.9, y=1.0, anchor="bottom")
    panel = Panel(name="p", items=(edge,), x=Axis(range=(0, 10)), y=Axis(range=(0, 1)))
    picture = render(figure(panel), **SMALL)
    ((_, box),) = boxes(picture)
    frame = picture.axes[0].get_window_extent()
    assert box.x1 <= frame.x1 + 1
    assert box.y1 <= frame.y1 + 1


def test_long_titles_are_broken_into_lines_that_fit() -> None:
    title = "A statement that is much longer than such a narrow panel can hold on one line"
    panel = curve_panel(title=title)
    picture = render(figure(panel), width_mm=60, height_mm=50)
    artist = picture.axes[0]._left_title
    box = artist.get_window_extent(picture.canvas.get_renderer())
    assert artist.get_text().replace("\n", " ") == title
    assert "\n" in artist.get_text()
    assert box.x1 <= picture.bbox.width
    assert box.y1 <= picture.bbox.height


def test_limits_are_those_of_the_figure() -> None:
    panel = curve_panel()
    axes = render(figure(panel), **SMALL).axes[0]
    assert (*axes.get_xlim(), *axes.get_ylim()) == pytest.approx(panel_limits(panel))


def test_equal_units_are_equally_long() -> None:
    panel = curve_panel(equal=True)
    axes = render(figure(panel), **SMALL).axes[0]
    box, (x0, x1, y0, y1) = axes.get_window_extent(), (*axes.get_xlim(), *axes.get_ylim())
    assert box.width / (x1 - x0) == pytest.approx(box.height / (y1 - y0), rel=1e-3)
    wanted = panel_limits(panel)
    assert x0 <= wanted[0] + 1e-9
    assert y1 >= wanted[3] - 1e-9


@pytest.mark.parametrize("size", [(100, 60), (60, 100)])
def test_square_axes_are_as_high_as_wide(size: tuple[float, float]) -> None:
    panel = curve_panel(square=True)
    axes = render(figure(panel), **{**SMALL, "width_mm": size[0], "height_mm": size[1]}).axes[0]
    box = axes.get_window_extent()
    assert box.width == pytest.approx(box.height, abs=1.0)
    assert (*axes.get_xlim(), *axes.get_ylim()) == pytest.approx(panel_limits(panel))


def test_linked_axes_share_their_limits() -> None:
    leader = curve_panel("leader")
    follower = Panel(
        name="follower",
        items=(Curve(key="c", x=[3, 4], y=[0, 1]),),
        link_x="leader",
        cell=Cell(1, 0),
    )
    both = render(figure(leader, follower), **SMALL)
    assert both.axes[1].get_xlim() == both.axes[0].get_xlim()
    alone = render(figure(leader, follower), panels=["follower"], **SMALL)
    assert alone.axes[0].get_xlim() == both.axes[0].get_xlim()


def test_panels_can_be_chosen_and_take_the_whole_space() -> None:
    grid = figure(curve_panel("a"), curve_panel("b", cell=Cell(1, 1)), widths=(1, 3))
    picture = render(grid, panels=["b"], **SMALL)
    assert [axes.get_label() for axes in picture.axes] == ["b"]
    assert picture.axes[0].get_position().width > 0.6
    with pytest.raises(KeyError):
        render(grid, panels=["c"], **SMALL)


def test_columns_have_their_relative_widths() -> None:
    panels = [
        Panel(name=str(i), cell=Cell(0, i), items=(Curve(key="c", x=x, y=x),)) for i in (0, 1)
    ]
    wide, narrow = render(figure(*panels, widths=(3, 1)), width_mm=170, height_mm=60).axes
    ratio = wide.get_position().width / narrow.get_position().width
    assert 2.3 < ratio < 3.7


def test_spans_cover_several_cells() -> None:
    top = curve_panel("top", cell=Cell(0, 0, 1, 2))
    rest = [curve_panel(f"r{i}", cell=Cell(1, i)) for i in (0, 1)]
    wide, left, right = render(figure(top, *rest), width_mm=170, height_mm=120).axes
    assert wide.get_position().x0 == pytest.approx(left.get_position().x0)
    assert wide.get_position().x1 == pytest.approx(right.get_position().x1)


def test_hidden_axes_leave_no_trace() -> None:
    scene = Panel(
        name="scene", items=(Curve(key="c", x=x, y=x),), x=Axis(visible=False),
        y=Axis(visible=False), grid=False,
    )  # fmt: skip
    assert texts(render(figure(scene), **SMALL)) == []


def test_log_axes_have_powers_of_ten_and_bear_zeros() -> None:
    n = np.array([0.0, 1.0, 10.0, 1e3, 1e6])
    panel = Panel(
        name="p",
        items=(
            Curve(key="c", x=n, y=n**2, label="end"),
            HeatMap(key="m", z=np.eye(3), extent=(1, 1e3, 1, 1e3)),
        ),
        x=Axis("Points", log=True),
        y=Axis("Time", log=True, range=(0.0, 1e12)),
    )  # fmt: skip
    picture = render(figure(panel), **SMALL)
    assert picture.axes[0].get_xscale() == "log"
    encode(picture, "svg")


@pytest.mark.parametrize("spread", [1e-12, 1e-3, 1.0, 1e6, 1e12])
def test_axes_have_a_handful_of_ticks(spread: float) -> None:
    panel = Panel(name="p", items=(Curve(key="c", x=x, y=x * spread),))
    axes = render(figure(panel), **SMALL).axes[0]
    for ticks, (low, high) in (
        (axes.get_xticks(), axes.get_xlim()),
        (axes.get_yticks(), axes.get_ylim()),
    ):
        assert 3 <= np.count_nonzero((ticks >= low) & (ticks <= high)) <= 7  # fmt: skip


def test_a_colour_bar_explains_a_heat_map() -> None:
    heat = HeatMap(key="m", z=np.eye(4), extent=(0, 1, 0, 1), label="Correlation")
    with_bar = render(figure(Panel(name="p", items=(heat,))), **SMALL)
    assert "Correlation" in texts(with_bar)
    bare = HeatMap(key="m", z=np.eye(4), extent=(0, 1, 0, 1), label="Correlation", bar=False)
    assert "Correlation" not in texts(render(figure(Panel(name="p", items=(bare,))), **SMALL))


@pytest.mark.parametrize(
    "item",
    [
        Curve(key="c", x=[], y=[], label="empty"),
        Curve(key="c", x=[1.0], y=[1.0], label="a point"),
        Curve(key="c", x=x, y=np.full_like(x, np.nan), label="gaps"),
        Scatter(key="c", x=[], y=[], values=[], label="none"),
        Segments(key="c", x0=[], y0=[], x1=[], y1=[], label="none"),
        Arrows(key="c", x=[], y=[], dx=[], dy=[], label="none"),
        Bars(key="c", x=[], height=[], width=1.0, label="none"),
        HeatMap(key="c", z=np.full((2, 2), np.nan), extent=(0, 1, 0, 1)),
        Curve(key="c", x=[0, 1], y=[1e300, -1e300], label="huge"),
        Curve(key="c", x=[0, 1], y=[np.inf, 1], label="infinite"),
        Label(key="c", label="$100 and $200 {x}", x=0.0, y=0.0),
    ],
)
def test_odd_data_is_drawn_without_complaint(item: Item) -> None:
    encode(render(figure(Panel(name="p", items=(item,))), **SMALL), "svg")


def test_words_that_leave_no_room_are_written_smaller() -> None:
    stack = [
        curve_panel(f"p{i}", title="A long statement over a small panel", cell=Cell(i, 0))
        for i in range(4)
    ]
    picture = render(figure(*stack), width_mm=60, height_mm=75)
    renderer = picture.canvas.get_renderer()
    assert picture.axes[0].xaxis.label.get_fontsize() < 8.0
    tops = [axes.get_tightbbox(renderer).y1 for axes in picture.axes]
    bottoms = [axes.get_tightbbox(renderer).y0 for axes in picture.axes]
    assert tops[0] <= picture.bbox.height
    assert all(upper >= lower for upper, lower in zip(bottoms, tops[1:], strict=False))


@pytest.mark.parametrize(
    ("plain", "shown"), [("1e5", "×10⁵"), ("1e−12", "×10⁻¹²"), ("+2.5e3", "+2.5×10³"), ("", "")]
)
def test_powers_of_ten_are_typeset(plain: str, shown: str) -> None:
    assert typeset(plain) == shown


def test_a_tiny_picture_is_drawn_as_well_as_it_can_be() -> None:
    encode(render(figure(), width_mm=5, height_mm=5), "png")


def test_many_points_become_a_picture_in_a_vector_file() -> None:
    many = np.random.default_rng(0).normal(size=(2, 50_000))
    cloud = Scatter(key="s", x=many[0], y=many[1])
    data = encode(render(figure(Panel(name="p", items=(cloud,))), **SMALL), "svg")
    assert len(data) < 500_000


def test_an_updated_drawing_equals_a_fresh_one() -> None:
    other = figure(
        Panel(name="all", title="One of each", items=ITEMS[:4], x=EVERYTHING.x, y=EVERYTHING.y)
    )
    options = {**SMALL, "theme": "light", "font_size": 8.0}
    limits = {"all": (0.0, 10.0, -2.0, 2.0)}
    drawing = Drawing(figure(), Sheet(**options))
    drawing.update(other, limits)
    drawing.update(figure(), limits)
    again = drawing.pixels().copy()
    drawing.update(figure(), limits)
    assert (drawing.pixels() == again).all()
    changed = figure(Panel(name="new", items=ITEMS[:1]))
    drawing.update(changed)
    assert (drawing.pixels() == Drawing(changed, Sheet(**options)).pixels()).all()


def test_the_first_picture_of_a_film_has_the_axes_of_the_others() -> None:
    """The ranges of all pictures are known when it has been laid out for its own."""

    def state(high: float) -> Figure:
        curve = Curve(key="c", x=[0, 1], y=[0, high])
        return figure(Panel(name="p", items=(curve,), x=Axis("x"), y=Axis("y", range=(0, high))))

    limits = {"p": (0.0, 1.0, 0.0, 1000.0)}
    drawing = Drawing(state(1.0), Sheet(theme="light", **SMALL))
    places = []
    for high in (1.0, 1000.0, 1.0):
        drawing.update(state(high), limits)
        axes = drawing.picture.axes[0]
        places.append((axes.get_position().bounds, axes.get_ylim()))
    assert places[0] == places[1] == places[2]


def test_rendering_leaves_global_settings_alone_and_needs_no_pyplot() -> None:
    code = (
        "import sys, zoetrope.core.render as r, zoetrope.core.export, zoetrope.core.figure as f\n"
        "import zoetrope.core.items as i\n"
        "assert not {'matplotlib', 'PIL', 'imageio_ffmpeg'} & set(sys.modules)\n"
        "import matplotlib\n"
        "keys = [key for key in matplotlib.rcParams if key != 'backend']\n"
        "def settings(): return [matplotlib.rcParams[key] for key in keys]\n"
        "before = settings()\n"
        "p = f.Panel(name='p', items=(i.Curve(key='c', x=[0, 1], y=[0, 1]),))\n"
        "r.encode(r.render(f.Figure(panels=(p,))), 'svg')\n"
        "assert settings() == before\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
        "assert not any('PyQt6' in name for name in sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def side_by_side() -> Figure:
    """A tall panel on the left and two on the right."""
    cells = (Cell(0, 0, 2, 1), Cell(0, 1), Cell(1, 1))
    return figure(*(curve_panel(f"p{i}", title=f"P{i}", cell=c) for i, c in enumerate(cells)))


def test_columns_that_would_be_narrow_are_stacked_in_the_order_of_reading() -> None:
    options = {"width_mm": 85.0, "height_mm": 160.0, "dpi": 100.0, "theme": "print"}
    drawing = Drawing(side_by_side(), Sheet(**options))
    boxes = [axes.get_position() for axes in drawing.picture.axes]
    assert drawing.fits
    assert len({round(box.x0, 3) for box in boxes}) == 1
    assert boxes[0].y0 > boxes[1].y1 > boxes[1].y0 > boxes[2].y1
    assert drawing.picture.axes[0].xaxis.label.get_fontsize() == 8.0
    wide = Drawing(side_by_side(), Sheet(**{**options, "width_mm": 170.0}))
    assert len({round(axes.get_position().x0, 3) for axes in wide.picture.axes}) == 2


def test_text_is_never_below_six_points_and_the_size_it_needs_is_known() -> None:
    options = {"width_mm": 85.0, "dpi": 100.0, "theme": "print", "font_size": 8.0}
    small = Drawing(side_by_side(), Sheet(**{**options, "height_mm": 50.0}))
    assert not small.fits
    assert small.picture.axes[0].xaxis.label.get_fontsize() >= 6.0
    needed = least_size(side_by_side(), Sheet(width_mm=85.0))
    assert needed is not None
    assert needed[0] == 85.0
    assert Drawing(side_by_side(), Sheet(**{**options, "height_mm": needed[1]})).fits


def test_a_label_keeps_clear_of_its_dot() -> None:
    dot = Scatter(key="d", x=[5.0], y=[1.0], size=8.0, label="a name as long as this panel is")
    panel = Panel(name="p", items=(dot,), x=Axis(range=(0, 10)), y=Axis(range=(0, 2)))
    picture = render(figure(panel), width_mm=60, height_mm=50, dpi=150)
    x, y = picture.axes[0].transData.transform((5.0, 1.0))
    for _, box in boxes(picture):
        assert not (box.x0 < x < box.x1 and box.y0 < y < box.y1)


@pytest.mark.parametrize(
    ("low", "high", "first", "corner"),
    [(699_960, 700_040, "699,960", ""), (0, 1_000_000, "0.00", "×10⁶"), (0, 80, "0", "")],
)
def test_close_whole_numbers_are_written_out_at_the_ticks(
    low: int, high: int, first: str, corner: str
) -> None:
    from matplotlib.figure import Figure as Picture

    axes = Picture().add_subplot()
    axes.set_xlim(low, high)
    locator, numbers = linear_ticks(4)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(numbers)
    axes.figure.draw_without_rendering()
    assert axes.xaxis.get_ticklabels()[0].get_text() == first
    assert axes.xaxis.get_offset_text().get_text() == corner
