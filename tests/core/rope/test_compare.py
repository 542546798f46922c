"""The curves a rope is mistaken for: against the table, and against integrals of their own."""

import json
import math
from pathlib import Path

import mpmath
import numpy as np
import pytest

from zoetrope.core.rope import RopeError, compare
from zoetrope.core.rope.overlays import overlays

DATA = Path(__file__).parents[2] / "data" / "rope" / "overlays.json"
ROWS = json.loads(DATA.read_text())
SMOOTH = {
    "catenary": "catenary",
    "parabola": "parabola",
    "sine": "sine",
    "circular_arc": "arc",
    "half_ellipse": "ellipse",
}
FITS = {
    "sas_same_length": "same_L_sag",
    "sas_minimax": "minimax",
    "sas_same_angle": "same_end_angle",
}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row["L"]))
def test_the_table(row):
    comparison = compare(row["L"], 1.0, omega=1, density=1)
    assert comparison.rope.sag == pytest.approx(row["sag"], rel=1e-12)
    for name, key in SMOOTH.items():
        overlay, known = comparison[name], row[key]
        assert overlay.sag == pytest.approx(known["sag"], rel=1e-11)
        assert overlay.sag_error_percent == pytest.approx(100 * known["sag_err"], abs=1e-9)
        # the table measured distances and inertias of polylines
        assert overlay.max_deviation_percent == pytest.approx(100 * known["maxdev"], abs=1e-3)
        assert overlay.inertia_deficit_percent == pytest.approx(100 * known["I_def"], abs=1e-6)
        assert overlay.length == pytest.approx(row["L"], rel=1e-15)
    for name, key in FITS.items():
        overlay, known = comparison[name], row["sas"][key]
        bound = 3e-4 if name == "sas_minimax" else 1e-11
        fit = overlay.straight_arc
        assert fit.arc_angle_deg == pytest.approx(known["phi"], abs=bound)
        assert fit.radius == pytest.approx(known["R"], rel=bound)
        assert fit.straight_length == pytest.approx(known["ell"], rel=bound)
        assert overlay.length == pytest.approx(known["L"], rel=bound)
        assert overlay.max_deviation_percent == pytest.approx(100 * known["maxdev"], abs=1e-3)
        assert overlay.sag_error_percent == 0
        if "I_def" in known:
            assert overlay.inertia_deficit_percent == pytest.approx(100 * known["I_def"], abs=1e-6)


@pytest.mark.parametrize("slack", [1e-12, 1e-5, 0.05, 0.57, 0.58, 4.0, 300.0, 1e4])
def test_lengths_and_inertias_against_quadrature(slack):
    nodes, weights = np.polynomial.legendre.leggauss(64)
    edges = np.linspace(0, 1, 40) ** (1 if slack < 10 else 3)
    width = np.diff(edges)[:, None]
    t = (edges[:-1, None] + width * (nodes + 1) / 2).ravel()
    weight = (width * weights / 2).ravel()
    for curve in overlays(slack):
        point = curve.points(t)
        ds = np.hypot(point.across1, point.height1)
        span = 2 * np.sum(weight * point.across1)
        gain = point.height1**2 / (ds + np.abs(point.across1))
        gain = gain + np.abs(point.across1) - point.across1
        lost = 1e-15 / slack  # the span, rounded
        assert span == pytest.approx(1, abs=1e-13 * max(1, slack))
        if curve.name != "half_ellipse" or slack > 1e-4:  # its corners defeat the quadrature
            assert 2 * np.sum(weight * gain) == pytest.approx(slack, rel=1e-11 + lost)
        assert 2 * np.sum(weight * point.height**2 * ds) == pytest.approx(curve.inertia, rel=1e-11)
        ends = curve.points(np.array([0.0, 1.0]))
        assert ends.height == pytest.approx([curve.sag, 0], abs=1e-14 * curve.sag)
        assert ends.across == pytest.approx([0, 0.5], abs=1e-14)


@pytest.mark.parametrize("slack", [1e-13, 1e-6, 0.1])
def test_a_flat_ellipse_against_multiple_precision(slack):
    h = next(curve.sag for curve in overlays(slack) if curve.name == "half_ellipse")
    with mpmath.workdps(40):
        excess = mpmath.ellipe(1 - 4 * mpmath.mpf(h) ** 2) - 1
        assert float(excess / mpmath.mpf(slack)) == pytest.approx(1, rel=1e-14)


@pytest.mark.parametrize("slack", [1e-9, 0.02, 0.5, 3.0, 99.0])
def test_the_rope_has_the_largest_inertia_of_its_length(slack):
    comparison = compare(None, 1.0, slack=slack)
    for name in (*SMOOTH, "sas_same_length"):
        assert comparison[name].inertia_deficit_percent > -1e-11, name


def distance_to_polyline(x, y, point):
    start, along = np.array([x[:-1], y[:-1]]), np.array([np.diff(x), np.diff(y)])
    gap = np.array(point)[:, None] - start
    share = np.clip((gap * along).sum(0) / (along**2).sum(0), 0, 1)
    return np.hypot(*(gap - share * along)).min()


@pytest.mark.parametrize("slack", [1e-6, 0.3, 6.0])
def test_deviations_against_the_curves_as_drawn(slack):
    comparison = compare(None, 2.0, slack=slack, n_points=513)
    rope = comparison.rope
    for overlay in comparison.overlays:
        for place in (20, 120, 200, 256, 400):
            point = rope.x[place], rope.y[place]
            distance = distance_to_polyline(overlay.x, overlay.y, point)
            corners = 1e-4 * rope.sag  # a polyline cuts them
            assert abs(overlay.deviation[place]) == pytest.approx(distance, abs=corners)
        greatest = np.abs(overlay.deviation).max() / rope.sag * 100
        assert overlay.max_deviation_percent == pytest.approx(greatest, rel=1e-3)
        assert np.allclose(overlay.deviation, overlay.deviation[::-1])


def test_the_sign_of_a_deviation():
    comparison = compare(2.0, 1.0)
    middle = len(comparison.rope.x) // 2
    for overlay in comparison.overlays:
        if overlay.name == "half_ellipse":
            continue  # its lower parts are the nearest to the apex, if barely
        higher = overlay.sag - comparison.rope.sag
        assert overlay.deviation[middle] == pytest.approx(higher, abs=1e-9)


def test_the_minimax_fit_balances_and_beats_its_neighbours():
    comparison = compare(1.7, 1.0, n_points=1025)
    best = comparison["sas_minimax"]
    assert best.deviation.max() == pytest.approx(-best.deviation.min(), rel=1e-4)
    for name in ("sas_same_length", "sas_same_angle"):
        assert comparison[name].max_deviation_percent > best.max_deviation_percent


def test_straight_arc_numbers_fit_together():
    comparison = compare(1.5, 0.9)
    for name in FITS:
        overlay = comparison[name]
        fit, rope = overlay.straight_arc, comparison.rope
        phi = math.radians(fit.arc_angle_deg)
        half = fit.radius * math.sin(phi) + fit.straight_length * math.cos(phi)
        assert half == pytest.approx(0.45, rel=1e-13)
        height = fit.radius * (1 - math.cos(phi)) + fit.straight_length * math.sin(phi)
        assert height == pytest.approx(rope.sag, rel=1e-13)
        assert 2 * (fit.radius * phi + fit.straight_length) == pytest.approx(overlay.length)
        pieces = np.hypot(np.diff(overlay.x), np.diff(overlay.y)).sum()
        assert pieces == pytest.approx(overlay.length, rel=1e-4)
        middle = len(rope.x) // 2
        assert fit.residual_curvature[middle] == pytest.approx(1 / fit.radius - rope.apex_curvature)
        assert fit.residual_curvature[1] == pytest.approx(-rope.curvature[1])
    angle = comparison["sas_same_angle"].straight_arc.arc_angle_deg
    assert angle == pytest.approx(comparison.rope.end_angle_deg[0], rel=1e-13)


def test_scale():
    small, large = compare(2.0, 1.0), compare(30.0, 15.0, omega=1.0, density=9.0)
    for one, other in zip(small.overlays, large.overlays, strict=True):
        assert np.allclose(15 * one.y, other.y, atol=1e-12)
        assert other.max_deviation_percent == pytest.approx(one.max_deviation_percent, rel=1e-9)
        assert other.inertia_deficit_percent == pytest.approx(one.inertia_deficit_percent, abs=1e-9)


def test_an_overhanging_arc_says_so():
    assert compare(1.5, 1.0)["circular_arc"].note == ""
    arc = compare(2.0, 1.0)["circular_arc"]
    assert arc.note.startswith("The circular arc is more than a half circle: it overhangs each end")
    assert arc.x.max() > 1.0


@pytest.mark.parametrize("slack", [1e-60, 1e-15, 1e4, 1e12])
def test_extremes_stay_finite(slack):
    comparison = compare(None, 1.0, slack=slack, n_points=65)
    for overlay in comparison.overlays:
        assert overlay.reason == ""
        assert np.isfinite(overlay.x).all()
        assert np.isfinite(overlay.y).all()
        assert np.isfinite(overlay.deviation).all()
        assert math.isfinite(overlay.max_deviation_percent + overlay.inertia_deficit_percent)


def test_bad_questions():
    for points in (64, 66, 63.0, 3):
        with pytest.raises(RopeError) as caught:
            compare(2.0, 1.0, n_points=points)
        assert (caught.value.code, caught.value.parameter) == ("bad_value", "n_points")
    with pytest.raises(RopeError) as caught:
        compare(1.0, 1.0)
    assert caught.value.code == "taut"
    with pytest.raises(RopeError, match="told from it") as caught:
        compare(1e13, 1.0)
    assert (caught.value.code, caught.value.parameter) == ("bad_value", "length")
    with pytest.raises(KeyError):
        compare(2.0, 1.0)["spline"]
