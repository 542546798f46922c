"""Straight, arc, straight: the blade that replaces a troposkein where bending must be easy to make.

After Ashwill and Leonard, SAND86-1085 (1986). With the apex at the rope's own sag h and the half
span ½, T = tan(φ/2) of the arc's half angle φ gives the arc's radius R = (hT² + T - h)/2T² and the
straight length h/T - ½. T runs from the two straight lines (R = 0) to the pure arc (T = 2h); what
is solved for is its distance e from the former, which keeps the digits of any sag.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from zoetrope.core.rope.elliptic import FloatArray
from zoetrope.core.rope.overlays import angle_minus_sine
from zoetrope.core.rope.quadrature import gauss_legendre
from zoetrope.core.rope.roots import crossing


@dataclass(frozen=True, slots=True)
class StraightArc:
    """A curve of `sag` over a span of 1; by half, an arc of `angle` radians, then straight.

    `radius` of the arc and `straight`, the length of each straight part, are in spans.
    """

    sag: float
    angle: float
    radius: float
    straight: float

    @property
    def length(self) -> float:
        """Length of the whole curve."""
        return 2 * (self.radius * self.angle + self.straight)

    @property
    def inertia(self) -> float:
        """∫y²ds of the whole curve."""
        nodes, weights = gauss_legendre()
        drop = 2 * self.radius * np.sin(self.angle * nodes / 2) ** 2
        arc = self.radius * self.angle * float(np.sum(weights * (self.sag - drop) ** 2))
        return 2 * (arc + self.straight * self.joint_height**2 / 3)

    @property
    def joint_height(self) -> float:
        """Height at which the arc meets the straight parts."""
        return self.straight * math.sin(self.angle)

    def half(self, n_points: int) -> tuple[FloatArray, FloatArray]:
        """`n_points` points from apex to end, evenly along each part, the joint among them."""
        bent = n_points // 2
        psi = self.angle * np.arange(bent) / bent
        rest = np.linspace(1, 0, n_points - bent)
        run = self.straight * math.cos(self.angle)
        across = np.concatenate([self.radius * np.sin(psi), 0.5 - run * rest])
        bow = self.sag - 2 * self.radius * np.sin(psi / 2) ** 2
        return across, np.concatenate([bow, self.joint_height * rest])

    def outside(self, across: FloatArray, height: FloatArray) -> FloatArray:
        """Signed normal distance of points, positive outside this curve, with across in [0, ½]."""
        sine, cosine = math.sin(self.angle), math.cos(self.angle)
        drop = self.sag - height
        up = self.radius - drop
        square = across**2 - drop * (2 * self.radius - drop)
        to_arc = square / (np.hypot(across, up) + self.radius)
        to_line = (across - 0.5) * sine + height * cosine
        distance: FloatArray = np.where(across * cosine <= up * sine, to_arc, to_line)
        return distance


def shape(sag: float, distance: float) -> StraightArc:
    """The curve whose T exceeds that of the two straight lines by `distance`."""
    least = 2 * sag / (1 + math.hypot(1, 2 * sag))
    T = least + distance
    radius = sag * distance * (T + 1 / least) / (2 * T * T)
    return StraightArc(sag, 2 * math.atan(T), radius, (2 * sag - T) / (2 * T))


def range_of(sag: float) -> float:
    """The distance of the pure arc: shapes exist for distances from 0 to it."""
    root = math.hypot(1, 2 * sag)
    return 2 * sag * root / (1 + root)


def same_length(sag: float, slack: float) -> StraightArc:
    """The curve as long as the rope, 1 + `slack`, and as high."""

    def excess(log_distance: float) -> float:
        found = shape(sag, math.exp(log_distance))
        T = math.tan(found.angle / 2)
        if T > 0.5:
            return found.radius * found.angle + found.straight - 0.5
        bent = found.radius * angle_minus_sine(found.angle)
        return bent + (0.5 - found.radius * math.sin(found.angle)) * 2 * T * T / (1 - T * T)

    return _where(excess, slack / 2, sag)


def minimax(sag: float, across: FloatArray, height: FloatArray) -> StraightArc:
    """The curve whose greatest normal distance from the rope, given by half, is least.

    All curves share the apex and the ends and each lies inside those of smaller angle, so the
    greatest distances to either side change in opposite directions: they balance at the least.
    """

    def imbalance(log_distance: float) -> float:
        outside = shape(sag, math.exp(log_distance)).outside(across, height)
        return sum(peaks(outside))

    return _where(imbalance, 0.0, sag)


def same_angle(sag: float, k: float) -> StraightArc | None:
    """The curve that leaves the axis as steeply as the rope of modulus `k`, where there is one."""
    distance = k - 2 * sag / (1 + math.hypot(1, 2 * sag))
    return shape(sag, distance) if 0 < distance < range_of(sag) else None


def _where(function: Callable[[float], float], target: float, sag: float) -> StraightArc:
    widest = range_of(sag)
    narrow = 1e-6 * widest * min(1.0, 1 / (sag * sag))
    return shape(sag, math.exp(crossing(function, target, math.log(narrow), math.log(widest))))


def peaks(values: FloatArray) -> tuple[float, float]:
    """Greatest and least value of a smooth function from even samples, between them by parabola."""
    return _peak(values), -_peak(-values)


def _peak(values: FloatArray) -> float:
    place = int(np.argmax(values))
    top = float(values[place])
    if not 0 < place < len(values) - 1:
        return top
    left, right = float(values[place - 1]), float(values[place + 1])
    bend = left - 2 * top + right
    return top - (right - left) ** 2 / (8 * bend) if bend < 0 else top
