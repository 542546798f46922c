"""Linear equations in which each unknown meets only its neighbours."""

import numpy as np

from zoetrope.core.rope.elliptic import FloatArray


def solve_tridiagonal(
    below: FloatArray, middle: FloatArray, above: FloatArray, right: FloatArray
) -> FloatArray:
    """x [n] with below[i-1] x[i-1] + middle[i] x[i] + above[i] x[i+1] = right[i].

    `middle` and `right` are [n], `below` and `above` [n - 1], float64. Thomas's elimination without
    pivoting, on floats: at a hundred unknowns faster than a dense solve of the whole matrix.
    Raises ZeroDivisionError where a pivot vanishes.
    """
    share = value = 0.0
    shares, values = [], []
    rows = zip(
        [0.0, *below.tolist()], middle.tolist(), [*above.tolist(), 0.0], right.tolist(), strict=True
    )
    for low, centre, high, wanted in rows:
        pivot = 1.0 / (centre - low * share)
        value = (wanted - low * value) * pivot
        share = high * pivot
        shares.append(share)
        values.append(value)
    unknown = 0.0
    for index in range(len(values) - 1, -1, -1):
        unknown = values[index] - shares[index] * unknown
        values[index] = unknown
    return np.array(values)
