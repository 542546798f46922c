"""Films through key frames: what lies between them, how fast, and how they are kept."""

import math
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.core.sine_lab import LAB, SineParameters
from zoetrope.core import animation
from zoetrope.core.device import Context
from zoetrope.core.export import export
from zoetrope.core.export_options import ExportOptions
from zoetrope.core.key_frames import MOST, KeyFrame, KeyFrames, between, kept_frames
from zoetrope.core.on_the_way import EASINGS
from zoetrope.core.parameters import ParameterError, Parameters, number, whole
from zoetrope.core.recipe import Recipe, RecipeError, restore_film
from zoetrope.core.recipe_files import extract

P = SineParameters()


@dataclass(frozen=True)
class Rope(Parameters):
    length: float | None = number(2.0, "Length", 0.1, 9.0, linked="size")
    sag: float | None = number(None, "Sag", 0.1, 9.0, linked="size")
    span: float = number(1.0, "Span", 0.1, 9.0)
    seed: int = whole(1, "Seed", 0, 99, seed=True)

    def check(self) -> None:
        if self.length is not None and self.length <= self.span:
            raise ParameterError("length", "The rope is too short.")


def test_numbers_go_as_their_sliders_do_and_the_rest_switches() -> None:
    here = P.change(frequency=1.0, count=10, phase=0.0, mood="calm")
    there = P.change(frequency=4.0, count=13, phase=90.0, mood="slow", map=True)
    half = between(here, there, 0.5)
    assert half.frequency == pytest.approx(2.0)  # a slider in decades: the geometric mean
    assert half.count in (11, 12)  # a whole number
    assert half.phase == 45.0
    assert (half.mood, half.map) == ("calm", False)
    assert between(here, there, 0.0) == here
    assert between(here, there, 1.0) == there


def test_seeds_and_linked_numbers_that_change_places_switch() -> None:
    here = Rope(length=3.0)
    there = Rope().change(sag=0.5, span=2.0, seed=5)
    half = between(here, there, 0.5)
    assert (half.length, half.sag, half.span, half.seed) == (3.0, None, 1.5, 1)


def test_each_easing_begins_here_and_ends_there_and_never_turns_back() -> None:
    shares = np.linspace(0, 1, 101)
    for name, (words, ease) in EASINGS.items():
        way = [ease(share) for share in shares]
        assert (way[0], way[-1]) == (0.0, 1.0), name
        assert all(b >= a for a, b in pairwise(way)), name
        assert words
    smooth = EASINGS["smooth"][1]
    assert smooth(0.01) < 0.001  # at rest at both ends
    assert 1 - smooth(0.99) < 0.001
    assert EASINGS["jump"][1](0.999) == 0


def film(*seconds: float, easing: str = "even") -> KeyFrames:
    frames = [
        KeyFrame(P.change(phase=90.0 * place), wait, easing) for place, wait in enumerate(seconds)
    ]
    return KeyFrames((*frames, KeyFrame(P.change(phase=360.0), 7.0)))


def test_time_passes_as_the_key_frames_say() -> None:
    played = film(1.0, 3.0)
    assert played.starts == (0.0, 1.0, 4.0)
    assert played.duration == 4.0  # nothing follows the last
    phases = [played.at(second).phase for second in (0.0, 0.5, 1.0, 2.5, 4.0, 9.0)]
    assert phases == pytest.approx([0.0, 45.0, 90.0, 225.0, 360.0, 360.0])
    assert played.apply(P, 0, 9) == played.frames[0].parameters
    assert played.apply(P, 8, 9) == played.frames[-1].parameters


def test_what_no_film_can_be_is_said() -> None:
    with pytest.raises(ParameterError, match="2 to 100 key frames, not 1"):
        KeyFrames((KeyFrame(P),))
    with pytest.raises(ParameterError, match="not 101"):
        KeyFrames((KeyFrame(P),) * (MOST + 1))
    for wrong in ({"seconds": 0.0}, {"seconds": math.nan}, {"easing": "bounce"}):
        with pytest.raises(ParameterError, match=r"lasts|one of smooth"):
            KeyFrame(P, **wrong)  # type: ignore[arg-type]


def test_a_state_between_that_is_not_legal_names_the_key_frames() -> None:
    @dataclass(frozen=True)
    class Narrow(Parameters):
        a: float = number(0.0, "A", 0, 9)
        b: float = number(1.0, "B", 0, 9)

        def check(self) -> None:
            if 0.4 < self.a < 0.6:
                raise ParameterError("a", "A is never a half.")

    played = KeyFrames((KeyFrame(Narrow()), KeyFrame(Narrow(a=1.0))))
    with pytest.raises(ParameterError, match="Between key frames 1 and 2: A is never a half"):
        played.at(1.0)


def test_a_film_holds_its_key_frames_and_plays_them_again(tmp_path: Path) -> None:
    played = film(0.4, 0.4)
    options = ExportOptions(size="160x120px", theme="light", font_size=4, fps=10, animate=played)
    first = export(LAB, P, tmp_path / "a.apng", options)
    with Image.open(first) as picture:
        assert picture.n_frames == 8  # type: ignore[attr-defined]
    found = restore_film(extract(first), LAB)
    assert found == played
    again = export(LAB, P, tmp_path / "b.apng", ExportOptions(**{**_of(options), "animate": found}))
    assert again.read_bytes() == first.read_bytes()
    assert restore_film(Recipe.of(LAB, P), LAB) is None


def _of(options: ExportOptions) -> dict[str, Any]:
    return {name: getattr(options, name) for name in ExportOptions.__dataclass_fields__}


def test_the_pictures_are_those_of_the_states() -> None:
    played = animation.film(LAB, P, Context(), fps=5.0, animate=film(1.0, 1.0))
    frames = list(played.frames(range(played.count), lambda: None))
    assert played.count == 10
    expected = next(LAB.run(P.change(phase=360.0), Context()))
    assert frames[-1].figure == expected.figure


def test_frames_of_a_film_come_as_pictures_in_a_zip(tmp_path: Path) -> None:
    import zipfile

    options = ExportOptions(size="160x120px", theme="light", font_size=4, fps=5, seconds=0.6)
    path = export(LAB, P, tmp_path / "a.zip", options)
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.endswith(".png")]
        assert names == ["frame-0001.png", "frame-0002.png", "frame-0003.png"]
        with archive.open(names[1]) as file, Image.open(file) as picture:
            assert picture.size == (160, 120)
    assert extract(path) == Recipe.of(LAB, P)


@settings(suppress_health_check=[HealthCheck.too_slow])  # on a busy machine
@given(
    st.lists(
        st.one_of(
            st.none(),
            st.integers(),
            st.fixed_dictionaries(
                {
                    "parameters": st.one_of(
                        st.just(P.plain()), st.dictionaries(st.text(), st.text())
                    ),
                    "seconds": st.one_of(st.floats(), st.text(), st.none()),
                    "easing": st.one_of(st.sampled_from(list(EASINGS)), st.text(), st.integers()),
                }
            ),
        ),
        max_size=4,
    )
)
def test_strange_key_frames_are_refused_and_nothing_else_happens(frames: list[Any]) -> None:
    assert all(isinstance(frame, KeyFrame) for frame in kept_frames(frames, SineParameters))
    values = {**Recipe.of(LAB, P).plain(), "key_frames": frames}
    try:
        found = restore_film(Recipe.from_plain(values), LAB)
    except RecipeError as error:
        assert str(error).endswith((".", "!", "?"))
    else:
        assert found is None or len(found.frames) == len(frames)
