"""Blades for other programs: read back by readers of our own, and checked as curves."""

import csv
import math

import numpy as np
import pytest

from zoetrope.core.rope import RopeError, compare, solve
from zoetrope.core.rope.blade import (
    blade_csv,
    polyline_dxf,
    rope_blade,
    straight_arc_blade,
    straight_arc_joint,
)


def assert_is_a_curve(blade, tolerance):
    """Steps between stations have the length and the mean direction that the columns say."""
    dz, dr, ds = np.diff(blade.z), np.diff(blade.r), np.diff(blade.s)
    slope = np.radians(blade.slope_deg)
    middle = (slope[1:] + slope[:-1]) / 2
    assert np.hypot(dz, dr) == pytest.approx(ds, rel=tolerance)
    assert dz / ds == pytest.approx(np.cos(middle), abs=tolerance)
    assert dr / ds == pytest.approx(np.sin(middle), abs=tolerance)


@pytest.mark.parametrize("sampling", ["arc", "x"])
def test_a_ropes_blade_is_its_curve(sampling):
    rope = solve(3.0, 2.0)
    blade = rope_blade(rope, 2001, sampling)
    assert_is_a_curve(blade, 1e-5)
    assert (blade.z[0], blade.r[0], blade.s[0]) == (0, 0, 0)
    assert (blade.z[-1], blade.r[-1], blade.s[-1]) == (2.0, 0, 3.0)
    assert blade.r.max() == pytest.approx(rope.sag, rel=1e-9)
    assert blade.slope_deg[0] == pytest.approx(rope.end_angle_deg[0])
    even = np.diff(blade.s if sampling == "arc" else blade.z)
    assert even == pytest.approx(even[0], rel=1e-9)


@pytest.mark.parametrize("name", ["sas_same_length", "sas_minimax", "sas_same_angle"])
def test_a_straight_arc_blade_and_its_joint(name):
    comparison = compare(3.0, 2.0)
    overlay = comparison[name]
    blade = straight_arc_blade(overlay, 4001)
    assert_is_a_curve(blade, 1e-3)
    assert blade.z[-1] == pytest.approx(2.0, rel=1e-12)
    assert blade.s[-1] == pytest.approx(overlay.length, rel=1e-12)
    assert blade.r.max() == pytest.approx(overlay.sag, rel=1e-9)
    assert blade.r == pytest.approx(np.interp(blade.z, overlay.x, overlay.y), abs=2e-5)
    z, r = straight_arc_joint(overlay)
    fit = overlay.straight_arc
    assert math.hypot(z, r) == pytest.approx(fit.straight_length)
    # the joint lies on the circle, and the straight part touches it there
    centre = overlay.sag - fit.radius
    assert math.hypot(z - 1.0, r - centre) == pytest.approx(fit.radius, rel=1e-9)
    assert z * (z - 1.0) + r * (r - centre) == pytest.approx(0, abs=1e-9)


def test_no_blade_comes_of_a_smooth_overlay():
    with pytest.raises(RopeError, match="straight parts"):
        straight_arc_blade(compare(3.0, 2.0)["parabola"])


def test_the_csv_reads_back_exactly():
    blade = rope_blade(solve(3.0, 2.0), 101)
    text = blade_csv(blade, "Blade\nof 3 m")
    lines = text.splitlines()
    assert lines[0].startswith("# Blade of 3 m")
    rows = list(csv.DictReader(lines[1:]))
    assert list(rows[0]) == ["z (m)", "r (m)", "slope (deg)", "s (m)"]
    columns = (blade.z, blade.r, blade.slope_deg, blade.s)
    for name, column in zip(rows[0], columns, strict=True):
        assert [float(row[name]) for row in rows] == column.tolist()


def read_dxf(text):
    """A strict reader of what release 12 says a drawing of one polyline is."""
    lines = text.splitlines()
    assert len(lines) % 2 == 0
    assert text.isascii()
    groups = []
    for code, value in zip(lines[::2], lines[1::2], strict=True):
        number = int(code)
        real, whole = 10 <= number < 60, 60 <= number < 80
        groups.append((number, float(value) if real else int(value) if whole else value))
    sections, entities = [], []
    for index, group in enumerate(groups):
        if group == (0, "SECTION"):
            assert groups[index + 1][0] == 2
            sections.append(groups[index + 1][1])
        if sections == ["HEADER", "ENTITIES"] and group[0] == 0 and group[1] != "SECTION":
            entities.append((group[1], {}))
        elif entities:
            assert group[0] not in entities[-1][1]
            entities[-1][1][group[0]] = group[1]
    assert groups[-1] == (0, "EOF")
    assert (9, "$ACADVER") in groups
    assert groups[groups.index((9, "$ACADVER")) + 1] == (1, "AC1009")
    return entities


def test_the_drawing_is_one_polyline_in_space_through_the_points():
    rope = solve(3.0, 2.0, n_points=65)
    names = [name for name, _ in read_dxf(polyline_dxf(rope.x, rope.y))]
    assert names == ["POLYLINE", *["VERTEX"] * 65, "SEQEND", "ENDSEC", "EOF"]
    z = np.linspace(0, 1e-7, 65)
    (_, head), *vertices, _, _, _ = read_dxf(polyline_dxf(rope.x, rope.y, z, layer="blade-1"))
    assert head == {8: "BLADE-1", 66: 1, 70: 8, 10: 0.0, 20: 0.0, 30: 0.0}
    for (_, vertex), *point in zip(vertices, rope.x, rope.y, z, strict=True):
        assert vertex == {8: "BLADE-1", 70: 32, 10: point[0], 20: point[1], 30: point[2]}


@pytest.mark.parametrize(
    ("x", "layer"), [([0.0], "ROPE"), ([0.0, math.nan], "ROPE"), ([0.0, 1.0], "my layer")]
)
def test_what_is_no_polyline_is_refused(x, layer):
    with pytest.raises(RopeError):
        polyline_dxf(np.array(x), np.array(x), layer=layer)
