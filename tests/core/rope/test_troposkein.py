"""The rope on its axis against 60-digit reference values."""

import csv
import math
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import mpmath
import numpy as np
import pytest

from zoetrope.core.rope import RopeError, from_end_angle, solve
from zoetrope.core.rope.arguments import above, below, digits

DATA = Path(__file__).parents[2] / "data" / "rope" / "on_axis.csv"
ROWS = [
    {key: value if key == "id" else float(value) for key, value in row.items()}
    for row in csv.DictReader(DATA.read_text().splitlines())
]
# Below a slack of 1e-4 a length rounded to a double has lost the digits the bounds ask for.
BY_LENGTH = [row for row in ROWS if 1e-4 * 0.99 < row["L_over_d"] - 1 < 1.01e4]


def ids(row):
    return row["id"]


@pytest.mark.parametrize("row", BY_LENGTH, ids=ids)
def test_a_rope_by_its_length(row):
    rope = solve(row["L_over_d"], 1.0, omega=1, density=1, mode=int(row["mode"]), n_points=101)
    check_row(rope, row)


@pytest.mark.parametrize("row", ROWS, ids=ids)
def test_a_rope_by_its_slack(row):
    slack = float(Decimal(repr(row["L_over_d"])) - 1)
    rope = solve(None, 1.0, slack=slack, omega=1, density=1, mode=int(row["mode"]), n_points=101)
    check_row(rope, row)


def check_row(rope, row):
    height = row["sag_over_d"]
    assert rope.sag == pytest.approx(height, rel=5e-12)
    assert rope.radius_max == rope.sag
    assert rope.axial_force == pytest.approx(row["T0_over_rhow2d2"], rel=1e-11)
    assert rope.end_tension == pytest.approx((row["Tend_over_rhow2d2"],) * 2, rel=1e-11)
    assert rope.radial_force[0] == pytest.approx(row["Fradial_over_rhow2d2"], rel=1e-11)
    assert rope.end_angle_deg[0] == pytest.approx(row["end_angle_deg"], abs=1e-9)
    assert rope.inertia == pytest.approx(row["I_over_rhod3"], rel=1e-11)
    assert rope.area == pytest.approx(row["area_over_d2"], rel=1e-11)
    assert rope.apex_curvature == pytest.approx(row["kappa_apex_times_d"], rel=1e-11)
    assert rope.modulus == pytest.approx(row["k"], rel=1e-11)
    assert rope.y[10] == pytest.approx(row["y_at_x_0p10"], abs=1e-11 * height)
    assert rope.y[37] == pytest.approx(row["y_at_x_0p37"], abs=1e-11 * height)
    assert rope.s[10] == pytest.approx(row["s_at_x_0p10"], rel=1e-11)
    assert rope.diagnostics.residual < 1e-14
    assert rope.diagnostics.invariant_spread < 1e-12
    assert rope.diagnostics.inertia_residual < 1e-12


@pytest.mark.parametrize("radius", [0.0, 0.1])
@pytest.mark.parametrize("slack", [1e-60, 1e-30, 1e30, 1e60])
def test_the_ends_of_double_precision(slack, radius):
    if radius and slack < 1e-18:
        with pytest.raises(RopeError, match="too small to be resolved"):
            solve(None, 1.0, slack=slack, radius0=radius)
        return
    rope = solve(None, 1.0, slack=slack, radius0=radius)
    assert np.isfinite([rope.y, rope.s, rope.tension, rope.angle, rope.curvature]).all()
    assert np.isfinite([rope.sag, rope.inertia, rope.area, rope.volume, rope.axial_force]).all()


@pytest.mark.parametrize("slack", [1e-15, 1e-12, 1e-9, 3e-4, 0.7, 1e6, 1e9, 1e12])
def test_every_slack_against_multiple_precision(slack):
    with mpmath.workdps(60):
        delta = mpmath.mpf(slack)

        def mismatch(q):
            m, mc = 1 / (1 + mpmath.exp(-q)), 1 / (1 + mpmath.exp(q))
            return mpmath.log((2 * mpmath.ellipe(m) / (mc * mpmath.ellipk(m)) - 2) / delta)

        q = mpmath.findroot(mismatch, mpmath.log(delta))
        m, mc = 1 / (1 + mpmath.exp(-q)), 1 / (1 + mpmath.exp(q))
        K = mpmath.ellipk(m)
        sag = float(mpmath.sqrt(m) / (K * mc))
        force = float(1 / (4 * K * K * mc))
        tension = float((1 + m) / (4 * K * K * mc * mc))
        angle = float(mpmath.degrees(2 * mpmath.atan(mpmath.sqrt(m))))
        shares = (0.03, 0.25, 0.4)
        y = [
            float(mpmath.sqrt(m) / (K * mc) * mpmath.ellipfun("sn", 2 * K * x, m=m)) for x in shares
        ]
    rope = solve(None, 1.0, slack=slack, omega=1, density=1, n_points=101)
    assert rope.sag == pytest.approx(sag, rel=5e-14)
    assert rope.axial_force == pytest.approx(force, rel=5e-14)
    assert rope.end_tension[0] == pytest.approx(tension, rel=5e-14)
    assert rope.end_angle_deg[0] == pytest.approx(angle, abs=1e-12)
    assert rope.y[[3, 25, 40]] == pytest.approx(y, abs=1e-14 * sag)


def test_a_tiny_slack_keeps_the_linear_law():
    rope = solve(None, 3.0, slack=1e-12)
    assert rope.sag == pytest.approx(2 / math.pi * 1e-6 * 3.0, rel=1e-11)


def test_the_worked_example():
    rope = solve(2.6, 0.9, omega=4 * math.pi, density=0.05)
    assert rope.modulus == pytest.approx(0.829404756019, abs=1e-11)
    assert rope.sag == pytest.approx(1.16226046882, rel=1e-11)
    assert rope.axial_force == pytest.approx(1.20970744867, rel=1e-11)
    assert rope.end_tension == pytest.approx((6.54264711176,) * 2, rel=1e-11)
    assert rope.end_angle_deg == pytest.approx((79.3449472888, -79.3449472888), abs=1e-10)
    assert rope.radial_force == pytest.approx((6.42983974276,) * 2, rel=1e-11)
    assert rope.inertia == pytest.approx(0.067218777385, rel=1e-10)
    assert rope.kinetic_energy == pytest.approx(5.30738192892, rel=1e-11)
    assert rope.tip_speed == pytest.approx(14.6053958, rel=1e-8)
    assert rope.area == pytest.approx(0.726972668, rel=1e-8)


def test_the_shape_is_free_of_scale():
    one = solve(2.6, 0.9, omega=4 * math.pi, density=0.05)
    other = solve(26, 9, omega=0.37, density=7)
    assert np.abs(one.y / one.span - other.y / other.span).max() <= 1e-14
    assert np.abs(one.s / one.span - other.s / other.span).max() <= 1e-14


@pytest.mark.parametrize("length", [1.0001, 1.5, 7.0, 300.0])
def test_identities(length):
    rope = solve(length, 1.0, density=2.0, omega=3.0)
    by_energy = 2 / 3 * (length * rope.end_tension[0] - rope.axial_force) / 9.0
    assert rope.inertia == pytest.approx(by_energy, rel=1e-12 if length > 1.01 else 1e-11)
    assert math.tan(math.radians(rope.end_angle_deg[0]) / 2) == pytest.approx(
        rope.modulus, abs=1e-14
    )
    middle = len(rope.y) // 2
    assert rope.tension[middle] == pytest.approx(rope.axial_force, rel=1e-14)
    assert rope.y[middle] == pytest.approx(rope.sag, rel=1e-15)
    assert np.array_equal(rope.y, rope.y[::-1])
    assert np.array_equal(rope.tension, rope.tension[::-1])
    assert np.allclose(rope.tension * np.cos(rope.angle), rope.axial_force, rtol=1e-11, atol=0)
    assert rope.volume == pytest.approx(
        math.pi * np.trapezoid(rope.y**2, rope.x), rel=1e-4 * math.sqrt(length)
    )


def test_virtual_work():
    def inertia(length, span):
        return solve(length, span, omega=1, density=1).inertia

    rope, h = solve(2.0, 1.0, omega=1, density=1), 1e-5
    by_length = (inertia(2 + h, 1) - inertia(2 - h, 1)) / (2 * h)
    by_span = (inertia(2, 1 + h) - inertia(2, 1 - h)) / (2 * h)
    assert by_length == pytest.approx(2 * rope.end_tension[0], rel=1e-8)
    assert by_span == pytest.approx(-2 * rope.axial_force, rel=1e-8)


@pytest.mark.parametrize("mode", [2, 3, 5])
def test_a_mode_is_copies_of_the_first(mode):
    first = solve(2.5, 1.0, n_points=61)
    rope = solve(2.5, 1.0, mode=mode, n_points=60 * mode + 1)
    for lobe in range(mode):
        part = rope.y[60 * lobe : 60 * lobe + 61]
        assert np.allclose(part * mode * (-1) ** lobe, first.y, atol=1e-14)
    assert rope.inertia * mode**2 == pytest.approx(first.inertia, rel=1e-13)
    assert rope.axial_force * mode**2 == pytest.approx(first.axial_force, rel=1e-13)
    assert rope.area * mode == pytest.approx(first.area, rel=1e-13)
    assert "stable" in rope.diagnostics.warnings[0]
    assert np.array_equal(rope.y, rope.y[::-1] * (1 if mode % 2 else -1))


@pytest.mark.parametrize("n_points", [2, 3, 64, 513])
@pytest.mark.parametrize(("length", "mode"), [(1.001, 1), (2.0, 2), (50.0, 1), (1e4, 3)])
def test_even_steps_along_the_rope(length, mode, n_points):
    rope = solve(length, 1.0, mode=mode, n_points=n_points, sampling="arc")
    assert rope.s == pytest.approx(np.linspace(0, length, n_points), abs=1e-12 * length)
    assert rope.x[0] == 0
    assert rope.x[-1] == 1
    assert np.all(np.diff(rope.x) > 0)


def test_the_arc_length_is_the_length_of_the_curve():
    rope = solve(2.0, 1.0, n_points=20001)
    pieces = np.hypot(np.diff(rope.x), np.diff(rope.y))
    assert np.abs(np.concatenate([[0], np.cumsum(pieces)]) - rope.s).max() < 2e-8
    slope = np.gradient(rope.angle, rope.s, edge_order=2)
    assert np.abs(slope + rope.curvature).max() < 1e-5


@pytest.mark.parametrize("angle", [1e-7, 0.5, 45.0, 89.0, 89.9999999])
def test_a_rope_from_its_end_angle(angle):
    rope = from_end_angle(angle, 0.9)
    assert rope.end_angle_deg[0] == pytest.approx(angle, rel=1e-13)
    again = solve(None, 0.9, slack=rope.slack)
    assert again.sag == pytest.approx(rope.sag, rel=1e-13)


BAD = [True, "1", None, math.nan, math.inf, -1.0, 0.0, [1.0], 1j]


@pytest.mark.parametrize("value", BAD, ids=repr)
@pytest.mark.parametrize("name", ["length", "span", "density", "omega"])
def test_bad_values_are_named(name, value):
    arguments = {"length": 2.0, "span": 1.0, name: value}
    with pytest.raises(RopeError) as caught:
        solve(arguments.pop("length"), arguments.pop("span"), **arguments)
    still = name == "omega" and value == 0.0 and value is not False
    assert caught.value.code == ("undetermined" if still else "bad_value")
    assert caught.value.parameter == name
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"mode": 0}, "mode"),
        ({"mode": 1.0}, "mode"),
        ({"mode": True}, "mode"),
        ({"n_points": 1}, "n_points"),
        ({"n_points": 5.0}, "n_points"),
        ({"sampling": "t"}, "sampling"),
        ({"slack": math.nan}, "slack"),
        ({"slack": 1e300}, "slack"),
        ({"radius0": math.inf}, "radius0"),
        ({"radius1": "0"}, "radius1"),
        ({"omega": 1e200}, "omega"),
        ({"omega": 1e-200}, "omega"),
        ({"density": 1e-200}, "density"),
        ({"density": 10**400}, "density"),
        ({"radius0": 1e300}, "radius0"),
    ],
    ids=str,
)
def test_bad_options_are_named(arguments, name):
    with pytest.raises(RopeError) as caught:
        solve(2.0, 1.0, **arguments)
    assert (caught.value.code, caught.value.parameter) == ("bad_value", name)


def test_a_rope_that_cannot_reach():
    with pytest.raises(RopeError) as caught:
        solve(0.9, 1.0)
    assert caught.value.code == "too_short"
    assert str(caught.value) == (
        "The rope's length 0.9 m is shorter than the straight distance 1 m between its ends; "
        "make it longer than 1 m."
    )
    with pytest.raises(RopeError) as caught:
        solve(None, 1.0, slack=-0.1)
    assert caught.value.code == "too_short"


@pytest.mark.parametrize("arguments", [{"length": 1.0}, {"length": None, "slack": 0.0}], ids=str)
def test_a_taut_rope(arguments):
    with pytest.raises(RopeError) as caught:
        solve(span=1.0, **arguments)
    assert caught.value.code == "taut"


def test_a_rope_at_rest():
    with pytest.raises(RopeError, match="give it a speed above 0") as caught:
        solve(2.0, 1.0, omega=0)
    assert (caught.value.code, caught.value.parameter) == ("undetermined", "omega")


@pytest.mark.parametrize("angle", [0.0, 90.0, -5.0])
def test_an_angle_no_rope_has(angle):
    with pytest.raises(RopeError) as caught:
        from_end_angle(angle, 1.0)
    assert (caught.value.code, caught.value.parameter) == ("no_solution", "end_angle")


def test_numbers_beyond_every_float():
    for arguments in ({"length": 10**400, "span": 0.9}, {"length": 2.6, "span": 10**400}):
        with pytest.raises(RopeError) as caught:
            solve(**arguments)
        assert caught.value.code == "bad_value"
        assert len(str(caught.value)) < 80
    with pytest.raises(RopeError) as caught:
        solve(1e300, 0.9, radius1=0.3)
    assert (caught.value.code, caught.value.parameter) == ("bad_value", "length")
    with pytest.raises(RopeError, match="too small") as caught:
        from_end_angle(1e-200, 1.0)
    assert (caught.value.code, caught.value.parameter) == ("bad_value", "end_angle")


def test_the_length_is_the_one_given():
    for length in (2.6, 1.1, 0.9000001, 1234.5678):
        assert solve(length, 0.9).length == length
        assert solve(length + 1, 0.9, radius0=0.2).length == length + 1


def test_numbers_in_sentences():
    assert digits(3.13209195267) == "3.13209"
    assert digits(1e5) == "100000"
    assert digits(123456789.0) == "123457000"
    assert digits(1e-5) == "0.00001"
    assert digits(1e200) == "1e+200"
    assert (above(3.13209195), below(3.13209195), above(1.0)) == ("3.1321", "3.13209", "1")


def test_the_package_loads_light():
    code = (
        "import sys, zoetrope.core.rope as rope; rope.solve(2.0, 1.0);"
        "heavy = {'torch', 'scipy', 'matplotlib', 'PyQt6'} & set(sys.modules);"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    root = Path(__file__).parents[3]
    subprocess.run([sys.executable, "-c", code], check=True, cwd=root)
