"""The short form of the races: some thousand changes, in plans that Hypothesis makes up."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.soak.races import Act, acts, play, rare_acts

RACES = settings(
    max_examples=25,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@RACES
@given(st.lists(acts(), min_size=20, max_size=80))
def test_the_last_change_is_the_last_shown_and_nothing_is_left(plan: list[Act]) -> None:
    assert play(plan).wrong == ()


@settings(RACES, max_examples=10)  # starting threads and devices anew takes a second a plan
@given(st.lists(rare_acts(), min_size=20, max_size=80))
def test_a_new_thread_or_device_loses_nothing_either(plan: list[Act]) -> None:
    assert play(plan).wrong == ()
