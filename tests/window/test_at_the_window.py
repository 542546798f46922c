"""What a person does at the window: looks, drags, types, turns, plays, takes back, quits."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import numpy as np
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtGui import QImage
from PyQt6.QtWidgets import QDialogButtonBox

from tests.window.person import CONTROL, SHIFT, OpenWindow, Person, Pixels, clipboard
from zoetrope.core.damped.lab import DampedLab, DampedParameters, picture
from zoetrope.core.device import Context
from zoetrope.core.engine import Engine
from zoetrope.core.lab import Frame
from zoetrope.core.recipe import Recipe
from zoetrope.gui.export_choices import Choices
from zoetrope.gui.lab_page import LabPage
from zoetrope.gui.window import MainWindow

LONGEST_CLOSE = 2.0  # seconds


def ink(panel: Pixels) -> float:
    """Return the share of a panel that is not its commonest colour."""
    colours, counts = np.unique(panel.reshape(-1, 3), axis=0, return_counts=True)
    assert len(colours) > 0
    return 1.0 - float(counts.max()) / counts.sum()


def differs(one: Pixels, other: Pixels) -> bool:
    return one.shape != other.shape or bool((one != other).any())


# -- looking -----------------------------------------------------------------------------------


def test_the_first_picture_is_on_the_screen(rope: Person) -> None:
    assert rope.window.windowTitle() == "Spinning rope – Zoetrope"
    for name in ("profile", "spinning", "tension"):
        rope.wait(lambda name=name: ink(rope.panel(name)) > 0.01)
    assert rope.window.notices.texts() == []
    assert [cell.isVisible() for cell in rope.page.readouts.cells][:4] == [True] * 4
    rope.wait(lambda: rope.window.engine.status().device is not None)


def test_every_page_is_drawn(rope: Person) -> None:
    tabs = rope.page.tabs
    for index in (1, 2, 3, 0):
        rope.click(tabs, tabs.tabRect(index).center())
        assert rope.parameter("page") == tabs.tabData(index)
        rope.wait_for_picture()
        assert rope.page.canvas.figure is not None
        for panel in rope.page.canvas.figure.panels:
            rope.wait(lambda name=panel.name: ink(rope.panel(name)) > 0.01)
    assert rope.steps == 0


def test_the_theme_is_toggled(rope: Person) -> None:
    rope.window.settings.choose(theme="light")
    rope.wait(lambda: rope.screen().mean() > 200)
    rope.key(Qt.Key.Key_L, CONTROL | SHIFT)
    assert rope.window.settings.now.theme == "dark"
    rope.wait(lambda: rope.screen().mean() < 90)
    assert ink(rope.panel("profile")) > 0.01
    rope.key(Qt.Key.Key_L, CONTROL | SHIFT)
    rope.wait(lambda: rope.screen().mean() > 200)


# -- changing values ---------------------------------------------------------------------------


def test_buttons_of_dialogs_have_words_and_no_pictures(rope: Person) -> None:
    """A desktop's own pictures, such as a red cross, would stand beside ours."""
    rope.window.commands.settings()
    rope.wait(lambda: rope.window.findChildren(QDialogButtonBox))
    for box in rope.window.findChildren(QDialogButtonBox):
        assert all(button.text() and button.icon().isNull() for button in box.buttons())
    rope.key(Qt.Key.Key_Escape, into=box.window())
    rope.come_back()


def test_a_slider_is_dragged_and_the_picture_follows(rope: Person) -> None:
    drawn = []

    def look() -> None:
        rope.wait(lambda: rope.page.frame_parameters == rope.page.parameters)
        drawn.append(rope.page.frame_parameters)

    rope.wait(lambda: ink(rope.panel("profile")) > 0.01)
    before, span = rope.panel("profile"), rope.parameter("span")
    figure = rope.page.canvas.figure
    slider = rope.number("span").slider
    assert slider is not None
    rope.drag_slider(slider, 0.2, pictures=look)
    rope.wait_for_picture()
    assert rope.parameter("span") < 0.3
    assert len(set(drawn)) >= 6
    rope.wait(lambda: differs(rope.panel("profile"), before))
    assert rope.steps == 1
    after = rope.panel("profile")
    rope.key(Qt.Key.Key_Z, CONTROL)
    assert rope.parameter("span") == span
    rope.wait_for_picture()
    assert rope.page.canvas.figure == figure
    rope.wait(lambda: differs(rope.panel("profile"), after))
    rope.key(Qt.Key.Key_Z, CONTROL | SHIFT)
    assert rope.parameter("span") < 0.3


def test_a_wrong_value_is_said_and_taken_back(rope: Person) -> None:
    row, before = rope.number("span"), rope.page.parameters
    figure = rope.page.canvas.figure
    for wrong, words in (("a yard", "must be a number"), ("1e6", "above the largest allowed")):
        rope.fill(row.box, wrong)
        assert row.message is not None
        assert row.message.isVisible()
        assert words in row.message.text()
        assert row.box.text() == wrong
        assert rope.page.parameters == before
        assert rope.page.canvas.figure is figure
        rope.key(Qt.Key.Key_Escape)
        assert not row.message.isVisible()
        assert row.box.text() == "0.9 m"
    assert rope.steps == 0
    assert ink(rope.panel("profile")) > 0.01


def test_an_exact_value_is_typed(rope: Person) -> None:
    rope.fill(rope.number("span").box, "1.23456789 m", Qt.Key.Key_Tab)
    assert rope.parameter("span") == 1.23456789
    rope.fill(rope.number("sag").box, "0,5")
    assert rope.parameter("sag") == 0.5
    assert rope.parameter("length") is None
    rope.wait_for_picture()
    assert rope.number("sag").held
    assert rope.number("length").box.text().endswith(" m")
    assert rope.steps == 2


def test_the_apex_is_dragged(rope: Person) -> None:
    ring = rope.page.canvas._panels["profile"].rings["apex"]
    before, height = rope.page.parameters, rope.page.picture_edits.value_of("sag")
    rope.drag(ring, ring.rect().center(), ring.rect().center() + QPoint(0, 90), pictures=None)
    sag = rope.parameter("sag")
    assert sag is not None
    assert sag < height
    assert rope.parameter("length") is None
    assert rope.number("sag").held
    assert not rope.number("length").held
    rope.wait_for_picture()
    panel = rope.page.canvas.to_pixel("profile", 0.45, sag)
    assert abs(ring.geometry().center().y() - panel.y()) <= 2  # the ring stands on the rope
    assert rope.steps == 1
    rope.key(Qt.Key.Key_Z, CONTROL)
    assert rope.page.parameters == before


def test_the_camera_is_turned(rope: Person) -> None:
    surface = rope.page.canvas._panels["spinning"].surface
    rope.wait(lambda: ink(rope.panel("spinning")) > 0.01)
    before, azimuth = rope.panel("spinning"), rope.parameter("azimuth")
    middle = surface.rect().center()
    rope.drag(surface, middle, middle + QPoint(60, 30))
    assert rope.parameter("azimuth") != azimuth
    assert rope.parameter("elevation") != 18.0
    rope.wait_for_picture()
    rope.wait(lambda: differs(rope.panel("spinning"), before))
    assert rope.steps == 0  # a look from elsewhere is no change


def test_it_plays_pauses_and_is_scrubbed(rope: Person) -> None:
    transport = rope.page.transport
    assert transport is not None
    phase = rope.parameter("phase")
    rope.page.setFocus()
    rope.key(Qt.Key.Key_Space)
    assert transport.playing
    seen: set[float] = set()

    def several() -> bool:
        shown = rope.page.frame_parameters
        seen.add(shown.phase)  # type: ignore[union-attr]
        return len(seen) >= 5

    rope.wait(several)
    rope.click(transport.play_button)
    assert not transport.playing
    rope.wait_for_picture()
    stands = rope.parameter("phase")
    assert stands != phase
    rope.drag_slider(transport.scrubber, 0.75)
    rope.wait_for_picture()
    assert abs(rope.parameter("phase") - 270) < 10
    rope.key(Qt.Key.Key_Space, CONTROL)
    assert transport.playing
    rope.key(Qt.Key.Key_Space, CONTROL)
    assert not transport.playing
    assert rope.steps == 0


def test_changes_are_taken_back_one_by_one(rope: Person) -> None:
    states = [rope.page.parameters]
    for name, value in (("span", "1.5"), ("speed", "300"), ("span", "0.7"), ("end_angle", "60")):
        rope.fill(rope.number(name).box, value)
        states.append(rope.page.parameters)
    rope.page.setFocus()
    assert len(set(states)) == 5
    for state in states[-2::-1]:
        rope.key(Qt.Key.Key_Z, CONTROL)
        assert rope.page.parameters == state
    assert not rope.window.menu_actions["undo"].isEnabled()
    rope.key(Qt.Key.Key_Z, CONTROL)
    assert rope.page.parameters == states[0]
    for state in states[1:]:
        rope.key(Qt.Key.Key_Z, CONTROL | SHIFT)
        assert rope.page.parameters == state
    rope.wait_for_picture()
    assert not rope.window.menu_actions["redo"].isEnabled()


# -- the clipboard -----------------------------------------------------------------------------


def test_the_figure_is_copied(rope: Person) -> None:
    rope.fill(rope.number("span").box, "1.5")
    rope.page.setFocus()
    rope.wait_for_picture()
    rope.key(Qt.Key.Key_C, CONTROL | SHIFT)
    image, code = QImage(clipboard().imageData()), clipboard().text()
    canvas = rope.page.canvas
    assert (image.width(), image.height()) == (2 * canvas.width(), 2 * canvas.height())
    recipe = Recipe.from_text(code)
    assert (recipe.lab, recipe.parameters) == ("rope", rope.page.parameters.plain())
    rope.wait(lambda: "image/svg+xml" in clipboard().formats())
    drawing = bytes(clipboard().data("image/svg+xml")).decode()
    assert drawing.startswith("<?xml")
    assert canvas.figure is not None
    first = canvas.figure.panels[0].title.split()[0]
    assert re.search(rf"<text[^>]*>{first}\b", drawing)  # text is text
    assert clipboard().text() == code


def test_the_numbers_are_copied_as_python(rope: Person) -> None:
    rope.key(Qt.Key.Key_C, CONTROL | Qt.KeyboardModifier.AltModifier)
    assert "zoetrope.core.rope" in clipboard().text()
    done = subprocess.run(
        [sys.executable, "-c", clipboard().text()],
        cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    printed = dict(line.rsplit(" ", 1) for line in done.stdout.splitlines())
    assert float(printed["sag"]) == rope.page.picture_edits.value_of("sag")


# -- quitting and coming back ------------------------------------------------------------------


def test_it_comes_back_as_it_was(open_window: OpenWindow, folder: Path) -> None:
    person = open_window("damped")
    person.window.settings.choose(theme="light")
    person.window.open_lab("rope")
    person.wait_for_picture()
    person.window.resize(1180, 760)
    person.fill(person.number("span").box, "1.5")
    tabs = person.page.tabs
    person.click(tabs, tabs.tabRect(1).center())
    person.key(Qt.Key.Key_L, CONTROL | SHIFT)
    person.wait_for_picture()
    was, size = person.page.parameters, person.window.size()
    person.key(Qt.Key.Key_Q, CONTROL)
    assert not person.window.isVisible()
    assert json.loads((folder / "session.json").read_text())["lab"] == "rope"

    again = open_window()
    assert again.page.lab.id == "rope"
    assert again.page.parameters == was
    assert again.parameter("page") == "forces"
    assert again.window.settings.now.theme == "dark"
    assert again.window.size() == size
    assert again.steps == 0
    assert again.window.notices.texts() == []
    again.wait(lambda: again.screen().mean() < 90)
    again.wait(lambda: ink(again.panel("balance")) > 0.01)


def test_a_damaged_session_is_set_aside_and_said(open_window: OpenWindow, folder: Path) -> None:
    folder.mkdir()
    damaged = '{"zoetrope_session": 1, "lab": "rope", "labs": {'
    (folder / "session.json").write_text(damaged)
    person = open_window("rope")
    assert "session.broken-1.json" in person.wait_for_notice("damaged")
    assert (folder / "session.broken-1.json").read_text() == damaged
    assert person.page.parameters == person.page.lab.parameters()
    person.key(Qt.Key.Key_Q, CONTROL)
    assert json.loads((folder / "session.json").read_text())["lab"] == "rope"


class Endless(DampedLab):
    """It never comes to an end."""

    id = "endless"

    def run(
        self, parameters: DampedParameters, context: Context
    ) -> Generator[Frame, DampedParameters, None]:
        while True:
            time.sleep(0.02)
            parameters = yield replace(picture(parameters), progress=0.3, final=False)


def test_it_closes_at_once_while_it_computes(open_window: OpenWindow, folder: Path) -> None:
    window = MainWindow(
        {"endless": Endless()},
        folder=folder,
        make_page=LabPage,
        make_engine=lambda labs, notify, device: Engine(labs, notify, device="cpu", warm_up=False),
    )
    person = open_window("endless", window=window, wait=False)
    person.wait(lambda: person.page.frame is not None and person.page.progress.seen)
    assert time_to_close(person) < LONGEST_CLOSE


def test_it_closes_at_once_while_it_plays_and_exports(rope: Person, tmp_path: Path) -> None:
    long = Choices(format="gif", dpi=72, fps=60, seconds=120, folder=str(tmp_path))
    rope.window.settings.choose(export=long.plain())
    rope.page.setFocus()
    rope.key(Qt.Key.Key_Space)
    rope.key(Qt.Key.Key_E, CONTROL | SHIFT)
    rope.wait(lambda: " %" in rope.window.toast.text())  # the first picture of the film is drawn
    assert rope.page.transport is not None
    assert rope.page.transport.playing
    assert time_to_close(rope) < LONGEST_CLOSE
    assert [path.name for path in tmp_path.iterdir()] == ["state"]  # nothing half written


def time_to_close(person: Person) -> float:
    """Close the window by its key and return the seconds until it and its threads are gone."""
    began = time.perf_counter()
    person.key(Qt.Key.Key_Q, CONTROL)
    took = time.perf_counter() - began
    assert not person.window.isVisible()
    assert person.window.engine.close(0.0)
    return took
