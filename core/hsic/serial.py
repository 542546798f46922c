"""Whether rows may be shuffled one by one: autocorrelation, and blocks that keep it.

A permutation test takes the rows to be exchangeable. Where both variables are series in time,
neighbours resemble each other, and shuffling single rows makes independent series look dependent.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from zoetrope.core.hsic import arguments
from zoetrope.core.hsic.lattice import transform_size
from zoetrope.core.hsic.pearson3 import log_gamma_upper
from zoetrope.core.hsic.results import Floats
from zoetrope.core.hsic.stepping import Steps
from zoetrope.core.stepping import finish

SIGNIFICANT = 0.01  # Ljung-Box p below which a column counts as a series
FEW_LAGS = 16  # up to which sums are quicker than transforms
NOTABLE_LOSS = 0.9  # effective over actual rows below which shuffling single rows misleads


@dataclass(frozen=True, slots=True)
class SerialDependence:
    """How rows resemble their neighbours.

    `lag_one_x`, `lag_one_y` are the autocorrelations at lag 1 of the columns that have the
    strongest, `p_x` and `p_y` their Ljung-Box p. `effective_n` is how many independent rows would
    give the sample covariance of x and y its variance, `block_length` how many neighbours to keep
    together. `notable` says that a test which shuffles single rows cannot be trusted.
    """

    lag_one_x: float
    lag_one_y: float
    p_x: float
    p_y: float
    effective_n: float
    block_length: int
    notable: bool


def serial_dependence(x: Any, y: Any) -> SerialDependence:
    """Examine paired rows x and y, (n,) or (n, p) numbers in the order of time; n >= 8.

    It takes both: where one of the variables is not autocorrelated, shuffling it is allowed.
    """
    return finish(serial_steps(x, y))


def serial_steps(x: Any, y: Any) -> Steps[SerialDependence]:
    """As `serial_dependence`, in steps below 100 ms for a million rows."""
    tables = [arguments.rows(values, name) for values, name in ((x, "x"), (y, "y"))]
    arguments.same_length(len(tables[0]), len(tables[1]))
    n = len(tables[0])
    arguments.at_least(n, 8, "An examination for autocorrelation")
    columns, p_values, lengths = [], [], []
    for table in tables:
        column = max(table.T, key=lambda c: abs(autocorrelations(c, 1)[0]))
        yield
        p_values.append(ljung_box(column)[1])
        yield
        lengths.append(block_length(column))
        columns.append(column)
        yield
    (p_x, p_y), length = p_values, max(lengths)
    kept = min(n // 4, 2 * length)
    rho_x = autocorrelations(columns[0], kept)
    yield
    rho_y = autocorrelations(columns[1], kept)
    shrinking = 1 - np.arange(1, kept + 1) / n
    inflation = 1 + 2 * float((shrinking * rho_x[:kept] * rho_y[:kept]).sum())
    effective = n / max(inflation, 1.0)
    return SerialDependence(
        lag_one_x=float(rho_x[0]),
        lag_one_y=float(rho_y[0]),
        p_x=p_x,
        p_y=p_y,
        effective_n=effective,
        block_length=length,
        notable=max(p_x, p_y) < SIGNIFICANT and effective < NOTABLE_LOSS * n,
    )


def autocorrelations(column: Floats, lags: int) -> Floats:
    """The sample autocorrelations at lags 1, ..., `lags` of a column [n]; 0 for a constant one."""
    n = len(column)
    if np.ptp(column) == 0:
        return np.zeros(lags)
    centred = column - column.mean()
    centred = centred / np.abs(centred).max()
    if lags <= FEW_LAGS:
        covariances = np.array([centred[k:] @ centred[: n - k] for k in range(lags + 1)])
    else:
        size = transform_size((n + lags) // 2 + 1)
        power = np.abs(np.fft.rfft(centred, size)) ** 2
        covariances = np.fft.irfft(power, size)[: lags + 1]
    found: Floats = covariances[1:] / covariances[0]
    return found


def ljung_box(column: Floats, lags: int | None = None) -> tuple[float, float]:
    """Q = n(n+2) Σ ρ_k²/(n-k) over `lags` lags and its chi-squared p (Ljung & Box 1978).

    By default 10 lags, or a fifth of the rows if that is less.
    """
    n = len(column)
    count = min(10, max(1, n // 5)) if lags is None else lags
    rho = autocorrelations(column, count)
    statistic = n * (n + 2) * float((rho**2 / (n - np.arange(1, count + 1))).sum())
    half = torch.tensor([count / 2, statistic / 2], dtype=torch.float64)
    return statistic, math.exp(float(log_gamma_upper(half[:1], half[1:])))


def block_length(column: Floats) -> int:
    """The rows to keep together, at least 1 and at most n/3 or 3√n (Politis & White 2004).

    For circular blocks, with the correction of Patton, Politis & White 2009: autocorrelations are
    summed up to where they have become insignificant, under a window with a flat top.
    """
    n = len(column)
    if np.ptp(column) == 0:
        return 1
    quiet = max(5, math.ceil(math.sqrt(math.log10(n))))
    furthest = min(n - 1, math.ceil(math.sqrt(n)) + quiet)
    rho = autocorrelations(column, furthest)
    small = np.abs(rho) < 2 * math.sqrt(math.log10(n) / n)
    runs = [k for k in range(furthest - quiet + 1) if small[k : k + quiet].all()]
    first_quiet = runs[0] + 1 if runs else int(np.flatnonzero(~small)[-1]) + 1
    reach = min(2 * first_quiet, furthest)
    k = np.arange(1, reach + 1)
    window = np.minimum(1.0, 2 * (1 - k / reach))
    weighted = window * rho[:reach]
    spread = 1 + 2 * float(weighted.sum())
    slope = 2 * float((k * weighted).sum())
    best = (2 * slope**2 / (4 / 3 * spread**2) * n) ** (1 / 3) if spread != 0 else math.inf
    return max(1, math.ceil(min(best, 3 * math.sqrt(n), n / 3)))
