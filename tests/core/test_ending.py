"""A request to end the program is heard wherever it comes, and by nobody after."""

from __future__ import annotations

import signal
import time
import weakref
from collections.abc import Iterator

import pytest

from zoetrope.core import ending
from zoetrope.core.ending import EndedError, unwinding

ASKED = [(signal.SIGTERM, EndedError), (signal.SIGINT, KeyboardInterrupt)]


@pytest.fixture(autouse=True)
def _hearing() -> Iterator[None]:
    """Hear Ctrl+C also where the tests run in the background of a shell, which makes them deaf."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize(("number", "raised"), ASKED)
def test_the_program_unwinds_and_hears_as_before_afterwards(
    number: signal.Signals, raised: type[BaseException]
) -> None:
    before = signal.getsignal(number)
    with pytest.raises(raised), unwinding():
        signal.raise_signal(number)
    assert signal.getsignal(number) == before


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(("number", "raised"), ASKED)
def test_a_request_that_a_callback_swallows_comes_again(
    number: signal.Signals, raised: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Thing:
        pass

    def work() -> None:
        thing = Thing()
        gone = weakref.ref(thing, lambda _: signal.raise_signal(number))
        del thing
        assert gone() is None  # nothing was heard
        deadline = time.monotonic() + 10.0
        while time.monotonic() < deadline:
            pass

    monkeypatch.setattr(ending, "AGAIN", 0.05)
    with pytest.raises(raised), unwinding():
        work()


@pytest.mark.parametrize(("number", "raised"), ASKED)
def test_a_request_that_became_another_error_is_still_one(
    number: signal.Signals, raised: type[BaseException]
) -> None:
    def work() -> None:
        try:
            signal.raise_signal(number)
        except BaseException:
            raise ValueError("Invalid bounding box") from None

    with pytest.raises(raised), unwinding():
        work()


def test_an_error_that_nobody_asked_for_is_told() -> None:
    with pytest.raises(ValueError, match="too wide"), unwinding():
        raise ValueError("too wide")


def test_a_program_that_a_shell_has_made_deaf_stays_so() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with unwinding():
            signal.raise_signal(signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before)
