"""Curves a spinning rope is mistaken for, each of the rope's own length and span.

All are symmetric and described by one half, t from 0 at the apex to 1 at the end, in spans. Their
sizes are solved from the slack δ = L/d - 1, by equations that keep the digits of a tiny slack.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from zoetrope.core.rope.arguments import digits
from zoetrope.core.rope.elliptic import FloatArray, Modulus
from zoetrope.core.rope.quadrature import gauss_legendre
from zoetrope.core.rope.roots import crossing

QUARTER_TURN = math.pi / 2


class HalfPoints(NamedTuple):
    """Points of a half curve [T]: distance from the middle, height, and both t-derivatives."""

    across: FloatArray
    height: FloatArray
    across1: FloatArray
    height1: FloatArray
    across2: FloatArray
    height2: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class HalfCurve:
    """A symmetric curve over a span of 1 by its half: `points` for t in [0, 1], and its measures.

    `inertia` is ∫y²ds of the whole curve and `note` what a person should know about it.
    """

    name: str
    title: str
    points: Callable[[FloatArray], HalfPoints]
    sag: float
    length: float
    inertia: float
    note: str = ""


def overlays(slack: float) -> tuple[HalfCurve, ...]:
    """The five smooth curves with L/d - 1 = `slack`, a positive float."""
    return catenary(slack), parabola(slack), sine(slack), circular_arc(slack), half_ellipse(slack)


def catenary(slack: float) -> HalfCurve:
    """y = c (cosh w - cosh v), w = d/2c, from sinh(w)/w = L/d."""

    def log_slack(log_w: float) -> float:
        w = math.exp(log_w)
        return _log_expm1(w + math.log(-math.expm1(-2 * w) / (2 * w)) if w > 1 else _log_sinhc(w))

    low = math.log(math.asinh(math.sqrt(slack)))
    w = math.exp(crossing(log_slack, math.log(slack), low, math.log(6 * slack) / 2 + 1e-9))
    c = 1 / (2 * w)

    def height(v: FloatArray) -> FloatArray:
        product: FloatArray = 2 * c * np.sinh((w + v) / 2) * np.sinh((w - v) / 2)
        return product

    def points(t: FloatArray) -> HalfPoints:
        v = w * t
        return HalfPoints(
            t / 2,
            height(v),
            np.full_like(t, 0.5),
            -np.sinh(v) / 2,
            np.zeros_like(t),
            -w / 2 * np.cosh(v),
        )

    inertia = 2 * _integral(lambda v: height(v) ** 2 * c * np.cosh(v), w)
    sag = 2 * c * math.sinh(w / 2) ** 2
    return HalfCurve("catenary", "Catenary", points, sag, 1 + slack, inertia)


def parabola(slack: float) -> HalfCurve:
    """y = 4h x(d - x)/d², with the end slope p = 4h/d from L/d = ½√(1+p²) + asinh(p)/2p."""

    def log_slack(log_p: float) -> float:
        p = math.exp(log_p)
        if p > 1:
            return math.log(math.hypot(1, p) / 2 + math.asinh(p) / (2 * p) - 1)
        return math.log(_integral(lambda t: (p * t) ** 2 / (1 + np.hypot(1, p * t)), 1.0))

    root = math.sqrt(slack)
    bracket = math.log(root), math.log(4 * root + 4 * slack)
    p = math.exp(crossing(log_slack, math.log(slack), *bracket))
    h = p / 4

    def points(t: FloatArray) -> HalfPoints:
        half, none = np.full_like(t, 0.5), np.zeros_like(t)
        return HalfPoints(t / 2, h * (1 - t) * (1 + t), half, -2 * h * t, none, none - 2 * h)

    def per_slope(slope: FloatArray) -> FloatArray:
        """y² ds, with asinh of the slope as the variable: the integrand is entire in it."""
        t = np.sinh(slope) / p
        integrand: FloatArray = (h * (1 - t * t)) ** 2 * np.cosh(slope) ** 2 / (2 * p)
        return integrand

    inertia = 2 * _integral(per_slope, math.asinh(p))
    return HalfCurve("parabola", "Parabola", points, h, 1 + slack, inertia)


def sine(slack: float) -> HalfCurve:
    """y = h sin(πx/d), L/d = (2/π)√(1+p²) E(m) with m = p²/(1+p²), p = πh/d."""

    def log_slack(log_p: float) -> float:
        square = math.exp(2 * log_p)
        modulus = Modulus.from_ratio(square)
        relative = modulus.log_growth() + math.log1p(square * modulus.r) - math.log1p(square) / 2
        return _log_expm1(relative)

    root = math.sqrt(slack)
    bracket = math.log(root), math.log(3 * root + 3 * slack)
    p = math.exp(crossing(log_slack, math.log(slack), *bracket))
    h, modulus = p / math.pi, Modulus.from_ratio(p * p)

    def points(t: FloatArray) -> HalfPoints:
        up, out = h * np.cos(QUARTER_TURN * t), h * np.sin(QUARTER_TURN * t)
        half, none = np.full_like(t, 0.5), np.zeros_like(t)
        return HalfPoints(t / 2, up, half, -QUARTER_TURN * out, none, -(QUARTER_TURN**2) * up)

    share = modulus.K * (2 * modulus.mc + (2 * modulus.m - 1) * modulus.r) / 3
    inertia = h * h * math.hypot(1, p) / QUARTER_TURN * share
    return HalfCurve("sine", "Sine wave", points, h, 1 + slack, inertia)


def circular_arc(slack: float) -> HalfCurve:
    """The arc of half angle α, α/sin α = L/d; it overhangs the span where α > π/2."""
    if slack < QUARTER_TURN - 1:
        low, high = math.log(6 * slack) / 2 - 1, math.log(QUARTER_TURN)
        alpha = math.exp(crossing(_log_arc_excess, math.log(slack), low, high))
        rest, tangent = math.pi - alpha, math.tan(alpha / 2)
    else:  # solve for π - α, which keeps its digits

        def log_length(log_rest: float) -> float:
            rest = math.exp(log_rest)
            return math.log((math.pi - rest) / math.sin(rest))

        low, high = -math.log1p(slack), math.log(QUARTER_TURN) + 1e-9
        rest = math.exp(crossing(log_length, math.log1p(slack), low, high))
        alpha, tangent = math.pi - rest, 1 / math.tan(rest / 2)
    radius = 1 / (2 * math.sin(min(alpha, rest)))

    def height(t: FloatArray) -> FloatArray:
        to_end = alpha * (1 - t) / 2
        product: FloatArray = 2 * radius * np.sin(np.minimum(alpha - to_end, rest + to_end))
        return product * np.sin(to_end)

    def points(t: FloatArray) -> HalfPoints:
        out = radius * np.sin(np.minimum(alpha * t, rest + alpha * (1 - t)))
        up = radius * np.cos(alpha * t)
        return HalfPoints(
            out,
            height(t),
            alpha * up,
            -alpha * out,
            -(alpha**2) * out,
            -(alpha**2) * up,
        )

    inertia = 2 * _integral(lambda angle: height(angle / alpha) ** 2 * radius, alpha)
    note = ""
    if alpha > QUARTER_TURN:
        note = (
            "The circular arc is more than a half circle: it overhangs each end by "
            f"{digits(radius - 0.5, 3)} of the span."
        )
    title = "Circular arc"
    return HalfCurve("circular_arc", title, points, tangent / 2, 1 + slack, inertia, note)


def half_ellipse(slack: float) -> HalfCurve:
    """Half an ellipse with the span as one axis: L = 2A E(1 - (B/A)²), A the longer half axis."""

    def log_slack(log_h: float) -> float:
        h = math.exp(log_h)
        if h < 0.5:
            return math.log(_e_above_one(4 * h * h))
        modulus = _ellipse_modulus(h)
        return math.log(2 * h * modulus.K * (modulus.mc + modulus.m * modulus.r) - 1)

    root = math.sqrt(slack)
    bracket = math.log(root) - 5, math.log(root + slack)
    h = math.exp(crossing(log_slack, math.log(slack), *bracket))
    modulus = _ellipse_modulus(h)

    def points(t: FloatArray) -> HalfPoints:
        up, out = np.cos(QUARTER_TURN * t), np.sin(QUARTER_TURN * t)
        first, second = QUARTER_TURN, -(QUARTER_TURN**2)
        return HalfPoints(
            out / 2, h * up, first * up / 2, -first * h * out, second * out / 2, second * h * up
        )

    m, mc, r = modulus.m, modulus.mc, modulus.r
    if h < 0.5:
        inertia = h * h * modulus.K * (mc + (1 + m) * r) / 3
    else:
        inertia = 2 * h**3 * modulus.K * (2 * mc + (2 * m - 1) * r) / 3
    return HalfCurve("half_ellipse", "Half ellipse", points, h, 1 + slack, inertia)


def _ellipse_modulus(h: float) -> Modulus:
    """The modulus of the ellipse with half axes ½ and `h`, m = 1 - (B/A)²."""
    ratio = (1 - 2 * h) * (1 + 2 * h) / (4 * h * h) if h < 0.5 else (2 * h - 1) * (2 * h + 1)
    return Modulus.from_ratio(max(ratio, 1e-100))


def _e_above_one(mc: float) -> float:
    """E(1 - mc) - 1 to full relative precision, mc in (0, 1) (DLMF 19.12.2)."""
    if mc > 0.2:
        modulus = Modulus.from_ratio((1 - mc) / mc)
        return modulus.K * (mc + modulus.m * modulus.r) - 1
    total, factor = 0.0, mc / 2
    offset, logarithm = 2 * math.log(2), -math.log(mc) / 2
    for n in range(25):
        pair = (2 * n + 1) * (2 * n + 2)
        total += factor * (logarithm + offset - 1 / pair)
        offset -= 2 / pair
        factor *= (n + 0.5) * (n + 1.5) / ((n + 2) * (n + 1)) * mc
    return total


def _log_arc_excess(log_angle: float) -> float:
    """log(α/sin α - 1)."""
    angle = math.exp(log_angle)
    return math.log(angle_minus_sine(angle) / math.sin(angle))


def angle_minus_sine(angle: float) -> float:
    """x - sin x to full relative precision for any x ≥ 0."""
    if angle > 1:
        return angle - math.sin(angle)
    square, term, total = angle * angle, angle, 0.0
    for n in range(1, 11):
        term *= -square / ((2 * n) * (2 * n + 1))
        total -= term
    return total


def _log_sinhc(w: float) -> float:
    """log(sinh(w)/w) to full relative precision, w up to 1."""
    square, term, total = w * w, 1.0, 0.0
    for n in range(1, 11):
        term *= square / ((2 * n) * (2 * n + 1))
        total += term
    return math.log1p(total)


def _log_expm1(x: float) -> float:
    """log(eˣ - 1) without overflow."""
    return x + math.log(-math.expm1(-x)) if x > 1 else math.log(math.expm1(x))


def _integral(integrand: Callable[[FloatArray], FloatArray], end: float) -> float:
    """Integral from 0 to `end` of an analytic function that grows at most like e³ˣ."""
    nodes, weights = gauss_legendre()
    count = max(1, math.ceil(end / 4))
    width = end / count
    places = (np.arange(count)[:, None] + nodes) * width
    return float(np.sum(weights * integrand(places))) * width
