import json
import os
import time
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from zoetrope.core.translation import catalogue
from zoetrope.gui import session as sessions
from zoetrope.gui.session import FILE_NAME, SessionKeeper, parse, read, sweep, write

STATE: dict[str, Any] = {"lab": "damped", "labs": {}, "settings": {}, "window": {}, "recent": []}


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    write(tmp_path, STATE)
    session, sentences = read(tmp_path)
    assert session is not None
    assert {name: session[name] for name in STATE} == STATE
    assert sentences == []
    assert [path.name for path in tmp_path.iterdir()] == ["session.json"]


def test_the_folder_is_made(tmp_path: Path) -> None:
    write(tmp_path / "a" / "b", STATE)
    assert read(tmp_path / "a" / "b")[0] is not None


def test_no_session_is_no_problem(tmp_path: Path) -> None:
    assert read(tmp_path) == (None, [])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"zoetrope_session": "1"}',
        '{"zoetrope_session": 1, "labs": []}',
        '{"zoetrope_session": 1, "recent": {}}',
        "[" * 100_000,
        "\x00" * 50,
    ],
)
def test_a_damaged_session_is_set_aside_and_said(tmp_path: Path, text: str) -> None:
    (tmp_path / "session.json").write_text(text)
    (tmp_path / "session.broken-1.json").write_text("an older one")
    session, sentences = read(tmp_path)
    assert session is None
    assert len(sentences) == 1
    assert "session.broken-2.json" in sentences[0]
    assert (tmp_path / "session.broken-2.json").read_text() == text
    assert not (tmp_path / "session.json").exists()


def test_a_newer_session_is_set_aside(tmp_path: Path) -> None:
    text = json.dumps({"zoetrope_session": 99, "version": "7.0"})
    (tmp_path / "session.json").write_text(text)
    session, sentences = read(tmp_path)
    assert session is None
    assert "newer version, 7.0" in sentences[0]


def test_a_huge_session_is_refused_without_reading_it_all() -> None:
    with pytest.raises(sessions.SessionError, match="too large"):
        parse(b" " * (sessions.LARGEST + 1))


def test_a_failed_write_keeps_the_old_file(tmp_path: Path, monkeypatch: Any) -> None:
    write(tmp_path, STATE)

    def refuse(source: object, target: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(OSError, match="No space"):
        write(tmp_path, {**STATE, "lab": "other"})
    session, _ = read(tmp_path)
    assert session is not None
    assert session["lab"] == "damped"
    assert [path.name for path in tmp_path.iterdir()] == ["session.json"]


def test_old_orphans_are_swept_and_young_ones_left(tmp_path: Path) -> None:
    write(tmp_path, STATE)
    old, young = tmp_path / ".session-old.tmp", tmp_path / ".session-young.tmp"
    for path in (old, young):
        path.write_text("")
    os.utime(old, (0, time.time() - 2 * 3600))
    assert sweep(tmp_path) == 1
    assert not old.exists()
    assert young.exists()


def test_the_folder_follows_the_environment(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("ZOETROPE_STATE_DIR", str(tmp_path))
    assert sessions.state_folder() == tmp_path
    monkeypatch.delenv("ZOETROPE_STATE_DIR")
    assert sessions.state_folder().name == "zoetrope"


def test_a_change_is_saved_soon_and_further_changes_do_not_put_it_off(
    qtbot: QtBot, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setattr(sessions, "SAVE_AFTER_MS", 20)
    collected: list[int] = []

    def collect() -> dict[str, Any]:
        collected.append(1)
        return STATE

    keeper = SessionKeeper(tmp_path, collect)
    with qtbot.waitSignal(keeper.saved):
        for _ in range(100):
            keeper.touch()
    assert len(collected) == 1
    assert read(tmp_path)[0] is not None
    keeper.close()


def test_closing_saves_what_was_not_saved_yet(qtbot: QtBot, tmp_path: Path) -> None:
    keeper = SessionKeeper(tmp_path, lambda: STATE)
    keeper.touch()
    keeper.close()
    assert read(tmp_path)[0] is not None


def test_a_folder_that_cannot_be_written_is_said_once(
    qtbot: QtBot, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setattr(sessions, "SAVE_AFTER_MS", 0)
    blocked = tmp_path / "file"
    blocked.write_text("")
    keeper = SessionKeeper(blocked / "state", lambda: STATE)
    sentences: list[str] = []
    keeper.failed.connect(sentences.append)
    with qtbot.waitSignal(keeper.failed):
        keeper.touch()
    keeper.save()
    keeper.close()
    assert len(sentences) == 1
    assert "cannot be saved" in sentences[0]


def test_what_is_wrong_with_a_session_is_said_in_another_language_too(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"{")
    _, sentences = read(tmp_path)
    said = catalogue("zh_CN").say(sentences[0])
    assert said == "已保存的会话已损坏。已将其另存为 session.broken-1.json，Zoetrope 从头开始。"
