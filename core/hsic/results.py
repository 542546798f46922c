"""What a test or a map of widths returns: plain values and NumPy arrays on the host."""

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from zoetrope.core.hsic.gram_matrix import Block

Floats = NDArray[np.float64]
SMALLEST_P = 5e-324  # stands for every p below the range of double precision


@dataclass(frozen=True, slots=True, eq=False)
class TestResult:
    """One test of independence, with all that is needed to repeat it.

    `statistic` is HSIC_b; `null` its values under the permutations (empty where a formula took
    their place) and `exceeding` how many of them reach it; `block_length` rows were kept together.
    `p_value` is never 0: where it lies below the smallest double, 5e-324 stands there and `log10_p`
    has the value. `method` is "permutation", "exact", "moment", "gamma" or "spectral". `mean`,
    `variance` and `skewness` are those of HSIC_b under independence where the method knows them.
    `engine` names how the statistic was computed and `error_bound` bounds the error of HSIC_b.
    """

    __test__ = False  # not a class of tests, whatever pytest thinks of its name

    statistic: float
    p_value: float
    log10_p: float
    method: str
    n: int
    n_perm: int = 0
    exceeding: int = 0
    seed: int | None = None
    null: Floats = field(default_factory=lambda: np.empty(0))
    width_x: Any = None
    width_y: Any = None
    mean: float | None = None
    variance: float | None = None
    skewness: float | None = None
    engine: str = "dense"
    error_bound: float = 0.0
    notes: tuple[str, ...] = ()
    block_length: int = 1


def formula_result(
    x: "Block", y: "Block", method: str, statistic: float, log_p: float, **rest: Any
) -> TestResult:
    """The result of a test whose p has the natural logarithm `log_p`."""
    rest["notes"] = x.notes + y.notes + rest.pop("notes", ())
    return TestResult(
        statistic=statistic,
        p_value=max(math.exp(log_p), SMALLEST_P),
        log10_p=log_p / math.log(10),
        method=method,
        n=x.n,
        width_x=x.width,
        width_y=y.width,
        **rest,
    )


@dataclass(frozen=True, slots=True, eq=False)
class WidthGrid:
    """HSIC at every pair of widths. Maps are float64 [len(widths_x), len(widths_y)].

    `cka_b` and `cka_u` are NaN where undefined. `p_moment` is the exact-moment p of each cell and
    `log10_p_moment` its decimal logarithm; `p_value` the permutation p of each cell. They are
    exploratory: `p_global` is the one p-value that holds for having looked at the whole map, from
    the smallest `p_moment` against the smallest in every permuted map. `best` is the cell
    (i, j) of the smallest `p_moment`. What has not been computed (yet) is None.

    `engine` names how the map was computed, `error_bound` bounds the error of every `hsic` cell
    relative to √(HSIC(x,x) HSIC(y,y)) there, `progress` runs from 0 to 1.
    """

    widths_x: Floats
    widths_y: Floats
    hsic: Floats
    hsic_u: Floats
    cka_b: Floats
    cka_u: Floats
    p_moment: Floats | None
    log10_p_moment: Floats | None
    p_value: Floats | None
    p_global: float | None
    best: tuple[int, int] | None
    n: int
    n_perm: int
    seed: int
    engine: str
    error_bound: float
    progress: float
    notes: tuple[str, ...] = ()
    block_length: int = 1
