"""The limits, skipping and free end pages: what they draw, what they refuse, what a click sets."""

import math

import numpy as np
import pytest

from zoetrope.core.device import Context
from zoetrope.core.lab import Frame, final_frame
from zoetrope.core.rope import (
    free_end_onsets,
    free_end_shapes,
    least_skipping_speed,
    lift_off_speed,
    rotor_pendulum,
    snapshot,
    solve,
    stall,
    whirl_limit,
    whirl_onset,
)
from zoetrope.core.rope.errors import RopeError
from zoetrope.core.rope.lab import LAB
from zoetrope.core.rope.lab_parameters import RopeParameters

RPM = 30 / math.pi
PLAYGROUND = {"page": "skipping", "length": 4.0, "span": 3.2, "speed": 90.0, "hand_height": 1.1}


def frame_of(**values: object) -> Frame:
    return final_frame(LAB, RopeParameters().change(**values), Context())


def numbers(frame: Frame) -> dict[str, float]:
    return {r.key: r.value for r in frame.readouts if isinstance(r.value, (int, float))}


# -- Limits --------------------------------------------------------------------------------------


def test_the_rope_opens_above_its_lift_off() -> None:
    frame = frame_of(page="limits", axis="vertical")
    onset = lift_off_speed(2.6, 0.9, gravity=9.80665) * RPM
    assert numbers(frame)["onset"] == pytest.approx(onset, rel=1e-12)
    rpm, radius = frame.tables["speed (rpm)"], frame.tables["radius (m)"]
    assert np.all(np.diff(rpm) < 0)  # from the fastest down
    assert np.all(np.diff(radius[np.isfinite(radius)]) <= 0)
    assert np.all(radius[rpm <= onset] == 0)
    some = 5
    rope = solve(2.6, 0.9, omega=rpm[some] / RPM, gravity=9.80665)
    assert radius[some] == pytest.approx(rope.radius_max, rel=1e-8)


def test_the_length_that_follows_is_that_of_the_rope_that_hangs() -> None:
    frame = frame_of(page="limits", axis="vertical", sag=solve(2.6, 0.9).sag, speed=20.0)
    assert frame.linked["length"] == pytest.approx(2.6, rel=1e-9) == numbers(frame)["limits_length"]
    assert frame.linked["slack"] == pytest.approx(2.6 / 0.9 - 1, rel=1e-9)


def test_in_space_the_speed_changes_nothing() -> None:
    radius = frame_of(page="limits").tables["radius (m)"]
    np.testing.assert_allclose(radius, solve(2.6, 0.9).sag, rtol=1e-12)


def test_an_elastic_rope_has_an_onset_and_an_end() -> None:
    values = {"stretches": True, "length": 0.8, "stiffness": 100.0, "speed": 700.0}
    shown = numbers(frame_of(page="limits", **values))
    assert shown["onset"] == pytest.approx(whirl_onset(0.8, 0.9, EA=100.0) * RPM, rel=1e-12)
    assert shown["limit"] == pytest.approx(whirl_limit(0.8, EA=100.0) * RPM, rel=1e-12)


def test_the_drag_is_drawn_by_lag_through_its_fold() -> None:
    frame = frame_of(page="limits", air=1.2, radius0=0.1, radius1=0.1)
    limit = stall(2.6, 0.9, radius0=0.1, radius1=0.1)
    assert numbers(frame)["most_drag"] == pytest.approx(limit.drag_number, rel=1e-9)
    lag, drag = frame.tables["lag (deg)"], frame.tables["drag number"]
    assert np.all(np.diff(lag) > 0)
    assert lag[0] < 1
    assert lag[-1] > 150
    assert drag.max() <= limit.drag_number * (1 + 1e-9)
    assert drag[-1] < 0.5 * limit.drag_number
    panel = frame.figure.panel("drag")
    assert panel.pick_y is not None
    air = panel.pick_y.value(0.05)
    there = numbers(frame_of(air=air, radius0=0.1, radius1=0.1))
    assert there["drag_number"] == pytest.approx(0.05, rel=1e-12)


def test_the_limits_fill_in_while_they_are_computed() -> None:
    parameters = RopeParameters().change(page="limits", axis="vertical")
    job = LAB.run(parameters, Context())
    frame = next(job)
    counts = []
    while not frame.final:
        assert frame.progress is not None
        counts.append(len(frame.tables["speed (rpm)"]))
        frame = job.send(parameters)
    assert sorted(counts) == counts
    assert len(frame.tables["speed (rpm)"]) > counts[0]


# -- Skipping ------------------------------------------------------------------------------------


def test_the_skipping_rope_is_a_labelled_snapshot() -> None:
    frame = frame_of(**PLAYGROUND, phase=90.0)
    rotor = rotor_pendulum(4.0, 3.2, gravity=9.80665, omega=90 / RPM)
    turn = float(np.interp(0.25, rotor.time / rotor.period, rotor.turn_deg))
    assert frame.figure.panel("front").title == f"Frozen snapshot, {turn:.0f}° past the bottom"
    assert turn > 90  # it passes the bottom fast
    assert "neither the real motion" in frame.notices[0].text
    shown = numbers(frame)
    assert shown["turn"] == pytest.approx(turn)
    assert shown["omega_bottom"] == pytest.approx(rotor.omega_bottom * RPM, rel=1e-12)
    rope = {item.key: item for item in frame.figure.panel("front").items}["rope"]
    frozen = snapshot(4.0, 3.2, turn=float(round(turn)), gravity=9.80665, omega=90 / RPM)
    height = 1.1 - frozen.y * math.cos(math.radians(turn))
    np.testing.assert_allclose(rope.y, height, atol=1e-9)  # type: ignore[attr-defined]


def test_the_clearances_are_those_of_the_snapshots() -> None:
    shown = numbers(frame_of(**PLAYGROUND, skipper=1.3))
    bottom = snapshot(4.0, 3.2, turn=0.0, gravity=9.80665, omega=90 / RPM)
    top = snapshot(4.0, 3.2, turn=180.0, gravity=9.80665, omega=90 / RPM)
    assert shown["under"] == pytest.approx(1.1 - bottom.sag, abs=1e-9)
    assert shown["over"] == pytest.approx(1.1 + top.sag - 1.3, abs=1e-9)
    low = frame_of(**{**PLAYGROUND, "hand_height": 0.9})
    assert any(n.parameter == "hand_height" and "ground" in n.text for n in low.notices)


def test_too_slow_to_skip_is_said_and_the_action_mends_it() -> None:
    slow = frame_of(**{**PLAYGROUND, "speed": 40.0})
    least = least_skipping_speed(4.0, 3.2, gravity=9.80665) * RPM
    told = [n for n in slow.notices if n.parameter == "speed"]
    assert told
    assert f"{least:.4g}" in told[0].text
    [action] = slow.actions
    assert not frame_of(**{**PLAYGROUND, **action.change}).actions


def test_a_summary_says_where_there_is_no_rope() -> None:
    summary = frame_of(**{**PLAYGROUND, "speed": 20.0}).figure.panel("front").summary
    assert "At the top there is no rope." in summary
    assert "nan" not in summary
    assert "m above the ground" in frame_of(**PLAYGROUND).figure.panel("front").summary


def test_without_gravity_there_is_nothing_to_show() -> None:
    with pytest.raises(RopeError) as caught:
        frame_of(**PLAYGROUND, gravity=0.0)
    assert caught.value.parameter == "gravity"


# -- Free end ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("speed", "count"), [(60.0, 1), (100.0, 2), (150.0, 3)])
def test_each_onset_adds_a_shape(speed: float, count: int) -> None:
    frame = frame_of(page="free", length=1.0, speed=speed)
    onsets = np.array(free_end_onsets(1.0)) * RPM
    assert numbers(frame)["shapes"] == count == np.sum(onsets < speed)
    curves = [i for i in frame.figure.panel("shapes").items if i.key.startswith("shape")]
    assert len(curves) == count


def test_the_chosen_shape_is_bold_and_read() -> None:
    shapes = free_end_shapes(1.0, omega=150 / RPM)
    for number, shape in enumerate(shapes, start=1):
        frame = frame_of(page="free", length=1.0, speed=150.0, shape=number)
        shown = numbers(frame)
        assert shown["nodes"] == shape.nodes == number - 1
        assert shown["tip_radius"] == pytest.approx(abs(shape.tip_radius), rel=1e-9)
        bold = [i.key for i in frame.figure.panel("shapes").items
                if i.key.startswith("shape") and i.role == "data1"]  # type: ignore[attr-defined]  # fmt: skip
        assert bold == [f"shape{number - 1}"]


def test_too_slow_the_free_rope_hangs_straight() -> None:
    frame = frame_of(page="free", length=1.0, speed=20.0)
    assert frame.figure.panel("shapes").title == "Too slow: it hangs straight"
    [action] = frame.actions
    assert numbers(frame_of(page="free", length=1.0, **action.change))["shapes"] == 1


def test_the_rope_that_hangs_is_as_long_as_its_sag_makes_it() -> None:
    length = solve(2.6, 0.9).length
    frame = frame_of(page="free", sag=solve(2.6, 0.9).sag, speed=20.0)
    drawn = {item.key: item for item in frame.figure.panel("shapes").items}
    assert min(drawn["shape0"].y) == pytest.approx(-length, rel=1e-9)  # type: ignore[attr-defined]
    assert frame.linked["length"] == pytest.approx(length, rel=1e-9)


def test_a_rope_too_short_for_its_span_still_hangs_from_one_end() -> None:
    frame = frame_of(page="free", length=0.5, speed=200.0)
    assert numbers(frame)["free_length"] == 0.5
    assert set(frame.linked) == {"sag", "end_angle", "axial_force", "slack"}
