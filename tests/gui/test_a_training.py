"""A lab that drives its playhead, in the window: play, pause, go back, export, close."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from zoetrope.core.engine import Engine
from zoetrope.core.registry import registry
from zoetrope.gui.lab_page import LabPage
from zoetrope.gui.window import MainWindow

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
SMALL = {"n_blocks": 3, "hidden": 16, "batch": 64, "n": 2000, "source": "moons", "step": 20.0}


class Training:
    """The i-ResNet lab with a small network, at rest after 20 steps."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window, self._qtbot = window, qtbot
        self.page: LabPage = window.page
        self.transport = self.page.transport
        small = self.page.parameters.change(**SMALL)
        self.page.set_parameters(small, "Take a small one")
        self.wait_for_rest()

    def step(self) -> float:
        return float(self.page.parameters.step)  # type: ignore[attr-defined]

    def wait_for_rest(self) -> None:
        def rests() -> bool:
            page = self.page
            frame = page.frame
            return bool(frame and frame.final and page.frame_parameters == page.parameters)

        self._qtbot.waitUntil(rests, timeout=30_000)

    def play_beyond(self, step: float) -> None:
        self.page.player.toggle()
        self._qtbot.waitUntil(lambda: self.transport.value > step, timeout=30_000)


@pytest.fixture
def training(qtbot: QtBot, tmp_path: Path) -> Iterator[Training]:
    window = MainWindow(
        {"iresnet": registry()["iresnet"]},
        folder=tmp_path,
        make_page=LabPage,
        make_engine=lambda labs, notify, _: Engine(labs, notify, device="cpu", warm_up=False),
    )
    window.resize(1024, 700)
    window.show()
    window.open_lab("iresnet")
    qtbot.waitUntil(lambda: window.page.frame is not None, timeout=30_000)
    yield Training(window, qtbot)
    window.close()
    window.deleteLater()


def test_pausing_leaves_the_step_that_is_shown(training: Training) -> None:
    training.play_beyond(40)
    assert training.step() == 1500
    training.page.player.toggle()
    shown = training.transport.value
    assert 40 < training.step() == shown < 1500
    training.wait_for_rest()
    assert training.page.frame is not None
    assert training.page.frame.reached == training.step() == shown


def test_playing_goes_on_while_a_live_setting_changes(training: Training) -> None:
    training.play_beyond(30)
    page = training.page
    page.set_parameters(page.parameters.change(lr=0.01), "Change the rate")
    before = training.transport.value
    training._qtbot.waitUntil(lambda: training.transport.value > before + 20, timeout=30_000)
    assert training.transport.playing
    page.player.toggle()
    training.wait_for_rest()
    assert page.frame is not None
    assert any("Settings changed" in notice.text for notice in page.frame.notices)
    assert any(action.key == "anew" for action in page.frame.actions)


def test_playing_goes_to_the_end_of_a_training_and_on_when_it_is_made_longer(
    training: Training,
) -> None:
    page = training.page
    page.set_parameters(page.parameters.change(length=100), "A short one")
    assert training.transport.scrubber.toolTip() == "Training step: 0 to 100 steps"
    page.player.toggle()
    training._qtbot.waitUntil(lambda: not training.transport.playing, timeout=30_000)
    assert training.step() == 100
    page.set_parameters(page.parameters.change(length=900), "A longer one")
    assert training.step() == 100
    training.play_beyond(110)
    page.set_parameters(page.parameters.change(length=130), "Not so long")
    training._qtbot.waitUntil(lambda: not training.transport.playing, timeout=30_000)
    training.wait_for_rest()
    assert 110 < training.step() < 900


def test_the_speed_limit_holds_a_training_back_and_lets_it_go(training: Training) -> None:
    limit = training.transport.limit
    limit.slider.setValue(0)
    assert training.page.parameters.speed_limit == 1.0  # type: ignore[attr-defined]
    training.play_beyond(20.0)
    assert training.transport.value <= 22.0
    limit.slider.setValue(limit.slider.maximum())
    training._qtbot.waitUntil(lambda: training.transport.value > 60.0, timeout=30_000)
    training.page.player.toggle()
    training.wait_for_rest()


def test_going_back_and_stepping_on(training: Training) -> None:
    training.transport.step(1)
    assert training.step() == 21
    training.wait_for_rest()
    training.transport.step(-1)
    training.transport.step(-1)
    assert training.step() == 19
    training.wait_for_rest()
    assert training.page.frame is not None
    assert training.page.frame.reached == 19


def test_what_is_exported_says_how_far_it_was_trained(training: Training) -> None:
    training.play_beyond(40)
    subject = training.window.subject()
    assert not training.transport.playing
    assert subject.parameters.step == training.transport.value  # type: ignore[attr-defined]
    assert not subject.up_to_date
    training.wait_for_rest()
    assert training.window.subject().up_to_date


def test_turning_the_page_while_it_trains(training: Training) -> None:
    training.play_beyond(30)
    page = training.page
    page.set_parameters(page.parameters.change(page="transport"), "Turn", undoable=False)
    assert not training.transport.playing
    training._qtbot.waitUntil(
        lambda: page.frame is not None and page.frame.figure.panels[0].name == "way",
        timeout=30_000,
    )
    page.set_parameters(page.parameters.change(step=60.0), "Enough", undoable=False)
    training.wait_for_rest()


def test_closing_the_window_ends_the_training(training: Training) -> None:
    training.play_beyond(30)
    training.window.close()
    assert training.window.engine.close(timeout=5)
