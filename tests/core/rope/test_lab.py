"""The rope lab: what follows from what is given, what it says, and what a drag sets."""

import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from zoetrope.core.device import Context
from zoetrope.core.items import Handle
from zoetrope.core.lab import Frame, final_frame
from zoetrope.core.rope import RopeError, solve
from zoetrope.core.rope.lab import LAB
from zoetrope.core.rope.lab_parameters import RopeParameters
from zoetrope.core.rope.shape_parameters import SIZE

ROOT = Path(__file__).resolve().parents[3]


def frame_of(**values: object) -> Frame:
    return final_frame(LAB, RopeParameters().change(**values), Context())


def readout(frame: Frame, key: str) -> float:
    value = next(r.value for r in frame.readouts if r.key == key)
    assert isinstance(value, float)
    return value


def test_the_worked_example_is_on_the_screen() -> None:
    """labs' golden numbers: 2.6 m of 50 g/m over 0.9 m at 120 rpm."""
    frame = frame_of()
    golden = {
        "modulus": 0.829404756019,
        "sag": 1.16226046882,
        "axial_force": 1.20970744867,
        "end_tension": 6.54264711176,
        "end_angle_deg": 79.3449472888,
        "radial_force": 6.42983974276,
        "inertia": 0.067218777385,
        "kinetic_energy": 5.30738192892,
        "area": 0.726972668,
    }
    for key, value in golden.items():
        assert readout(frame, key) == pytest.approx(value, rel=1e-9), key


@pytest.mark.parametrize("name", SIZE[1:])
def test_each_size_decides_the_others(name: str) -> None:
    by_length = frame_of()
    again = frame_of(**{name: by_length.linked[name]})
    assert again.linked["length"] == pytest.approx(2.6, rel=1e-12)
    assert set(again.linked) == set(SIZE) - {name}


def test_speed_and_density_change_forces_and_not_the_curve() -> None:
    slow, fast = frame_of(speed=60.0), frame_of(speed=600.0, density=500.0)
    curve_of = lambda frame: next(i for i in frame.figure.panel("profile").items if i.key == "rope")  # noqa: E731
    np.testing.assert_allclose(curve_of(slow).y, curve_of(fast).y, rtol=1e-13)
    assert readout(fast, "axial_force") == pytest.approx(1000 * readout(slow, "axial_force"))


def test_dimensionless_forms_do_not_know_the_scale() -> None:
    small, large = frame_of(), frame_of(length=26.0, span=9.0, speed=33.0, density=700.0)
    for a, b in zip(small.readouts, large.readouts, strict=True):
        if a.ratio is not None:
            assert b.ratio == pytest.approx(a.ratio, rel=1e-11), a.key


def test_dragging_the_apex_gives_the_sag_and_the_end_gives_span_and_radius() -> None:
    handles = {i.key: i for i in frame_of().figure.panel("profile").items if isinstance(i, Handle)}
    apex, right = handles["apex"], handles["right end"]
    assert apex.y_edit is not None
    assert apex.y_edit.parameter == "sag"
    assert RopeParameters().change(sag=apex.y_edit.value(0.7)).given == "sag"
    assert right.x_edit is not None
    assert right.y_edit is not None
    assert (right.x_edit.parameter, right.y_edit.parameter) == ("span", "radius1")


def test_a_click_on_the_profile_reads_the_rope_there() -> None:
    frame = frame_of()
    pick = frame.figure.panel("profile").pick_x
    assert pick is not None
    rope = solve(2.6, 0.9)
    share = pick.value(0.2)
    there = frame_of(probe=share)
    s = readout(there, "probe_s")
    index = int(np.argmin(np.abs(rope.s - s)))
    assert rope.x[index] == pytest.approx(0.2, abs=0.01)
    assert readout(there, "probe_tension") == pytest.approx(rope.tension[index], rel=1e-14)
    assert readout(there, "probe_angle") == pytest.approx(math.degrees(rope.angle[index]))


def test_a_rope_shorter_than_its_span_is_refused_at_its_length() -> None:
    with pytest.raises(RopeError, match="shorter than the straight distance") as caught:
        frame_of(length=0.5)
    assert (caught.value.code, caught.value.parameter) == ("too_short", "length")


def test_a_taut_rope_is_drawn_straight_with_a_sentence() -> None:
    frame = frame_of(length=0.9)
    line = frame.figure.panel("profile").items[0]
    assert list(line.y) == [0.0, 0.0]
    assert any(n.parameter == "length" and "straight" in n.text for n in frame.notices)


def test_at_rest_nothing_is_decided_and_the_speed_is_to_blame() -> None:
    with pytest.raises(RopeError) as caught:
        frame_of(speed=0.0)
    assert (caught.value.code, caught.value.parameter) == ("undetermined", "speed")


def test_an_unreachable_force_names_itself() -> None:
    """However taut, a rope pulls with at least ρω²d²/π², here 0.648 N."""
    with pytest.raises(RopeError, match=r"0\.64") as caught:
        frame_of(axial_force=0.5)
    assert (caught.value.code, caught.value.parameter) == ("no_solution", "axial_force")


def test_higher_modes_are_called_unstable() -> None:
    notices = frame_of(mode=3).notices
    assert any(n.parameter == "mode" and "not a stable one" in n.text for n in notices)


@pytest.mark.parametrize("page", ["shape", "forces", "compare", "families"])
@pytest.mark.parametrize(
    "values", [{}, {"mode": 4}, {"radius0": 0.3, "radius1": -0.1}, {"slack": 1e-6}, {"slack": 1e4}]
)
def test_every_page_draws_every_kind_of_rope(page: str, values: dict[str, float]) -> None:
    frame = frame_of(page=page, **values)
    assert len(frame.figure.panels) >= 2


def test_the_phase_turns_the_rope_and_restarts_nothing() -> None:
    parameters = RopeParameters()
    job = LAB.run(parameters, Context())
    first = next(job)
    second = job.send(parameters.change(phase=150.0))
    assert first.figure.panel("profile") == second.figure.panel("profile")
    assert first.figure.panel("spinning") != second.figure.panel("spinning")
    assert parameters.change(phase=150.0).differs_only_live(parameters)
    assert LAB.playhead_rate(parameters) == 720.0


@pytest.mark.parametrize(
    "values", [{}, {"sag": 0.4}, {"end_angle": 50.0, "mode": 2}, {"slack": 0.01}]
)
def test_the_copied_script_gives_the_same_numbers(values: dict[str, float]) -> None:
    parameters = RopeParameters().change(**values)
    script = LAB.python(parameters)
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    printed = {
        name: float(value)
        for name, _, value in (line.rpartition(" ") for line in done.stdout.splitlines())
    }
    frame = frame_of(**values)
    assert printed["sag"] == readout(frame, "sag")
    assert printed["axial force"] == readout(frame, "axial_force")
    assert printed["inertia"] == readout(frame, "inertia")


def test_the_tension_panel_holds_the_whole_curve() -> None:
    """Where a rope crosses the axis it pulls harder than at either end."""
    panel = frame_of(radius0=0.3, radius1=-0.3, length=1.3).figure.panel("tension")
    curve = next(item for item in panel.items if item.key == "tension")
    assert panel.y.range is not None
    assert panel.y.range[1] > curve.y.max() > 1.05 * max(curve.y[0], curve.y[-1])


@pytest.mark.parametrize("panel", ["profile", "spinning"])
def test_the_sizes_stand_in_the_figure(panel: str) -> None:
    items = {item.key: item for item in frame_of(sag=1.0).figure.panel(panel).items}
    length = solve(None, 0.9, slack=frame_of(sag=1.0).linked["slack"]).length
    assert items["sizes"].label == f"L = {length:.4g} m,  d = 0.9 m,  120 rpm"


@pytest.mark.parametrize("values", [{}, {"radius0": 0.5, "radius1": -0.2, "mode": 2}])
def test_the_arrows_are_in_proportion_to_the_forces(values: dict[str, float]) -> None:
    """The fling of a metre is ρω²y, away from the axis; the hands pull along the rope."""
    items = {
        item.key: item for item in frame_of(page="forces", **values).figure.panel("pulls").items
    }
    fling, pull = items["fling"], items["pull"]
    np.testing.assert_allclose(fling.dy / fling.y, fling.dy[0] / fling.y[0], rtol=1e-12)
    assert np.all(fling.dy * fling.y > 0)
    rope = solve(2.6, 0.9, **values)
    sizes = np.hypot(pull.dx, pull.dy)
    assert sizes[1] / sizes[0] == pytest.approx(rope.end_tension[1] / rope.end_tension[0])
    slopes = np.degrees(np.arctan(pull.dy / pull.dx))
    assert slopes == pytest.approx(rope.end_angle_deg)
    assert pull.dx[0] < 0 < pull.dx[1]


@pytest.mark.parametrize(
    ("choice", "key", "value"),
    [
        ("angle", "end angle", lambda rope: rope.end_angle_deg[0]),
        ("forces", "end tension", lambda rope: rope.end_tension[0]),
        ("inertia", "inertia", lambda rope: rope.inertia),
    ],
)
def test_the_lower_plot_of_the_families_shows_what_is_chosen(choice, key, value) -> None:  # type: ignore[no-untyped-def]
    frame = frame_of(page="families", universal=choice)
    assert [panel.name for panel in frame.figure.panels] == ["family", "sag", choice]
    curve = next(item for item in frame.figure.panels[-1].items if item.key == key)
    middle = len(curve.x) // 2
    rope = solve(None, 1.0, slack=float(curve.x[middle]), omega=1.0, density=1.0)
    assert curve.y[middle] == pytest.approx(value(rope), rel=1e-10)


@pytest.mark.parametrize("mode", [1, 2, 5])
def test_the_title_tells_the_sag_of_one_per_cent_of_slack(mode: int) -> None:
    percent = 100 * solve(None, 1.0, slack=0.01, mode=mode).sag
    title = frame_of(page="families", mode=mode).figure.panel("sag").title
    assert f"{percent:.0f}\u00a0% of sag" in title


def test_what_is_compared_is_said_in_the_figure() -> None:
    assert "on the axis" in frame_of(page="compare", mode=3).figure.panel("profiles").title
    assert "on the axis" not in frame_of(page="compare").figure.panel("profiles").title


def test_a_force_out_of_all_proportion_is_refused_in_words() -> None:
    """At a standstill but for 1e-38 rpm, a newton would take a rope beyond all numbers."""
    with pytest.raises(RopeError, match="choose a smaller one") as caught:
        frame_of(axial_force=1.0, speed=1.1754943508222875e-38)
    assert caught.value.parameter == "axial_force"


@pytest.mark.parametrize("page", RopeParameters.declarations()["page"].options)
@pytest.mark.parametrize("speed", [0.0, 4.4e-146])
def test_a_refusal_on_any_page_names_a_control(page: str, speed: float) -> None:
    try:
        final_frame(LAB, RopeParameters().change(page=page, speed=speed), Context())
    except RopeError as error:
        assert error.parameter in RopeParameters.declarations()
