"""What a session keeps of a page comes back."""

from __future__ import annotations

import pytest

from tests.gui.still_engine import StillEngine
from zoetrope.core.damped.lab import LAB
from zoetrope.gui.lab_page import LabPage

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def test_state_comes_back(qtbot, page):
    page.form._edit("period", 0.3)
    page.tabs.setCurrentIndex(1)
    page.transport.set_speed(0.5)
    page.splitter.setSizes([280, 744])
    state = page.session.state()
    other = LabPage(LAB, StillEngine())
    qtbot.addWidget(other)
    other.resize(1024, 640)
    assert other.session.restore(state) == []
    other.show()
    assert other.parameters == page.parameters
    assert other.transport.speed == 0.5
    assert other.history.stack.count() == 0
    assert other.splitter.sizes() == page.splitter.sizes()


def test_a_state_from_elsewhere_is_adapted(page):
    sentences = page.session.restore(
        {"parameters": {"amplitude": 99.0, "colour": 3}, "splitter": "wide", "transport": 7}
    )
    assert len(sentences) == 2
    assert page.parameters.amplitude == 10.0
