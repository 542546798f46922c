"""The rope lab with gravity, air and stretch: what is shown, and what where there is no rope."""

import csv
import io
import math

import numpy as np
import pytest

from zoetrope.core.device import Context
from zoetrope.core.figure import Panel
from zoetrope.core.items import Handle
from zoetrope.core.lab import Frame, final_frame
from zoetrope.core.rope import RopeError, lift_off_speed, solve, stall, whirl_onset
from zoetrope.core.rope.lab import LAB
from zoetrope.core.rope.lab_parameters import RopeParameters
from zoetrope.core.rope.steady_solution import SteadySolution

AIR = {"air": 1.2, "radius0": 0.1, "radius1": 0.1}
BAND = {"stretches": True, "length": 0.8, "stiffness": 100.0}


def frame_of(**values: object) -> Frame:
    return final_frame(LAB, RopeParameters().change(**values), Context())


def numbers(frame: Frame) -> dict[str, float]:
    return {r.key: r.value for r in frame.readouts if isinstance(r.value, (int, float))}


def items(panel: Panel) -> dict[str, object]:
    return {item.key: item for item in panel.items}


def in_air(**more: float) -> SteadySolution:
    rope = solve(
        2.6, 0.9, radius0=0.1, radius1=0.1, air_density=1.2, drag_coefficient=1.1,
        diameter=0.005, **more,
    )  # fmt: skip
    assert isinstance(rope, SteadySolution)
    return rope


def test_gravity_counts_only_on_an_upright_axis() -> None:
    assert numbers(frame_of(gravity=3.0)) == numbers(frame_of())
    upright = numbers(frame_of(axis="vertical"))
    rope = solve(2.6, 0.9, omega=4 * math.pi, gravity=9.80665)
    assert upright["sag"] == pytest.approx(rope.sag, rel=1e-12)
    assert upright["end_tension1"] == pytest.approx(rope.end_tension[1], rel=1e-12)
    assert upright["gravity_number"] == pytest.approx(9.80665 / ((4 * math.pi) ** 2 * 0.9))
    assert "modulus" not in upright


def test_the_upright_axis_stands_upright_and_its_handles_still_drag() -> None:
    panel = frame_of(axis="vertical").figure.panel("profile")
    assert panel.y.label == "Height"
    apex, right = items(panel)["apex"], items(panel)["right end"]
    assert isinstance(apex, Handle)
    assert isinstance(right, Handle)
    assert apex.x_edit is not None
    assert apex.x_edit.parameter == "sag"
    assert apex.y_edit is None
    assert right.y_edit is not None
    assert (right.x, right.y, right.y_edit.parameter) == (0.0, 0.9, "span")


@pytest.mark.parametrize(
    ("loads", "size"),
    [
        *((world, size) for world in ({"axis": "vertical"}, AIR, {**BAND, "length": None})
          for size in ({"sag": 1.0}, {"end_angle": 70.0})),
        ({"axis": "vertical"}, {"axial_force": 0.57}),
        (AIR, {"axial_force": 1.4}),
        ({"stretches": True}, {"axial_force": 0.9}),
    ],
)  # fmt: skip
def test_any_size_can_be_given_under_loads(size: dict[str, float], loads: dict[str, float]) -> None:
    world = {name: value for name, value in loads.items() if value is not None}
    frame = frame_of(**world, **size)
    [(name, value)] = size.items()
    key = "end_angle_deg" if name == "end_angle" else name
    assert numbers(frame)[key] == pytest.approx(value, rel=1e-9)
    again = frame_of(**world, length=frame.linked["length"])
    assert numbers(again)[key] == pytest.approx(value, rel=1e-8)


def test_a_size_out_of_reach_is_refused_with_the_nearest() -> None:
    """A longer rope weighs more than it pulls at the lower hand."""
    with pytest.raises(RopeError, match=r"nearest one has 0\.\d") as caught:
        frame_of(axis="vertical", axial_force=0.9)
    assert caught.value.parameter == "axial_force"


def test_air_makes_it_trail_and_the_picture_says_in_which_plane_it_is_seen() -> None:
    frame, rope = frame_of(**AIR), in_air()
    shown = numbers(frame)
    for name in ("lag_deg", "curl", "torque", "power", "drag_number"):
        key = "lag" if name == "lag_deg" else name
        assert shown[key] == pytest.approx(getattr(rope, name), rel=1e-12), name
    assert frame.figure.panel("profile").title == "In the plane of its farthest point"
    seen = frame.figure.panel("along the axis")
    assert f"{rope.lag_deg:.1f}°" in seen.title
    np.testing.assert_array_equal(items(seen)["rope"].y, rope.z)  # type: ignore[attr-defined]
    profile = items(frame.figure.panel("profile"))["rope"]
    farthest = np.hypot(rope.y, rope.z).max()
    assert profile.y.max() == pytest.approx(farthest, rel=1e-12)  # type: ignore[attr-defined]


def test_a_hand_out_of_the_picture_plane_is_dragged_to_its_radius() -> None:
    handle = items(frame_of(**AIR).figure.panel("profile"))["left end"]
    assert isinstance(handle, Handle)
    assert handle.y_edit is not None
    assert handle.y < 0.1
    assert handle.y_edit.value(handle.y) == pytest.approx(0.1, rel=1e-12)


def test_too_slow_it_hangs_and_the_action_opens_it() -> None:
    frame = frame_of(axis="vertical", speed=20.0)
    least = lift_off_speed(2.6, 0.9, gravity=9.80665) * 30 / math.pi
    shown = numbers(frame)
    assert shown["onset"] == pytest.approx(least, rel=1e-12)
    assert shown["depth"] == pytest.approx(0.85)
    assert shown["tension_top"] == pytest.approx(0.05 * 9.80665 * 1.75)
    assert any(n.parameter == "speed" and f"{least:.4f}"[:5] in n.text for n in frame.notices)
    assert not any("rad/s" in n.text for n in frame.notices)
    [action] = frame.actions
    opened = frame_of(axis="vertical", **action.change)
    assert numbers(opened)["sag"] > 0.1


@pytest.mark.parametrize("radius", [0.0, 0.01])
def test_what_hands_cannot_turn_is_drawn_at_its_stall_with_hands_that_can(radius: float) -> None:
    hands = {"radius0": radius, "radius1": radius}
    frame = frame_of(air=1.2, **hands)
    [action] = frame.actions
    assert set(action.change) == {"radius0", "radius1"}
    turned = frame_of(air=1.2, **action.change)
    assert numbers(turned)["drag_number"] == pytest.approx(0.0594, rel=1e-12)
    if radius:
        limit = stall(2.6, 0.9, **hands)
        assert numbers(frame)["most_drag"] == pytest.approx(limit.drag_number, rel=1e-12)
        assert any(n.parameter == "air" for n in frame.notices)
    else:
        assert any(n.parameter == "radius0" and "lever" in n.text for n in frame.notices)


def test_a_short_elastic_rope_is_straight_and_then_whirls() -> None:
    frame = frame_of(**BAND)
    onset = whirl_onset(0.8, 0.9, EA=100.0) * 30 / math.pi
    shown = numbers(frame)
    assert shown["onset"] == pytest.approx(onset, rel=1e-12)
    assert shown["tension0"] == pytest.approx(100 * (0.9 / 0.8 - 1))
    assert numbers(frame_of(**BAND, speed=1.02 * onset))["sag"] > 0


def test_an_error_is_told_in_words_of_the_controls() -> None:
    with pytest.raises(RopeError) as caught:
        frame_of(stretches=True, stiffness=1.0, speed=1200.0)
    assert caught.value.parameter == "speed"
    assert "rpm" in str(caught.value)
    assert "rad/s" not in str(caught.value)


@pytest.mark.parametrize("page", ["compare", "families"])
def test_pages_of_the_plain_rope_say_what_they_leave_out(page: str) -> None:
    told = frame_of(page=page, axis="vertical", stretches=True, **AIR).notices
    assert any("without gravity, air and stretch" in n.text for n in told)
    assert not any("without" in n.text for n in frame_of(page=page).notices)


@pytest.mark.parametrize(
    ("world", "named"),
    [
        ({"axis": "vertical"}, ("gravity", "bending stiffness", "air", "stretch")),
        (AIR, ("air drag", "drag along it", "C_d")),
        ({"stretches": True}, ("EA times the stretch", "bending stiffness")),
        ({"axis": "across"}, ("without gravity", "Skipping")),
    ],
)
def test_the_simplifications_are_named(world: dict[str, object], named: tuple[str, ...]) -> None:
    words = frame_of(**world).notices[0].text
    assert all(name in words for name in named), words


@pytest.mark.parametrize("world", [{}, {"axis": "vertical"}, AIR])
def test_the_sum_of_the_balance_is_the_same_everywhere(world: dict[str, object]) -> None:
    total = items(frame_of(page="forces", **world).figure.panel("balance"))["sum"]
    assert np.ptp(total.y) < 1e-7 * total.y.max()  # type: ignore[attr-defined]


def test_the_fold_fills_in_as_it_is_followed() -> None:
    parameters = RopeParameters().change(page="limits", **AIR)
    job = LAB.run(parameters, Context())
    lengths, stalls = [], set()
    while not (frame := next(job) if not lengths else job.send(parameters)).final:
        drawn = items(frame.figure.panel("drag"))
        lengths.append(len(drawn["turned"].x) if "turned" in drawn else 0)  # type: ignore[attr-defined]
        if "fold" in drawn:
            stalls.add(drawn["fold"].y[0])  # type: ignore[attr-defined]
            assert "beyond words" not in drawn
    assert len(set(lengths)) > 4
    assert lengths == sorted(lengths)
    assert len(stalls) == 1
    assert "beyond words" in items(frame.figure.panel("drag"))


def test_the_copied_blade_is_the_rope() -> None:
    actions = {a.key: a for page in ("shape", "forces") for a in frame_of(page=page).actions}
    rows = list(csv.reader(io.StringIO(actions["blade_csv"].copied())))
    assert rows[1] == ["z (m)", "r (m)", "slope (deg)", "s (m)"]
    table = np.array(rows[2:], dtype=float)
    rope = solve(2.6, 0.9, omega=4 * math.pi)
    np.testing.assert_array_equal(table[:, 1], rope.y[::8])
    np.testing.assert_array_equal(table[:, 3], rope.s[::8])
    dxf = actions["dxf"].copied().split()
    assert dxf.count("VERTEX") == len(table)
    latex = actions["latex"].copied()
    assert latex.count(r"\\") == 14
    assert r"\begin{tabular}{rrrr}" in latex
    assert "z" in {a.key: a for a in frame_of(page="forces", **AIR).actions}["latex"].copied()
