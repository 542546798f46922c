"""Weights from safetensors and NumPy files, by name. Pickles are never opened."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from zoetrope.core.attention.heads.errors import HeadsError
from zoetrope.core.columns import TableError
from zoetrope.core.table import read_arrays


class Weights:
    """The numbers of a model by name, float32; HeadsError says which is missing or misshapen."""

    def __init__(
        self, tensors: Mapping[str, Tensor], source: str, field: str, prefix: str = ""
    ) -> None:
        self._tensors = tensors
        self._source = source
        self._field = field
        self._prefix = prefix

    def __contains__(self, name: str) -> bool:
        """Say whether there are weights of that name."""
        return self._prefix + name in self._tensors

    def within(self, prefix: str) -> Weights:
        """Return the weights whose names begin so, by the rest of their names."""
        return Weights(self._tensors, self._source, self._field, self._prefix + prefix)

    def perhaps_within(self, *prefixes: str) -> Weights:
        """Return those within the first of these prefixes that there is, or all."""
        for prefix in prefixes:
            if any(name.startswith(self._prefix + prefix) for name in self._tensors):
                return self.within(prefix)
        return self

    def get(self, name: str, *shape: int) -> Tensor:
        """Return the weights of that name; a shape that is given must be theirs (-1 is any)."""
        name = self._prefix + name
        if name not in self._tensors:
            raise HeadsError(
                self._field, f"{self._source} holds no weights “{name}”: it is not of this kind of "
                "model, or only a part of one.",
            )  # fmt: skip
        found = self._tensors[name]
        if shape and (
            found.ndim != len(shape)
            or any(s not in (-1, t) for s, t in zip(shape, found.shape, strict=True))
        ):
            wanted = " × ".join("any" if side < 0 else f"{side:,}" for side in shape)
            given = " × ".join(f"{side:,}" for side in found.shape)
            raise HeadsError(
                self._field, f"Weights “{name}” in {self._source} are {given}, not {wanted}."
            )
        found = found.to(torch.float32)
        if not bool(torch.isfinite(found).all()):
            raise HeadsError(
                self._field, f"Weights “{name}” in {self._source} are not finite numbers."
            )
        return found


def read_safetensors(path: Path, field: str) -> dict[str, Tensor]:
    """Return all tensors of a safetensors file; HeadsError(field) for anything else."""
    try:
        with safe_open(path, framework="pt") as file:
            return {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError, ValueError, struct.error) as error:
        raise HeadsError(field, f"{path.name} is no safetensors file: {_begin(path)}.") from error


def read_numpy(
    path: Path, field: str
) -> dict[str, np.ndarray[tuple[int, ...], np.dtype[np.generic]]]:
    """Return the arrays of a .npz file by name, or that of a .npy file under ""."""
    try:
        return read_arrays(path)
    except TableError as error:
        raise HeadsError(field, str(error)) from None


def _begin(path: Path) -> str:
    """Say how a file begins."""
    try:
        with path.open("rb") as file:
            head = file.read(8)
        size = path.stat().st_size
    except OSError:
        return "it cannot be read"
    if not head:
        return "it is empty"
    return f"it is cut short, or something else ({size:,} bytes, beginning with {head!r})"


def joined_shards(folder: Path, field: str) -> dict[str, Tensor]:
    """Return the tensors of all safetensors files of a folder."""
    found: dict[str, Tensor] = {}
    for path in _sorted(folder):
        found |= read_safetensors(path, field)
    return found


def _sorted(folder: Path) -> Iterator[Path]:
    whole = folder / "model.safetensors"
    yield from [whole] if whole.is_file() else sorted(folder.glob("model-*-of-*.safetensors"))
