"""The ropes between two ends off the axis, followed from rope to rope along their curve.

At given end radii the ropes of all lengths form curves in the space of the three unknowns of
`off_axis`. Newton's method in the length fails where two ropes merge and the length turns back;
along the curve itself nothing happens there, so it is followed by its tangent, and the merger is
the place where the length stops shrinking.
"""

import math
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np

from zoetrope.core.rope.elliptic import FloatArray
from zoetrope.core.rope.errors import RopeError
from zoetrope.core.rope.off_axis import (
    MIRRORED,
    Evaluation,
    Solved,
    Target,
    Unknowns,
    evaluate,
    shape_of,
    solve_off_axis,
)
from zoetrope.core.rope.roots import crossing
from zoetrope.core.rope.shape import Shape

STRIDE = math.log(4)  # how far one step goes in log of slack at most
WIDEST = np.array([1.5, 0.15, 0.5])  # and in each unknown
SHORTEST_STRIDE = 1e-4


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A rope on its branch.

    `tangent` is a unit vector in the unknowns towards shorter ropes and `slope` the change of
    `log_slack` along it: negative, and 0 where two ropes merge. `residual` is the relative error
    left in the end radii and `iterations` the Newton steps it took.
    """

    unknowns: Unknowns
    log_slack: float
    tangent: FloatArray
    slope: float
    residual: float
    iterations: int


@dataclass(frozen=True, slots=True)
class Branch:
    """The ropes of one mode between ends at two radii in spans that hang together.

    `mirrored` ropes bulge to the negative side; their unknowns are those of the mirror image.
    """

    radius0: float
    radius1: float
    mode: int
    mirrored: bool = False

    @property
    def _target(self) -> Target:
        sign = -1.0 if self.mirrored else 1.0
        return Target(sign * self.radius0, sign * self.radius1, 1.0)

    def place(self, solved: Solved) -> Place:
        """The place of a rope that was solved, with the tangent to shorter ropes."""
        here = evaluate(solved.unknowns, self._target)
        return place_of(here, solved.unknowns, self._target, None, solved.iterations)

    def shape(self, place: Place) -> Shape:
        """The rope at a place."""
        target = Target(self.radius0, self.radius1, math.exp(place.log_slack))
        return shape_of(place.unknowns, target, self.mirrored)

    def shorter(self, place: Place, least: float) -> Place | None:
        """The next rope, down to log slack `least` at most; past a merger its slope is not < 0."""
        return self._stride(place, 1.0, least)

    def longer(self, place: Place, most: float) -> Place | None:
        """The next rope the other way, up to log slack `most` at most, or None at a merger."""
        return self._stride(place, -1.0, most)

    def _stride(self, place: Place, sign: float, bound: float) -> Place | None:
        size = float(np.min(WIDEST / np.maximum(np.abs(place.tangent), 1e-9)))
        size = min(size, 1.2 * STRIDE / max(abs(place.slope), 1e-9))
        while size > SHORTEST_STRIDE:
            found = self.at(place, sign * size)
            if found is not None and found.tangent @ place.tangent > 0.7:
                if sign < 0 and found.slope >= 0:
                    return None
                if sign * (found.log_slack - bound) >= 0:
                    return found
                with suppress(ArithmeticError):
                    return self.between(place, found, lambda p: p.log_slack, bound)
            size /= 3
        return None

    def at(self, place: Place, distance: float) -> Place | None:
        """The rope at a signed distance from a place, measured along its tangent, to ten digits."""
        guess = place.unknowns + distance * place.tangent
        return self.near(place, distance, guess, rough=True)

    def between(
        self, first: Place, last: Place, value: Callable[[Place], float], target: float
    ) -> Place:
        """The rope between two with value(rope) = `target`, which the two bracket.

        Raises ArithmeticError where the branch is lost.
        """
        found = self._chart(first, last)
        ends = abs(value(first)), abs(value(last))
        close = 4e-16 * max(abs(target), 1e-3 * max(ends))
        low, high = min(found), max(found)
        return found[crossing(lambda x: value(found.at(x)), target, low, high, close)]

    def merger(self, before: Place, after: Place) -> Place:
        """The shortest rope, between one before and one after the slope changes its sign.

        Where four ropes meet and not two, the branch is lost next to the place itself: then it is
        the nearest that was found.
        """
        found = self._chart(before, after)
        with suppress(ArithmeticError):
            crossing(lambda x: found.at(x).slope, 0.0, min(found), max(found))
        return max((p for p in found.values() if p.slope <= 0), key=lambda place: place.slope)

    def _chart(self, first: Place, last: Place) -> "_Chart":
        """The ropes between two, by their distance from the first along its tangent."""
        length = float(first.tangent @ (last.unknowns - first.unknowns))
        return _Chart(self, first, {0.0: first, length: last})

    def near(
        self, place: Place, distance: float, guess: Unknowns, rough: bool = False
    ) -> Place | None:
        """The rope near `guess` in the plane across the tangent of `place` at a distance.

        A `rough` one is not evaluated again after a last step that was small already.
        """
        unknowns, target, tangent = guess, self._target, place.tangent
        last = math.inf
        for iteration in range(1, 9):
            here = evaluate(unknowns, target)
            scale = np.abs(here.jacobian[:2]).max(axis=1)
            if not np.all(np.isfinite(here.residual)) or not np.all(scale > 0):
                return None
            matrix = np.vstack([here.jacobian[:2] / scale[:, None], tangent])
            miss = np.append(
                here.residual[:2] / scale, tangent @ (unknowns - place.unknowns) - distance
            )
            try:
                step = -np.linalg.solve(matrix, miss)
            except np.linalg.LinAlgError:
                return None
            size = float(np.abs(step).max())
            if not size < 1:
                return None
            tolerance = 1e-11 + 1e-15 * math.exp(-here.residual[2] / 2)
            if size < tolerance or (size < 1e-6 and size > last / 2):
                return place_of(here, unknowns, target, place.tangent, iteration)
            unknowns = unknowns + step
            if rough and size < 1e-5:
                here = replace(here, residual=here.residual + here.jacobian @ step)
                return place_of(here, unknowns, target, place.tangent, iteration)
            last = size
        return None


class _Chart(dict[float, Place]):
    """Ropes near one of them, by their distance from it along its tangent."""

    def __init__(self, branch: Branch, origin: Place, known: dict[float, Place]) -> None:
        super().__init__(known)
        self.branch, self.origin = branch, origin

    def at(self, distance: float) -> Place:
        """The rope at a distance between two known ones; ArithmeticError where it is lost."""
        if distance not in self:
            low = max(known for known in self if known < distance)
            high = min(known for known in self if known > distance)
            share = (distance - low) / (high - low)
            guess = (1 - share) * self[low].unknowns + share * self[high].unknowns
            place = self.branch.near(self.origin, distance, guess)
            if place is None:
                raise ArithmeticError("the branch was lost between two of its ropes")
            self[distance] = place
        return self[distance]


def place_of(
    here: Evaluation,
    unknowns: Unknowns,
    target: Target,
    along: FloatArray | None,
    iterations: int,
) -> Place:
    """The place of evaluated unknowns; its tangent points as `along` does, or to shorter ropes."""
    rows = here.jacobian[:2] / np.abs(here.jacobian[:2]).max(axis=1)[:, None]
    tangent = np.cross(rows[0], rows[1])
    tangent = tangent / np.linalg.norm(tangent)
    slope = float(here.jacobian[2] @ tangent)
    if slope > 0 if along is None else along @ tangent < 0:
        tangent, slope = -tangent, -slope
    log_slack = float(here.residual[2])
    miss = float(np.abs(here.residual[:2]).max())
    scale = target._replace(slack=math.exp(log_slack)).scale
    return Place(unknowns, log_slack, tangent, slope, miss / scale, iterations)


def start(
    log_slack: float, radius0: float, radius1: float, mode: int
) -> tuple[Branch, Place] | None:
    """The rope that `solve` returns for a slack, and its branch, or None where there is none."""
    try:
        _, solved, warnings = solve_off_axis(math.exp(log_slack), radius0, radius1, mode)
    except RopeError:
        return None
    branch = Branch(radius0, radius1, mode, MIRRORED in warnings)
    return branch, branch.place(solved)


def start_mirrored(log_slack: float, radius0: float, radius1: float) -> tuple[Branch, Place] | None:
    """The rope of mode 1 that bulges to the negative side, and its branch, or None."""
    begun = start(log_slack, -radius0, -radius1, 1)
    if begun is None or begun[0].mirrored:
        return None
    return Branch(radius0, radius1, 1, mirrored=True), begun[1]
