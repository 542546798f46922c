"""Any kernel, any number of columns: the Gram matrices of all widths span few directions.

The centred, normalised matrices of a kernel at S widths are combinations of q = 10 to 25 of them;
a permutation gathers q entries a pair instead of S, and a product expands them to the map.
"""

import torch
from torch import Tensor

from zoetrope.core.hsic.estimators import undefined
from zoetrope.core.hsic.gram_matrix import Block, off_diagonal
from zoetrope.core.hsic.map_engine import Moments, Preparation, precision
from zoetrope.core.hsic.moments import SideMoments, side_moments_steps, stack_sides
from zoetrope.core.hsic.stepping import Steps
from zoetrope.core.hsic.widths import Width

DIRECTION_TOLERANCE = 1e-7  # of the norm of a normalised Gram matrix
LARGEST_N = 1000
PAIRS_A_STEP = 100_000


class _Family:
    """One block at all its widths: `basis` [n(n+1)/2, q] and `coefficients` [q, S]."""

    def __init__(self, block: Block, widths: list[Width]):
        self.block = block
        self.widths = widths
        self.moments: list[SideMoments] = []
        self.own: list[Tensor] = []
        self.error = 0.0

    def prepare(self) -> Preparation:
        """Add the widths one by one, keeping what the ones before do not span (Gram-Schmidt)."""
        n = self.block.n
        device = self.block.values.device
        upper = torch.triu_indices(n, n, device=device)
        twice = 1 + (2.0**0.5 - 1) * (upper[0] != upper[1]).double()
        self.flat = upper[0] * n + upper[1]
        directions: list[Tensor] = []
        columns: list[Tensor] = []
        for width in self.widths:
            gram = off_diagonal(self.block.with_width(width))
            centred = gram.centred()
            self.own.append(centred.diagonal() - centred.diagonal().mean())
            vector = centred.reshape(-1)[self.flat] * twice
            yield
            self.moments.append((yield from side_moments_steps(gram)))
            norm = float(vector.norm())
            vanishes = not gram.ridge and undefined(centred, gram.matrix)
            rest = vector / norm if norm > 0 and not vanishes else torch.zeros_like(vector)
            column = torch.zeros(len(self.widths), dtype=torch.float64, device=device)
            for _ in range(2 if directions else 0):  # twice is enough (Kahan)
                known = torch.stack([direction @ rest for direction in directions])
                column[: len(known)] += known
                for amount, direction in zip(known.tolist(), directions, strict=True):
                    rest = rest - amount * direction
                yield
            left = float(rest.norm())
            if left > DIRECTION_TOLERANCE:
                column[len(directions)] = left
                directions.append(rest / left)
            else:
                self.error = max(self.error, left)
            columns.append(column * norm * (0.0 if vanishes else 1.0))
            yield
        if not directions:
            directions = [torch.zeros_like(twice)]
        self.basis = torch.stack(directions, 1)
        self.coefficients = torch.stack(columns, 1)[: self.basis.shape[1]]
        self.own_matrix = torch.stack(self.own, 1)

    def unweighted(self) -> Steps[Tensor]:
        """The directions as whole matrices [n n, q], for gathering."""
        n, q = self.block.n, self.basis.shape[1]
        whole = torch.empty((n, n, q), dtype=torch.float64, device=self.basis.device)
        rows, columns = self.flat // n, self.flat % n
        weight = 1 + (2.0**-0.5 - 1) * (rows != columns).double()
        for k in range(q):
            entries = self.basis[:, k] * weight
            whole[rows, columns, k] = entries
            whole[columns, rows, k] = entries
            yield
        return whole.reshape(n * n, q)


class FamilyEngine:
    """For up to 1000 rows."""

    name = "family of Gram matrices"

    def __init__(self, x: Block, y: Block, widths_x: list[Width], widths_y: list[Width]):
        self.n = x.n
        self.error = self.accuracy = 0.0
        self._x, self._y = _Family(x, widths_x), _Family(y, widths_y)

    def prepare(self) -> Preparation:
        """Form both families."""
        yield from self._x.prepare()
        yield from self._y.prepare()
        self.error = self._x.error + self._y.error
        self.accuracy = max(self.error, precision(self._x.block))
        yield
        self._whole = yield from self._y.unweighted()
        rows, columns = self._x.flat // self.n, self._x.flat % self.n
        self._pairs = (rows, columns)
        weight = 1 + (2.0**0.5 - 1) * (rows != columns).double()
        self._left = (self._x.basis * weight[:, None]).T.contiguous()
        yield
        self._observed = yield from self.permuted(torch.arange(self.n))

    def observed(self) -> Tensor:
        """T of the data."""
        return self._observed

    ranked = observed

    def permuted(self, order: Tensor) -> Steps[Tensor]:
        """T with y permuted."""
        order = order.to(self._whole.device)
        rows, columns = self._pairs
        inner = self._left.new_zeros((len(self._left), self._whole.shape[1]))
        for start in range(0, len(rows), PAIRS_A_STEP):
            some = slice(start, start + PAIRS_A_STEP)
            places = order[rows[some]] * self.n + order[columns[some]]
            inner += self._left[:, some] @ self._whole.index_select(0, places)
            if len(rows) > PAIRS_A_STEP:
                yield
        found: Tensor = self._x.coefficients.T @ inner.double() @ self._y.coefficients
        return found.cpu()

    def moments(self) -> Moments:
        """Both sides' sums, already at hand."""
        yield
        return stack_sides(self._x.moments), stack_sides(self._y.moments)

    def diagonal_products(self) -> Tensor:
        """Σ d_x d_y, as [Sx, Sy]."""
        return (self._x.own_matrix.T @ self._y.own_matrix).cpu()
