"""The window's process for sweeps, as it is: it estimates, measures, draws, and ends."""

from pathlib import Path
from typing import Any

import pyarrow.dataset
import pytest
from pytestqt.qtbot import QtBot

from zoetrope.core.registry import registry
from zoetrope.core.sweep.definition import Definition
from zoetrope.core.sweep.messages import Drawn, Ended, Estimate, Estimated, Open, Show, Start
from zoetrope.core.sweep.picture import Shown
from zoetrope.core.sweep.progress import Where
from zoetrope.core.sweep.varied import parse_varied
from zoetrope.gui.sweep_link import SweepLink

MOST = 60_000  # ms, on a busy machine
ONE = Where(workers=1, device="cpu")


def test_a_sweep_of_a_window_from_estimate_to_picture(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZOETROPE_CACHE_DIR", str(tmp_path / "cache"))
    lab = registry()["rope"]
    varied = [parse_varied(text, lab.parameters) for text in ("length=2,3,4", "span=1,2.5")]
    sweep = Definition.of(lab, lab.parameters(), varied, keep=("sag",))
    link, replies = SweepLink(), list[Any]()
    link.replied.connect(replies.append)

    def heard(kind: type) -> Any:
        return next((reply for reply in reversed(replies) if isinstance(reply, kind)), None)

    link.send(Estimate(1, sweep.plain(), ONE))
    qtbot.waitUntil(lambda: heard(Estimated) is not None, timeout=MOST)
    assert 0 < heard(Estimated).seconds < 30

    folder = tmp_path / "rope.parquet"
    link.send(Show(Shown("sag")))
    link.send(Start(sweep.plain(), folder, ONE))
    qtbot.waitUntil(lambda: heard(Ended) is not None, timeout=MOST)
    assert heard(Ended).sentence == (
        "6 cells in rope.parquet, 1 of them with an error instead of numbers."
    )
    assert heard(Drawn).tables["repeats"].tolist() == [1, 0, 1, 1, 1, 1]
    assert pyarrow.dataset.dataset(folder).count_rows() == 6

    replies.clear()
    link.send(Open(folder, folder))
    qtbot.waitUntil(lambda: heard(Drawn) is not None, timeout=MOST)
    assert [panel.name for panel in heard(Drawn).figure.panels] == [
        "sweep 1", "sweep 2", "difference",
    ]  # fmt: skip
    link.send(Open(tmp_path))
    qtbot.waitUntil(lambda: heard(Ended) is not None, timeout=MOST)
    assert heard(Ended).failed
    process = link._process
    link.close()
    process.join(10)
    assert process.exitcode == 0


def test_a_process_that_cannot_start_is_told(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    monkeypatch.chdir(folder)
    folder.rmdir()
    link = SweepLink()
    lab = registry()["rope"]
    varied = [parse_varied("length=2,3", lab.parameters)]
    definition = Definition.of(lab, lab.parameters(), varied, keep=("sag",))
    with qtbot.waitSignal(link.died) as told:
        link.send(Estimate(1, definition.plain(), ONE))
    assert told.args is not None
    assert "could not start: [Errno 2]" in told.args[0]
    link.close()
