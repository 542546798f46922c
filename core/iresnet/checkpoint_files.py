"""Flows in safetensors files: no pickle, and the settings beside the numbers as JSON."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from zoetrope.core.iresnet.config import IResNetConfig
from zoetrope.core.iresnet.errors import IResNetError
from zoetrope.core.iresnet.weights import Parts, shapes, split

VERSION = 1
_KEY = "zoetrope.iresnet"
_STANDARD = {"mean": (2,), "std": (2,)}  # of the data: float64, or float32 in earlier files


def encoded(
    config: IResNetConfig, flat: Tensor, mean: Tensor, std: Tensor, notes: dict[str, Any]
) -> bytes:
    """Return a flow as the bytes of a file; equal flows give equal bytes."""
    from safetensors.torch import save

    parts = zip(Parts._fields, split(flat, config), strict=True)
    tensors = {name: part.contiguous().clone() for name, part in parts}
    described = {"version": VERSION, "config": dataclasses.asdict(config), "notes": notes}
    metadata = {_KEY: json.dumps(described, sort_keys=True)}
    data: bytes = save({**tensors, "mean": mean, "std": std}, metadata)
    return data


def write(path: Path, data: bytes) -> None:
    """Write the bytes of a flow. An existing file is replaced in one go."""
    unfinished = path.with_name(path.name + ".part")
    unfinished.write_bytes(data)
    unfinished.replace(path)


def read(path: Path) -> tuple[IResNetConfig, Tensor, Tensor, Tensor, dict[str, Any]]:
    """Return config, flat weights, mean, std and notes.

    Raises IResNetError with a sentence naming the file and what is wrong with it: no safetensors
    file, of another program, of a newer version, or a tensor that is missing or misshapen.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, "pt") as file:
            metadata = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (OSError, SafetensorError) as error:
        raise _refused(path, "it cannot be read as a safetensors file") from error
    config, notes = _described(path, metadata)
    wanted = {**shapes(config), **_STANDARD}
    for name, shape in wanted.items():
        _check(path, name, tensors.get(name), shape)
    if unknown := sorted(tensors.keys() - wanted.keys()):
        raise _refused(path, f"it holds an unknown tensor {unknown[0]!r}")
    if not bool((tensors["std"] > 0).all()):
        raise _refused(path, "its 'std' is not above 0")
    flat = torch.cat([tensors[name].flatten() for name in Parts._fields])
    return config, flat, tensors["mean"], tensors["std"], notes


def _described(path: Path, metadata: dict[str, str]) -> tuple[IResNetConfig, dict[str, Any]]:
    try:
        described = json.loads(metadata[_KEY])
        version = int(described["version"])
    except (KeyError, ValueError, TypeError, OverflowError, RecursionError) as error:
        raise _refused(path, "it holds no flow of this program") from error
    if version > VERSION:
        raise _refused(path, f"it is of version {version}, newer than {VERSION}")
    try:
        return IResNetConfig(**described["config"]), dict(described["notes"])
    except IResNetError as error:
        raise _refused(path, f"its settings do not hold: {error}") from error
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise _refused(path, "its settings are not those of a flow") from error


def _check(path: Path, name: str, tensor: Tensor | None, shape: tuple[int, ...]) -> None:
    if tensor is None:
        raise _refused(path, f"its tensor {name!r} is missing")
    if tuple(tensor.shape) != shape:
        raise _refused(path, f"its tensor {name!r} is {tuple(tensor.shape)} instead of {shape}")
    if tensor.dtype not in (torch.float32, torch.float64 if name in _STANDARD else None):
        raise _refused(path, f"its tensor {name!r} is not float32")
    if not bool(torch.isfinite(tensor).all()):
        raise _refused(path, f"its tensor {name!r} holds numbers that are not finite")


def _refused(path: Path, why: str) -> IResNetError:
    return IResNetError("bad_file", f"{path.name} was not opened: {why}.", "path")
