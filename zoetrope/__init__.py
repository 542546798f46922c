"""Zoetrope: a desktop laboratory for the mathematics of machine learning."""

from pathlib import Path as _Path

_here = _Path(__file__).resolve().parent
if not (_here / "core").is_dir():  # a checkout: core/, gui/ and assets/ lie beside this folder
    __path__.append(str(_here.parent))

__version__ = "0.1.0"
