"""What a benchmark returns, and the machine it ran on."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from statistics import median


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number. `bound` is what is claimed of it, in words; `kept` whether it held."""

    name: str
    value: float
    unit: str
    bound: str = ""
    kept: bool | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What one benchmark found, and in a sentence how."""

    title: str
    how: str
    figures: tuple[Figure, ...]


def machine() -> dict[str, str]:
    """Describe what the figures were measured on."""
    libraries = ("numpy", "torch", "PyQt6", "pyqtgraph", "matplotlib", "scipy")
    return {
        "system": platform.platform(),
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "python": platform.python_version(),
        **{name: version(name) for name in libraries},
    }


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            return next(line.split(":")[1].strip() for line in lines if "model name" in line)
    except (OSError, StopIteration):
        return platform.processor()


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value below which `share` of the sorted values lie (the nearest one)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


__all__ = ["Figure", "Report", "machine", "median", "quantile"]
