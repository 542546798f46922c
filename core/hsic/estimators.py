"""The Hilbert-Schmidt independence criterion and its normalised forms.

Gretton et al. 2005 and 2007 (biased), Song et al. 2012, eq. 5 (unbiased), Kornblith et al. 2019
(CKA), Fukumizu et al. 2007 (NOCCO).
"""

import math
from collections.abc import Iterator
from typing import Any, Unpack

import torch
from torch import Tensor

from zoetrope.core.hsic import arguments
from zoetrope.core.hsic.errors import HsicError
from zoetrope.core.hsic.gram_matrix import Block, off_diagonal, u_centre
from zoetrope.core.hsic.kernels import Kernel
from zoetrope.core.hsic.pairing import PairOptions, pair
from zoetrope.core.hsic.stepping import Steps
from zoetrope.core.stepping import finish

ESTIMATORS = ("biased", "unbiased")
DENSE_ROWS = 1500  # above this the Gram matrices are formed a slice at a time
SLICE_ENTRIES = 1_000_000
LARGEST_N = 50_000  # n² kernel values beyond this take minutes
LARGEST_CKA = 20_000
VANISHES = 1e-13  # a U-centred matrix below this part of the Gram matrix is rounding


def hsic(
    x: Any,
    y: Any,
    *,
    width_x: Any = "median",
    width_y: Any = "median",
    kernel_x: str | Kernel = "gaussian",
    kernel_y: str | Kernel = "gaussian",
    estimator: str = "biased",
    device: str = "cpu",
    dtype: str = "float64",
) -> float:
    """The dependence of paired rows x and y, each (n,) or (n, p).

    "biased" is tr(KHLH)/n² >= 0 (n >= 2), "unbiased" the U-statistic (n >= 4), which may be
    negative. A block of equal rows gives 0. Widths are in the units of the data or the name of a
    rule of `median_width`; kernels are names or `Kernel`s. All functions of two variables take
    these keywords. HsicError for anything without an answer.
    """
    bx, by = pair(
        x,
        y,
        width_x=width_x,
        width_y=width_y,
        kernel_x=kernel_x,
        kernel_y=kernel_y,
        device=device,
        dtype=dtype,
    )
    _check_estimator(estimator, bx.n)
    return biased(bx, by) if estimator == "biased" else unbiased(bx, by)


def _check_estimator(estimator: str, n: int) -> None:
    arguments.choice(estimator, "estimator", ESTIMATORS)
    arguments.at_least(n, 4 if estimator == "unbiased" else 2, f"The {estimator} estimator")


def biased(x: Block, y: Block) -> float:
    """HSIC_b = <Kc, Lc>/n²."""
    return finish(biased_steps(x, y))


def biased_steps(x: Block, y: Block) -> Steps[float]:
    """As `biased`, yielding about every 50 ms."""
    if x.constant or y.constant:
        return 0.0
    if x.n > DENSE_ROWS:
        return (yield from _sliced(x, y, "biased"))
    kc = off_diagonal(x).centred()
    yield
    lc = off_diagonal(y).centred()
    yield
    return _inner(kc, lc) / x.n**2


def unbiased(x: Block, y: Block) -> float:
    """HSIC_u = <U(K), U(L)>/(n(n-3))."""
    return finish(unbiased_steps(x, y))


def unbiased_steps(x: Block, y: Block) -> Steps[float]:
    """As `unbiased`, yielding about every 50 ms."""
    if x.constant or y.constant:
        return 0.0
    if x.n > DENSE_ROWS:
        return (yield from _sliced(x, y, "unbiased"))
    uk = u_centre(off_diagonal(x).matrix)
    yield
    ul = u_centre(off_diagonal(y).matrix)
    yield
    return _inner(uk, ul) / (x.n * (x.n - 3))


def cka(x: Any, y: Any, *, estimator: str = "biased", **options: Unpack[PairOptions]) -> float:
    """Centred kernel alignment, HSIC(x, y)/√(HSIC(x, x) HSIC(y, y)); NaN where that is 0/0.

    "biased" lies in [0, 1] and tends to 1 for *any* data as the widths shrink; "unbiased" lies in
    [-1, 1] and does not. It is undefined (NaN) for a constant block, and unbiased also where a
    U-centred matrix vanishes, as with a single value that differs from all others.
    """
    bx, by = pair(x, y, **options)
    _check_estimator(estimator, bx.n)
    if bx.n > LARGEST_CKA:
        raise HsicError(
            "too_large",
            f"CKA holds whole Gram matrices and {bx.n} rows would fill the memory; use width_grid "
            f"or at most {LARGEST_CKA} rows.",
            "x",
        )
    if bx.constant or by.constant:
        return math.nan
    a, b = (_normalised(side, estimator) for side in (bx, by))
    return math.nan if a is None or b is None else _inner(a, b)


SINGULAR = 1e-13  # of the norm of a matrix: a ridge below leaves it singular


def nocco(x: Any, y: Any, *, epsilon: float = 1e-5, **options: Unpack[PairOptions]) -> float:
    """tr(R_x R_y) with R = Kc (Kc + epsilon n I)^-1: HSIC with every direction weighted alike.

    Often called normalised HSIC; it is not CKA. Its value depends on `epsilon`, above 0.
    """
    bx, by = pair(x, y, **options)
    if arguments.real(epsilon, "epsilon") <= 0:
        raise HsicError("bad_value", "epsilon must be greater than 0.", "epsilon")

    def regression(side: Block) -> Tensor:
        centred = off_diagonal(side).centred()
        ridge = epsilon * side.n * torch.eye(side.n, dtype=centred.dtype, device=centred.device)
        if epsilon * side.n < SINGULAR * float(centred.norm()):
            raise HsicError(
                "undefined",
                f"NOCCO adds {epsilon:g} n to the centred {side.kernel.name} kernel, which is lost "
                "beside its values; rescale the data or raise epsilon.",
                "epsilon",
            )
        solved: Tensor = torch.linalg.solve(centred + ridge, centred)
        return solved

    rx, ry = regression(bx), regression(by)
    return _inner(rx, ry.T.contiguous())


def undefined(centred: Tensor, matrix: Tensor) -> bool:
    """Whether a centred or U-centred matrix is nothing but the rounding of `matrix`."""
    epsilon = VANISHES if matrix.dtype == torch.float64 else 1e-6
    return float(centred.norm()) <= epsilon * float(matrix.norm())


def _normalised(side: Block, estimator: str) -> Tensor | None:
    """The centred Gram matrix over its norm, or None where it vanishes."""
    gram = off_diagonal(side)
    centred = gram.centred() if estimator == "biased" else u_centre(gram.matrix)
    if undefined(centred, gram.matrix) and not (estimator == "biased" and gram.ridge):
        return None
    unit: Tensor = centred / centred.norm()
    return unit


def _inner(a: Tensor, b: Tensor) -> float:
    """<A, B>, summed so that float32 keeps its digits and small entries do not underflow."""
    scale_a, scale_b = float(a.abs().max()), float(b.abs().max())
    if scale_a == 0 or scale_b == 0:
        return 0.0
    return float(((a / scale_a) * (b / scale_b)).sum()) * scale_a * scale_b


def _sliced(bx: Block, by: Block, estimator: str) -> Steps[float]:
    """As the dense path, holding only a slice of each Gram matrix at a time."""
    n = bx.n
    if n > LARGEST_N:
        raise HsicError(
            "too_large",
            f"{n} rows make {n * n:.3g} pairs; use width_grid, which needs none for one column a "
            "side, or fewer rows.",
            "x",
        )
    sums = []
    for side in (bx, by):
        parts = []
        for _, part in _slices(side):
            parts.append(part.sum(0))
            yield
        sums.append(torch.cat(parts))
    total = 0.0
    for (start, k), (_, other) in zip(_slices(bx), _slices(by), strict=True):
        rows = slice(start, start + k.shape[1])
        centred = []
        for part, sides in zip((k, other), sums, strict=True):
            divisor, corner = (n, n) if estimator == "biased" else (n - 2, n - 1)
            means = sides / divisor
            part = part - means[:, None] - (means[rows] - means.sum() / corner)
            if estimator == "unbiased":
                part[torch.arange(start, start + part.shape[1]), torch.arange(part.shape[1])] = 0
            centred.append(part)
        total += _inner(centred[0], centred[1])
        yield
    return total / (n * n if estimator == "biased" else n * (n - 3))


def _slices(side: Block) -> Iterator[tuple[int, Tensor]]:
    step = max(1, SLICE_ENTRIES // side.n)
    for start in range(0, side.n, step):
        rows = torch.arange(start, min(start + step, side.n), device=side.values.device)
        yield start, side.contrast_between(rows)
