"""A page of the damped oscillation with an engine that stands still."""

from __future__ import annotations

import pytest
from PyQt6.QtTest import QTest

from tests.gui.still_engine import StillEngine
from zoetrope.core.damped.lab import LAB
from zoetrope.gui.lab_page import LabPage


@pytest.fixture
def engine():
    return StillEngine()


@pytest.fixture
def page(qtbot, engine):
    page = LabPage(LAB, engine)
    qtbot.addWidget(page)
    page.resize(1024, 640)
    page.show()
    page.activateWindow()
    QTest.qWaitForWindowActive(page)
    qtbot.waitUntil(lambda: bool(engine.submitted))  # once it has been painted
    page.collect()
    return page
