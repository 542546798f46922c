import os
import signal
import time

import pytest

from zoetrope.core import ending
from zoetrope.core.ending import STATUS, EndedError, unwinding

pytestmark = pytest.mark.skipif(os.name != "posix", reason="there are no signals to end a process")


class Deaf:
    """Asks for the end in its destructor, from which nothing is raised."""

    def __del__(self) -> None:
        signal.raise_signal(signal.SIGTERM)
        time.sleep(0.01)  # the handler runs here


def end_unheard() -> None:
    with unwinding():
        deaf = Deaf()
        del deaf
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            sum(range(1000))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_end_that_nobody_heard_comes_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ending, "AGAIN", 0.05)
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(EndedError) as ended:
        end_unheard()
    assert ended.value.code == STATUS
    assert signal.getsignal(signal.SIGTERM) is before
