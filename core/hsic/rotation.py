"""Independent component analysis in the plane: HSIC as a function of the angle of rotation.

Two mixed, whitened sources become independent at one angle of a quarter turn: there HSIC is
smallest. A width much above the median sees only covariance, which whitening has already removed.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Unpack

import numpy as np

from zoetrope.core.hsic import arguments
from zoetrope.core.hsic.errors import HsicError
from zoetrope.core.hsic.estimators import biased
from zoetrope.core.hsic.pairing import pair
from zoetrope.core.hsic.results import Floats
from zoetrope.core.hsic.where import Where
from zoetrope.core.hsic.widths import rule_width


@dataclass(frozen=True, slots=True, eq=False)
class RotationCurve:
    """HSIC_b at every angle in radians (NaN where not computed yet) and the best angle so far.

    `white` [n, 2] are the whitened columns; column a of white @ turn(best).T estimates a source.
    """

    angles: Floats
    hsic: Floats
    best: float
    white: Floats


def mixed_sources(n: int = 400, angle: float = math.pi / 6, seed: int = 0) -> Floats:
    """Two independent uniform columns of unit variance, turned by `angle`, as [n, 2]."""
    arguments.whole(n, "n", 4)
    sources = np.random.default_rng(seed).uniform(-math.sqrt(3), math.sqrt(3), (n, 2))
    return np.asarray(sources @ turn(angle).T)


def turn(angle: float) -> Floats:
    """The rotation matrix of an angle in radians."""
    c, s = math.cos(angle), math.sin(angle)
    return np.array([[c, -s], [s, c]])


def whitened(table: Any) -> Floats:
    """Two columns centred, decorrelated and scaled to unit variance, by the symmetric root."""
    values = arguments.rows(table, "table")
    if values.shape[1] != 2:
        raise HsicError("bad_shape", "A rotation needs exactly two columns.", "table")
    centred = values - values.mean(0)
    size, axes = np.linalg.eigh(centred.T @ centred / len(values))
    if size[0] <= 1e-12 * size[1]:
        raise HsicError("undefined", "The two columns lie on one line; nothing is mixed.", "table")
    return np.asarray(centred @ axes @ np.diag(size**-0.5) @ axes.T)


def rotation_steps(
    table: Any,
    *,
    count: int = 91,
    factor: float = 1.0,
    **where: Unpack[Where],
) -> Iterator[RotationCurve]:
    """HSIC of the two columns of `table` [n, 2], whitened and turned back by angles 0 to π/2.

    `factor` times each rotated column's median distance is its width. Yields after every angle.
    """
    arguments.whole(count, "count", 2)
    arguments.positive(factor, "factor")
    white = whitened(table)
    angles = np.linspace(0, math.pi / 2, count)
    values = np.full(count, math.nan)
    for i, angle in enumerate(angles):
        turned = white @ turn(-float(angle)).T
        widths = [factor * rule_width(turned[:, [c]], "median")[0] for c in (0, 1)]
        sides = pair(
            turned[:, 0],
            turned[:, 1],
            width_x=widths[0],
            width_y=widths[1],
            **where,
        )
        values[i] = biased(*sides)
        best = float(angles[int(np.nanargmin(values))])
        yield RotationCurve(angles, values.copy(), best, white)
