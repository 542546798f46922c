"""A person's own points: made fit for training, with a sentence for whatever was done to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from zoetrope.core.iresnet.errors import IResNetError
from zoetrope.core.written import AS_FOUND, Written

FEWEST = 20
MOST = 1_000_000
_SUBSAMPLE = 200_000
_FLAT = 1e-9  # of the numbers' size or the spread: thinner data have no density
_LARGEST, _NARROWEST = 1e30, 1e-30  # what weights in float32 can still be scaled to
_REPEATED = 0.05  # share of repeated points from which a warning is due
_JITTER = 0.01  # of the spread, the noise that is advised


@dataclass(frozen=True, slots=True, eq=False)
class OwnPoints:
    """Points [N, 2], float64, and sentences about what was left out or is doubtful. `columns` are
    the names of numbers that their file offers, `axes` the two that were taken.
    """

    points: Tensor
    notices: tuple[str, ...]
    columns: tuple[str, ...] = ()
    axes: tuple[str, str] = ("x", "y")


def from_points(array: Any, seed: int = 0, jitter: float = 0.0) -> OwnPoints:
    """Take rows of two numbers; rows that are not finite are left out and counted.

    Of more than a million rows 200,000 are drawn by the seed. `jitter` is the standard deviation
    of noise that is added. Raises IResNetError for other shapes, for fewer than 20 rows and for
    points on a line, where no density exists.
    """
    values = _two_columns(array)
    finite = np.isfinite(values).all(1)
    notices = []
    if not finite.all():
        lines = ", ".join(str(i + 1) for i in np.flatnonzero(~finite)[:3])
        count = int((~finite).sum())
        if count == 1:
            notices.append(f"Row {lines} is not two numbers and was left out.")
        else:
            notices.append(f"{count} rows are not numbers and were left out, the first: {lines}.")
    values = values[finite]
    if len(values) > MOST:
        chosen = np.random.default_rng(seed).choice(len(values), _SUBSAMPLE, replace=False)
        notices.append(f"{len(values):,} rows are many: {_SUBSAMPLE:,} were drawn at random.")
        values = values[np.sort(chosen)]
    if jitter:
        values = with_jitter(torch.from_numpy(values), jitter, seed).numpy()
    points = checked_points(values)
    repeated = 1 - len(np.unique(values, axis=0)) / len(values)
    whole_numbers = bool((values == np.round(values)).all())
    if repeated > _REPEATED or whole_numbers:
        width = _JITTER * float(points.double().std(0).mean())
        why = "all are whole numbers" if whole_numbers else f"{repeated:.0%} of the points repeat"
        notices.append(f"The likelihood may grow without end: {why}; add jitter of {width:.3g}.")
    return OwnPoints(points, tuple(notices))


def from_csv(
    path: str | Path,
    columns: Sequence[str] | None = None,
    seed: int = 0,
    jitter: float = 0.0,
    *,
    written: Written = AS_FOUND,
) -> OwnPoints:
    """Read two columns of a table file (the first two of numbers if not named), as `from_points`.

    Encodings, separators, decimal commas and headers are recognised, as far as `written` does not
    say them. Raises IResNetError.
    """
    values, names, numbers = read_columns(path, columns, written)
    return replace(from_points(values, seed, jitter), columns=numbers, axes=names)


def read_columns(
    path: str | Path, columns: Sequence[str] | None = None, written: Written = AS_FOUND
) -> tuple[npt.NDArray[np.float64], tuple[str, str], tuple[str, ...]]:
    """Return two columns [N, 2] of a table file, their names, and those of all its numbers."""
    from zoetrope.core.columns import TableError
    from zoetrope.core.table import read_table

    try:
        table = read_table(path, written)
    except TableError as error:
        raise IResNetError("bad_file", str(error), "path") from error
    numbers = table.numbers()
    names = list(numbers[:2] if columns is None else columns)
    if missing := [name for name in names if name not in numbers]:
        raise IResNetError("bad_shape", f"There is no column of numbers {missing[0]!r}.", "columns")
    if len(names) != 2:
        raise IResNetError(
            "bad_shape", f"Two columns of numbers are needed, not {len(names)}.", "columns"
        )
    values = np.column_stack([table.columns[name].values for name in names])
    return values, (names[0], names[1]), tuple(numbers)


def with_jitter(points: Tensor, width: float, seed: int) -> Tensor:
    """Return the points with Gaussian noise of the standard deviation `width` added."""
    generator = torch.Generator().manual_seed(seed)
    return points + width * torch.randn(points.shape, generator=generator)


def checked_points(data: Any) -> Tensor:
    """Return points [N, 2] as float64, fit for training, or raise IResNetError with a sentence.

    Columns may be of any unit and far from 0, as times of day are: each is judged by its own size.
    """
    values = _two_columns(data)
    if len(values) < FEWEST:
        raise IResNetError(
            "too_few", f"{len(values)} points are too few; give at least {FEWEST}.", "data"
        )
    if not np.isfinite(values).all():
        raise IResNetError(
            "not_finite", "Some points are not finite; leave them out first.", "data"
        )
    if np.abs(values).max() > _LARGEST:
        raise IResNetError(
            "bad_value", f"Some numbers are larger than {_LARGEST:g}; give them in a larger unit.",
            "data",
        )  # fmt: skip
    if _on_a_line(values):
        raise IResNetError(
            "degenerate", "The points lie on a line, where no density exists; add jitter.", "data"
        )
    return torch.from_numpy(values)


def _on_a_line(values: npt.NDArray[np.float64]) -> bool:
    """Whether a column is constant or the other one follows from it, to rounding."""
    size = np.maximum(np.abs(values).max(0), _NARROWEST)
    shares = values / size
    spread = shares.std(0)
    if (spread <= _FLAT).any():
        return True
    standardised = (shares - shares.mean(0)) / spread
    thinnest = np.linalg.svd(standardised, compute_uv=False)[1] / np.sqrt(len(values))
    rounding = 4 * np.finfo(np.float64).eps / spread.min()
    return bool(thinnest <= max(_FLAT, rounding))


def _two_columns(data: Any) -> npt.NDArray[np.float64]:
    raw = data.detach().cpu().numpy() if isinstance(data, Tensor) else data
    try:
        values = np.asarray(raw, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise IResNetError("bad_shape", "Points must be rows of two numbers.", "data") from error
    if values.ndim != 2 or values.shape[1] != 2:
        raise IResNetError(
            "bad_shape", f"Points are {values.shape}; give rows of two numbers.", "data"
        )
    return values
