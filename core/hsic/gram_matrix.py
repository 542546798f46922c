"""Gram matrices in the form that loses no digits, and their centring.

Any kernel is replaced by its contrast k(x, x') - (k(x, x) + k(x', x'))/2, which is k - 1 where
k(x, x) = 1: adding a function of one argument changes nothing once the matrix is centred.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Unpack

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from zoetrope.core.hsic import arguments
from zoetrope.core.hsic.distances import distances
from zoetrope.core.hsic.errors import HsicError
from zoetrope.core.hsic.kernels import Kernel, as_kernel, radial_forms
from zoetrope.core.hsic.precomputed import checked_gram_steps
from zoetrope.core.hsic.stepping import Steps
from zoetrope.core.hsic.where import Where, tensor_type
from zoetrope.core.hsic.widths import Width, resolve_width_steps
from zoetrope.core.stepping import finish

WHOLE_ROWS = 1000  # rows up to which a matrix is formed in one step
SLICE_ENTRIES = 500_000
NARROW_BELOW = -0.5  # mean k - 1 from which k itself has more digits


@dataclass(frozen=True)
class Block:
    """One variable, ready for a kernel: `values` [n, p] (for "precomputed" the Gram matrix).

    `width` is None for a kernel without one and a tuple for a product or sum over columns.
    `origin` [p] is what was taken off every row, lest single precision lose the offset's digits.
    """

    values: Tensor
    kernel: Kernel
    width: Width
    notes: tuple[str, ...] = ()
    origin: NDArray[np.float64] | float = 0.0

    @property
    def n(self) -> int:
        """The number of rows."""
        return len(self.values)

    @property
    def where(self) -> Where:
        """The device and precision of the rows."""
        dtype = str(self.values.dtype).removeprefix("torch.")
        return {"device": str(self.values.device), "dtype": dtype}

    @cached_property
    def constant(self) -> bool:
        """Whether all rows look equal to the kernel."""
        if self.kernel.name == "precomputed":
            return bool((self.contrast() == 0).all())
        return bool((self.values == self.values[0]).all())

    @cached_property
    def separations(self) -> tuple[Tensor, ...]:
        """The distance matrices [n, n] that the kernel is a function of: one, or one a column."""
        return self.separations_to(self.values)

    def with_width(self, width: Width) -> "Block":
        """The same rows at another width; distances already computed are kept."""
        other = replace(self, width=width)
        if "separations" in self.__dict__:
            other.__dict__["separations"] = self.separations
        return other

    def of_rows(self, rows: Tensor) -> "Block":
        """Some of the rows, as a block of their own."""
        values = self.values[rows]
        if self.kernel.name == "precomputed":
            values = values[:, rows]
        return replace(self, values=values)

    def place(self, points: NDArray[np.float64]) -> Tensor:
        """Points [m, p] in the units of the data, as `contrast_to` takes them."""
        return torch.as_tensor(np.ascontiguousarray(points - self.origin)).to(self.values)

    def contrast(self) -> Tensor:
        """k(x_i, x_j) - (k(x_i, x_i) + k(x_j, x_j))/2 as [n, n]; the diagonal is 0."""
        if self.kernel.name in ("precomputed", "polynomial"):
            return self.contrast_between(torch.arange(self.n, device=self.values.device))
        return _contrast(self.kernel, self.separations, self.width)

    def contrast_between(self, rows: Tensor) -> Tensor:
        """The columns `rows` of `contrast()`, as [n, len(rows)], without the rest."""
        if self.kernel.name == "precomputed":
            own = self.values.diagonal()
            return self.values[:, rows] - (own[:, None] + own[rows]) / 2
        return self.contrast_to(self.values[rows])

    def contrast_to(self, points: Tensor) -> Tensor:
        """The contrast of every row with other `points` [m, p], as [n, m]."""
        kernel, values = self.kernel, self.values
        if kernel.name == "polynomial":

            def power(product: Tensor) -> Tensor:
                return (kernel.offset + product) ** kernel.degree

            own = power(values.square().sum(1)), power(points.square().sum(1))
            return power(values @ points.T) - (own[0][:, None] + own[1]) / 2
        return _contrast(kernel, self.separations_to(points), self.width)

    def separations_to(self, points: Tensor) -> tuple[Tensor, ...]:
        """The distances [n, m] of every row to `points` [m, p]: one matrix, or one a column."""
        a, b = self.values, points
        if self.kernel.columns == "joint":
            return (distances(a, b),)
        return tuple(distances(a[:, [c]], b[:, [c]]) for c in range(a.shape[1]))


@dataclass(frozen=True, slots=True)
class OffDiagonal:
    """A Gram matrix up to terms that centring removes: `matrix` [n, n] with a zero diagonal plus
    `ridge` times the identity.

    A wide kernel is kept as k - 1 with ridge 0, a narrow one as k with ridge 1, so that whichever
    part carries the information has full relative accuracy.
    """

    matrix: Tensor
    ridge: float

    def centred(self) -> Tensor:
        """H K H with H = I - 11'/n, as [n, n]."""
        centred = centre(self.matrix)
        if self.ridge:
            n = len(centred)
            centred -= self.ridge / n
            centred.diagonal().add_(self.ridge)
        return centred


def block(
    x: Any,
    width: Any,
    kernel: "str | Kernel",
    name: str,
    **where: Unpack[Where],
) -> Block:
    """Check one variable called `name` ("x" or "y") and put it on the device."""
    return finish(block_steps(x, width, kernel, name, **where))


def block_steps(
    x: Any,
    width: Any,
    kernel: "str | Kernel",
    name: str,
    *,
    device: str = "cpu",
    dtype: str = "float64",
) -> Steps[Block]:
    """As `block`, yielding while a rule looks for the width or a Gram matrix is checked."""
    chosen = as_kernel(kernel, f"kernel_{name}")
    values = _checked(x, chosen, name)
    yield
    if chosen.name == "precomputed":
        values = yield from checked_gram_steps(values, name)
    resolved, notes = yield from resolve_width_steps(values, width, chosen, f"width_{name}")
    torch_type = tensor_type(dtype, device)
    origin: NDArray[np.float64] | float = 0.0
    if torch_type != torch.float64 and chosen.name not in ("precomputed", "polynomial"):
        origin = np.median(values, axis=0)
    placed = torch.as_tensor(values - origin, dtype=torch_type).to(device)
    return Block(placed, chosen, resolved, notes, origin)


def _checked(x: Any, kernel: Kernel, name: str) -> NDArray[np.float64]:
    if not kernel.parts:
        return arguments.rows(x, name, categorical=kernel.categorical)
    columns = np.shape(x)[1] if np.ndim(x) == 2 else 1
    if columns != len(kernel.parts):
        raise HsicError(
            "length_mismatch",
            f"kernel_{name} has {len(kernel.parts)} parts for {columns} columns; give one a "
            "column.",
            f"kernel_{name}",
        )
    return arguments.rows(x, name, categorical=kernel.categorical)


def gram(
    x: Any,
    kernel: "str | Kernel" = "gaussian",
    width: Any = "median",
    *,
    minus_one: bool = True,
    **where: Unpack[Where],
) -> Tensor:
    """The Gram matrix of x as [n, n], by default in the form k(x, x') - (k(x, x) + k(x', x'))/2.

    With `minus_one=False` the kernel itself; the distance kernel then has its origin in row 0.
    """
    rows = block(x, width, kernel, "x", **where)
    contrast = rows.contrast()
    if minus_one:
        return contrast
    return contrast + (own_values(rows)[:, None] + own_values(rows)) / 2


def own_values(rows: Block) -> Tensor:
    """k(x_i, x_i) as [n]."""
    kernel, values = rows.kernel, rows.values
    if kernel.name == "precomputed":
        return values.diagonal()
    if kernel.columns == "sum":
        columns = (
            replace(rows, values=values[:, [c]], kernel=kernel.part(c))
            for c in range(values.shape[1])
        )
        return torch.stack([own_values(column) for column in columns]).sum(0)
    if kernel.name == "linear":
        return values.square().sum(1)
    if kernel.name == "polynomial":
        return (kernel.offset + values.square().sum(1)) ** kernel.degree
    if kernel.name == "distance":
        return (
            -2 * rows.contrast_between(torch.zeros(1, dtype=torch.long, device=values.device))[:, 0]
        )
    return torch.ones_like(values[:, 0])


def off_diagonal(rows: Block) -> OffDiagonal:
    """The Gram matrix of a block in whichever form has the most digits."""
    matrix = rows.contrast()
    narrow = rows.kernel.unit_diagonal and float(matrix.mean()) < NARROW_BELOW
    if not narrow:
        return OffDiagonal(matrix, 0.0)
    value = _value(rows.kernel, rows.separations, rows.width)
    value.fill_diagonal_(0)
    return OffDiagonal(value, 1.0)


def _contrast(kernel: Kernel, separations: tuple[Tensor, ...], width: Width) -> Tensor:
    if kernel.columns == "joint":
        return contrast_of(kernel, separations[0], width if isinstance(width, float) else None)
    widths = width if isinstance(width, tuple) else (None,) * len(separations)
    parts = [
        contrast_of(kernel.part(c), d, w)
        for c, (d, w) in enumerate(zip(separations, widths, strict=True))
    ]
    if kernel.columns == "sum":
        return torch.stack(parts).sum(0)
    return torch.expm1(torch.stack([torch.log1p(part) for part in parts]).sum(0))


def off_diagonal_steps(rows: Block) -> Steps[OffDiagonal]:
    """As `off_diagonal`, of many rows a slice at a time."""
    if rows.n <= WHOLE_ROWS:
        return off_diagonal(rows)
    matrix = torch.empty((rows.n, rows.n), dtype=rows.values.dtype, device=rows.values.device)
    slices = torch.split(torch.arange(rows.n, device=matrix.device), SLICE_ENTRIES // rows.n + 1)
    for some in slices:
        matrix[:, some] = rows.contrast_between(some)
        yield
    if not (rows.kernel.unit_diagonal and float(matrix.mean()) < NARROW_BELOW):
        return OffDiagonal(matrix, 0.0)
    for some in slices:
        separations = rows.separations_to(rows.values[some])
        matrix[:, some] = _value(rows.kernel, separations, rows.width)
        yield
    matrix.fill_diagonal_(0)
    return OffDiagonal(matrix, 1.0)


def contrast_of(kernel: Kernel, distance: Tensor, width: float | None) -> Tensor:
    """The contrast as a function of the distance, for a kernel that is one."""
    if width is not None:
        return radial_forms(kernel).minus_one(distance / width)
    if kernel.name == "delta":
        return -(distance > 0).to(distance.dtype)
    power = kernel.exponent if kernel.name == "distance" else 2.0
    return -0.5 * distance.pow(power)


def _value(kernel: Kernel, separations: tuple[Tensor, ...], width: Width) -> Tensor:
    widths = width if isinstance(width, tuple) else (width,) * len(separations)
    parts = [
        radial_forms(kernel.part(c)).value(d / w) if w is not None else (d == 0).to(d.dtype)
        for c, (d, w) in enumerate(zip(separations, widths, strict=True))
    ]
    return parts[0] if len(parts) == 1 else torch.stack(parts).prod(0)


def centre(matrix: Tensor) -> Tensor:
    """H M H for a symmetric M [n, n] and H = I - 11'/n."""
    means = matrix.mean(0)
    return matrix - means - (means - means.mean())[:, None]


def u_centre(matrix: Tensor) -> Tensor:
    """The U-centred form of a symmetric M [n, n] with zero diagonal, n >= 4 (Székely & Rizzo 2014).

    U_ij = M_ij - (m_i + m_j)/(n-2) + sum M/((n-1)(n-2)) off the diagonal and 0 on it.
    """
    n = len(matrix)
    sums = matrix.sum(0) / (n - 2)
    centred = matrix - sums - (sums - sums.sum() / (n - 1))[:, None]
    return centred.fill_diagonal_(0)
