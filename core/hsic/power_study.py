"""How often each test finds a relation: detection rates over the widths and over the noise."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Unpack

import numpy as np

from zoetrope.core.hsic import arguments
from zoetrope.core.hsic.coefficients import pearson
from zoetrope.core.hsic.comparison import compare
from zoetrope.core.hsic.datasets import sample
from zoetrope.core.hsic.errors import HsicError
from zoetrope.core.hsic.null_formulas import moment_test
from zoetrope.core.hsic.results import Floats
from zoetrope.core.hsic.where import Where
from zoetrope.core.hsic.width_map import FACTORS, width_grid_steps
from zoetrope.core.hsic.widths import median_width


@dataclass(frozen=True, slots=True, eq=False)
class PowerMap:
    """Detection rates after `done` of `n_sets` data sets of a relation.

    `rate` [len(factors_x), len(factors_y)] is how often the exact-moment p at those multiples of
    the median widths is at most `level`. `median` is that rate at the medians, `honest` that of the
    global p of the map, `naive` how often any cell falls below the level, which for independent
    data shows what picking the best width does; `distance` and `pearson` are the classical tests'.
    """

    factors_x: Floats
    factors_y: Floats
    rate: Floats
    median: float
    honest: float
    naive: float
    distance: float
    pearson: float
    done: int
    n_sets: int
    level: float


def power_steps(
    relation: str,
    n: int = 100,
    *,
    noise: float = 0.1,
    parameter: float | None = None,
    factors_x: Sequence[float] = FACTORS,
    factors_y: Sequence[float] = FACTORS,
    n_sets: int = 100,
    n_perm: int = 99,
    level: float = 0.05,
    seed: int = 0,
    **where: Unpack[Where],
) -> Iterator[PowerMap | None]:
    """Draw `n_sets` data sets and test each; yields the rates after each set, None in between.

    With `n_perm` permutations the honest p can be as small as 1/(n_perm + 1), which must not
    exceed `level`. Set s has the seed `seed` + s.
    """
    arguments.whole(n_sets, "n_sets", 1)
    arguments.whole(n_perm, "n_perm", math.ceil(1 / level) - 1)
    rate = np.zeros((len(factors_x), len(factors_y)))
    found = np.zeros(5)
    for done in range(1, n_sets + 1):
        drawn = sample(relation, n, noise=noise, parameter=parameter, seed=seed + done - 1)
        centre_x, centre_y = median_width(drawn.x), median_width(drawn.y)
        grid = None
        for step in width_grid_steps(
            drawn.x,
            drawn.y,
            centre_x * np.array(factors_x),
            centre_y * np.array(factors_y),
            n_perm=n_perm,
            seed=seed + done - 1,
            **where,
        ):
            grid = step or grid
            yield None
        if grid is None or grid.p_moment is None or grid.p_global is None:
            raise HsicError("too_few", "A power study needs at least 6 rows.", "n")
        rate += grid.p_moment <= level
        median = moment_test(drawn.x, drawn.y, **where).p_value
        distances = moment_test(
            drawn.x,
            drawn.y,
            width_x=None,
            width_y=None,
            kernel_x="distance",
            kernel_y="distance",
            **where,
        ).p_value
        straight = pearson(drawn.x, drawn.y).p_value or 1.0
        smallest = float(grid.p_moment.min())
        found += np.array([median, grid.p_global, smallest, distances, straight]) <= level
        at_median, honest, naive, distance, correlation = (found / done).tolist()
        yield PowerMap(
            factors_x=np.array(factors_x),
            factors_y=np.array(factors_y),
            rate=rate / done,
            median=at_median,
            honest=honest,
            naive=naive,
            distance=distance,
            pearson=correlation,
            done=done,
            n_sets=n_sets,
            level=level,
        )


@dataclass(frozen=True, slots=True, eq=False)
class NoiseSweep:
    """Every coefficient's value and p at every noise level, as [len(noise)] arrays by name."""

    noise: Floats
    value: dict[str, Floats]
    p_value: dict[str, Floats]
    done: int


def noise_sweep_steps(
    relation: str,
    noise: Sequence[float],
    n: int = 200,
    *,
    parameter: float | None = None,
    seed: int = 0,
    **where: Unpack[Where],
) -> Iterator[NoiseSweep]:
    """`compare` on one relation under growing noise, the same rows throughout; yields every level.

    Levels not reached yet are NaN. Mutual information comes without a p.
    """
    levels = np.array([arguments.real(level, "noise") for level in noise])
    values: dict[str, Floats] = {}
    p_values: dict[str, Floats] = {}
    for i, level in enumerate(levels):
        drawn = sample(relation, n, noise=float(level), parameter=parameter, seed=seed)
        for name, coefficient in compare(drawn.x, drawn.y, n_perm=0, seed=seed, **where).items():
            for store, number in ((values, coefficient.value), (p_values, coefficient.p_value)):
                store.setdefault(name, np.full(len(levels), math.nan))
                store[name][i] = math.nan if number is None else number
        yield NoiseSweep(
            levels,
            {name: column.copy() for name, column in values.items()},
            {name: column.copy() for name, column in p_values.items()},
            i + 1,
        )
