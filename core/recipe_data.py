"""The data files that a recipe refers to: their fingerprints, and which of them have changed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from zoetrope.core.columns import MOST_BYTES
from zoetrope.core.declarations import DataFile
from zoetrope.core.lab import Lab
from zoetrope.core.parameters import Parameters, Plain
from zoetrope.core.recipe import Recipe


def fingerprints(parameters: Parameters) -> dict[str, Plain]:
    """Return the SHA-256 of each data file that is named, by parameter: a recipe's `data`.

    A file that cannot be read, or is larger than those that are read, has none.
    """
    found: dict[str, Plain] = {}
    for name, declaration in parameters.declarations().items():
        if isinstance(declaration, DataFile):
            digest = _sha256(getattr(parameters, name))
            if digest is not None:
                found[name] = digest
    return found


def changed_files(recipe: Recipe, labs: Mapping[str, Lab[Any]]) -> list[str]:
    """Say in a sentence of each data file that it is no longer what the recipe was made from.

    Of a file that is gone the lab itself tells. May take a moment: files are read.
    """
    lab = labs.get(recipe.lab)
    declared = lab.parameters.declarations() if lab is not None else {}
    sentences: list[str] = []
    for name, known in recipe.data.items():
        path = recipe.parameters.get(name)
        if not isinstance(declared.get(name), DataFile) or not isinstance(path, str):
            continue
        digest = _sha256(path)
        if digest not in (None, known):
            sentences.append(
                f"{Path(path).name} has changed since this figure was made, so the figure may "
                "look different now."
            )
    return sentences


def _sha256(named: str) -> str | None:
    if not named:
        return None
    try:
        path = Path(named).expanduser()
        if not path.is_file() or path.stat().st_size > MOST_BYTES:
            return None
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, RuntimeError, ValueError):  # such as no home folder, or an impossible name
        return None
