"""The session under every fault of a disk: programs killed while they save, two at once, a full
disk, a folder that goes away, a clock that runs backwards.
"""

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from zoetrope.gui import session as sessions
from zoetrope.gui.session import SessionKeeper, read, sweep, write

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="programs are killed as POSIX has it")
def test_a_save_that_is_killed_leaves_the_last_state_or_the_one_before(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.soak.killed_saves", "40", "0", str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, check=True, timeout=100,
    )  # fmt: skip
    found = json.loads(done.stdout)
    assert found["wrong"] == []
    assert found["orphans"] > 0  # else no save was met
    assert found["swept"] == found["orphans"]
    assert found["left"] == ["session.json"]


def test_two_instances_leave_the_state_of_one_of_them(tmp_path: Path) -> None:
    """Each writes beside itself: whoever reads finds one whole state."""
    broken: list[object] = []

    def save(name: str) -> None:
        for number in range(100):
            write(tmp_path, {"lab": name, "labs": {"rope": {"n": number, "filling": "x" * 9999}}})

    def look() -> None:
        while any(thread.is_alive() for thread in savers):
            session, sentences = read(tmp_path)
            if sentences or (session is not None and session["lab"] not in ("one", "two")):
                broken.append((session, sentences))

    savers = [threading.Thread(target=save, args=(name,)) for name in ("one", "two")]
    reader = threading.Thread(target=look)
    for thread in (*savers, reader):
        thread.start()
    for thread in (*savers, reader):
        thread.join()
    assert broken == []
    session, _ = read(tmp_path)
    assert session is not None
    assert session["labs"]["rope"]["n"] == 99
    assert [path.name for path in tmp_path.iterdir()] == ["session.json"]


def test_a_broken_session_that_another_instance_set_aside_is_no_worry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "session.json").write_text("{")
    rename = Path.rename

    def second(self: Path, target: Path) -> Path:
        rename(self, target)  # the other one, in between
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", second)
    session, sentences = read(tmp_path)
    assert session is None
    assert sentences == ["The saved session is damaged. Zoetrope starts afresh."]
    assert [path.name for path in tmp_path.iterdir()] == ["session.broken-1.json"]


FULL = """
import resource, signal, sys
from pathlib import Path
from zoetrope.gui.session import read, write
folder = Path(sys.argv[1])
write(folder, {"lab": "rope"})
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500))
try:
    write(folder, {"lab": "hsic", "labs": {"filling": "x" * 100_000}})
except OSError as error:
    print(error.errno == 27, read(folder)[0]["lab"], sorted(p.name for p in folder.iterdir()))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="file sizes are limited as POSIX has it")
def test_a_full_disk_keeps_the_state_before(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert done.stdout == "True rope ['session.json']\n"


def test_a_folder_that_goes_away_is_made_again(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    write(folder, {"lab": "rope"})
    (folder / "session.json").unlink()
    folder.rmdir()
    write(folder, {"lab": "hsic"})
    assert read(folder)[0] is not None


def test_a_folder_that_goes_away_in_the_middle_of_a_save_is_said_once(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace, gone = os.replace, [True, True]

    def vanish(source: str, target: Path) -> None:
        if gone and gone.pop():
            raise FileNotFoundError(2, "No such file or directory")
        replace(source, target)

    monkeypatch.setattr(os, "replace", vanish)
    keeper = SessionKeeper(tmp_path, lambda: {"lab": "rope"})
    sentences: list[str] = []
    keeper.failed.connect(sentences.append)
    with qtbot.waitSignal(keeper.failed):
        keeper.save()
    keeper.save()
    with qtbot.waitSignal(keeper.saved):
        keeper.save()
    keeper.close()
    assert len(sentences) == 1
    assert read(tmp_path)[0] is not None


def test_a_clock_that_runs_backwards_puts_nothing_off_and_removes_nothing_young(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "SAVE_AFTER_MS", 20)
    clock: Any = iter(range(10**9, 0, -(10**5)))
    monkeypatch.setattr(time, "time", lambda: float(next(clock)))
    young = tmp_path / ".session-young.tmp"
    young.write_text("")
    keeper = SessionKeeper(tmp_path, lambda: {"lab": "rope"})
    for _ in range(3):
        with qtbot.waitSignal(keeper.saved):
            keeper.touch()
        assert sweep(tmp_path) == 0
    keeper.close()
    assert young.exists()
