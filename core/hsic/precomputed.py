"""A Gram matrix in place of the data: what must be true of it before a number is made of it."""

import numpy as np
import torch
from numpy.typing import NDArray

from zoetrope.core.hsic.errors import HsicError
from zoetrope.core.hsic.stepping import Steps

Floats = NDArray[np.float64]

PANEL = 512  # columns of the factorisation between two yields
WHOLE_UP_TO = 3000  # rows; of more, a principal submatrix of that many is looked at
ROUNDING = 1e-9  # of the largest diagonal entry: what counts as a negative eigenvalue


def checked_gram_steps(values: Floats, name: str) -> Steps[Floats]:
    """A finite matrix [n, n] as a symmetric one; HsicError if no kernel can have made it.

    Centred it must have no negative eigenvalue; so minus a distance, which is a kernel only up to
    terms that centring removes, is one. Above 3000 rows an evenly spaced part of the rows is looked
    at, which finds any but a slight lack.
    """
    if values.shape[0] != values.shape[1]:
        raise HsicError(
            "bad_shape",
            f"A precomputed {name} must be a square Gram matrix, not {values.shape[0]} rows by "
            f"{values.shape[1]} columns.",
            name,
        )
    if not np.allclose(values, values.T, rtol=1e-10, atol=1e-12 * np.abs(values).max()):
        raise HsicError("bad_value", f"The precomputed Gram matrix {name} must be symmetric.", name)
    symmetric: Floats = (values + values.T) / 2
    yield
    rows = np.unique(np.linspace(0, len(values) - 1, WHOLE_UP_TO).round().astype(int))
    part = torch.from_numpy(symmetric[np.ix_(rows, rows)])
    centred = part - part.mean(0) - part.mean(0)[:, None] + part.mean()
    tolerance = ROUNDING * float(centred.diagonal().abs().max())
    yield
    if (centred != 0).any() and not (yield from _positive(centred, tolerance)):
        smallest = float(torch.linalg.eigvalsh(centred)[0])
        raise HsicError(
            "bad_value",
            f"The precomputed matrix {name} is not positive semidefinite: centred, it has the "
            f"eigenvalue {smallest:.3g}. No kernel makes it; repair it or choose a kernel.",
            name,
        )
    return symmetric


def _positive(matrix: torch.Tensor, tolerance: float) -> Steps[bool]:
    """Whether no eigenvalue is below -tolerance, by Cholesky factorisation panel by panel."""
    left = matrix.clone()
    left.diagonal().add_(tolerance)
    for start in range(0, len(left), PANEL):
        stop = min(start + PANEL, len(left))
        corner, failed = torch.linalg.cholesky_ex(left[start:stop, start:stop])
        if int(failed):
            return False
        if stop < len(left):
            below = torch.linalg.solve_triangular(corner, left[start:stop, stop:], upper=False)
            yield
            left[stop:, stop:] -= below.T @ below
        yield
    return True
