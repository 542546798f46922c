"""Positive definite kernels, evaluated as k - 1 so that wide kernels keep all their digits.

A kernel much wider than the data is nearly 1 everywhere and all that matters is the difference.
`expm1` and its like give that difference to full relative accuracy; computing k and centring it
afterwards loses it (40 % error at 1000 times the median distance in double precision).
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import torch
from torch import Tensor

from zoetrope.core.hsic.errors import HsicError

Columns = Literal["joint", "product", "sum"]
Radial = Callable[[Tensor], Tensor]

SERIES_BELOW = 0.7  # under this argument the Matérn kernels are summed as a power series
SERIES_TERMS = 18


@dataclass(frozen=True, slots=True)
class Kernel:
    """A kernel on rows, its shape parameters, and how several columns are joined.

    With r the Euclidean distance divided by the width: "gaussian" exp(-r²/2), "laplace" exp(-r),
    "matern32" (1 + √3r) exp(-√3r), "matern52" (1 + √5r + 5r²/3) exp(-√5r), "rq" (1 + r²/2a)^-a with
    a = `alpha`, "imq" (1 + r²)^-½. Without a width: "linear" <x, x'>, "polynomial"
    (`offset` + <x, x'>)^`degree`, "distance" (|x-o|^b + |x'-o|^b - |x-x'|^b)/2 with
    b = `exponent` in (0, 2), which makes 4 HSIC the squared distance covariance, "delta" 1 for
    equal rows and 0 otherwise, "precomputed" for a Gram matrix in place of the data.

    `columns` is "joint" for one kernel on whole rows, or "product" or "sum" of one kernel a
    column: the same on all of them, or `parts`, which `by_column` makes.
    """

    name: str = "gaussian"
    alpha: float = 1.0
    degree: int = 2
    offset: float = 1.0
    exponent: float = 1.0
    columns: Columns = "joint"
    parts: tuple["Kernel", ...] = ()

    @staticmethod
    def by_column(kernels: "Sequence[str | Kernel]", columns: Columns = "product") -> "Kernel":
        """Another kernel for every column, such as ("gaussian", "delta"), multiplied or added."""
        parts = tuple(as_kernel(kernel, "kernels") for kernel in kernels)
        return Kernel(parts[0].name if parts else "gaussian", columns=columns, parts=parts)

    def __post_init__(self) -> None:
        """Refuse shape parameters that make no kernel."""
        if self.name not in KERNELS:
            raise HsicError(
                "unknown_kernel",
                f"There is no kernel {self.name!r}; choose one of {', '.join(KERNELS)}.",
                "kernel",
            )
        if not 0 < self.exponent < 2:
            raise HsicError(
                "bad_value",
                f"The distance kernel's exponent must lie between 0 and 2, not {self.exponent:g}.",
                "exponent",
            )
        if not (math.isfinite(self.alpha) and self.alpha > 0):
            raise HsicError("bad_value", "alpha must be greater than 0.", "alpha")
        whole = self.degree >= 1 and float(self.degree).is_integer()
        if not (whole and 0 <= self.offset < math.inf):
            raise HsicError(
                "bad_value",
                "The polynomial kernel needs a whole degree from 1 and an offset from 0 on.",
                "degree",
            )
        if self.parts and self.columns == "joint":
            raise HsicError(
                "bad_value",
                'Kernels for single columns are joined by columns="product" or "sum".',
                "columns",
            )
        allowed = (*RADIAL, "delta") if self.columns == "product" else SUMMABLE
        for part in (self, *self.parts) if self.columns != "joint" else ():
            if part.name not in allowed or any(inner.columns != "joint" for inner in self.parts):
                raise HsicError(
                    "bad_value",
                    f"The {part.name} kernel cannot be joined column by column as a "
                    f"{self.columns}; choose of {', '.join(allowed)}.",
                    "columns",
                )

    @property
    def has_width(self) -> bool:
        """Whether the kernel depends on a width."""
        return any(part.name in RADIAL for part in self.parts or (self,))

    @property
    def unit_diagonal(self) -> bool:
        """Whether k(x, x) = 1 for every x."""
        return self.columns == "product" or (
            self.columns == "joint" and (self.name in RADIAL or self.name == "delta")
        )

    def part(self, column: int) -> "Kernel":
        """The kernel of one column of a product or sum."""
        return self.parts[column] if self.parts else replace(self, columns="joint")

    def categorical(self, column: int) -> bool:
        """Whether the values of a column only need to be told apart."""
        return (self.part(column) if self.parts else self).name == "delta"


def as_kernel(kernel: "str | Kernel", parameter: str) -> Kernel:
    """A kernel by its name ("energy" is another name for "distance", "poly" for "polynomial")."""
    if isinstance(kernel, Kernel):
        return kernel
    if isinstance(kernel, str):
        kernel = ALSO_CALLED.get(kernel, kernel)
    if not isinstance(kernel, str) or kernel not in KERNELS:
        raise HsicError(
            "unknown_kernel",
            f"There is no kernel {kernel!r}; choose one of {', '.join(KERNELS)}.",
            parameter,
        )
    return Kernel(kernel)


# k(r) - 1, accurate for small r ----------------------------------------------------------------


def _gaussian(r: Tensor) -> Tensor:
    return torch.expm1(r.square().mul_(-0.5))


def _laplace(r: Tensor) -> Tensor:
    return torch.expm1(-r)


def _matern32(r: Tensor) -> Tensor:
    a = math.sqrt(3) * r
    far = (1 + a) * torch.exp(-a) - 1
    return torch.where(a < SERIES_BELOW, _series(a, _MATERN32), far)


def _matern52(r: Tensor) -> Tensor:
    a = math.sqrt(5) * r
    far = (1 + a + a.square() / 3) * torch.exp(-a) - 1
    return torch.where(a < SERIES_BELOW, _series(a, _MATERN52), far)


# (1 + a) e^-a and (1 + a + a²/3) e^-a as Σ c_k (-a)^k, without the leading 1
_MATERN32 = [(1 - k) / math.factorial(k) for k in range(2, SERIES_TERMS)]
_MATERN52 = [(1 - k + k * (k - 1) / 3) / math.factorial(k) for k in range(2, SERIES_TERMS)]


def _series(a: Tensor, coefficients: list[float]) -> Tensor:
    total = torch.zeros_like(a)
    for coefficient in reversed(coefficients):
        total = coefficient - a * total
    return a.square() * total


def _imq(r: Tensor) -> Tensor:
    root = torch.sqrt(1 + r.square())
    return torch.where(r > 1e8, 1 / root - 1, -r.clamp(max=1e9).square() / (root * (1 + root)))


# k(r), accurate where it is small ----------------------------------------------------------------


def _matern32_value(r: Tensor) -> Tensor:
    a = math.sqrt(3) * r
    return _times_decay(1 + a, a)


def _matern52_value(r: Tensor) -> Tensor:
    a = math.sqrt(5) * r
    return _times_decay(1 + a + a.clamp(max=1e9).square() / 3, a)


def _times_decay(factor: Tensor, a: Tensor) -> Tensor:
    return factor.clamp(max=1e30) * torch.exp(-a)


# k'(r)/r, for gradients ---------------------------------------------------------------------------


def _laplace_slope(r: Tensor) -> Tensor:
    return torch.where(r > 0, -torch.exp(-r) / r, torch.zeros_like(r))


@dataclass(frozen=True, slots=True)
class _RadialForms:
    minus_one: Radial
    value: Radial
    slope: Radial


RADIAL: dict[str, _RadialForms] = {
    "gaussian": _RadialForms(
        _gaussian,
        lambda r: torch.exp(-r.square() / 2),
        lambda r: -torch.exp(-r.square() / 2),
    ),
    "laplace": _RadialForms(_laplace, lambda r: torch.exp(-r), _laplace_slope),
    "matern32": _RadialForms(
        _matern32, _matern32_value, lambda r: -3 * torch.exp(-math.sqrt(3) * r)
    ),
    "matern52": _RadialForms(
        _matern52,
        _matern52_value,
        lambda r: -5 / 3 * (1 + math.sqrt(5) * r) * torch.exp(-math.sqrt(5) * r),
    ),
    "imq": _RadialForms(
        _imq,
        lambda r: 1 / torch.sqrt(1 + r.square()),
        lambda r: -((1 + r.square()) ** -1.5),
    ),
}


def _rq_forms(alpha: float) -> _RadialForms:
    """The rational quadratic kernel (1 + r²/2a)^-a."""

    def logarithm(r: Tensor) -> Tensor:
        return torch.log1p(r.square() / (2 * alpha))

    return _RadialForms(
        lambda r: torch.expm1(-alpha * logarithm(r)),
        lambda r: torch.exp(-alpha * logarithm(r)),
        lambda r: -torch.exp(-(alpha + 1) * logarithm(r)),
    )


RADIAL["rq"] = _rq_forms(1.0)
SUMMABLE = (*RADIAL, "linear", "distance", "delta")
KERNELS = (*RADIAL, "linear", "polynomial", "distance", "delta", "precomputed")
ALSO_CALLED = {"energy": "distance", "poly": "polynomial"}


def radial_forms(kernel: Kernel) -> _RadialForms:
    """k(r) - 1, k(r) and k'(r)/r as functions of r = distance over width."""
    return _rq_forms(kernel.alpha) if kernel.name == "rq" else RADIAL[kernel.name]
