"""Answers of the engine that a test makes up."""

from __future__ import annotations

from dataclasses import replace

from tests.gui.still_engine import StillEngine
from zoetrope.core.lab import Frame
from zoetrope.core.updates import Update
from zoetrope.gui.lab_page import LabPage


def frame_of(page: LabPage, **changes) -> Frame:
    assert page.frame is not None
    return replace(page.frame, **changes)


def answer(page: LabPage, engine: StillEngine, **fields) -> None:
    engine.answer = Update(engine.ticket, page.parameters, **fields)
    page.collect()
