"""The export process: replies, cancelling, dying, and starting from a script or a module."""

import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.core.sine_lab import LAB, SineParameters, find_labs
from zoetrope.core import export_process
from zoetrope.core.device import Context
from zoetrope.core.export_batch import Batch, BatchReport
from zoetrope.core.export_messages import Cancelled, Done, Failed, Progress, Reply, Request
from zoetrope.core.export_options import ExportOptions
from zoetrope.core.export_process import ExportProcess
from zoetrope.core.recipe import Recipe
from zoetrope.core.recipe_files import PNG_SIGNATURE, extract

OPTIONS = ExportOptions(size="160x120px", theme="light", font_size=4)


class Office:
    """An export process whose replies are collected."""

    def __init__(self) -> None:
        self.replies: queue.Queue[Reply] = queue.Queue()
        self.process = ExportProcess(self.replies.put, find_labs)

    def ask(
        self, path: Path | None, frame: Any = None, batch: Batch | None = None, **values: Any
    ) -> int:
        parameters = SineParameters(**values).plain()
        request = Request(
            lab="sine", parameters=parameters, path=path, options=OPTIONS, frame=frame, batch=batch
        )
        return self.process.submit(request)

    def answer(self, ticket: int) -> Reply:
        """The last reply to a ticket; replies to others are put aside."""
        while True:
            reply = self.replies.get(timeout=60)
            if reply.ticket == ticket and not isinstance(reply, Progress):
                return reply

    def progress(self, ticket: int) -> Progress:
        while True:
            reply = self.replies.get(timeout=60)
            if reply.ticket == ticket:
                assert isinstance(reply, Progress)
                return reply


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    office = Office()
    yield office
    office.process.close()
    assert not [t for t in threading.enumerate() if t.name == "exports"]


def test_a_preview_comes_back_as_png(office: Office) -> None:
    frame = next(LAB.run(SineParameters(), Context()))
    for given in (None, frame):
        reply = office.answer(office.ask(None, frame=given))
        assert isinstance(reply, Done)
        assert isinstance(reply.result, bytes)
        assert reply.result.startswith(PNG_SIGNATURE)


def test_a_file_is_written_with_its_recipe_and_progress_told(office: Office, tmp_path) -> None:
    path = tmp_path / "a.gif"
    ticket = office.ask(path, frequency=3.0)
    first = office.progress(ticket)
    assert 0.0 <= first.fraction <= 1.0
    assert office.answer(ticket) == Done(ticket, path)
    assert extract(path) == Recipe.of(LAB, SineParameters(frequency=3.0))


def test_a_wrong_request_is_answered_with_a_sentence(office: Office, tmp_path) -> None:
    reply = office.answer(office.ask(tmp_path / "a.bmp"))
    assert isinstance(reply, Failed)
    assert "use one of svg" in reply.sentence
    assert "Traceback" in reply.details
    absent = Request(lab="absent", parameters={}, path=None, options=OPTIONS)
    reply = office.answer(office.process.submit(absent))
    assert isinstance(reply, Failed)
    assert "'absent' is not installed" in reply.sentence
    bad = Request(lab="sine", parameters={"frequency": -1.0}, path=None, options=OPTIONS)
    reply = office.answer(office.process.submit(bad))
    assert isinstance(reply, Failed)
    assert "Frequency" in reply.sentence
    unsendable: Any = Request(lab="sine", parameters={}, path=None, options=lambda: 0)  # type: ignore[arg-type]
    assert isinstance(office.answer(office.process.submit(unsendable)), Failed)


@pytest.mark.parametrize("ending", ["gif", "mp4"])
def test_cancelling_is_quick_and_leaves_nothing(office: Office, tmp_path, ending: str) -> None:
    path = tmp_path / f"a.{ending}"
    path.write_text("old")
    ticket = office.ask(path, mood="slow")
    office.progress(ticket)
    began = time.monotonic()
    office.process.cancel(ticket)
    assert office.answer(ticket) == Cancelled(ticket)
    assert time.monotonic() - began < 2.0  # 0.01 s where the machine has nothing else to do
    time.sleep(0.2)
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [(path.name, "old")]
    assert isinstance(office.answer(office.ask(tmp_path / "b.svg")), Done)


def test_a_series_is_reported_and_cancelled_it_leaves_nothing_unfinished(
    office: Office, tmp_path
) -> None:
    still = office.ask(tmp_path, batch=Batch(series="pages", ending="svg"))
    report = BatchReport((tmp_path / "sine-page.svg",), ())
    assert office.answer(still) == Done(still, report)
    (tmp_path / ".kept.1-ab.tmp").write_text("of another program")
    film = office.ask(tmp_path, batch=Batch(series="pages", ending="gif"), mood="slow")
    office.progress(film)
    office.process.cancel(film)
    assert office.answer(film) == Cancelled(film)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".kept.1-ab.tmp", "sine-page.svg"]


def test_a_waiting_export_is_cancelled_without_being_begun(office: Office, tmp_path) -> None:
    running = office.ask(tmp_path / "a.gif", mood="slow")
    waiting = office.ask(tmp_path / "b.svg")
    office.process.cancel(waiting)
    assert office.answer(waiting) == Cancelled(waiting)
    office.process.cancel(running)
    assert office.answer(running) == Cancelled(running)
    office.process.cancel(running)  # done with: nothing happens
    assert list(tmp_path.iterdir()) == []


def test_a_newer_preview_takes_the_place_of_one_that_waits(office: Office, tmp_path) -> None:
    running = office.ask(tmp_path / "a.gif", mood="slow")
    office.progress(running)
    older, newer = office.ask(None), office.ask(None)
    assert office.answer(older) == Cancelled(older)
    office.process.cancel(running)
    assert isinstance(office.answer(newer), Done)


def test_the_death_of_the_process_is_told_and_the_next_export_works(office, tmp_path) -> None:
    reply = office.answer(office.ask(tmp_path / "a.svg", mood="dies"))
    assert isinstance(reply, Failed)
    assert "ended unexpectedly" in reply.sentence
    assert "exit code 7" in reply.details
    assert list(tmp_path.iterdir()) == []
    assert isinstance(office.answer(office.ask(tmp_path / "a.svg")), Done)


def test_exports_wait_for_each_other_in_order(office: Office, tmp_path) -> None:
    tickets = [office.ask(tmp_path / f"{i}.svg") for i in range(3)]
    assert [office.answer(ticket) for ticket in tickets] == [
        Done(ticket, tmp_path / f"{i}.svg") for i, ticket in enumerate(tickets)
    ]


def test_one_who_listens_badly_does_not_stop_the_exports(tmp_path) -> None:
    replies: queue.Queue[Reply] = queue.Queue()

    def notify(reply: Reply) -> None:
        replies.put(reply)
        raise RuntimeError("a window that is gone")

    process = ExportProcess(notify, find_labs)
    for name in ("a.csv", "b.csv"):
        request = Request(
            lab="sine", parameters={}, path=tmp_path / name, options=OPTIONS, frame=None
        )
        process.submit(request)
        assert isinstance(replies.get(timeout=60), Done)
    process.close()
    process.close()
    process.submit(request)  # too late, and harmless
    process.cancel(1)


SCRIPT = """
import queue, sys
from pathlib import Path
from tests.core.sine_lab import find_labs
from zoetrope.core.export_options import ExportOptions
from zoetrope.core.export_messages import Request
from zoetrope.core.export_process import ExportProcess

def main():
    replies = queue.Queue()
    process = ExportProcess(replies.put, find_labs)
    options = ExportOptions(size="160x120px", font_size=4)
    process.submit(Request(lab="sine", parameters={}, path=Path(sys.argv[1]), options=options))
    print(type(replies.get(timeout=60)).__name__)
    process.close()

if __name__ == "__main__":
    main()
"""


@pytest.mark.parametrize("how", ["script", "module"])
def test_it_works_however_the_program_is_started(tmp_path: Path, how: str) -> None:
    package = tmp_path / "package"
    package.mkdir()
    (package / "__main__.py").write_text(SCRIPT)
    root = Path(__file__).parents[2]
    start = ["-m", "package"] if how == "module" else [str(package / "__main__.py")]
    done = subprocess.run(
        [sys.executable, *start, str(tmp_path / "a.csv")],
        cwd=tmp_path,
        env={"PYTHONPATH": f"{root}", "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.stdout, done.stderr) == ("Done\n", "")


def _silent(pipe: Any, labs: Any) -> None:
    time.sleep(60)


def test_a_process_that_does_not_start_is_told(tmp_path, monkeypatch: Any) -> None:
    monkeypatch.setattr(export_process, "serve", _silent)
    monkeypatch.setattr(export_process, "START_PATIENCE", 0.5)
    office = Office()
    try:
        reply = office.answer(office.ask(tmp_path / "a.svg"))
        assert isinstance(reply, Failed)
        assert "did not start" in reply.sentence
    finally:
        office.process.close()


def test_closing_during_an_export_removes_what_was_begun(tmp_path) -> None:
    office = Office()
    office.ask(tmp_path / "a.mp4", mood="slow")
    deadline = time.monotonic() + 30
    while not list(tmp_path.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert list(tmp_path.iterdir())
    office.process.close()
    assert list(tmp_path.iterdir()) == []
