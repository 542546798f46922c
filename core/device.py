"""Which device computes: finding it, loading torch, running out of its memory.

Nothing here is called before a computation needs torch; importing this module does not load it.
"""

from __future__ import annotations

import ctypes
import gc
import importlib.util
import os
import re
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import ModuleType

DEVICES = ("auto", "cpu", "cuda", "mps")
_ARENA_MAX = -8  # of glibc's malloc.h


def compute_threads() -> int:
    """Return how many threads torch may use: one core is left to the window.

    With all cores, the barriers of torch's thread pool spin against the window's thread and a
    small training step becomes tens of times slower. $OMP_NUM_THREADS is kept to where it says
    fewer: so a sweep's workers, one a core, compute on one thread each.
    """
    told = os.environ.get("OMP_NUM_THREADS", "")
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    most = max(1, (available or 1) - 1)
    return min(most, int(told)) if told.isdecimal() and int(told) else most


def load_torch() -> ModuleType:
    """Import torch, set its threads, and return it.

    On Linux the shared libraries are opened through ctypes first: that lets the interpreter lock
    go while they are linked, so the window goes on answering, which `import` does not.
    """
    first = "torch" not in sys.modules
    if first:
        spec = importlib.util.find_spec("torch")
        if spec and spec.submodule_search_locations and sys.platform == "linux":
            folder = Path(next(iter(spec.submodule_search_locations))) / "lib"
            for name in ("libc10.so", "libtorch_cpu.so", "libtorch.so", "libtorch_python.so"):
                try:
                    ctypes.CDLL(str(folder / name), mode=ctypes.RTLD_GLOBAL)
                except OSError:
                    break  # another layout of the package: import finds its own way
    import torch

    if first:
        # Its hundred thousand objects live as long as the program. Each full collection would look
        # at them all, for a tenth of a second in which no other thread runs: the window neither.
        gc.freeze()
    torch.set_num_threads(compute_threads())
    return torch


def available_devices() -> tuple[str, ...]:
    """Return the names of the devices that work here, the fastest first. Loads torch."""
    torch = load_torch()
    names = []
    if torch.cuda.is_available():
        names.append("cuda")
    if torch.backends.mps.is_available():
        names.append("mps")
    return (*names, "cpu")


def resolve_device(wanted: str) -> str:
    """Return the device to use when `wanted` was asked for ("auto" takes the fastest). Loads torch.

    Raises ValueError with a sentence if it is unknown or absent.
    """
    if wanted not in DEVICES:
        raise ValueError(f"There is no device {wanted!r}; choose one of {', '.join(DEVICES)}.")
    if wanted == "cpu":
        return "cpu"
    present = available_devices()
    if wanted == "auto":
        return present[0]
    if wanted not in present:
        raise ValueError(f"This machine has no {wanted.upper()} device that works; choose the CPU.")
    return wanted


def device_label(device: str) -> str:
    """Return the device's name for people, such as "CUDA: NVIDIA H100"."""
    if device == "cuda":
        return f"CUDA: {load_torch().cuda.get_device_name()}"
    return {"cpu": "CPU", "mps": "Apple GPU"}[device]


def is_out_of_memory(error: BaseException) -> bool:
    """Say whether an exception means that memory ran out, on whichever device."""
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return True
    return isinstance(error, RuntimeError) and "can't allocate memory" in str(error)


def is_lost(error: BaseException) -> bool:
    """Say whether an exception means that the device itself failed: taken out, reset, or hung.

    CUDA answers every call after such an error by the same one, until the program is started anew.
    """
    kinds = ("AcceleratorError", "RuntimeError")
    return type(error).__name__ in kinds and bool(
        re.match(
            r"(CUDA|HIP|MPS backend|cuDNN|CUBLAS) ?(driver )?error\b", str(error), re.IGNORECASE
        )
    )


def memory_asked_for(error: BaseException) -> str:
    """Return how much memory the failing step asked for, as "2 GiB", or "" if unknown."""
    found = re.search(r"allocate ([\d.]+) ?(bytes|[KMGT]iB)", str(error))
    if not found:
        return ""
    amount, unit = float(found[1]), found[2]
    if unit == "bytes":
        amount, unit = amount / 2**30, "GiB"
    return f"{amount:.3g} {unit}"


def share_heaps() -> None:
    """Let all threads but the first take memory from one heap, where the C library is GNU's.

    By itself it gives each its own, up to eight for each core, and what one thread leaves free is
    lost to the others: in ten thousand changes the attention lab grew by 136 MB, and by 21 so. To
    be called before any thread is started.
    """
    if sys.platform == "linux":
        with suppress(AttributeError):  # of another C library
            ctypes.CDLL(None).mallopt(_ARENA_MAX, 2)


def return_free_memory() -> None:
    """Give memory that is free back to the system, where the C library is GNU's.

    By itself it returns little of what lies between blocks in use: in hours of work with matrices
    the program would grow by hundreds of megabytes. Takes milliseconds, some ten of them where
    there is much to return, and lets the interpreter lock go meanwhile.
    """
    if sys.platform == "linux":
        with suppress(AttributeError):  # of another C library
            ctypes.CDLL(None).malloc_trim(0)


def free_caches() -> None:
    """Give back the memory that torch, where it is loaded, keeps on its devices for later."""
    return_free_memory()
    torch = sys.modules.get("torch")
    if torch is None:
        return
    with suppress(RuntimeError):  # of a device that has failed there is nothing to be had
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        if torch.backends.mps.is_available():
            torch.mps.empty_cache()


class Context:
    """What a job may use. `device` is a torch device name; asking for it the first time loads
    torch, so labs that need none never wait for it. `watched`: a person looks on, and may want it
    slower than it could be.
    """

    def __init__(self, device: str | Callable[[], str] = "cpu", *, watched: bool = False) -> None:
        self._device = device
        self.watched = watched

    @property
    def device(self) -> str:
        """The device to compute on: "cpu", "cuda" or "mps"."""
        if callable(self._device):
            self._device = self._device()
        return self._device

    def load_torch(self) -> ModuleType:
        """Return torch, for a lab that cannot begin without: while it loads, the window says so."""
        self.device  # noqa: B018 - whoever resolves it tells the window
        return load_torch()
