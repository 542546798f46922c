"""The whirling rope with a free end: the table, the differential equation, the count of shapes."""

import csv
import math
from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.special import jn_zeros

from zoetrope.core.rope import RopeError, free_end_onsets, free_end_shapes

DATA = Path(__file__).parents[2] / "data" / "rope" / "free_end.csv"
ROWS = list(csv.DictReader(DATA.read_text().splitlines()))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_the_table(row):
    value = {key: float(text) for key, text in row.items() if key != "id"}
    shapes = free_end_shapes(1.0, omega=math.sqrt(value["Lambda"]), gravity=1.0, density=1.0)
    shape = next(shape for shape in shapes if shape.nodes == value["interior_nodes"])
    assert shape.tip_radius == pytest.approx(value["tip_radius_over_L"], rel=1e-8)
    assert shape.tip_angle_deg == pytest.approx(value["tip_angle_deg"], rel=1e-8)
    assert shape.drop == pytest.approx(value["drop_over_L"], rel=1e-8)
    assert shape.support_tension == pytest.approx(value["T_top_over_rhogL"], rel=1e-8)
    assert abs(shape.support_angle_deg) == pytest.approx(value["support_angle_deg"], rel=1e-8)
    # the table's is the greatest of its samples, which leave the free end out
    assert value["max_radius_over_L"] < shape.radius_max < value["max_radius_over_L"] * (1 + 1e-5)
    assert shape.residual < 1e-13
    assert shape.invariant_spread < 1e-13


def test_the_onsets_are_zeros_of_a_bessel_function():
    onsets = free_end_onsets(2.0, gravity=9.80665, count=12)
    assert onsets == pytest.approx(jn_zeros(0, 12) / 2 * math.sqrt(9.80665 / 2), rel=1e-13)
    numbers = np.array(free_end_onsets(1.0, gravity=1.0)[:3]) ** 2
    assert numbers == pytest.approx([1.44580, 7.61782, 18.72175], abs=5e-6)


@pytest.mark.parametrize("number", [1.446, 7.6, 7.63, 20.0, 60.0])
def test_there_are_as_many_shapes_as_onsets_passed(number):
    shapes = free_end_shapes(1.0, omega=math.sqrt(number), gravity=1.0)
    expected = int(np.sum((jn_zeros(0, 10) / 2) ** 2 < number))
    assert [shape.nodes for shape in shapes] == list(range(expected))


@pytest.mark.parametrize(("omega", "radius"), [(4.0, 0.0), (6.0, 0.1), (3.0, -0.4), (1.0, 2.0)])
def test_the_differential_equation(omega, radius):
    """Integrate down from the support: T' balances weight and centrifugal force."""
    for shape in free_end_shapes(1.3, omega=omega, radius=radius, density=0.2, n_points=129):
        g = 9.80665

        def rate(_, state, weight=0.2 * g, spin=0.2 * omega**2):
            _, y, down, out = state
            tension = math.hypot(down, out)
            return [-down / tension, out / tension, -weight, -spin * y]

        angle = math.radians(shape.support_angle_deg)
        start = [0, radius, shape.support_tension * math.cos(angle),
                 shape.support_tension * math.sin(angle)]  # fmt: skip
        inner = shape.s[shape.s < 1.2]
        path = solve_ivp(rate, (0, 1.2), start, "DOP853", inner, rtol=1e-12, atol=1e-13)
        count = len(inner)
        assert np.abs(path.y[0] - shape.x[:count]).max() < 1e-8
        assert np.abs(path.y[1] - shape.y[:count]).max() < 1e-8
        assert np.hypot(path.y[2], path.y[3]) == pytest.approx(shape.tension[:count], abs=1e-8)
        assert shape.x[-1] == pytest.approx(-shape.drop, rel=1e-12)
        assert shape.y[[0, -1]] == pytest.approx([radius, shape.tip_radius], abs=1e-12)
        assert shape.tension[-1] == 0
        square = np.trapezoid(shape.y**2, shape.s)
        assert shape.inertia == pytest.approx(0.2 * square, rel=1e-3)


def test_one_shape_stands_out_at_any_radius():
    (only,) = free_end_shapes(1.0, omega=2.0, radius=0.5)
    assert only.nodes == 0
    assert only.tip_radius > 0.5
    mirrored = free_end_shapes(1.0, omega=2.0, radius=-0.5)[0]
    assert np.array_equal(mirrored.y, -only.y)
    assert mirrored.tip_angle_deg == -only.tip_angle_deg


def test_fast_ropes_are_almost_level():
    fastest = free_end_shapes(1.0, omega=20.0, gravity=1.0, density=1.0)[0]
    assert fastest.support_tension == pytest.approx(400 / 2, rel=1e-3)
    assert fastest.tip_angle_deg > 89


@pytest.mark.parametrize(
    ("arguments", "code", "name"),
    [
        ({"omega": 1.0}, "collapsed", "omega"),
        ({"omega": 0.0, "radius": 0.2}, "collapsed", "omega"),
        ({"omega": -3.0, "radius": 0.2}, "collapsed", "omega"),
        ({"omega": 1e4}, "bad_value", "omega"),
        ({"omega": math.nan}, "bad_value", "omega"),
        ({"omega": 5.0, "gravity": 0.0}, "bad_value", "gravity"),
        ({"omega": 5.0, "radius": 1e4}, "bad_value", "radius"),
        ({"omega": 5.0, "n_points": 1}, "bad_value", "n_points"),
    ],
)
def test_bad_input(arguments, code, name):
    with pytest.raises(RopeError) as caught:
        free_end_shapes(1.0, **arguments)
    assert caught.value.code == code
    assert caught.value.parameter == name
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize("radius", [1e-12, 1e-50, 1e-300])
def test_next_to_the_axis_the_end_answers_the_support_in_proportion(radius):
    near = min(
        free_end_shapes(2.6, omega=4 * math.pi, radius=radius), key=lambda s: abs(s.tip_radius)
    )
    far = min(free_end_shapes(2.6, omega=4 * math.pi, radius=1e-9), key=lambda s: abs(s.tip_radius))
    assert near.tip_radius / radius == pytest.approx(far.tip_radius / 1e-9, rel=1e-9)
