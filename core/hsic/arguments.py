"""Checks of what people pass in: every bad value gets a sentence that names it."""

import math
import numbers
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from zoetrope.core.hsic.errors import HsicError


def rows(
    values: Any, name: str, *, categorical: Callable[[int], bool] | None = None
) -> NDArray[np.float64]:
    """`values` as finite float64 [n, p]; a vector becomes one column, a tensor leaves its device.

    In columns that are `categorical` anything that can be told apart (text, booleans, numbers)
    becomes codes 0, 1, 2, ... HsicError for other shapes, an empty block, text or NaN.
    """
    array = _array(values, name)
    if array.ndim == 1:
        array = array[:, None]
    if array.ndim != 2:
        raise HsicError(
            "bad_shape",
            f"{name} must be a column of numbers or a table of rows and columns, not an array "
            f"with {array.ndim} dimensions.",
            name,
        )
    if array.size == 0:
        raise HsicError("too_few", f"{name} is empty; give it at least 2 rows.", name)
    if categorical is None or not any(map(categorical, range(array.shape[1]))):
        return finite(_numbers(array, name), name)
    return np.column_stack(
        [
            _codes(column, name)
            if categorical(c)
            else finite(_numbers(column[:, None], name), name)
            for c, column in enumerate(array.T)
        ]
    )


def _array(values: Any, name: str) -> NDArray[Any]:
    if isinstance(values, Tensor):
        return np.asarray(values.detach().cpu().numpy())
    try:
        return np.asarray(values)
    except ValueError as error:
        raise HsicError(
            "bad_shape", f"{name} has rows of different lengths; give it a full table.", name
        ) from error


def _numbers(array: NDArray[Any], name: str) -> NDArray[np.float64]:
    if array.dtype.kind in "OUS":
        try:
            return array.astype(np.float64)
        except (TypeError, ValueError) as error:
            raise HsicError(
                "bad_value",
                f"{name} contains text; choose the delta kernel for a column of categories.",
                name,
            ) from error
    if array.dtype.kind not in "fiub":
        raise HsicError(
            "bad_value", f"{name} must contain real numbers, not {array.dtype} values.", name
        )
    return array.astype(np.float64)


def _codes(column: NDArray[Any], name: str) -> NDArray[np.float64]:
    if column.dtype.kind == "f":
        finite(column[:, None], name)
    if column.dtype.kind == "O":
        missing = np.array([value is None or value != value for value in column])
        finite(np.where(missing, np.nan, 0.0)[:, None], name)
        column = column.astype(str)
    return np.unique(column, return_inverse=True)[1].astype(np.float64)


def finite(array: NDArray[np.float64], name: str) -> NDArray[np.float64]:
    """`array` [n, p] itself, or HsicError("not_finite") that lists the first rows at fault."""
    bad = np.flatnonzero(~np.isfinite(array).all(axis=1))
    if bad.size == 0:
        return array
    listed = ", ".join(str(row) for row in bad[:5]) + (", ..." if bad.size > 5 else "")
    plural = "row" if bad.size == 1 else "rows"
    raise HsicError(
        "not_finite",
        f"{name} has NaN or infinite values in {bad.size} {plural} (counting from 0: {listed}); "
        "remove or repair them.",
        name,
    )


def same_length(n_x: int, n_y: int, name_y: str = "y", name_x: str = "x") -> None:
    """HsicError("length_mismatch") unless `name_x` and `name_y` have as many rows."""
    if n_x != n_y:
        raise HsicError(
            "length_mismatch",
            f"{name_x} and {name_y} have {n_x} and {n_y} rows; they must be paired row by row.",
            name_y,
        )


def at_least(n: int, least: int, what: str) -> None:
    """HsicError("too_few") unless there are `least` rows, which `what` needs."""
    if n < least:
        there = "there is 1 row" if n == 1 else f"there are {n} rows"
        raise HsicError("too_few", f"{what} needs at least {least} rows and {there}.", "x")


def positive(value: Any, name: str) -> float:
    """`value` as a finite float above zero; HsicError("bad_width") otherwise."""
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise HsicError("bad_width", f"{name} must be a number, not {value!r}.", name)
    number = float(value)
    if not (math.isfinite(number) and number > 0):
        raise HsicError(
            "bad_width", f"{name} must be a finite number greater than 0, not {number:g}.", name
        )
    return number


def real(value: Any, name: str) -> float:
    """`value` as a finite float; HsicError("bad_value") otherwise."""
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise HsicError("bad_value", f"{name} must be a number, not {value!r}.", name)
    number = float(value)
    if not math.isfinite(number):
        raise HsicError("bad_value", f"{name} must be a finite number, not {number}.", name)
    return number


def whole(value: Any, name: str, least: int, most: int | None = None) -> int:
    """`value` as an int of at least `least` and at most `most`; HsicError otherwise."""
    if isinstance(value, bool) or not isinstance(value, numbers.Integral):
        raise HsicError("bad_value", f"{name} must be a whole number, not {value!r}.", name)
    number = int(value)
    if number < least or (most is not None and number > most):
        wanted = f"at least {least}" if most is None else f"between {least} and {most}"
        raise HsicError("bad_value", f"{name} must be {wanted}, not {number}.", name)
    return number


def choice(value: Any, name: str, known: Sequence[str]) -> str:
    """`value` if it is one of `known`; HsicError("unknown_choice") that lists them otherwise."""
    if value not in known:
        raise HsicError(
            "unknown_choice",
            f"There is no {name} {value!r}; choose one of {', '.join(known)}.",
            name,
        )
    return str(value)
