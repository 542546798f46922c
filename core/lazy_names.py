"""A package whose names are loaded when they are first used, each from the module it stands in."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any


def lazy_names(
    package: str, homes: Mapping[str, Iterable[str]], public: Iterable[str]
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Return the `__getattr__` and `__dir__` (PEP 562) of a package.

    `homes` are its modules and the names that they hold, none of which may be a module's own;
    `public` are all its names. A name that is not there raises AttributeError.
    """
    home_of = {name: module for module, names in homes.items() for name in names}
    listed = sorted(public)

    def load(name: str) -> Any:
        if name not in home_of:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(importlib.import_module(f"{package}.{home_of[name]}"), name)
        setattr(sys.modules[package], name, value)  # the next use finds it without asking here
        return value

    return load, lambda: listed
