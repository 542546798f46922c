"""The figure description: equal by value, immutable, and clear about what it refuses."""

import numpy as np
import pytest

from zoetrope.core.edits import Edit, Orbit, TableEdit, View
from zoetrope.core.figure import Axis, Figure, Panel, barred, panel_limits
from zoetrope.core.items import Bars, Curve, Handle, HeatMap, Rule, Scatter


def test_arrays_are_copied_and_read_only() -> None:
    x = np.arange(3.0)
    curve = Curve(key="a", x=x, y=x)
    x[0] = 9.0
    assert curve.x[0] == 0.0
    with pytest.raises(ValueError, match="read-only"):
        curve.y[0] = 1.0


def test_items_are_equal_by_value_and_nan_equals_nan() -> None:
    one = Curve(key="a", x=[0, 1], y=[np.nan, 2])
    assert one == Curve(key="a", x=[0, 1], y=[np.nan, 2])
    assert one != Curve(key="a", x=[0, 1], y=[np.nan, 3])
    assert one != Scatter(key="a", x=[0, 1], y=[np.nan, 2])
    figure = Figure(panels=(Panel(name="p", items=(one,)),))
    assert figure == Figure(
        panels=(Panel(name="p", items=(Curve(key="a", x=[0, 1], y=[np.nan, 2]),)),)
    )


def test_ragged_data_and_twins_are_refused() -> None:
    with pytest.raises(ValueError, match="differ in shape"):
        Curve(key="a", x=[0, 1], y=[0])
    with pytest.raises(ValueError, match="dimensional"):
        HeatMap(key="a", z=[0, 1], extent=(0, 1, 0, 1))
    a = Curve(key="a", x=[0], y=[0])
    with pytest.raises(ValueError, match="same key"):
        Panel(name="p", items=(a, a))
    with pytest.raises(ValueError, match="must differ"):
        Figure(panels=(Panel(name="p"), Panel(name="p")))
    with pytest.raises(ValueError, match="linked to 'q'"):
        Figure(panels=(Panel(name="p", link_x="q"),))


def test_gestures_that_could_not_be_told_apart_are_refused() -> None:
    points = Scatter(key="a", x=[0], y=[0], edits=TableEdit("points"))
    others = Scatter(key="b", x=[0], y=[0], edits=TableEdit("others"))
    assert Panel(name="p", items=(points,), brush=TableEdit("points")).items == (points,)
    with pytest.raises(ValueError, match="more than one table"):
        Panel(name="p", items=(points, others))
    with pytest.raises(ValueError, match="more than one table"):
        Panel(name="p", items=(points,), brush=TableEdit("others"))
    with pytest.raises(ValueError, match="cannot both turn"):
        Panel(name="p", items=(points,), orbit=Orbit(Edit("a"), Edit("b")))
    with pytest.raises(ValueError, match="once"):
        TableEdit("points", also=(("points", 1),))
    with pytest.raises(ValueError, match="once"):
        TableEdit("")


def test_one_bar_explains_a_panel_heat_maps_first() -> None:
    plain = Scatter(key="a", x=[0], y=[0], bar=True)
    points = Scatter(key="b", x=[0], y=[0], values=[1], bar=True)
    quiet = Scatter(key="c", x=[0], y=[0], values=[1])
    heat = HeatMap(key="d", z=[[0.0]], extent=(0, 1, 0, 1))
    assert barred(Panel(name="p", items=(plain, quiet))) is None
    assert barred(Panel(name="p", items=(plain, points))) is points
    assert barred(Panel(name="p", items=(points, heat))) is heat


def test_limits_hold_every_item_with_a_margin() -> None:
    panel = Panel(
        name="p",
        items=(
            Curve(key="a", x=[0, 10], y=[0, np.nan]),
            Bars(key="b", x=[5], height=[-20], width=1),
            Rule(key="r", axis="y", value=20.0),
        ),
    )
    assert panel_limits(panel, margin=0.1) == pytest.approx((-1, 11, -24, 24))


def test_limits_of_a_log_axis_ignore_what_is_not_positive() -> None:
    panel = Panel(name="p", items=(Curve(key="a", x=[0, 1, 100], y=[1, 1, 1]),), x=Axis(log=True))
    x0, x1, y0, y1 = panel_limits(panel, margin=0.5)
    assert (x0, x1) == pytest.approx((0.1, 1000))
    assert y0 < 1 < y1


def test_a_declared_range_is_taken_as_it_is() -> None:
    panel = Panel(name="p", x=Axis(range=(-3, 4)))
    assert panel_limits(panel) == pytest.approx((-3, 4, -0.05, 1.05))


def test_edits_translate_places_into_values() -> None:
    assert Edit("a", scale=2, offset=1).value(3) == 7
    bent = Edit("a", knots=((0.0, 0.0), (1.0, 10.0), (2.0, 11.0)))
    assert bent.value(0.5) == 5
    assert bent.value(1.5) == 10.5
    assert bent.value(9) == 11
    assert Handle(key="h", x=1, y=2, x_edit=bent) == Handle(key="h", x=1, y=2, x_edit=bent)


def test_a_heat_map_fills_its_panel() -> None:
    map_ = HeatMap(key="h", z=[[0, 1], [2, 3]], extent=(-1, 3, 2, 8))
    dot = Scatter(key="d", x=[0], y=[4])
    assert panel_limits(Panel(name="p", items=(map_, dot))) == (-1, 3, 2, 8)


VIEW = View(Edit("low"), Edit("high"), limits=(0.0, 100.0), narrowest=2.0)


@pytest.mark.parametrize(
    ("asked", "seen"),
    [
        ((10.0, 30.0), (10.0, 30.0)),
        ((30.0, 10.0), (30.0, 10.0)),
        ((-10.0, 10.0), (0.0, 20.0)),
        ((95.0, 115.0), (80.0, 100.0)),
        ((115.0, 95.0), (100.0, 80.0)),
        ((-50.0, 200.0), (0.0, 100.0)),
        ((50.0, 50.5), (49.25, 51.25)),
        ((100.0, 100.0), (98.0, 100.0)),
    ],
)
def test_a_view_stays_within_its_limits_and_keeps_its_width(asked, seen) -> None:
    assert VIEW.fit(*asked) == seen


def test_a_view_of_a_log_axis_keeps_its_decades() -> None:
    view = View(Edit("low"), Edit("high"), limits=(1.0, 1e4), narrowest=0.5)
    assert view.fit(0.1, 1.0, log=True) == pytest.approx((1.0, 10.0))
    assert view.fit(1e3, 1e6, log=True) == pytest.approx((10.0, 1e4))
    assert view.fit(100.0, 100.0, log=True) == pytest.approx((10**1.75, 10**2.25))


def test_a_view_says_what_its_parameters_become() -> None:
    view = View(Edit("low", scale=0.01), Edit("high", scale=0.01), limits=(0.0, 100.0))
    assert view.values(20.0, 50.0) == {"low": 0.2, "high": 0.5}


def test_a_view_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="rise"):
        View(Edit("low"), Edit("high"), limits=(1.0, 1.0))
    with pytest.raises(ValueError, match="differ"):
        View(Edit("low"), Edit("low"), limits=(0.0, 1.0))
    with pytest.raises(ValueError, match="turn and move"):
        Panel(name="p", orbit=Orbit(Edit("a"), Edit("b")), view_x=VIEW)
