"""Gauss's rule, computed once."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
NODES = 24


@cache
def gauss_legendre() -> tuple[FloatArray, FloatArray]:
    """The 24 nodes and weights on [0, 1]."""
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    return (nodes + 1) / 2, weights / 2
