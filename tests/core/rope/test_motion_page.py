"""The motion page: what is played, what is said of it, and how it comes in slices."""

import math
import time

import numpy as np
import pytest

from zoetrope.core.device import Context
from zoetrope.core.items import Curve
from zoetrope.core.lab import Frame, final_frame
from zoetrope.core.rope import Chain, advance, measure_chain, start_chain
from zoetrope.core.rope.chain_run import PER_TURN, run_chain
from zoetrope.core.rope.lab import LAB
from zoetrope.core.rope.lab_parameters import RopeParameters


def motion(**values: object) -> RopeParameters:
    return RopeParameters().change(page="motion", segments=24, **values)


def frame_of(parameters: RopeParameters) -> Frame:
    return final_frame(LAB, parameters, Context())


def readout(frame: Frame, key: str) -> float:
    return next(r.value for r in frame.readouts if r.key == key)


def curve(frame: Frame, panel: str, key: str) -> Curve:
    return next(i for i in frame.figure.panel(panel).items if i.key == key)


def test_the_run_comes_in_short_steps_and_ends_whole():
    parameters = motion(turns=2.0)
    job = LAB.run(parameters, Context())
    frames = [next(job)]
    longest = 0.0
    while not frames[-1].final:
        began = time.thread_time()
        frames.append(job.send(parameters))
        longest = max(longest, time.thread_time() - began)
    shares = [f.progress for f in frames[:-1]]
    assert len(frames) > 10
    assert shares == sorted(shares)
    assert frames[-1].progress is None
    assert longest < 0.25
    assert len(curve(frames[-1], "distance", "distance").x) == 20 * PER_TURN + 1
    job.close()


def test_the_playhead_moves_through_the_finished_run():
    parameters = motion()
    job = LAB.run(parameters, Context())
    frame = next(job)
    while not frame.final:
        frame = job.send(parameters)
    late = readout(frame, "motion_distance")
    frame = job.send(parameters.change(turns=0.25))
    assert frame.final
    assert readout(frame, "motion_time") == pytest.approx(0.125, abs=2e-3)
    assert readout(frame, "motion_distance") > 10 * late
    shape = job.send(parameters.change(page="shape"))
    assert {p.name for p in shape.figure.panels} == {"profile", "spinning", "tension"}
    again = job.send(parameters.change(turns=0.25))
    assert again.figure == frame.figure
    job.close()


def test_the_numbers_are_those_of_the_library():
    frame = frame_of(motion(start="v_shape", damping=1.0, turns=1.5, jolt=0.0))
    chain = Chain(2.6, 0.9, segments=24)
    measures = measure_chain(advance(start_chain(chain, "v_shape"), 0.75))
    assert readout(frame, "motion_distance") == pytest.approx(measures.distance, rel=1e-9)
    assert readout(frame, "motion_inertia") == pytest.approx(measures.inertia, rel=1e-12)
    assert np.ptp(curve(frame, "frame", "steady").y) == pytest.approx(1.16226, rel=1e-3)


def test_settling_and_shares_are_said_as_they_are():
    frame = frame_of(motion(start="mode_2", length=2.0, span=1.0))
    inertia = curve(frame, "shares", "inertia").y
    assert inertia[0] == pytest.approx(0.25, abs=0.01)
    assert inertia[-1] == pytest.approx(1.0, abs=0.005)
    assert frame.figure.panel("distance").title.startswith("Within 1 % of the sag after")
    assert next(r for r in frame.readouts if r.key == "motion_length").good


@pytest.mark.parametrize(
    ("world", "words"),
    [
        ({}, "closed form"),
        ({"axis": "across"}, "nothing is steady"),
        ({"axis": "vertical"}, "solved apart"),
        ({"axis": "vertical", "gravity": 500.0}, "No rope turns steadily"),
        ({"air": 1.2, "radius0": 0.2, "radius1": 0.2}, "same gravity and air"),
    ],
)
def test_the_notice_says_what_the_chain_is_compared_with(world, words):
    parameters = motion(**world)
    job = LAB.run(parameters, Context())
    frame = next(job)
    while not frame.figure.panels:  # while the steady rope is solved
        frame = job.send(parameters)
    assert any(words in notice.text for notice in frame.notices)
    job.close()


def test_a_rope_that_bulges_across_the_axis_has_a_distance_too():
    parameters = motion(radius0=-2.0, radius1=0.0)
    frame = next(LAB.run(parameters, Context()))
    assert 0 < readout(frame, "motion_distance") < 10
    assert math.isfinite(next(r.ratio for r in frame.readouts if r.key == "motion_distance"))


def test_a_rod_too_slow_for_its_links_has_a_shorter_run_and_says_so():
    parameters = motion(axis="across", speed=0.05, slack=1e-3)
    job = LAB.run(parameters, Context())
    assert any(n.parameter == "speed" and "run ends" in n.text for n in next(job).notices)
    job.close()


def test_the_plane_does_not_jump_by_half_a_turn():
    chain = Chain(2.0, 1.0, segments=24)
    *_, run = run_chain(start_chain(chain, "mode_2", noise=1e-3, seed=2), 12.0)
    assert np.abs(np.diff(run.plane)).max() < 1.0
    assert run.settled(0.01) is not None
    assert run.settled(1e-9) is None
