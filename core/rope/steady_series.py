"""A solved rope as Chebyshev series: its values, extremes and lengths anywhere along it."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from zoetrope.core.rope.collocation import polynomials
from zoetrope.core.rope.elliptic import FloatArray
from zoetrope.core.rope.roots import crossing
from zoetrope.core.rope.steady_equations import Case, Curve, loads

FINE = 6  # places per degree of the grid in which extremes are looked for
CHUNK = 65_536  # places evaluated at a time


class Places(NamedTuple):
    """A rope at places of t, without units: vectors [P, 3] and the arc length [P].

    `bend` is dF/dt; `covered` the area between rope and axis up to here, negative below the axis
    in a plane.
    """

    position: FloatArray
    force: FloatArray
    bend: FloatArray
    arc: FloatArray
    covered: FloatArray


Quantity = Callable[[Places], FloatArray]


class Series:
    """The series of a curve."""

    def __init__(self, curve: Curve, case: Case) -> None:
        self.case = case
        self._degree, self._run = curve.grid.degree, curve.run
        here = loads(curve, case)
        radius = here.position[:, 1]
        if not case.planar:
            radius = np.hypot(radius, here.position[:, 2])
        paces = np.column_stack([here.tension / here.extension, radius * curve.force[:, 0]])
        columns = [
            _in_space(here.position),
            _in_space(curve.force),
            _in_space(here.rate),
            curve.run * (curve.grid.integral @ paces),
        ]
        self._coefficients = curve.grid.coefficients @ np.column_stack(columns)

    def at(self, places: FloatArray) -> Places:
        """The rope at `places` [P] in [0, 1]."""
        pieces = [
            polynomials(self._degree, places[first : first + CHUNK]) @ self._coefficients
            for first in range(0, len(places), CHUNK)
        ]
        values = np.concatenate(pieces)
        return Places(values[:, :3], values[:, 3:6], values[:, 6:9], values[:, 9], values[:, 10])

    def one(self, place: float) -> Places:
        """The rope at one place, arrays of length 1."""
        return self.at(np.array([place]))

    def place_of(self, arc: float) -> float:
        """Where the arc length is `arc`."""
        return float(self.places_of(np.array([arc]))[0])

    def places_of(self, arcs: FloatArray) -> FloatArray:
        """Where the arc lengths are `arcs` [P], by Newton's method inside brackets."""
        table = self._table()
        passed = self.at(table).arc
        index = np.clip(np.searchsorted(passed, arcs, side="right") - 1, 0, len(table) - 2)
        low, high = table[index], table[index + 1]
        share = (arcs - passed[index]) / (passed[index + 1] - passed[index])
        place = low + (high - low) * np.clip(share, 0, 1)
        for _ in range(4):
            here = self.at(place)
            tension = np.linalg.norm(here.force, axis=1)
            pace = self._run * tension / (1 + self.case.stretch * tension)
            place = np.clip(place + (arcs - here.arc) / pace, low, high)
        return place

    def greatest(self, quantity: Quantity, slope: Quantity) -> tuple[float, float]:
        """Where `quantity` is greatest, and how great; `slope` has the sign of its derivative."""
        table = self._table()
        slopes = slope(self.at(table))
        peaks = np.flatnonzero((slopes[:-1] > 0) & (slopes[1:] <= 0))
        places = [0.0, 1.0]
        for index in peaks:
            low, high = float(table[index]), float(table[index + 1])
            places.append(crossing(lambda place: float(slope(self.one(place))[0]), 0.0, low, high))
        values = quantity(self.at(np.array(places)))
        best = int(np.argmax(values))
        return places[best], float(values[best])

    def area(self) -> float:
        """The area between rope and axis, that of every lobe counted positive."""
        places = [0.0, 1.0]
        if self.case.planar:
            table = self._table()
            height = self.at(table).position[:, 1]
            for index in np.flatnonzero(height[1:-2] * height[2:-1] < 0) + 1:
                low, high = float(table[index]), float(table[index + 1])
                places.append(
                    crossing(lambda place: float(self.one(place).position[0, 1]), 0.0, low, high)
                )
        covered = self.at(np.array(sorted(places))).covered
        return float(np.sum(np.abs(np.diff(covered))))

    def _table(self) -> FloatArray:
        return np.linspace(0, 1, FINE * self._degree + 1)


def _in_space(vectors: FloatArray) -> FloatArray:
    """Vectors [P, 2 or 3] with three components."""
    if vectors.shape[1] == 3:
        return vectors
    return np.column_stack([vectors, np.zeros(len(vectors))])
