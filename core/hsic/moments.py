"""Mean, variance and skewness of HSIC over all n! permutations, in closed form.

Kazi-Aoual, Hitier, Sabatier & Lebreton 1995 give them for any two centred matrices. Here each
centred Gram matrix is first made trace-free, A = Kc - alpha H with alpha = tr(Kc)/(n-1): that part
of T = <Kc, Lc[pi]> is the same for every pi, and leaving it in destroys the digits of narrow
kernels. What a side contributes are eight numbers, so a map over widths costs one sum a width, not
one a cell.
"""

import math
from dataclasses import dataclass, fields
from functools import cached_property

import torch
from torch import Tensor

from zoetrope.core.hsic.gram_matrix import OffDiagonal, centre
from zoetrope.core.hsic.pearson3 import log_smallest_p, log_upper_tail
from zoetrope.core.hsic.stepping import Steps
from zoetrope.core.stepping import finish

LEAST_N = 6
SLICE_OPERATIONS = 300_000_000
VANISHES = 1e-13  # trace-free parts below this part of the Gram matrix are rounding

# Near pairs of x that meet near pairs of y in a shuffle, on average, and near pairs of a variable,
# below which the Pearson III p was off by .1 to .4 for 8 to 30 rows.
FEWEST_MET = 1.0
FEWEST_NEAR = 2.5


@dataclass(frozen=True)
class SideMoments:
    """What one variable contributes, for S kernels: float64 tensors [S].

    `scale` is |A|, 0 where A vanishes; the sums are those of A/|A|: `s2` = Σd², `s3` = Σd³ for
    d = diag A, `cubes` = Σ_ij A_ij³, `b` = d'Ad, `r` = Σ d_i (A²)_ii, `t3` = tr A³; tr A² is 1.
    `trace` is tr Kc.
    """

    n: int
    trace: Tensor
    scale: Tensor
    s2: Tensor
    s3: Tensor
    cubes: Tensor
    b: Tensor
    r: Tensor
    t3: Tensor

    @cached_property
    def near_pairs(self) -> Tensor:
        """About how many pairs of rows a kernel sees as alike, from the sum of cubes: m equal
        entries of A on each side of the diagonal have one of 1/√(2m). Many for a wide kernel.
        """
        cubes = (self.cubes - self.s3).clamp(min=1e-6)
        return 1 / (2 * cubes.square())

    @cached_property
    def alpha(self) -> Tensor:
        """tr(Kc)/(n-1)."""
        return self.trace / (self.n - 1)

    @cached_property
    def norm_squared(self) -> Tensor:
        """|Kc|² = n² HSIC_b(x, x)."""
        return self.scale**2 + (self.n - 1) * self.alpha**2

    @cached_property
    def unbiased_norm_squared(self) -> Tensor:
        """n(n-3) HSIC_u(x, x), for a kernel with k(x, x) constant; 0 where it is rounding."""
        value = self.scale**2 * (1 - self.n / (self.n - 2) * self.s2)
        return torch.where(value > 1e-12 * self.norm_squared, value, torch.zeros_like(value))

    def facing(self, axis: int) -> "SideMoments":
        """The same with a second axis, so that two sides broadcast to a map [Sx, Sy]."""
        values = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "n"}
        return SideMoments(self.n, **{k: v.unsqueeze(axis) for k, v in values.items()})


def side_moments(gram: OffDiagonal) -> SideMoments:
    """The contribution of one Gram matrix [n, n], as tensors [1] on the CPU; O(n³)."""
    return finish(side_moments_steps(gram))


def side_moments_steps(gram: OffDiagonal) -> Steps[SideMoments]:
    """As `side_moments`, yielding about every 30 ms."""
    matrix = gram.matrix.double()
    n = len(matrix)
    yield
    a = centre(matrix)
    yield
    alpha = float(a.trace()) / (n - 1)
    a += alpha / n
    a.diagonal().sub_(alpha)
    trace = (alpha + gram.ridge) * (n - 1)
    scale = float(a.norm())
    if scale <= VANISHES * float(matrix.norm()):
        return stack_sums(n, trace, 0.0, (0.0,) * 6)
    a /= scale
    yield
    d = a.diagonal()
    squares = a.square()
    rows = squares.sum(1)
    yield
    cubes = float((squares * a).sum())
    t3 = 0.0
    step = max(1, SLICE_OPERATIONS // n**2)
    for start in range(0, n, step):
        part = a[start : start + step]
        t3 += float(((part @ a) * part).sum())
        yield
    sums = (
        float(d.square().sum()),
        float((d**3).sum()),
        cubes,
        float(d @ a @ d),
        float(d @ rows),
        t3,
    )
    return stack_sums(n, trace, scale, sums)


def stack_sums(n: int, trace: float, scale: float, sums: tuple[float, ...]) -> SideMoments:
    """One side from plain numbers: s2, s3, cubes, b, r, t3."""

    def one(value: float) -> Tensor:
        return torch.tensor([value], dtype=torch.float64)

    return SideMoments(n, one(trace), one(scale), *(one(value) for value in sums))


def stack_sides(sides: list[SideMoments]) -> SideMoments:
    """Several kernels of one variable as one."""
    names = [f.name for f in fields(SideMoments) if f.name != "n"]
    return SideMoments(
        sides[0].n, **{name: torch.cat([getattr(s, name) for s in sides]) for name in names}
    )


@dataclass(frozen=True, slots=True)
class PermutationMoments:
    """Moments of T = <Kc, Lc[pi]> = n² HSIC_b over all permutations, as maps of equal shape.

    `mean` in units of T, `unit` |A_x||A_y|, `spread` the standard deviation over `unit`, and the
    dimensionless `skewness`. `discrete` marks kernels so narrow that T takes few values.
    """

    n: int
    mean: Tensor
    unit: Tensor
    spread: Tensor
    skewness: Tensor
    discrete: Tensor

    @property
    def variance(self) -> Tensor:
        """The variance of T."""
        return (self.unit * self.spread).square()

    def log_p(self, statistic: Tensor) -> Tensor:
        """log P(T >= statistic) in the Pearson III distribution with these moments.

        Where T does not vary at all p is 1. Beyond the end of a distribution of negative skewness
        p is 1/n!, the smallest that a permutation test can have.
        """
        varies = self.spread > 0
        sd = torch.where(varies, self.unit * self.spread, torch.ones_like(self.unit))
        log_p = log_upper_tail((statistic - self.mean) / sd, self.skewness)
        floor = torch.full_like(log_p, log_smallest_p(self.n))
        log_p = torch.where(torch.isinf(log_p), floor, log_p)
        return torch.where(varies, log_p, torch.zeros_like(log_p))


def rounding(n: int) -> float:
    """How far T of n rows in double precision may be off, as a part of |Kc||Lc|."""
    return 1e-13 * max(1.0, n / 50)


def permutation_moments(
    x: SideMoments, y: SideMoments, accuracy: float = 0.0
) -> PermutationMoments:
    """The moments for every pair of kernels, as maps that broadcast x against y.

    Where T varies by less than its rounding, or than `accuracy` if that is coarser, in units of
    |Kc||Lc|, its order is not known: it counts as not varying, as in a permutation test, where such
    values tie. That happens to kernels so narrow that they tell all rows apart.
    """
    n = float(x.n)
    s2, s2y = x.s2, y.s2
    alive = ((x.scale > 0) & (y.scale > 0)).to(torch.float64)
    variance = 2 / ((n + 1) * (n - 2)) + (n * (n + 1) * s2 - 2 * (n - 1)) * (
        n * (n + 1) * s2y - 2 * (n - 1)
    ) / ((n + 1) * n * (n - 1) * (n - 2) * (n - 3))
    variance = variance * alive
    variance = torch.where(variance > 1e-24, variance, torch.zeros_like(variance))
    unit, norm = x.scale * y.scale, (x.norm_squared * y.norm_squared).sqrt()
    known = variance.sqrt() * unit > max(accuracy, rounding(x.n)) * norm
    spread = variance.sqrt() * known
    third = _third_moment(x, y) / (n * (n - 1) * (n - 2) * (n - 3) * (n - 4) * (n - 5))
    skewness = torch.where(spread > 0, third / spread**3, torch.zeros_like(third))
    # T changes where a near pair of x meets one of y: hardly ever, or at all times by one pair
    met = x.near_pairs * y.near_pairs / (n * (n - 1) / 2)
    discrete = (met < FEWEST_MET) | (torch.minimum(x.near_pairs, y.near_pairs) < FEWEST_NEAR)
    mean = x.trace * y.trace / (n - 1)
    return PermutationMoments(x.n, mean, unit, spread, skewness, discrete)


def _third_moment(x: SideMoments, y: SideMoments) -> Tensor:
    """n(n-1)...(n-5) times the third central moment of <A, A*[pi]>, both of norm 1."""
    n = float(x.n)
    s, u, b, r, t = x.s3, x.cubes, x.b, x.r, x.t3
    sy, uy, by, ry, ty = y.s3, y.cubes, y.b, y.r, y.t3
    return (
        n**2 * (n + 1) * (n**2 + 15 * n - 4) * s * sy
        + 4 * (n**4 - 8 * n**3 + 19 * n**2 - 4 * n - 16) * u * uy
        + 24 * (n**2 - n - 4) * (u * by + b * uy)
        + 6 * (n**4 - 8 * n**3 + 21 * n**2 - 6 * n - 24) * b * by
        + 12 * (n**4 - n**3 - 8 * n**2 + 36 * n - 48) * r * ry
        + 24 * (n**3 - 3 * n**2 - 2 * n + 8) * (r * uy + u * ry)
        + 24 * (n**3 - 2 * n**2 - 3 * n + 12) * (r * by + b * ry)
        - 2 * n * (n - 1) * (n**2 - n + 4) * ((2 * u + 3 * b) * sy + (2 * uy + 3 * by) * s)
        - 12 * n * (n - 1) ** 2 * (n + 4) * (r * sy + ry * s)
        + 16 * n * (n - 1) * (n - 2) * (t * sy + ty * s)
        + 8 * (n**3 - 9 * n**2 + 26 * n - 22) * t * ty
        - 8 * (3 * n**2 - 15 * n + 16) * (t * uy + u * ty)
        - 8 * (3 * n**2 - 15 * n + 24) * (t * by + b * ty)
        - 8 * (n - 2) * (3 * n**2 - 15 * n + 24) * (t * ry + r * ty)
    )


def log10(log_p: float) -> float:
    """A natural logarithm as a decimal one."""
    return log_p / math.log(10)
