"""Copy as Python: in every state it runs, and prints the numbers that are on the screen."""

import contextlib
import io
import math
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zoetrope.core.device import Context
from zoetrope.core.lab import final_frame
from zoetrope.core.rope import RopeError
from zoetrope.core.rope.lab import LAB
from zoetrope.core.rope.lab_parameters import RopeParameters

SAME = 1e-12  # relative, or absolute where a number is 0
PRINTED = {  # name in the script: key on the screen
    "sag": "sag",
    "end angle": "end_angle_deg",
    "axial force": "axial_force",
    "end tension": "end_tension",
    "inertia": "inertia",
    "lag": "lag",
    "curl": "curl",
    "torque": "torque",
}


def printed(parameters: RopeParameters) -> dict[str, float]:
    """What the script prints, line by line; a line without a number is left out."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(LAB.python(parameters), "<script>", "exec"), {})
    lines = {}
    for line in out.getvalue().splitlines():
        name, _, value = line.rpartition(" ")
        with contextlib.suppress(ValueError):
            lines[name] = float(value)
    return lines


def on_screen(parameters: RopeParameters) -> dict[str, Any]:
    return {r.key: r.value for r in final_frame(LAB, parameters, Context()).readouts}


worlds = st.fixed_dictionaries(
    {
        "speed": st.floats(30.0, 400.0),
        "density": st.floats(5.0, 500.0),
        "span": st.floats(0.3, 3.0),
        "axis": st.sampled_from(["none", "vertical", "across"]),
        "gravity": st.floats(0.0, 12.0),
        "air": st.sampled_from([0.0, 0.3, 1.2]),
        "diameter": st.floats(0.5, 10.0),
        "radius0": st.sampled_from([0.0, 0.1, 0.3]),
        "radius1": st.sampled_from([0.0, 0.1, 0.2]),
        "stretches": st.booleans(),
        "stiffness": st.floats(100.0, 1e5),
        "end_phase": st.sampled_from([0.0, 30.0, -75.0]),
        "mode": st.sampled_from([1, 1, 1, 2]),
    }
)
sizes = st.one_of(
    st.fixed_dictionaries({"slack": st.floats(0.05, 4.0)}),
    st.fixed_dictionaries({"length": st.floats(0.4, 8.0)}),
    st.fixed_dictionaries({"sag": st.floats(0.1, 2.0)}),
    st.fixed_dictionaries({"end_angle": st.floats(20.0, 85.0)}),
)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(world=worlds, size=sizes, page=st.sampled_from(["shape", "forces", "limits"]))
def test_the_script_gives_the_same_numbers_in_any_world(
    world: dict[str, Any], size: dict[str, float], page: str
) -> None:
    parameters = RopeParameters().change(**world, **size, page=page)
    shown_on = parameters.change(page="shape")
    try:
        shown = on_screen(shown_on)
    except RopeError as error:
        with contextlib.suppress(RopeError):  # without loads it passes through
            assert "sag" not in printed(parameters), error
        return
    numbers = printed(parameters)
    if "onset" in shown:  # it lies on the axis
        assert numbers["opens above"] == pytest.approx(shown["onset"], rel=SAME)
        return
    if "needed_radius" in shown:
        assert numbers["hands needed at"] <= shown["needed_radius"]
        return
    for name, key in PRINTED.items():
        if key in shown:
            assert numbers[name] == pytest.approx(shown[key], rel=SAME, abs=SAME), name


@pytest.mark.parametrize(
    ("world", "name"),
    [
        ({"axis": "vertical", "speed": 20.0}, "opens above"),
        ({"axis": "vertical", "speed": 20.0, "sag": 1.0}, "opens above"),
        ({"stretches": True, "length": 0.8}, "opens above"),
        ({"air": 1.2}, "hands needed at"),
        ({"air": 1.2, "radius0": 0.02, "radius1": 0.02}, "hands needed at"),
    ],
)
def test_where_there_is_no_rope_the_script_says_what_is_needed(
    world: dict[str, Any], name: str
) -> None:
    parameters = RopeParameters().change(**world)
    shown, numbers = on_screen(parameters), printed(parameters)
    key = "onset" if name == "opens above" else "needed_radius"
    assert numbers[name] == pytest.approx(shown[key], rel=SAME if key == "onset" else 0.12)


@pytest.mark.parametrize("speed", [40.0, 90.0, 140.0])
def test_the_skipping_script_gives_the_same_speeds(speed: float) -> None:
    parameters = RopeParameters().change(page="skipping", length=4.0, span=3.2, speed=speed)
    shown, numbers = on_screen(parameters), printed(parameters)
    assert numbers["least speed"] == pytest.approx(shown["least_speed"], rel=SAME)
    if "omega_top" in shown:
        assert numbers["speed at the top"] == pytest.approx(shown["omega_top"], rel=SAME)


@pytest.mark.parametrize("values", [{"speed": 150.0}, {"speed": 20.0}, {"slack": 0.5}])
@pytest.mark.parametrize("support", [0.0, 0.2])
def test_the_free_end_script_finds_the_same_shapes(
    values: dict[str, float], support: float
) -> None:
    parameters = RopeParameters().change(page="free", support=support, **values)
    shown = on_screen(parameters)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(LAB.python(parameters), "<script>", "exec"), {})
    lines = out.getvalue().splitlines()
    assert float(lines[0].split()[1]) == pytest.approx(shown["onset"], rel=SAME)
    found = [line for line in lines if line.startswith("crossings")]
    assert len(found) == shown["shapes"]
    if found:
        assert abs(float(found[0].split()[4])) == pytest.approx(shown["tip_radius"], rel=SAME)
        assert not math.isnan(float(found[0].split()[6]))
