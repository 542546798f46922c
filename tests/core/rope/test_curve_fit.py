"""The rope through points: recovered exactly, with honest errors, and refused when it must be."""

import math

import numpy as np
import pytest
from scipy.optimize import least_squares

from zoetrope.core.rope import RopeError, solve
from zoetrope.core.rope.curve_fit import fit_points, fit_steps
from zoetrope.core.rope.unit_curve import UnitCurve

SPAN, OFFSET = 300.0, (100.0, 50.0)


def points_on(ratio, tilt, count=40, part=(0.0, 1.0), noise=0.0, seed=0):
    rope = solve(SPAN * ratio, SPAN, n_points=2001, sampling="arc")
    chosen = np.linspace(2000 * part[0], 2000 * part[1], count).astype(int)
    x, y = rope.x[chosen], rope.y[chosen]
    rng = np.random.default_rng(seed)
    error = noise * rng.standard_normal((2, count))
    cosine, sine = math.cos(tilt), math.sin(tilt)
    turned = np.array([cosine * x - sine * y, sine * x + cosine * y])
    return turned + np.array(OFFSET)[:, None] + error, rope


@pytest.mark.parametrize("ratio", [1.01, 1.5, 2.889, 20.0])
@pytest.mark.parametrize("tilt", [0.3, -2.0])
@pytest.mark.parametrize("part", [(0.0, 1.0), (0.1, 0.85)])
def test_points_on_a_rope_give_that_rope(ratio, tilt, part):
    (x, y), rope = points_on(ratio, tilt, part=part)
    fit = fit_points(x, y)
    assert fit.length_ratio - 1 == pytest.approx(ratio - 1, rel=1e-4)
    assert fit.span == pytest.approx(SPAN, rel=1e-4)
    assert math.radians(fit.tilt_deg) == pytest.approx(tilt, abs=1e-5)
    assert (fit.x0, fit.y0) == pytest.approx(OFFSET, abs=0.02)
    assert fit.sag == pytest.approx(rope.sag, rel=2e-4)
    assert fit.scatter < 1e-3
    assert not fit.outlier.any()
    drawn_x, drawn_y = fit.curve(33)
    assert (drawn_x[-1], drawn_y[-1]) == pytest.approx((fit.x1, fit.y1), abs=1e-9)


def test_errors_cover_the_truth_as_often_as_they_claim():
    squares, covered = [], []
    for seed in range(40):
        (x, y), _ = points_on(1.5, 0.4, count=60, noise=0.2, seed=seed)
        fit = fit_points(x, y, robust=False)
        off = np.array(
            [
                fit.x0 - OFFSET[0],
                fit.y0 - OFFSET[1],
                fit.span - SPAN,
                math.radians(fit.tilt_deg) - 0.4,
                math.log(fit.slack / 0.5),
            ]
        )
        squares.append(off @ np.linalg.solve(fit.covariance, off))
        covered.append(abs(fit.length_ratio - 1.5) < fit.errors["length_ratio"])
        assert fit.scatter == pytest.approx(0.2, rel=0.4)
    # five squared normal deviates a fit: 5 ± 0.5 on average over forty
    assert np.mean(squares) == pytest.approx(5 * 55 / 53, abs=1.6)
    assert np.mean(covered) == pytest.approx(0.683, abs=0.22)


def test_the_least_squares_are_those_of_a_general_optimiser():
    """Against scipy, with distances to a fine polyline and no derivatives of ours."""
    (x, y), _ = points_on(1.6, 0.2, count=25, noise=1.0, seed=2)

    def distances(parameters):
        x0, y0, span, tilt, log_slack = parameters
        rope = solve(None, span, slack=math.exp(log_slack), n_points=4001, sampling="arc")
        turn = np.array([[math.cos(tilt), -math.sin(tilt)], [math.sin(tilt), math.cos(tilt)]])
        line = turn @ np.array([rope.x, rope.y]) + np.array([[x0], [y0]])
        start, step = line[:, :-1], np.diff(line)
        found = []
        for point in np.array([x, y]).T:
            away = point[:, None] - start
            share = np.clip(np.sum(away * step, axis=0) / np.sum(step * step, axis=0), 0, 1)
            gaps = away - share * step
            nearest = np.argmin(np.sum(gaps * gaps, axis=0))
            gap = gaps[:, nearest]
            side = step[0, nearest] * gap[1] - step[1, nearest] * gap[0]
            found.append(math.copysign(math.hypot(*gap), side))
        return np.array(found)

    fit = fit_points(x, y, robust=False)
    ours = [fit.x0, fit.y0, fit.span, math.radians(fit.tilt_deg), math.log(fit.slack)]
    inner = slice(2, -2)  # the polyline does not go on beyond its ends
    assert distances(ours)[inner] == pytest.approx(fit.residual[inner], abs=1e-3)
    x, y = x[inner], y[inner]
    fit = fit_points(x, y, robust=False)
    other = least_squares(
        distances, [100.0, 50.0, 300.0, 0.2, math.log(0.6)], x_scale=[1, 1, 1, 1e-2, 1e-2],
        diff_step=1e-4,
    )  # fmt: skip
    assert np.sum(fit.residual**2) == pytest.approx(2 * other.cost, rel=1e-3)
    for found, expected, error in zip(
        [fit.x0, fit.y0, fit.span, fit.length_ratio],
        [*other.x[:3], 1 + math.exp(other.x[4])],
        [fit.errors[name] for name in ("x0", "y0", "span", "length_ratio")],
        strict=True,
    ):
        assert abs(found - expected) < 0.15 * error


def test_outliers_are_named_and_do_no_harm():
    (x, y), _ = points_on(1.5, 0.4, noise=0.3, seed=1)
    clean = fit_points(np.delete(x, [3, 20]), np.delete(y, [3, 20]))
    x[3] += 40.0
    y[20] -= 15.0
    fit = fit_points(x, y)
    assert np.flatnonzero(fit.outlier).tolist() == [3, 20]
    assert fit.length_ratio == pytest.approx(clean.length_ratio, rel=1e-6)
    assert any("Points 4, 21" in words for words in fit.warnings)
    assert fit_points(x, y, robust=False).outlier.sum() == 0


@pytest.mark.parametrize("swapped", [False, True])
def test_known_ends_leave_only_the_slack(swapped):
    (x, y), _ = points_on(2.0, 0.4, count=12, noise=1.0, seed=4)
    end = (OFFSET[0] + SPAN * math.cos(0.4), OFFSET[1] + SPAN * math.sin(0.4))
    ends = (end, OFFSET) if swapped else (OFFSET, end)
    fit = fit_points(x[2:-2], y[2:-2], ends=ends)
    assert (fit.x0, fit.y0, fit.x1, fit.y1) == pytest.approx((*OFFSET, *end), abs=1e-9)
    assert abs(fit.length_ratio - 2.0) < 3 * fit.errors["length_ratio"]
    assert fit.errors["length_ratio"] < 0.02
    assert fit.errors["span"] == 0
    assert np.count_nonzero(fit.covariance) == 1


def test_a_little_of_the_rope_gives_large_errors_and_says_so():
    (x, y), _ = points_on(1.5, 0.0, count=20, part=(0.4, 0.6), noise=0.5, seed=3)
    fit = fit_points(x, y)
    assert fit.errors["length_ratio"] > fit.slack / 2
    assert any("nearer to its ends" in words for words in fit.warnings)


def test_the_fit_comes_in_steps_that_rise_to_its_end():
    (x, y), _ = points_on(1.5, 0.4, noise=0.3, seed=1)
    steps = fit_steps(x, y)
    shares = []
    while True:
        try:
            shares.append(next(steps))
        except StopIteration as done:
            assert done.value.length_ratio == fit_points(x, y).length_ratio
            break
    assert shares == sorted(shares)
    assert 0 <= shares[0] < shares[-1] < 1


@pytest.mark.parametrize("slack", [1e-4, 0.5, 30.0])
def test_feet_are_nearest_points(slack):
    curve = UnitCurve.of_slack(slack)
    rng = np.random.default_rng(1)
    t = rng.uniform(0.02, 0.98, 30)
    y = curve.heights(t)
    step = 1e-6
    slope = (curve.heights(t + step) - curve.heights(t - step)) / (2 * step)
    away = 0.02 * min(1.0, curve.height) * rng.uniform(-1, 1, 30)
    speed = np.sqrt(1 + slope**2)
    found, height, _ = curve.feet(t - away * slope / speed, y + away / speed)
    assert np.hypot(found - t, height - y).max() < 1e-6


@pytest.mark.parametrize(
    ("x", "y", "ends", "code", "words"),
    [
        ([1, 2, 3], [1, 2, 3], None, "undetermined", "at least 8"),
        ([1, 1, 1], [2, 2, 2], ((0, 0), (1, 0)), "undetermined", "at least 3"),
        (range(10), range(10), None, "undetermined", "straight line"),
        ([1, 2], [1, 2, 3], None, "bad_value", "same length"),
        ([1.0, math.nan] * 5, [1.0, 2.0] * 5, None, "bad_value", "Point 2"),
        (range(10), [0, 1, 2, 3, 4, 4, 3, 2, 1, 0], ((1, 1), (1, 1)), "bad_value", "same point"),
        (range(10), [0, 1, 2, 3, 4, 4, 3, 2, 1, 0], ((1, 1),), "bad_value", "two points"),
        ("points", "more", None, "bad_value", "rows of numbers"),
    ],
)
def test_points_that_tell_no_rope_are_refused_in_a_sentence(x, y, ends, code, words):
    with pytest.raises(RopeError, match=words) as caught:
        fit_points(x, y, ends=ends)
    assert caught.value.code == code
    assert str(caught.value).endswith(".")
