"""Pinning a picture under the live one: what stays, what follows, and what is kept of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from zoetrope.core.comparison import Compared
from zoetrope.core.damped.lab import LAB
from zoetrope.core.engine import Engine
from zoetrope.core.items import Curve
from zoetrope.core.lab import Lab
from zoetrope.core.recipe import Recipe, restore
from zoetrope.core.registry import registry
from zoetrope.gui.exporting import request_for
from zoetrope.gui.lab_page import LabPage
from zoetrope.gui.window import MainWindow

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
Open = Callable[..., MainWindow]


@pytest.fixture
def open_window(qtbot: QtBot, tmp_path: Path) -> Iterator[Open]:
    made: list[MainWindow] = []

    def open_window(lab: Lab[Any] = LAB) -> MainWindow:
        window = MainWindow(
            {lab.id: lab},
            folder=tmp_path,
            make_page=LabPage,
            make_engine=lambda labs, notify, _: Engine(labs, notify, device="cpu", warm_up=False),
        )
        made.append(window)
        window.resize(1024, 700)
        window.show()
        window.open_lab(lab.id)
        settle(qtbot, window.page)
        return window

    yield open_window
    for window in made:
        window.close()
        window.deleteLater()


def settle(qtbot: QtBot, page: LabPage) -> None:
    """Wait until the picture is that of the parameters, its ghosts too."""

    def there() -> None:
        assert page.frame is not None
        assert page.frame.final
        assert page.frame_parameters == page.parameters
        assert page.pins.settled

    qtbot.waitUntil(there, timeout=20_000)


def change(qtbot: QtBot, shown: LabPage, /, **values: Any) -> None:
    shown.set_parameters(shown.parameters.change(**values), "Change")
    settle(qtbot, shown)


def drawn(page: LabPage) -> dict[str, Any]:
    """Return what stands in the first panel of the picture on the screen."""
    figure = page.canvas.figure
    assert figure is not None
    return {item.key: item for item in figure.panels[0].items}


def pinned_line(page: LabPage) -> Any:
    return drawn(page).get("pinned 0 " + line_key(page))


def line_key(page: LabPage) -> str:
    assert page.frame is not None
    return next(i.key for i in page.frame.figure.panels[0].items if isinstance(i, Curve))


def test_what_is_pinned_stays_while_the_values_change(qtbot: QtBot, open_window: Open) -> None:
    window = open_window()
    page: LabPage = window.page
    before = drawn(page)[line_key(page)]
    window.menu_actions["pin"].trigger()
    change(qtbot, page, amplitude=2.0)
    change(qtbot, page, decay=1.0)
    ghost = pinned_line(page)
    assert np.array_equal(ghost.y, before.y)
    assert drawn(page)[line_key(page)].y.max() > ghost.y.max()
    assert page.pins.words() == ["pinned: A = 1 m, γ = 0.4 1/s"]
    assert drawn(page)["pinned 0"].label == page.pins.words()[0]


def test_pinning_and_unpinning_are_steps_of_undo(qtbot: QtBot, open_window: Open) -> None:
    window = open_window()
    page: LabPage = window.page
    page.pins.pin()
    change(qtbot, page, amplitude=2.0)
    page.pins.unpin()
    assert pinned_line(page) is None
    assert page.history.stack.undoText() == "Unpin the picture"
    page.history.undo()
    assert pinned_line(page) is not None
    page.history.undo()  # the amplitude
    page.history.undo()
    assert page.pins.pinned == []
    assert pinned_line(page) is None
    page.history.redo()
    assert page.pins.pinned == [LAB.parameters()]


def test_a_ghost_stays_with_its_page(qtbot: QtBot, open_window: Open) -> None:
    page: LabPage = open_window().page
    page.pins.pin()
    change(qtbot, page, page="state")
    assert page.pins.words() == []
    assert not any(key.startswith("pinned") for key in drawn(page))
    change(qtbot, page, page="signal", amplitude=2.0)
    assert pinned_line(page) is not None


def test_three_can_be_pinned_and_the_buttons_say_so(qtbot: QtBot, open_window: Open) -> None:
    window = open_window()
    page: LabPage = window.page
    pin, unpin = (page.pin_buttons.buttons[name] for name in ("pin", "unpin"))
    assert unpin.isHidden()
    assert not window.menu_actions["unpin"].isEnabled()
    for amplitude in (2.0, 3.0, 4.0):
        pin.click()
        change(qtbot, page, amplitude=amplitude)
    assert [key for key in drawn(page) if key in ("pinned 0", "pinned 1", "pinned 2")]
    assert not pin.isEnabled()
    assert not window.menu_actions["pin"].isEnabled()
    assert unpin.accessibleDescription().splitlines() == page.pins.words()
    assert len(page.pins.words()) == 3
    unpin.click()
    assert [pinned.amplitude for pinned in page.pins.pinned] == [1.0, 2.0]  # type: ignore[attr-defined]
    assert pin.isEnabled()


def test_the_first_of_two_pins_can_go_and_the_other_stays_itself(
    qtbot: QtBot, open_window: Open
) -> None:
    page: LabPage = open_window().page
    page.pins.pin()
    change(qtbot, page, page="state")
    page.pins.pin()
    change(qtbot, page, page="signal", amplitude=3.0)
    page.pins.unpin()  # the one of this page, which is not the newest
    assert [pinned.page for pinned in page.pins.pinned] == ["state"]  # type: ignore[attr-defined]
    assert pinned_line(page) is None
    change(qtbot, page, page="state")
    assert pinned_line(page) is not None


def test_a_session_keeps_what_is_pinned(qtbot: QtBot, open_window: Open) -> None:
    window = open_window()
    window.page.pins.pin()
    change(qtbot, window.page, amplitude=2.0)
    ghost = pinned_line(window.page)
    window.close()
    page: LabPage = open_window().page
    assert page.pins.pinned == [LAB.parameters()]
    assert np.array_equal(pinned_line(page).y, ghost.y)
    assert not page.history.stack.canUndo()


def test_a_damaged_session_pins_what_it_can(qtbot: QtBot, open_window: Open) -> None:
    page: LabPage = open_window().page
    for state in (None, 3, [3, {"amplitude": "x"}], [{"amplitude": 1e9}] * 9):
        page.pins.restore(state)
        assert len(page.pins.pinned) in (0, 3)


def test_an_export_is_of_the_picture_with_its_ghosts(qtbot: QtBot, open_window: Open) -> None:
    window = open_window()
    window.page.pins.pin()
    change(qtbot, window.page, amplitude=2.0)
    subject = window.subject()
    assert subject.frame.figure == window.page.canvas.figure
    assert isinstance(subject.lab, Compared)
    assert subject.up_to_date
    request = request_for(subject, subject.choices({}).options(subject.panel_names), None)
    assert request.comparison == subject.lab.comparison
    assert Recipe.of(subject.lab, subject.parameters).compare["way"] == "under"


def test_a_recipe_brings_its_ghosts_back_as_one_step(qtbot: QtBot, open_window: Open) -> None:
    window = open_window()
    page: LabPage = window.page
    page.pins.pin()
    change(qtbot, page, amplitude=2.0)
    window.menu_actions["copy_recipe"].trigger()
    shown = page.canvas.figure
    page.history.undo()
    page.history.undo()
    settle(qtbot, page)
    window.menu_actions["paste_recipe"].trigger()
    settle(qtbot, page)
    assert page.canvas.figure == shown
    page.history.undo()
    settle(qtbot, page)
    assert page.pins.pinned == []
    assert page.parameters == LAB.parameters()


def test_a_recipe_without_ghosts_takes_those_away(qtbot: QtBot, open_window: Open) -> None:
    window = open_window()
    page: LabPage = window.page
    plain = Recipe.of(LAB, LAB.parameters().change(decay=2.0))
    page.pins.pin()
    lab, parameters, sentences = restore(plain, {LAB.id: LAB})
    window.opener.opened.emit(lab, parameters, "a file", sentences)
    settle(qtbot, page)
    assert page.pins.pinned == []


def test_stopping_stops_the_ghosts_and_the_next_picture_asks_again(
    qtbot: QtBot, open_window: Open
) -> None:
    window = open_window()
    page: LabPage = window.page
    page.pins.restore([LAB.parameters().change(amplitude=3.0).plain()])
    window.menu_actions["stop"].trigger()
    assert page.pins.settled
    change(qtbot, page, decay=2.0)
    assert pinned_line(page).y.max() > 2.0


def test_a_ghost_is_seen_with_the_camera_of_the_live_picture(
    qtbot: QtBot, open_window: Open
) -> None:
    rope = registry()["rope"]
    page: LabPage = open_window(rope).page
    assert page.frame is not None
    turned = next(panel for panel in page.frame.figure.panels if panel.orbit is not None)
    assert turned.orbit is not None
    azimuth = turned.orbit.azimuth.parameter

    def ghost() -> Any:
        figure = page.canvas.figure
        assert figure is not None
        items = figure.panel(turned.name).items
        return next(i for i in items if i.key.startswith("pinned 0 ") and isinstance(i, Curve))

    page.pins.pin()
    before = ghost()
    change(qtbot, page, span=1.5)
    assert np.array_equal(ghost().x, before.x, equal_nan=True)
    change(qtbot, page, **{azimuth: getattr(page.parameters, azimuth) + 40.0})
    qtbot.waitUntil(lambda: not np.array_equal(ghost().x, before.x, equal_nan=True), timeout=10_000)
    assert page.pins.words() == ["pinned: d = 0.9 m"]


def test_a_pinned_picture_that_cannot_be_made_is_told_of(qtbot: QtBot, open_window: Open) -> None:
    page: LabPage = open_window().page
    change(qtbot, page, page="state")
    gone = page.parameters.change(source="file", file="/no/such/file.csv")
    page.pins.take([gone], "Pin")
    qtbot.waitUntil(lambda: "A pinned picture cannot be shown." in page.banner.text, timeout=10_000)
    assert page.frame_parameters == page.parameters
