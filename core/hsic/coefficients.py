"""The classical measures of dependence of two columns, each with its textbook p-value."""

import math
from dataclasses import dataclass

import numpy as np
import torch

from zoetrope.core.hsic.results import SMALLEST_P, Floats
from zoetrope.core.hsic.stepping import Steps
from zoetrope.core.stepping import finish

EXACT_KENDALL = 33  # rows up to which the tau of untied data has its exact law
PAIRS_A_STEP = 500_000
JITTER = 1e-10


@dataclass(frozen=True, slots=True)
class Coefficient:
    """`value` (NaN where undefined), `p_value` (None where there is none) and how p was found."""

    value: float
    p_value: float | None
    method: str


def pearson(x: Floats, y: Floats) -> Coefficient:
    """Correlation r, with the two-sided p of Student's t; n >= 3."""
    a, b = x - x.mean(), y - y.mean()
    a, b = (v / np.abs(v).max() if v.any() else v for v in (a, b))
    norm = math.sqrt(float(a @ a) * float(b @ b))
    if norm == 0:
        return Coefficient(math.nan, 1.0, "Student's t")
    r = max(-1.0, min(1.0, float(a @ b) / norm))
    return Coefficient(r, student_p(r, len(x) - 2), "Student's t")


def spearman(x: Floats, y: Floats) -> Coefficient:
    """Pearson's r of the ranks (ties share their mean rank)."""
    return pearson(mean_ranks(x), mean_ranks(y))


def student_p(r: float, freedom: int) -> float:
    """P(|R| >= |r|) for a correlation with `freedom` = n - 2: I_{1-r²}(freedom/2, 1/2)."""
    if freedom < 1:
        return 1.0
    return max(_beta_ratio(freedom / 2, 0.5, (1 - r) * (1 + r)), SMALLEST_P)


def kendall(x: Floats, y: Floats) -> Coefficient:
    """tau-b; p exact for up to 33 untied rows, else by its normal approximation with ties.

    O(n log n): the discordant pairs are the inversions of y in the order of x (Knight 1966).
    """
    n = len(x)
    ties = [np.unique(v, return_counts=True)[1].astype(float) for v in (x, y)]
    both = np.unique(np.stack([x, y]), axis=1, return_counts=True)[1].astype(float)
    pairs = n * (n - 1) / 2
    free = [pairs - float((t * (t - 1)).sum()) / 2 for t in ties]
    if min(free) == 0:
        return Coefficient(math.nan, 1.0, "normal")
    untied = free[0] + free[1] - pairs + float((both * (both - 1)).sum()) / 2
    score = untied - 2 * _inversions(y[np.lexsort((y, x))])
    tau = score / math.sqrt(free[0] * free[1])
    if n <= EXACT_KENDALL and all((t == 1).all() for t in ties):
        return Coefficient(tau, _exact_kendall(n, score), "exact")
    variance = n * (n - 1) * (2 * n + 5) / 18
    variance -= sum(float((t * (t - 1) * (2 * t + 5)).sum()) for t in ties) / 18
    first = [float((t * (t - 1)).sum()) for t in ties]
    second = [float((t * (t - 1) * (t - 2)).sum()) for t in ties]
    variance += first[0] * first[1] / (2 * n * (n - 1))
    if n > 2:
        variance += second[0] * second[1] / (9 * n * (n - 1) * (n - 2))
    p = math.erfc(abs(score) / math.sqrt(2 * variance)) if variance > 0 else 1.0
    return Coefficient(tau, max(p, SMALLEST_P), "normal")


def _inversions(values: Floats) -> int:
    """Pairs i < j with values[i] > values[j], by merging sorted runs of 1, 2, 4, ... places."""
    length = 1 << (len(values) - 1).bit_length()
    places = np.arange(length)
    places[: len(values)] = np.unique(values, return_inverse=True)[1]  # the filling comes last
    places[len(values) :] += length
    found, run = 0, 1
    while run < length:
        runs = np.sort(places.reshape(-1, run), axis=1)
        apart = 2 * length * np.arange(len(runs) // 2)[:, None]  # keeps the pairs of runs apart
        left, right = ((runs[half::2] + apart).ravel() for half in (0, 1))
        before = np.searchsorted(left, right, side="right")
        until = np.repeat((np.arange(len(runs) // 2) + 1) * run, run)
        found += int((until - before).sum())
        run *= 2
    return found


def _exact_kendall(n: int, score: float) -> float:
    """Two-sided, from the number of permutations with each number of inversions."""
    counts = np.array([1.0])
    for size in range(2, n + 1):
        counts = np.convolve(counts, np.ones(size)) / size
    inversions = round((n * (n - 1) / 2 - abs(score)) / 2)
    return min(1.0, 2 * float(counts[: inversions + 1].sum()))


def chatterjee_xi(x: Floats, y: Floats, seed: int = 0) -> Coefficient:
    """xi(x, y): how far y is a function of x (Chatterjee 2021), with its one-sided normal p.

    Ties in x are broken at random from `seed`, as the definition has it.
    """
    n = len(x)
    shuffled = np.random.default_rng(seed).permutation(n)
    order = shuffled[np.argsort(x[shuffled], kind="stable")]
    ordered = np.sort(y)
    r = np.searchsorted(ordered, y, side="right").astype(float)
    left = n - np.searchsorted(ordered, y, side="left").astype(float)
    spread = float((left * (n - left)).sum())
    if spread == 0 or np.ptp(x) == 0:
        return Coefficient(math.nan, 1.0, "normal")
    steps = float(np.abs(np.diff(r[order])).sum())
    xi = 1 - n * steps / (2 * spread)
    deviation = math.sqrt(_xi_variance(r, spread, n) / n)
    p = math.erfc(xi / deviation / math.sqrt(2)) / 2 if deviation > 0 else 1.0
    return Coefficient(xi, max(p, SMALLEST_P), "normal")


def _xi_variance(r: Floats, spread: float, n: int) -> float:
    """n times the variance of xi under independence: 2/5, or Chatterjee's estimate with ties."""
    if len(np.unique(r)) == n:
        return 0.4
    u = np.sort(r)
    i = np.arange(1, n + 1)
    v = np.cumsum(u)
    a = float(((2 * n - 2 * i + 1) * u**2).sum()) / n**4
    b = float(((v + (n - i) * u) ** 2).sum()) / n**5
    c = float(((2 * n - 2 * i + 1) * u).sum()) / n**3
    d = spread / n**3
    return max((a - 2 * b + c * c) / (d * d), 0.0)


def mean_ranks(x: Floats) -> Floats:
    """Ranks from 1; ties share their mean."""
    _, inverse, counts = np.unique(x, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    ranks: Floats = (last - (counts - 1) / 2)[inverse]
    return ranks


def mutual_information(x: Floats, y: Floats, neighbours: int = 3, seed: int = 0) -> float:
    """As `mutual_information_steps`, at once."""
    return finish(mutual_information_steps(x, y, neighbours, seed))


def mutual_information_steps(
    x: Floats, y: Floats, neighbours: int = 3, seed: int = 0, device: str = "cpu"
) -> Steps[float]:
    """Kraskov, Stögbauer & Grassberger 2004, first estimator, in nats, for columns of n > 3 rows.

    Columns are scaled to unit standard deviation. The estimator is for continuous data: ties, which
    would pass for information, are broken by normal jitter of 1e-10 drawn from `seed`. A value
    below 0 stays. NaN for a constant column. O(n²) time, by slices
    of rows in O(n) memory, on the device.
    """
    n = len(x)
    if np.ptp(x) == 0 or np.ptp(y) == 0 or n <= neighbours:
        return math.nan
    jitter = JITTER * np.random.default_rng(seed).standard_normal((2, n))
    x, y = (v / np.abs(v).max() for v in (x, y))  # so that no square leaves the number range
    a, b = (
        torch.from_numpy(v / v.std() + e).to(device) for v, e in zip((x, y), jitter, strict=True)
    )
    total = 0.0
    step = max(1, PAIRS_A_STEP // n)
    for start in range(0, n, step):
        dx = (a[start : start + step, None] - a).abs_()
        dy = (b[start : start + step, None] - b).abs_()
        joint = torch.maximum(dx, dy)
        radius = joint.kthvalue(neighbours + 1, dim=1, keepdim=True).values  # the row itself is one
        counts = ((d < radius).sum(1).clamp(min=1).double() for d in (dx, dy))
        total += sum(float(torch.special.digamma(count).sum()) for count in counts)
        if step < n:
            yield
    whole = torch.tensor([float(n), float(neighbours)], dtype=torch.float64)
    return float(torch.special.digamma(whole).sum()) - total / n


def _beta_ratio(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function I_x(a, b) by its continued fraction."""
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - _beta_ratio(b, a, 1 - x)
    log_front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    log_front += a * math.log(x) + b * math.log1p(-x)
    c, d = 1.0, 1 / (1 - (a + b) * x / (a + 1))
    h = d
    for m in range(1, 1000):
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / (1 + term * d)
            c = 1 + term / c
            h *= d * c
        if abs(d * c - 1) < 1e-15:
            break
    return math.exp(log_front) * h / a
