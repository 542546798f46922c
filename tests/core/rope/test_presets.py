"""What the presets' sentences say in numbers is what their ropes do."""

import numpy as np
import pytest

from zoetrope.core.device import Context
from zoetrope.core.lab import Frame, final_frame
from zoetrope.core.rope.lab import LAB
from zoetrope.core.rope.lab_parameters import RopeParameters

SAID = {preset.key: preset.help for preset in LAB.presets}


def shown(key: str) -> Frame:
    values = next(preset.values for preset in LAB.presets if preset.key == key)
    return final_frame(LAB, RopeParameters().change(**values), Context())


def number(frame: Frame, key: str) -> float:
    return float(next(r.value for r in frame.readouts if r.key == key))


@pytest.mark.parametrize(
    ("preset", "key", "scale", "words"),
    [
        ("playground", "under", 1000.0, "8 mm above the ground"),
        ("skipping", "tip_speed", 1.0, "34 m/s"),
        ("plumb", "onset", 1.0, "Below 27 turns a minute"),
        ("elastic", "onset", 1.0, "below 559 turns a minute"),
        ("fold", "stall_lag", 1.0, "beyond 98°"),
        ("taut", "sag", 100.0, "by 6 % of the span"),
    ],
)
def test_a_sentence_rounds_a_number_that_is_shown(
    preset: str, key: str, scale: float, words: str
) -> None:
    assert words in SAID[preset]
    assert f" {scale * number(shown(preset), key):.0f}" in f" {words}"


def test_a_speed_rope_pulls_like_870_grams() -> None:
    assert "like 870 g" in SAID["skipping"]
    assert 1000 * number(shown("skipping"), "end_tension") / 9.80665 == pytest.approx(870, abs=5)


def test_double_dutch_is_faster_at_the_bottom_by_12_per_cent() -> None:
    frame = shown("double_dutch")
    assert "12 % faster at the bottom" in SAID["double_dutch"]
    ratio = number(frame, "omega_bottom") / number(frame, "omega_top")
    assert 100 * (ratio - 1) == pytest.approx(12, abs=0.5)


def test_five_shapes_hang_at_once() -> None:
    assert number(shown("many"), "shapes") == 5


def test_opposite_cranks_hold_an_s() -> None:
    y = shown("opposite").tables["y (m)"]
    assert np.count_nonzero(np.diff(np.sign(y[y != 0]))) == 1  # the middle is on the axis
