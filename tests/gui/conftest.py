"""Fails a test of the window that leaves something behind, and says what."""

from collections.abc import Iterator

import pytest

from tests.gui.leftovers import Before, watch_timers


@pytest.fixture(scope="session", autouse=True)
def _timers_are_watched() -> Iterator[None]:
    undo = watch_timers()
    yield
    undo()


@pytest.fixture(autouse=True)
def _nothing_is_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """It comes before all other fixtures of a test, so it looks after all others are gone."""
    before, failed = Before(), request.session.testsfailed
    yield
    left = before.leftovers() if request.session.testsfailed == failed else []
    before.clear_away()  # so that the tests that follow are not blamed
    assert not left, "The test left behind " + ", ".join(left) + "."
