"""Pinned pictures under a live one: what is laid where, and that what is drawn is true."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from zoetrope.core.cell_outline import outline
from zoetrope.core.edits import Edit, TableEdit, View
from zoetrope.core.figure import Axis, Figure, Panel
from zoetrope.core.ghost import FADED, Ghost, with_ghosts
from zoetrope.core.items import Curve, Handle, HeatMap, Item, Label, Rectangle, Rule, Scatter

X = np.linspace(0.0, 1.0, 11)
WORDS = "pinned: d = 2 m"


def curve(height: float, **more: object) -> Curve:
    return Curve(key="y", x=X, y=height * X, role="data2", label="y", **more)  # type: ignore[arg-type]


def panel(*items: Item, **more: object) -> Panel:
    axes = {"x": Axis("Time", "s"), "y": Axis("Height", "m")}
    return Panel(name="p", items=items, **(axes | more))  # type: ignore[arg-type]


def laid(live: Panel, *pinned: Panel) -> Panel:
    ghosts = [(Ghost.of(Figure(panels=(p,)), n), f"{WORDS}{n}") for n, p in enumerate(pinned)]
    return with_ghosts(Figure(panels=(live,)), ghosts).panels[0]


def by_key(shown: Panel) -> dict[str, Item]:
    return {item.key: item for item in shown.items}


def test_a_curve_stays_paler_thinner_behind_and_named() -> None:
    shown = laid(panel(curve(1.0)), panel(curve(2.0)))
    drawn = list(shown.drawn())
    ghost, words, live = drawn
    assert isinstance(ghost, Curve)
    assert ghost.y.tolist() == (2.0 * X).tolist()
    assert ghost.role == "data2"
    assert ghost.opacity == FADED
    assert ghost.width < live.width  # type: ignore[attr-defined]
    assert (words.label, ghost.label, live.label) == (f"{WORDS}0", "", "y")
    assert words.opacity == 0.0  # type: ignore[attr-defined]
    assert live == curve(1.0)


def test_the_words_stand_where_the_two_differ_most() -> None:
    bump = Curve(key="y", x=X, y=np.exp(-((X - 0.3) ** 2) / 0.01), role="data1")
    shown = by_key(laid(panel(replace(bump, y=0 * X)), panel(bump)))
    assert shown["pinned 0"].label_at == pytest.approx(0.3)  # type: ignore[attr-defined]


def test_several_ghosts_differ_in_their_dashes_and_words() -> None:
    shown = by_key(laid(panel(curve(1.0)), panel(curve(2.0)), panel(curve(3.0)), panel(curve(4.0))))
    dashes = [shown[f"pinned {n} y"].dash for n in range(3)]  # type: ignore[attr-defined]
    assert dashes == ["solid", "dash", "dot"]
    assert [shown[f"pinned {n}"].label for n in range(3)] == [f"{WORDS}{n}" for n in range(3)]


@pytest.mark.parametrize(
    "other",
    [{"x": Axis("Time", "min")}, {"y": Axis("Height", "m", log=True)}, {"y": Axis("Depth", "m")},
     {"equal": True}, {"x": Axis("Time", "s", words=("a", "b"))}],
)  # fmt: skip
def test_a_panel_whose_axes_mean_something_else_has_no_ghost(other: dict[str, object]) -> None:
    live = panel(curve(1.0))
    assert laid(live, panel(curve(2.0), **other)) == live


def test_a_panel_of_another_name_has_no_ghost() -> None:
    live = panel(curve(1.0))
    assert laid(live, replace(panel(curve(2.0)), name="q")) == live


def test_a_declared_range_makes_room_for_both_unless_a_person_holds_it() -> None:
    live = panel(curve(1.0), y=Axis("Height", "m", range=(0.0, 1.0)))
    pinned = panel(curve(2.0), y=Axis("Height", "m", range=(-1.0, 0.5)))
    assert laid(live, pinned).y.range == (-1.0, 1.0)
    backwards = replace(live, y=Axis("Height", "m", range=(1.0, 0.0)))
    assert laid(backwards, pinned).y.range == (1.0, -1.0)
    held = replace(live, view_y=View(Edit("low"), Edit("high"), (0.0, 9.0)))
    assert laid(held, pinned).y.range == (0.0, 1.0)


def test_what_can_be_done_and_what_is_only_read_is_not_pinned() -> None:
    touched = (
        Handle(key="h", x=0.0, y=0.0, x_edit=Edit("span")),
        Label(key="t", label="words", x=0.0, y=0.0),
        Rectangle(key="m", x=(0, 1), y=(0, 1), view_x=View(Edit("a"), Edit("b"), (0, 1))),
        Scatter(key="s", x=X, y=X, edits=TableEdit("points"), pick=Edit("node")),
    )
    shown = by_key(laid(panel(curve(1.0)), panel(*touched)))
    assert set(shown) == {"y", "pinned 0 s", "pinned 0"}
    scatter = shown["pinned 0 s"]
    assert isinstance(scatter, Scatter)
    assert scatter.edits is None
    assert scatter.pick is None


def test_a_guide_is_shown_only_where_it_moved() -> None:
    def ruled(value: float) -> Panel:
        return panel(curve(1.0), Rule(key="r", axis="y", value=value, label="limit"))

    assert "pinned 0 r" not in by_key(laid(ruled(0.5), ruled(0.5)))
    moved = by_key(laid(ruled(0.5), ruled(0.7)))["pinned 0 r"]
    assert isinstance(moved, Rule)
    assert (moved.value, moved.label, moved.dash) == (0.7, "", "dot")


def test_of_a_rectangle_that_moved_the_outline_stays_above_the_live_one() -> None:
    def barred(long: float) -> Panel:
        return panel(Rectangle(key="b", x=(0.0, long), y=(0.0, 1.0)), curve(1.0))

    assert "pinned 0 b" not in by_key(laid(barred(2.0), barred(2.0)))
    drawn = list(laid(barred(2.0), barred(1.0)).drawn())
    top = drawn[-1]
    assert isinstance(top, Rectangle)
    assert (top.key, top.x, top.opacity, top.role) == ("pinned 0 b", (0.0, 1.0), 0.0, "text")


# -- heat maps -----------------------------------------------------------------------------------


def heat(z: np.ndarray, **more: object) -> HeatMap:
    return HeatMap(key="z", z=z, extent=(0.0, 4.0, 0.0, 2.0), label="p", **more)  # type: ignore[arg-type]


def test_the_outline_runs_along_the_edges_of_the_cells_above() -> None:
    z = np.zeros((2, 4))
    z[0, 1:3] = 1.0
    z[1, 3] = np.nan
    x0, y0, x1, y1 = outline(heat(z), 0.5)
    lines = {tuple(map(float, line)) for line in zip(x0, y0, x1, y1, strict=True)}
    # Above the two cells, and at both sides: nothing along the border of the map.
    assert lines == {(1, 1, 3, 1), (1, 0, 1, 1), (3, 0, 3, 1)}


def test_every_edge_between_a_cell_above_and_one_that_is_not_is_outlined_once() -> None:
    z = np.random.default_rng(3).random((7, 9))
    x0, y0, x1, y1 = outline(HeatMap(key="z", z=z, extent=(0, 9, 0, 7)), 0.5)
    above = z > 0.5
    edges = (above[1:] != above[:-1]).sum() + (above[:, 1:] != above[:, :-1]).sum()
    assert np.hypot(x1 - x0, y1 - y0).sum() == edges


def test_an_outline_on_a_log_axis_keeps_to_the_cells() -> None:
    z = np.array([[0.0, 1.0]])
    x0, _, x1, _ = outline(HeatMap(key="z", z=z, extent=(1.0, 100.0, 0.0, 1.0)), 0.5, log_x=True)
    assert x0.tolist() == x1.tolist() == pytest.approx([10.0])


def test_a_map_of_shapes_leaves_its_outline_over_the_live_map() -> None:
    rows, columns = np.indices((40, 80))
    disk = ((rows - 20) ** 2 + (columns - 30) ** 2 < 100).astype(float)
    shown = list(laid(panel(heat(0 * disk), curve(1.0)), panel(heat(disk), curve(1.0))).drawn())
    assert [item.key for item in shown] == ["z", "pinned 0 z", "pinned 0 y", "pinned 0", "y"]
    assert shown[0].z.max() == 0.0  # type: ignore[attr-defined]


def test_a_map_of_noise_shows_what_has_changed_since() -> None:
    now, then = (np.random.default_rng(seed).random((30, 60)) for seed in (1, 2))
    shown, words = laid(panel(heat(now)), panel(heat(then))).items
    assert isinstance(shown, HeatMap)
    assert np.array_equal(shown.z, now - then)
    assert shown.colours == "diverging"
    low, high = shown.levels or (0.0, 0.0)
    assert -low == high == np.abs(now - then).max()
    assert shown.label == "p, now minus pinned"
    assert words.label == f"now minus {WORDS}0"


def test_a_map_shows_the_change_since_the_first_pin_alone() -> None:
    now, first, second = (np.random.default_rng(seed).random((30, 60)) for seed in (1, 2, 3))
    shown, words = laid(panel(heat(now)), panel(heat(first)), panel(heat(second))).items
    assert np.array_equal(shown.z, now - first)  # type: ignore[attr-defined]
    assert words.label == f"now minus {WORDS}0"


def test_a_map_of_one_value_leaves_nothing() -> None:
    live = panel(heat(np.ones((4, 4))))
    assert laid(live, panel(heat(np.ones((4, 4))))) == live


def test_a_map_of_noise_over_another_place_stays_as_it_is() -> None:
    now, then = (np.random.default_rng(seed).random((30, 60)) for seed in (1, 2))
    live = panel(heat(now))
    assert laid(live, panel(replace(heat(then), extent=(0.0, 5.0, 0.0, 2.0)))) == live
    assert laid(live, panel(heat(then[:, :50]))) == live
    drawn = panel(heat(now, edits=TableEdit("cells")))
    assert laid(drawn, panel(heat(then))) == drawn


def test_an_empty_map_and_one_of_gaps_can_be_pinned() -> None:
    gaps = np.full((5, 5), np.nan)
    half = gaps.copy()
    half[:, :2] = 3.0
    assert laid(panel(heat(gaps)), panel(heat(gaps))) is not None
    lines = by_key(laid(panel(heat(gaps)), panel(heat(half))))["pinned 0 z"]
    assert set(lines.x0.tolist()) == {1.6}  # type: ignore[attr-defined]
