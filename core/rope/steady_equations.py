"""The equations of a rope that turns steadily, under all the loads at once.

Lengths are in spans and forces in ρAd, A an acceleration. With F the tension vector and s the arc
length of the unstretched rope, the axis along x,

    dX/ds = λ F/|F|,   dF/ds = (gravity, -spin·y - across, -spin·z) + λ·drag |U_n| U_n,

λ = 1 + stretch·T, U = e_x × X and U_n its part across the rope (only that part of the air's drag is
modelled). In place of s runs t, with dX/dt = F: it crowds points where the tension is small and the
rope bends sharply, and without drag leaves the equation of a particle, d²X/dt² = grad T²/2, whose
solutions are smooth. What no equation here asks for is the first integral, with T = |F|,

    T + stretch·T²/2 + spin·r²/2 + across·y - gravity·x = constant,

which holds with drag too, for drag does no work along the rope: how far it fails tells how good a
solution is.

The unknowns are F at Chebyshev points and the run of t; X and the equations are integrals
(F - F₀ = ∫…), which keeps the matrices well conditioned whatever the degree.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from zoetrope.core.rope.air_drag import AirDrag
from zoetrope.core.rope.collocation import Grid, chebyshev_grid
from zoetrope.core.rope.elliptic import FloatArray


class Case(NamedTuple):
    """A rope and its loads, lengths in spans.

    `excess` is the unstretched length less the distance of the ends, which are held at
    (0, radius0, 0) and (1, radius1 cos phase, radius1 sin phase); `spin` is ω²d/A, `gravity` g/A
    towards -x, `stretch` ρAd/EA, `drag` ρ_air C_d D d ω²d/(2ρA), and `across` a uniform pull
    towards +y, per mass and A, of the kind that gravity across the axis is for an instant.
    """

    excess: float
    radius0: float
    radius1: float
    phase: float = 0.0
    spin: float = 1.0
    gravity: float = 0.0
    stretch: float = 0.0
    drag: float = 0.0
    across: float = 0.0

    def outward(self, position: FloatArray) -> FloatArray:
        """The work of all pulls but the drag from the origin to places [P, 2 or 3], per mass."""
        work: FloatArray = self.spin * np.sum(position[:, 1:] ** 2, axis=1) / 2
        work += self.across * position[:, 1] - self.gravity * position[:, 0]
        return work

    @property
    def planar(self) -> bool:
        """Whether the rope stays in the plane z = 0."""
        return self.drag == 0 and (self.phase == 0 or self.radius1 == 0)

    @property
    def distance(self) -> float:
        """The straight distance between the ends."""
        half = math.sin(self.phase / 2)
        apart = (self.radius1 - self.radius0) ** 2 + 4 * self.radius0 * self.radius1 * half * half
        return math.sqrt(1 + apart)

    @property
    def length(self) -> float:
        """The unstretched length."""
        return self.distance + self.excess

    @property
    def on_axis(self) -> bool:
        """Whether both ends are."""
        return self.radius0 == 0 and self.radius1 == 0

    @property
    def ends_in_space(self) -> FloatArray:
        """Where end 0 and end 1 are, [2, 3]."""
        turn = self.phase
        last = [1.0, self.radius1 * math.cos(turn), self.radius1 * math.sin(turn)]
        return np.array([[0.0, self.radius0, 0.0], last])

    @property
    def first(self) -> FloatArray:
        """Where end 0 is, [2] for a planar rope or [3]."""
        return self.ends_in_space[0, : 2 if self.planar else 3]

    @property
    def last(self) -> FloatArray:
        """Where end 1 is, [2] for a planar rope or [3]."""
        return self.ends_in_space[1, : 2 if self.planar else 3]


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """A rope on a grid: `force` [n+1, 2 or 3] at its points, and the `run` of t."""

    grid: Grid
    force: FloatArray
    run: float

    def positions(self, case: Case) -> FloatArray:
        """X at the points, [n+1, 2 or 3]."""
        return case.first + self.run * (self.grid.integral @ self.force)

    def in_space(self) -> "Curve":
        """The same rope with three coordinates."""
        if self.force.shape[1] == 3:
            return self
        flat = np.zeros(len(self.force))
        return Curve(self.grid, np.column_stack([self.force, flat]), self.run)

    def in_plane(self) -> "Curve":
        """The same rope without its third coordinate."""
        return Curve(self.grid, self.force[:, :2].copy(), self.run)

    def suited_to(self, case: Case) -> "Curve":
        """The same rope with as many coordinates as those of `case` have."""
        return self.in_plane() if case.planar else self.in_space()

    def at_degree(self, degree: int) -> "Curve":
        """The same rope on the grid of another degree."""
        if degree == self.grid.degree:
            return self
        grid = chebyshev_grid(degree)
        return Curve(grid, self.grid.values(grid.points) @ self.force, self.run)

    def packed(self) -> FloatArray:
        """All unknowns in one array."""
        return np.append(self.force.ravel(), self.run)

    def unpacked(self, unknowns: FloatArray) -> "Curve":
        """A rope on this grid with other unknowns."""
        force = unknowns[:-1].reshape(self.force.shape)
        return Curve(self.grid, force, float(unknowns[-1]))


class Loads(NamedTuple):
    """What acts at the points of a rope: X, T = |F|, λ, and dF/dt."""

    position: FloatArray
    tension: FloatArray
    extension: FloatArray
    rate: FloatArray


def loads(curve: Curve, case: Case) -> Loads:
    """Everything that the equations need at the points."""
    position = curve.positions(case)
    tension = np.sqrt(np.sum(curve.force**2, axis=1))
    extension = 1 + case.stretch * tension
    rate = (tension / extension)[:, None] * _field(position, case)
    if case.drag:
        rate = rate + AirDrag.at(position, curve.force, case.drag).rate
    return Loads(position, tension, extension, rate)


def _field(position: FloatArray, case: Case) -> FloatArray:
    """Gravity and the centrifugal force, both per mass, reversed."""
    field = -case.spin * position
    field[:, 0] = case.gravity
    field[:, 1] -= case.across
    return field


@dataclass(frozen=True, slots=True, eq=False)
class System:
    """Residuals of the equations at a curve, [m], and their derivatives, [m, m]."""

    residual: FloatArray
    jacobian: FloatArray


def system(curve: Curve, case: Case) -> System:
    """The equations: where end 1 is, dF/dt along the rope, and the length."""
    count, fields = curve.force.shape
    here = loads(curve, case)
    residual = np.empty(count * fields + 1)
    jacobian = np.zeros((count * fields + 1, count * fields + 1))
    _balance(curve, case, here, residual, jacobian)
    residual[:fields] = here.position[-1] - case.last
    weights = curve.grid.weights
    for axis in range(fields):
        jacobian[axis, axis:-1:fields] = curve.run * weights
    jacobian[:fields, -1] = weights @ curve.force
    _length(curve, case, here, residual, jacobian)
    return System(residual, jacobian)


def _balance(
    curve: Curve, case: Case, here: Loads, residual: FloatArray, jacobian: FloatArray
) -> None:
    """F - F₀ - ∫ dF/dt at every point but the first, in the rows after the first."""
    count, fields = curve.force.shape
    integral, run = curve.grid.integral, curve.run
    change = integral @ here.rate
    residual[:-1] = (curve.force - curve.force[0] - run * change).ravel()
    by_position, by_force = _slopes(curve, case, here)
    # [axis, axis', j, k]: by_position acts through X = X₀ + run ∫F
    inner = (run * by_position.transpose(1, 2, 0))[:, :, :, None] * integral
    points = np.arange(count)
    inner[:, :, points, points] += by_force.transpose(1, 2, 0)
    blocks = -run * (integral @ inner)
    square = blocks.transpose(2, 0, 3, 1).reshape(count * fields, count * fields)
    jacobian[:-1, :-1] = square
    jacobian[:-1, :-1][np.diag_indices(count * fields)] += 1
    for axis in range(fields):
        jacobian[axis:-1:fields, axis] -= 1
    travelled = integral @ curve.force
    turned = np.einsum("jab,jb->ja", by_position, travelled)
    jacobian[:-1, -1] = -(change + run * (integral @ turned)).ravel()


def _slopes(curve: Curve, case: Case, here: Loads) -> tuple[FloatArray, FloatArray]:
    """Derivatives of dF/dt by X and by F, [n+1, fields, fields]."""
    count, fields = curve.force.shape
    tangent = curve.force / here.tension[:, None]
    by_position = np.zeros((count, fields, fields))
    across = np.arange(1, fields)
    by_position[:, across, across] = -(case.spin * here.tension / here.extension)[:, None]
    pull = _field(here.position, case) / here.extension[:, None] ** 2
    by_force: FloatArray = pull[:, :, None] * tangent[:, None, :]
    if case.drag:
        more_by_position, more_by_force = AirDrag.at(here.position, curve.force, case.drag).slopes()
        by_position += more_by_position
        by_force += more_by_force
    return by_position, by_force


def _length(
    curve: Curve, case: Case, here: Loads, residual: FloatArray, jacobian: FloatArray
) -> None:
    """The excess of the length over the chord: ∫ |F| - F·c - stretch·T²/λ dt, c along the chord.

    The first two terms are (F across c)²/(|F| + F·c), exact for an almost straight rope.
    """
    chord = (case.last - case.first) / case.distance
    tension, extension = here.tension, here.extension
    along = curve.force @ chord
    off = curve.force - along[:, None] * chord
    beside = np.sum(off * off, axis=1) / (tension + np.abs(along))
    excess = np.where(along > 0, beside, tension - along)
    excess = excess - case.stretch * tension**2 / extension
    weights, run = curve.grid.weights, curve.run
    residual[-1] = run * (weights @ excess) - case.excess
    kept = 1 - case.stretch * tension * (1 + extension) / extension**2
    slope = (kept / tension)[:, None] * curve.force - chord
    jacobian[-1, :-1] = (run * weights[:, None] * slope).ravel()
    jacobian[-1, -1] = weights @ excess
