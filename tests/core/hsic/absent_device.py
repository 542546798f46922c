"""A CUDA device that is not there: its tensors compute on the CPU and keep to themselves.

What runs here without a complaint has put everything on its device, and brought everything back
before it left torch: a tensor of the device says so when asked, refuses to meet one of the CPU
(numbers aside) as CUDA does, and becomes no NumPy array. What was computed beside the device is
noted.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch.overrides import TorchFunctionMode

DEVICE = torch.device("cuda", 0)
LEAVE = {"numpy", "__array__"}  # what a tensor on a device cannot do
MOVES = {"to", "cpu", "cuda", "type_as", "copy_"}
MIXED = "Expected all tensors to be on the same device"


class There(torch.Tensor):
    """A tensor that says it is on the device."""

    @classmethod
    def __torch_function__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        return func(*args, **(kwargs or {}))  # only `AbsentDevice` knows what to do


class AbsentDevice(TorchFunctionMode):
    """Takes every call of torch to the device or to the CPU.

    `calls` counts those of the device, by name; `beside` holds for those of the CPU how many
    floating point numbers their largest result has.
    """

    def __init__(self) -> None:
        super().__init__()
        self.calls: dict[str, int] = {}
        self.beside: dict[str, int] = {}

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = dict(kwargs or {})
        name = getattr(func, "__name__", "")
        if name == "__get__":
            name = getattr(func.__self__, "__name__", "")
        given = _tensors((args, kwargs))
        there = [isinstance(one, There) for one in given]
        if name == "device" and there == [True]:
            return DEVICE
        if name == "is_cuda" and there == [True]:
            return True
        if name in LEAVE and any(there):
            raise TypeError("can't convert cuda:0 device type tensor to numpy.")
        strangers = [one for one, at in zip(given, there, strict=True) if not at and one.dim()]
        if name not in MOVES and any(there) and strangers:
            raise RuntimeError(f"{MIXED}, but {name} got cuda:0 and cpu")
        wanted, args, kwargs = _destination(name, any(there), args, kwargs)
        found = func(*_each(_plain, args), **_each(_plain, kwargs))
        if wanted:
            self.calls[name] = self.calls.get(name, 0) + 1
            return _each(_placed, found)
        if name != "cpu":
            for one in _tensors(found):
                if one.is_floating_point():
                    self.beside[name] = max(self.beside.get(name, 0), one.numel())
        return found


def _destination(name: str, there: bool, args: Any, kwargs: Any) -> tuple[bool, Any, Any]:
    """Whether the result is on the device, and the arguments without a device that is none."""
    if name == "copy_":
        return isinstance(args[0], There), args, kwargs
    if name == "type_as":
        return isinstance(args[1], There), args, kwargs
    if name == "cpu":
        return False, args, kwargs
    if name == "to" and any(isinstance(one, torch.Tensor) for one in args[1:]):
        return isinstance(args[1], There), args, kwargs
    named = [one for one in (*args, kwargs.get("device")) if _device(one) is not None]
    if not named:
        return there, args, kwargs
    cpu = torch.device("cpu")
    args = tuple(cpu if _device(one) is not None else one for one in args)
    if "device" in kwargs:
        kwargs["device"] = cpu
    return _device(named[0]) == "cuda", args, kwargs


def _device(value: Any) -> str | None:
    if isinstance(value, torch.device):
        return value.type
    return value.split(":")[0] if isinstance(value, str) and value[:3] in ("cpu", "cud") else None


def _tensors(value: Any) -> list[torch.Tensor]:
    """The tensors in arguments or a result."""
    found: list[torch.Tensor] = []
    _each(found.append, value)
    return found


def _each(change: Callable[[torch.Tensor], Any], value: Any) -> Any:
    """Arguments or a result with every tensor changed."""
    if isinstance(value, torch.Tensor):
        return change(value)
    if isinstance(value, tuple | list):
        return type(value)([_each(change, one) for one in value])
    if isinstance(value, dict):
        return {key: _each(change, one) for key, one in value.items()}
    return value


def _plain(value: torch.Tensor) -> torch.Tensor:
    return value.as_subclass(torch.Tensor) if isinstance(value, There) else value


def _placed(value: torch.Tensor) -> torch.Tensor:
    return value.as_subclass(There)
