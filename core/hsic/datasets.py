"""Relations to try: y hanging on x, with noise, outliers, ties and a seed; and Anscombe's four."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from zoetrope.core.hsic import arguments
from zoetrope.core.hsic.errors import HsicError
from zoetrope.core.hsic.results import Floats

Draw = Callable[[np.random.Generator, int, float, float], tuple[Floats, Floats]]


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation by name. `parameter` names its shape's number, "" if it has none, `default` is
    its value; `dependent` says whether x and y depend on each other at all.
    """

    label: str
    draw: Draw
    parameter: str = ""
    default: float = 0.0
    dependent: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Columns x and y [n] of a relation, and whether it is a dependence."""

    name: str
    x: Floats
    y: Floats
    dependent: bool
    seed: int | None = None


def _function(formula: Callable[[Floats, float], Floats]) -> Draw:
    """y = formula(x) + noise for x uniform on [-1, 1]."""

    def draw(rng: np.random.Generator, n: int, noise: float, value: float) -> tuple[Floats, Floats]:
        x = rng.uniform(-1, 1, n)
        return x, formula(x, value) + noise * rng.standard_normal(n)

    return draw


def _curve(points: Callable[[np.random.Generator, int, float], tuple[Floats, Floats]]) -> Draw:
    """A set in the plane, both coordinates blurred."""

    def draw(rng: np.random.Generator, n: int, noise: float, value: float) -> tuple[Floats, Floats]:
        x, y = points(rng, n, value)
        return x + noise * rng.standard_normal(n), y + noise * rng.standard_normal(n)

    return draw


def _ring(rng: np.random.Generator, n: int, ratio: float) -> tuple[Floats, Floats]:
    angle = rng.uniform(0, 2 * math.pi, n)
    return np.cos(angle), ratio * np.sin(angle)


def _turned_square(angle: float) -> Callable[..., tuple[Floats, Floats]]:
    def points(rng: np.random.Generator, n: int, _: float) -> tuple[Floats, Floats]:
        u, v = rng.uniform(-1, 1, (2, n))
        c, s = math.cos(angle), math.sin(angle)
        return c * u - s * v, s * u + c * v

    return points


def _checkerboard(rng: np.random.Generator, n: int, cells: float) -> tuple[Floats, Floats]:
    count = max(2, round(cells))
    column = rng.integers(0, count, n)
    row = 2 * rng.integers(0, (count + 1) // 2, n) + column % 2
    row = np.where(row < count, row, column % 2)
    return (column + rng.random(n)) / count, (row + rng.random(n)) / count


def _spiral(rng: np.random.Generator, n: int, turns: float) -> tuple[Floats, Floats]:
    radius = np.sqrt(rng.uniform(0.02, 1, n))
    angle = 2 * math.pi * turns * radius
    return radius * np.cos(angle), radius * np.sin(angle)


def _crossing(rng: np.random.Generator, n: int, _: float) -> tuple[Floats, Floats]:
    x = rng.uniform(-1, 1, n)
    return x, x**2 * rng.choice([-1.0, 1.0], n)


def _clusters(rng: np.random.Generator, n: int, _: float) -> tuple[Floats, Floats]:
    return rng.choice([-1.0, 1.0], n), rng.choice([-1.0, 1.0], n)


def _fan(rng: np.random.Generator, n: int, noise: float, _: float) -> tuple[Floats, Floats]:
    x = rng.uniform(0, 1, n)
    return x, x * rng.standard_normal(n) + noise * rng.standard_normal(n)


def _copula(rng: np.random.Generator, n: int, noise: float, rho: float) -> tuple[Floats, Floats]:
    if not -1 <= rho <= 1:
        raise HsicError("bad_value", "rho must lie between -1 and 1.", "parameter")
    x = rng.standard_normal(n)
    y = rho * x + math.sqrt(1 - rho * rho) * rng.standard_normal(n)
    return x, y + noise * rng.standard_normal(n)


def _normal(rng: np.random.Generator, n: int, _: float, __: float) -> tuple[Floats, Floats]:
    return rng.uniform(-1, 1, n), rng.standard_normal(n)


def _heavy(rng: np.random.Generator, n: int, _: float, __: float) -> tuple[Floats, Floats]:
    return rng.exponential(size=n), rng.standard_t(3, n)


def _discrete(rng: np.random.Generator, n: int, _: float, __: float) -> tuple[Floats, Floats]:
    return rng.integers(0, 4, n).astype(float), rng.poisson(1.5, n).astype(float)


def _w(x: Floats, _: float) -> Floats:
    return np.asarray(4 * (x**2 - 0.5) ** 2)


RELATIONS: dict[str, Relation] = {
    "linear": Relation("y = x", _function(lambda x, _: x)),
    "quadratic": Relation("y = x²", _function(lambda x, _: x**2)),
    "cubic": Relation("y = x³", _function(lambda x, _: x**3)),
    "exponential": Relation("y = exp(2x)", _function(lambda x, _: np.exp(2 * x))),
    "sine": Relation("y = sin(kπx)", _function(lambda x, k: np.sin(k * math.pi * x)), "k", 4.0),
    "w": Relation("W shape", _function(_w)),
    "step": Relation("Step function", _function(lambda x, _: (x > 0).astype(float))),
    "circle": Relation("Circle", _curve(lambda rng, n, _: _ring(rng, n, 1.0))),
    "ellipse": Relation("Ellipse", _curve(_ring), "ratio", 0.4),
    "square": Relation("Turned square", _curve(_turned_square(math.pi / 8))),
    "diamond": Relation("Diamond", _curve(_turned_square(math.pi / 4))),
    "checkerboard": Relation("Checkerboard", _curve(_checkerboard), "cells", 3.0),
    "spiral": Relation("Spiral", _curve(_spiral), "turns", 2.0),
    "parabolas": Relation("Two parabolas", _curve(_crossing)),
    "fan": Relation("Spread grows with x", _fan),
    "copula": Relation("Gaussian copula", _copula, "rho", 0.5),
    "clusters": Relation("Four clusters, independent", _curve(_clusters), dependent=False),
    "uniform_normal": Relation("Independent: uniform, normal", _normal, dependent=False),
    "exponential_t3": Relation("Independent: exponential, t₃", _heavy, dependent=False),
    "discrete": Relation("Independent: discrete", _discrete, dependent=False),
}


def sample(
    relation: str,
    n: int = 200,
    *,
    noise: float = 0.1,
    parameter: float | None = None,
    outliers: float = 0.0,
    rounding: float = 0.0,
    seed: int = 0,
) -> Sample:
    """n pairs of a relation of `RELATIONS`.

    `noise` is a standard deviation added to what the relation gives, `outliers` the share of rows
    thrown anywhere within ten times the spread, `rounding` a step that values are rounded to, so
    that ties arise (0 for none). The same seed gives the same rows whatever the noise.
    """
    chosen = RELATIONS[arguments.choice(relation, "relation", tuple(RELATIONS))]
    arguments.whole(n, "n", 2)
    arguments.whole(seed, "seed", 0)
    for value, name in ((noise, "noise"), (outliers, "outliers"), (rounding, "rounding")):
        if arguments.real(value, name) < 0:
            raise HsicError("bad_value", f"{name} must not be negative.", name)
    if outliers > 1:
        raise HsicError("bad_value", "outliers is a share of the rows, at most 1.", "outliers")
    shape = chosen.default if parameter is None else arguments.real(parameter, "parameter")
    rng = np.random.default_rng(seed)
    x, y = chosen.draw(rng, n, noise, shape)
    count = round(outliers * n)
    if count:
        rows = rng.choice(n, count, replace=False)
        x[rows] = x.mean() + 10 * x.std() * rng.uniform(-1, 1, count)
        y[rows] = y.mean() + 10 * y.std() * rng.uniform(-1, 1, count)
    if rounding:
        x, y = (np.round(v / rounding) * rounding for v in (x, y))
    return Sample(relation, x, y, chosen.dependent, seed)


def xor_triple(n: int = 200, seed: int = 0) -> tuple[Floats, Floats, Floats]:
    """Two fair coins and whether they differ: independent in pairs, not all three together."""
    arguments.whole(n, "n", 2)
    a, b = np.random.default_rng(arguments.whole(seed, "seed", 0)).integers(0, 2, (2, n))
    return a.astype(float), b.astype(float), (a ^ b).astype(float)


def independent_series(n: int = 200, seed: int = 0, memory: float = 0.8) -> tuple[Floats, Floats]:
    """Two stationary series x_t = memory x_(t-1) + noise that are independent of each other.

    Shuffling every row makes them look dependent; blocks of neighbours do not.
    """
    arguments.whole(n, "n", 2)
    if not -1 < arguments.real(memory, "memory") < 1:
        raise HsicError("bad_value", "memory must lie between -1 and 1.", "memory")
    steps = np.random.default_rng(arguments.whole(seed, "seed", 0)).standard_normal((n, 2))
    steps[0] /= math.sqrt(1 - memory**2)
    for t in range(1, n):
        steps[t] += memory * steps[t - 1]
    return steps[:, 0].copy(), steps[:, 1].copy()


_ANSCOMBE_X = [10.0, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5]
_ANSCOMBE: dict[str, tuple[list[float], list[float]]] = {
    "I": (_ANSCOMBE_X, [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68]),
    "II": (_ANSCOMBE_X, [9.14, 8.14, 8.74, 8.77, 9.26, 8.1, 6.13, 3.1, 9.13, 7.26, 4.74]),
    "III": (_ANSCOMBE_X, [7.46, 6.77, 12.74, 7.11, 7.81, 8.84, 6.08, 5.39, 8.15, 6.42, 5.73]),
    "IV": (
        [8.0, 8, 8, 8, 8, 8, 8, 19, 8, 8, 8],
        [6.58, 5.76, 7.71, 8.84, 8.47, 7.04, 5.25, 12.5, 5.56, 7.91, 6.89],
    ),
}


def anscombe(which: str) -> Sample:
    """One of the quartet, "I" to "IV": equal means, variances and correlation (Anscombe 1973)."""
    x, y = _ANSCOMBE[arguments.choice(which, "which", tuple(_ANSCOMBE))]
    return Sample(f"anscombe {which}", np.array(x), np.array(y), True)
