"""HSIC: how strongly two variables depend on each other, as their kernels' widths see it.

Importing this package loads no torch; the first use of a name does.
"""

import importlib
from typing import Any

from zoetrope.core.hsic.errors import HsicError

_HOMES = {
    "Kernel": "kernels",
    "median_width": "widths",
    "convert_width": "widths",
    "gram": "gram_matrix",
    "hsic": "estimators",
    "cka": "estimators",
    "nocco": "estimators",
    "TestResult": "results",
    "WidthGrid": "results",
    "width_grid": "width_map",
    "width_grid_steps": "width_map",
    "permutation_test": "permutation_sample",
    "permutation_steps": "permutation_sample",
    "moment_test": "null_formulas",
    "gamma_test": "null_formulas",
    "spectral_test": "null_formulas",
}

__all__ = ["HsicError", *_HOMES]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
