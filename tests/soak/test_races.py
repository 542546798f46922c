"""The short form of the races: some thousand changes, in plans that Hypothesis makes up."""

import threading
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.soak.races import Act, acts, play, rare_acts

RACES = settings(
    max_examples=25,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.fixture(autouse=True, scope="module")
def _threads_are_not_traced() -> Iterator[None]:
    """Keep the measuring of coverage out of the threads that begin here: in Python 3.11 two that
    begin to be traced at the same moment may end one of them.
    """
    before = threading.gettrace()
    threading.settrace(None)  # type: ignore[arg-type]
    yield
    threading.settrace(before)  # type: ignore[arg-type]


@RACES
@given(st.lists(acts(), min_size=20, max_size=80))
def test_the_last_change_is_the_last_shown_and_nothing_is_left(plan: list[Act]) -> None:
    assert play(plan).wrong == ()


@settings(RACES, max_examples=10)  # starting threads and devices anew takes a second a plan
@given(st.lists(rare_acts(), min_size=20, max_size=80))
def test_a_new_thread_or_device_loses_nothing_either(plan: list[Act]) -> None:
    assert play(plan).wrong == ()
