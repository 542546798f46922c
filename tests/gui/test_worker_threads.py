"""Objects that hear from threads of their own: closed, they let no signal under way find them."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from zoetrope.core.export_messages import Progress
from zoetrope.gui.background import Background
from zoetrope.gui.exporting import Exporter


class Signal:
    """Stands for a signal whose emitting takes as long as the test wants."""

    def __init__(self) -> None:
        self.under_way, self.go_on = threading.Event(), threading.Event()
        self.emitted = 0

    def emit(self, *_: Any) -> None:
        self.under_way.set()
        assert self.go_on.wait(10.0)
        self.emitted += 1


class Process:
    def __init__(self, notify: Any) -> None:
        self.notify = notify

    def close(self) -> None:
        pass


def exporter_and_work(signal: Signal) -> tuple[Any, Any]:
    exporter = Exporter(Process)
    exporter.warm_up()
    exporter._replied = signal  # type: ignore[assignment]
    return exporter, lambda: exporter._process.notify(Progress(1, 0.5, None))


def background_and_work(signal: Signal) -> tuple[Any, Any]:
    background = Background("test")
    background._delivered = signal  # type: ignore[assignment]
    return background, lambda: background.run(lambda: 1, print, print)


@pytest.mark.parametrize("make", [exporter_and_work, background_and_work])
def test_closing_waits_for_a_signal_under_way(qtbot: QtBot, make: Any) -> None:
    signal = Signal()
    heard, work = make(signal)
    threading.Thread(target=work, daemon=True).start()
    assert signal.under_way.wait(10.0)
    closing = threading.Thread(target=heard.close, daemon=True)
    closing.start()
    closing.join(0.05)
    assert closing.is_alive()  # it may not go on to be deleted
    signal.go_on.set()
    closing.join(10.0)
    assert not closing.is_alive()
    assert signal.emitted == 1


def test_a_closed_exporter_passes_nothing_on(qtbot: QtBot) -> None:
    signal = Signal()
    exporter, _ = exporter_and_work(signal)
    notify = exporter._process.notify
    exporter.close()
    notify(Progress(1, 0.5, None))
    assert not signal.under_way.is_set()
