"""A density painted in cells of a grid: even over the painted ones and nothing elsewhere."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from zoetrope.core.iresnet.errors import IResNetError
from zoetrope.core.iresnet.model import rows


@dataclass(frozen=True, slots=True, eq=False)
class PaintedCells:
    """Cells of an n x n grid over `extent` = (x from, x to, y from, y to), evenly filled.

    cells: distinct (row, column) of each painted one; row 0 is the lowest. Raises IResNetError if
    there is none or one lies outside.
    """

    cells: tuple[tuple[int, int], ...]
    n: int
    extent: tuple[float, float, float, float]

    def __post_init__(self) -> None:
        """Check that there is something, and where it is."""
        if not self.cells:
            raise IResNetError("too_few", "Nothing is painted yet; paint at least a cell.", "cells")
        for cell in self.cells:
            if not all(0 <= index < self.n for index in cell):
                raise IResNetError(
                    "bad_value", f"Cell {cell} lies outside {self.n} x {self.n} cells.", "cells"
                )
        if len(set(self.cells)) < len(self.cells):
            raise IResNetError("bad_value", "A cell is painted twice; paint it once.", "cells")

    @property
    def sides(self) -> tuple[float, float]:
        """Width and height of a cell."""
        left, right, bottom, top = self.extent
        return (right - left) / self.n, (top - bottom) / self.n

    @property
    def entropy(self) -> float:
        """Differential entropy in nats: the logarithm of the painted area."""
        return math.log(len(self.cells) * math.prod(self.sides))

    def make(self, n: int, seed: int) -> Tensor:
        """Return n independent points [n, 2], float32; equal seeds give equal points."""
        rng = np.random.default_rng(seed)
        chosen = np.asarray(self.cells, dtype=np.float64)[rng.integers(0, len(self.cells), n)]
        within = chosen[:, ::-1] + rng.random((n, 2))  # column across, row up
        points = within * self.sides + (self.extent[0], self.extent[2])
        return torch.from_numpy(points.astype(np.float32))

    def log_density(self, points: Tensor) -> Tensor:
        """Return the exact log-density [N], float64, at points [N, 2]: minus infinity outside."""
        table = torch.full((self.n, self.n), -math.inf, dtype=torch.float64)
        where = torch.tensor(self.cells)
        table[where[:, 0], where[:, 1]] = -self.entropy
        corner = torch.tensor((self.extent[0], self.extent[2]), dtype=torch.float64)
        index = ((rows(points) - corner) / torch.tensor(self.sides, dtype=torch.float64)).floor()
        inside = ((index >= 0) & (index < self.n)).all(1)
        found = torch.full((len(index),), -math.inf, dtype=torch.float64)
        column, row = index[inside].long().unbind(1)
        found[inside] = table[row, column]
        return found
