"""The parts of a page: named, in order, and in their places."""

from __future__ import annotations

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QWidget

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def test_everything_is_named_and_large_enough(page):
    for widget in page.findChildren(QWidget):
        reachable = widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible()
        if reachable and widget.focusProxy() is None and page.canvas not in _parents(widget):
            name = widget.accessibleName() or getattr(widget, "text", lambda: "")()
            assert name, widget
            assert min(widget.width(), widget.height()) >= 24, (widget, name, widget.size())


def test_the_tab_key_goes_through_the_page_as_it_is_read(page):
    page.presets.setFocus()
    visited = []
    for _ in range(120):
        focus = QApplication.focusWidget()
        visited += [focus] if focus not in visited else []
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    stops = Qt.FocusPolicy.TabFocus
    inside = page.canvas.findChildren(QWidget)
    surfaces = [w for w in inside if w.focusPolicy() & stops and w.focusProxy() is None]
    order = [
        page.presets, page.reset_button, page.form.rows["amplitude"].box,
        page.form.rows["envelope"].box, page.actions_box.buttons["strike"],
        page.actions_box.buttons["swell"], page.tabs,
        surfaces[0], surfaces[-1],
        page.transport.back_button, page.transport.scrubber, page.transport.loop_button,
        page.transport.speed_slider, page.readouts.cells[0], page.readouts.cells[-1],
        page.readouts.units.buttons["si"], page.readouts.copy_button,
    ]  # fmt: skip
    places = [visited.index(widget) for widget in order]
    assert places == sorted(places)


def _parents(widget: QWidget) -> list[QWidget]:
    found = [widget]
    while (parent := found[-1].parentWidget()) is not None:
        found.append(parent)
    return found


@pytest.mark.parametrize("size", [(1440, 900), (1024, 640)])
def test_nothing_is_cut_or_overlaps(page, size):
    page.resize(*size)
    QApplication.sendPostedEvents()
    assert page.size().width() == size[0]
    assert page.canvas.height() >= 300
    assert page.transport.geometry().bottom() <= page.transport.parentWidget().height()
    assert page.readouts.geometry().bottom() <= page.height()
    for cell in page.readouts.cells:
        if cell.isVisible():
            assert page.readouts.rect().contains(cell.geometry())
