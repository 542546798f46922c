"""One point moved in a sample of n: HSIC and its exact-moment p again in O(n) and O(n²).

Replacing row i of K - 1 changes every sum that HSIC and the first three permutation moments are
made of by terms of that row; the trace of the cube needs one matrix-vector product. What a frame
costs is 0.1 ms for HSIC and about 2 ms with p at n = 1000, against 200 ms from scratch.
"""

import math
from dataclasses import replace
from typing import Any, Unpack

import numpy as np
import torch
from torch import Tensor

from zoetrope.core.hsic import arguments
from zoetrope.core.hsic.errors import HsicError
from zoetrope.core.hsic.gram_matrix import Block
from zoetrope.core.hsic.moments import (
    LEAST_N,
    VANISHES,
    SideMoments,
    log10,
    permutation_moments,
    stack_sums,
)
from zoetrope.core.hsic.pairing import PairOptions, pair
from zoetrope.core.hsic.results import SMALLEST_P


class _Side:
    """One variable with M = K - 1, its row sums and the sums that the moments need."""

    def __init__(self, rows: Block) -> None:
        self.rows = replace(rows, values=rows.values.clone())
        self.m = self.rows.contrast()
        self.sums = self.m.sum(1)
        self.squares = self.m.square().sum(1)
        self.cube_sum = float(self.m.pow(3).sum())
        self.cube_trace: float | None = None

    def move(self, i: int, point: Tensor) -> Tensor:
        """Put row i at `point`; returns the change of row i of M, as [n]."""
        old = self.m[i].clone()
        self.rows.values[i] = point
        at = torch.tensor([i], device=self.m.device)
        new = self.rows.contrast_between(at)[:, 0]
        u = new - old
        if self.cube_trace is not None:
            along = self.m @ u
            self.cube_trace += 6 * float(along @ old) + 3 * float(u @ along)
        self.sums += u
        self.sums[i] += u.sum()
        change = new.square() - old.square()
        self.squares += change
        self.squares[i] += change.sum()
        self.cube_sum += 2 * float((new**3 - old**3).sum())
        self.m[i] = new
        self.m[:, i] = new
        return u

    @property
    def norm_squared(self) -> float:
        """|Kc|² = n² HSIC_b of the variable with itself."""
        n, total = len(self.m), float(self.sums.sum())
        spread = float((self.sums - total / n).square().sum())
        return float(self.squares.sum()) - 2 / n * spread - (total / n) ** 2

    def moments(self) -> SideMoments:
        """The exact moments' sums, from the sums at hand and one product with M."""
        n, m, sums = len(self.m), self.m, self.sums
        if self.cube_trace is None:
            self.cube_trace = float(((m @ m) * m).sum())
        total = float(sums.sum())
        trace = -total / n
        alpha = trace / (n - 1)
        d = -2 * (sums - total / n) / n
        shift = sums / n - (total / n**2 + alpha / n) / 2  # A_ij = M_ij - shift_i - shift_j, i != j
        products = m @ torch.stack([shift, d, sums], 1)
        first, second = float(shift.sum()), float(shift.square().sum())
        rows = self.squares - 2 * shift * sums - 2 * products[:, 0]
        rows = rows + n * shift.square() + 2 * shift * first + second
        own = -2 * shift  # what this form gives on the diagonal, where A is d
        rows = rows - own.square() + d.square()
        t2 = float(rows.sum())
        if t2 <= (VANISHES * float(m.norm())) ** 2:
            return stack_sums(n, trace, 0.0, (0.0,) * 6)
        scale = t2**0.5
        cubes = self.cube_sum - 6 * float(shift @ self.squares)
        cubes += 6 * float(shift.square() @ sums) + 6 * float(shift @ products[:, 0])
        cubes -= 2 * n * float(shift.pow(3).sum()) + 6 * first * second
        cubes += float(d.pow(3).sum() - own.pow(3).sum())
        s2 = float(d.square().sum())
        centred_cube = (
            self.cube_trace
            - 3 / n * float(sums @ products[:, 2])
            + 3 / n**2 * float(sums @ sums) * total
            - (total / n) ** 3
        )
        norm = t2 + (n - 1) * alpha**2
        t3 = centred_cube - 3 * alpha * norm + 2 * (n - 1) * alpha**3
        b = float(d @ products[:, 1]) - alpha * s2
        return stack_sums(
            n,
            trace,
            scale,
            (
                s2 / t2,
                float(d.pow(3).sum()) / scale**3,
                cubes / scale**3,
                b / scale**3,
                float(d @ rows) / scale**3,
                t3 / scale**3,
            ),
        )


class DraggedSample:
    """A sample whose points move one at a time, its widths staying as they are."""

    def __init__(
        self,
        x: Any,
        y: Any,
        **options: Unpack[PairOptions],
    ) -> None:
        bx, by = pair(x, y, **options)
        for rows, name in ((bx, "x"), (by, "y")):
            if rows.kernel.name in ("precomputed", "delta"):
                raise HsicError(
                    "undefined",
                    f"Rows under the {rows.kernel.name} kernel cannot be dragged.",
                    f"kernel_{name}",
                )
        self.n = bx.n
        self._x, self._y = _Side(bx), _Side(by)
        self._inner = float((self._x.m * self._y.m).sum())

    def move(self, i: int, x: Any, y: Any) -> float:
        """Put row i at (x, y), numbers or rows of numbers; returns HSIC_b. O(n), with p O(n²)."""
        arguments.whole(i, "i", 0, self.n - 1)
        sides = (self._x, self._y)
        # both are checked before either moves: a point that is refused leaves the sample as it was
        points = [_point(*given) for given in zip(sides, (x, y), ("x", "y"), strict=True)]
        for side, other, point in zip(sides, reversed(sides), points, strict=True):
            u = side.move(i, point)
            self._inner += 2 * float(u @ other.m[i])
        return self.hsic

    @property
    def hsic(self) -> float:
        """HSIC_b of the points where they are."""
        kx, ky = self._x.sums, self._y.sums
        n = self.n
        cross = float((kx - kx.mean()) @ (ky - ky.mean()))
        mean = float(kx.sum()) * float(ky.sum()) / n**2
        return (self._inner - 2 / n * cross - mean) / n**2

    @property
    def cka(self) -> float:
        """CKA, biased, of the points where they are; NaN where it is 0/0."""
        norm = self._x.norm_squared * self._y.norm_squared
        return self.hsic * self.n**2 / math.sqrt(norm) if norm > 0 else math.nan

    def p_value(self) -> tuple[float, float]:
        """The exact-moment p of the points where they are, and its decimal logarithm; n >= 6."""
        arguments.at_least(self.n, LEAST_N, "The exact-moment p")
        moments = permutation_moments(self._x.moments(), self._y.moments())
        statistic = torch.tensor([self.hsic * self.n**2], dtype=torch.float64)
        log_p = float(moments.log_p(statistic))
        return max(float(np.exp(log_p)), SMALLEST_P), log10(log_p)


def _point(side: _Side, value: Any, name: str) -> Tensor:
    """One row of a variable [p], where its rows are."""
    point = arguments.rows(np.atleast_1d(value)[None, :], name)
    columns = side.rows.values.shape[1]
    if point.shape[1] != columns:
        raise HsicError(
            "bad_shape",
            f"A row of {name} has {columns} numbers here, not {point.shape[1]}.",
            name,
        )
    return side.rows.place(point)[0]
