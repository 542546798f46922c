"""What the page of every lab in the registry must do. A new lab gets all of these without a line.

The engine is the real one; only the desktop is missing.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PyQt6.QtCore import QCoreApplication, QEvent, QObject, QRect, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QImage
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QAbstractButton, QApplication, QRadioButton, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.every_lab import Open, Shown, every_lab, every_page, on_page, pages
from tests.gui.form_hand import enter, set_in_form, some_value
from zoetrope.core.device import Context
from zoetrope.core.engine import Engine
from zoetrope.core.figure import Figure
from zoetrope.core.items import Label
from zoetrope.core.lab import Lab, final_frame
from zoetrope.core.parameters import DataFile, Names, ParameterError, Playhead, Table
from zoetrope.core.theme import DARK, LIGHT, Theme
from zoetrope.gui.choice_row import ChoiceRow
from zoetrope.gui.form import ParameterForm
from zoetrope.gui.lab_page import LabPage
from zoetrope.gui.number_row import NumberRow
from zoetrope.gui.quantities import editable
from zoetrope.gui.row import Row, SwitchRow, TextRow
from zoetrope.gui.window import MainWindow

SIZES = [(1440, 900), (1024, 700)]
SMALLEST = QSize(1024, 700)
CHANGES = 200
FRAMES = 300
LEAST_INK = 0.01  # of a panel's pixels
LEAST_SIDE = 32  # pixels of a panel's axes

# Read as numbers or not, in range or not: none of this may raise or be taken for legal if it isn't.
TYPED = [
    "", " ", "abc", "nan", "-nan", "inf", "-inf", "infinity", "1e999", "-1e999", "1e-999", "1e308",
    "1,2,3", "1.2.3", "--5", "+-5", "1e", "e5", "0x10", "1_000", "1 000", "½", "５", "٣", "−",
    "−−1", "1;2", "1/2", "2+2", "3 parsecs", "None", "True", "[1]", "%s", "{0}", "\\", "🙂",
    "1" * 400, "0." + "0" * 400 + "1", "-1e300", "1e300", "1.5", "-0", "0", "\u200b7",
    "7\u00a0", "1\t",
]  # fmt: skip


@pytest.fixture
def show(qtbot: QtBot, tmp_path: Path) -> Iterator[Open]:
    made: list[MainWindow] = []

    def show(lab: Lab[Any], page: str = "", size: tuple[int, int] = SIZES[0]) -> Shown:
        window = MainWindow(
            {lab.id: lab},
            folder=tmp_path,
            make_page=LabPage,
            make_engine=lambda labs, notify, _: Engine(labs, notify, device="cpu", warm_up=False),
        )
        made.append(window)
        window.open_lab(lab.id)
        window.settings.choose(theme="dark")  # so that the light one is put in force, come what may
        window.settings.choose(theme="light")
        shown = Shown(window, qtbot)
        shown.page.set_reduced_motion(True)
        window.resize(*size)
        window.show()
        window.activateWindow()
        shown.wait()
        if page:
            shown.turn_to(page)
        return shown

    yield show
    for window in made:
        window.close()
        window.deleteLater()


# -- controls ----------------------------------------------------------------------------------


def unfold(form: ParameterForm) -> None:
    """Show the rows behind "More"."""
    for row in form.rows.values():
        form._reveal(row.name)


def stops(window: QWidget) -> list[QWidget]:
    """Return what the tab key should come to: of exclusive buttons, the one that is pressed."""
    return [
        widget
        for widget in window.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus == Qt.FocusPolicy.TabFocus
        and widget.isVisible()
        and widget.isEnabled()
        and widget.window() is window
        and widget.focusProxy() is None
        and not (isinstance(widget, QRadioButton) and not widget.isChecked())
    ]


def name_of(widget: QWidget) -> str:
    """Return what a screen reader says of a widget; a button's own words will do."""
    words = widget.text() if isinstance(widget, QAbstractButton) else ""
    return (widget.accessibleName() or words).strip()


def described(widget: QWidget) -> str:
    parent = widget.parentWidget()
    return f"{type(widget).__name__} {name_of(widget)!r} in {type(parent).__name__}"


@every_page
def test_every_control_has_a_name_and_is_reached_by_the_tab_key(
    show: Open, lab: Lab[Any], page: str
) -> None:
    shown = show(lab, page)
    unfold(shown.page.form)
    QApplication.processEvents()
    wanted = stops(shown.window)
    assert [described(widget) for widget in wanted if not name_of(widget)] == []
    QTest.keyClick(shown.focus(), Qt.Key.Key_Tab)
    first = shown.focus()
    visited = {first}
    for _ in range(3 * len(wanted)):
        QTest.keyClick(shown.focus(), Qt.Key.Key_Tab)
        if shown.focus() is first:
            break
        visited.add(shown.focus())
    else:
        pytest.fail("the tab key does not come round")
    assert [described(widget) for widget in wanted if widget not in visited] == []


@every_lab
def test_every_parameter_that_is_not_hidden_has_a_row(show: Open, lab: Lab[Any]) -> None:
    page = show(lab).page
    for name, declaration in lab.parameters.declarations().items():
        if isinstance(declaration, Playhead):
            if declaration.pages:
                turned = lab.parameters().change(
                    **{lab.parameters.page_name() or "": declaration.pages[0]}
                )
                page.set_parameters(turned, "Turn to its page")
            assert page.transport is not None
            assert page.transport.value_label.accessibleName() == declaration.label
        elif name == lab.parameters.page_name():
            assert page.tabs.count() == len(pages(lab))
        elif not declaration.hidden:
            assert declaration.label in page.form.rows[name].control.accessibleName(), name
    hidden = {n for n, d in lab.parameters.declarations().items() if d.hidden}
    assert not hidden & page.form.rows.keys()


# -- size and picture --------------------------------------------------------------------------


Pixels = npt.NDArray[np.int16]


def pixels(image: QImage) -> Pixels:
    """Return red, green and blue as [height, width, 3]."""
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    bits = image.constBits()
    assert bits is not None
    rows = np.frombuffer(bits.asarray(image.sizeInBytes()), np.uint8)
    rows = rows.reshape(image.height(), image.bytesPerLine())[:, : 3 * image.width()]
    return rows.reshape(image.height(), image.width(), 3).astype(np.int16)


def differs(picture: Pixels, colour: str) -> npt.NDArray[np.bool_]:
    """Say of each pixel whether it is not of a colour."""
    red, green, blue, _ = QColor(colour).getRgb()
    return (np.abs(picture - np.array([red, green, blue])) > 6).any(axis=2)


def part(picture: Pixels, place: QRect) -> Pixels:
    return picture[place.top() : place.bottom() + 1, place.left() : place.right() + 1]


def labels(shown: Shown) -> dict[str, QRectF]:
    """Return where the words on the panels stand, in the canvas's pixels."""
    found = {}
    for name, view in shown.canvas._panels.items():
        corner = view.plot.topLeft()
        for key, place in view.labels.rectangles().items():
            found[f"{name}/{key}"] = place.translated(corner)
        for (key, kind), drawing in view.drawn.items():
            if kind is Label and not drawing.rectangle.isEmpty():
                found[f"{name}/{key} itself"] = drawing.rectangle.translated(corner)
    return found


def assert_a_picture(shown: Shown, picture: Pixels, theme: Theme) -> None:
    canvas, figure = shown.canvas, shown.canvas.figure
    assert figure is not None
    for panel in figure.panels:
        place = canvas.panel_rect(panel.name)
        assert canvas.rect().contains(place), panel.name
        assert min(place.width(), place.height()) >= LEAST_SIDE, (panel.name, place)
        inside = part(picture, place)
        ink = differs(inside, theme.panel)
        assert ink.mean() >= LEAST_INK, f"{panel.name} is empty in {theme.name}"
        data = ink & differs(inside, theme.grid)
        assert data.sum() >= 50, f"{panel.name} has a grid and nothing on it in {theme.name}"
    places = labels(shown)
    outside = [key for key, r in places.items() if not QRectF(canvas.rect()).contains(r)]
    assert outside == [], [places[key] for key in outside]
    crossing = [
        (one, other)
        for one, other in combinations(places, 2)
        if covered(places[one], places[other]) > 0
    ]
    assert crossing == [], [(places[one], places[other]) for one, other in crossing]


def covered(one: QRectF, other: QRectF) -> float:
    """Return the area that two words share, the pixel at their edges left out."""
    both = one.adjusted(1, 1, -1, -1) & other.adjusted(1, 1, -1, -1)
    return max(both.width(), 0.0) * max(both.height(), 0.0)


def draw(shown: Shown) -> Pixels:
    for _ in range(4):  # a layout may change another one
        QApplication.processEvents()
    return pixels(shown.canvas.grab().toImage())


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@every_page
def test_it_fits_and_is_drawn_in_both_themes(
    show: Open, lab: Lab[Any], page: str, size: tuple[int, int]
) -> None:
    shown = show(lab, page, size)
    window = shown.window
    least = window.minimumSizeHint()
    assert least.width() <= SMALLEST.width()
    assert least.height() <= SMALLEST.height()
    assert (window.width(), window.height()) == size
    assert shown.canvas.height() >= 0.4 * size[1]
    assert shown.canvas.width() >= 0.5 * size[0]

    light = draw(shown)
    assert_a_picture(shown, light, LIGHT)
    items = shown.canvas._scene.items()
    objects = shown.canvas.findChildren(QObject)
    window.settings.choose(theme="dark")
    dark = draw(shown)
    assert_a_picture(shown, dark, DARK)
    assert (light != dark).any(axis=2).mean() > 0.3  # a heat map has its colours in both
    assert light.mean() > dark.mean() + 30
    window.settings.choose(theme="light")
    np.testing.assert_array_equal(draw(shown), light)
    assert shown.canvas._scene.items() == items
    assert shown.canvas.findChildren(QObject) == objects


# -- values ------------------------------------------------------------------------------------


def assert_row_shows(row: Row, value: Any) -> None:
    name = row.name
    if isinstance(row, NumberRow):
        assert row.held == (value is not None), name
        if value is not None:
            assert row.box.text() == editable(row.declaration, value), name
            if row.slider is not None:
                assert row.slider.value() == row._scale.position(value), name
    elif isinstance(row, TextRow):
        assert row.line.text() == value, name
    elif isinstance(row, SwitchRow):
        assert row.box.isChecked() == value, name
    elif isinstance(row, ChoiceRow):
        if row.segments is not None:
            pressed = [v for v, b in row.segments.buttons.items() if b.isChecked()]
            assert pressed == [value], name
        else:
            assert row.combo is not None
            assert row.combo.currentData() == value, name
    elif isinstance(row.declaration, Names):
        assert row.value == value, name  # type: ignore[attr-defined]
    elif isinstance(row.declaration, Table):
        assert row.count.text() == row.declaration.show(value), name  # type: ignore[attr-defined]
    else:
        raise TypeError(row.declaration)


def assert_form_shows(page: LabPage) -> None:
    for name, row in page.form.rows.items():
        assert_row_shows(row, getattr(page.parameters, name))
        assert not row.wrong, name
    assert page.form.parameters == page.parameters


@every_lab
def test_many_changes_are_shown_and_undone(show: Open, lab: Lab[Any]) -> None:
    shown = show(lab)
    page = shown.page
    defaults = page.parameters
    dice = random.Random(f"{lab.id} 1")
    rows = list(page.form.rows.values())
    made = 0
    while made < CHANGES:
        row = dice.choice(rows)
        if not row.stops[0].isEnabled():
            continue  # it has no effect now, and says why
        if isinstance(row.declaration, DataFile) and row.declaration.tabular:
            continue  # a table is looked into first: test_data_intake.py
        value = some_value(dice, row)
        try:
            wanted = page.parameters.change(**{row.name: value})
        except ParameterError:
            continue  # it does not fit the others: what happens then is another test
        set_in_form(row, value)
        assert page.parameters == wanted, row.name
        assert_form_shows(page)
        made += 1
        if made % 10 == 0:
            QApplication.processEvents()
    steps = page.history.stack.count()
    assert steps > CHANGES / 4
    while page.history.stack.canUndo():
        page.history.undo()
        assert_form_shows(page)
    assert page.parameters == defaults
    while page.history.stack.canRedo():
        page.history.redo()
    assert_form_shows(page)
    page.reset()
    assert page.parameters == defaults
    shown.wait()


@every_lab
def test_whatever_is_typed_the_parameters_stay_legal(show: Open, lab: Lab[Any]) -> None:
    shown = show(lab)
    page = shown.page
    for row in page.form.rows.values():
        if not isinstance(row, NumberRow) or not row.stops[0].isEnabled():
            continue
        for text in TYPED:
            before, count = page.parameters, page.history.stack.count()
            enter(row, text)
            assert type(before).make(page.parameters.plain()) == page.parameters
            if page.form.has_refusals:
                assert page.parameters == before, (row.name, text)
                assert page.history.stack.count() == count
                sentences = [r.message.text() for r in page.form.rows.values() if r.has_message()]
                assert all(sentence.endswith((".", "!", "?")) for sentence in sentences)
                QTest.keyClick(row.control, Qt.Key.Key_Escape)
            assert not page.form.has_refusals, (row.name, text)
            assert_form_shows(page)
    page.reset()
    shown.wait()


@every_lab
def test_a_value_that_comes_late_is_still_replaced_by_what_is_typed(
    show: Open, lab: Lab[Any]
) -> None:
    page = show(lab).page
    for row in page.form.rows.values():
        if isinstance(row, NumberRow) and not row.held:
            edit = row.box._edit
            edit.selectAll()
            row.show_followed(row.declaration.clamp((row.shown() or 0.0) * 1.5 + 0.25))
            assert edit.selectedText() == edit.text()
            edit.deselect()


# -- many pictures -----------------------------------------------------------------------------


@every_page
def test_many_pictures_leave_nothing_behind(show: Open, lab: Lab[Any], page: str) -> None:
    shown = show(lab, page)
    figures = some_figures(lab, page)
    canvas = shown.canvas

    def counted() -> tuple[int, int]:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        QApplication.processEvents()
        return len(canvas._scene.items()), len(canvas.findChildren(QObject))

    for figure in (*figures, figures[0]):
        canvas.show_figure(figure)
    before = counted()
    for number in range(FRAMES):
        canvas.show_figure(figures[number % len(figures)])
    canvas.show_figure(figures[0])
    assert counted() == before


def some_figures(lab: Lab[Any], page: str) -> list[Figure]:
    """Return what a page shows at the defaults, and with each preset that is not too large."""
    states = [lab.parameters(), *(lab.parameters.make(p.values) for p in lab.presets[:3])]
    return [final_frame(lab, on_page(state, page), Context("cpu")).figure for state in states]
