"""HSIC's widths as an animation: the lab has no playhead, so its own action says what moves."""

import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from zoetrope.core import animation_files
from zoetrope.core.animated_number import AnimatedNumber
from zoetrope.core.animation import film
from zoetrope.core.device import Context
from zoetrope.core.export import export
from zoetrope.core.export_options import ExportOptions
from zoetrope.core.hsic.lab import LAB
from zoetrope.core.hsic.lab_parameters import HsicParameters
from zoetrope.core.lab import final_frame
from zoetrope.core.recipe import restore
from zoetrope.core.recipe_files import extract
from zoetrope.core.recorded_drag import DragRecorder

STATE = HsicParameters().change(n=24, permutations=49, map_permutations=19, width_x=0.7)
SMALL = ExportOptions(
    size="320x240px", theme="light", font_size=4.0, panels=("null",), seconds=0.3, fps=10.0
)


def test_the_width_goes_as_the_action_of_the_page_does() -> None:
    played = film(LAB, STATE, Context(), fps=2.0)
    assert played.moved == AnimatedNumber("width_x", 20.0, 0.02, log=True)
    assert played.count == 16  # for the action's 8 seconds


def pictures_of(path: Path, count: int) -> list[np.ndarray]:
    """Return the pictures of an animation as [rows, columns, 3], read by Pillow or ffmpeg."""
    if path.suffix == ".gif":
        with Image.open(path) as gif:
            assert gif.n_frames == count  # type: ignore[attr-defined]
            shots = []
            for place in range(count):
                gif.seek(place)
                shots.append(np.asarray(gif.convert("RGB"), dtype=int))
        return shots
    command = [animation_files.find_ffmpeg(), "-i", str(path), "-f", "rawvideo"]
    done = subprocess.run([*command, "-pix_fmt", "rgb24", "-"], capture_output=True, check=True)
    return list(np.frombuffer(done.stdout, dtype=np.uint8).reshape(count, 240, 320, 3).astype(int))


def test_a_dragged_point_is_played_from_where_it_was_to_where_it_is() -> None:
    before = STATE.change(n=12, width_x=1.0)
    frame = final_frame(LAB, before, Context())
    rows = [*zip(frame.tables["x"].tolist(), frame.tables["y"].tolist(), strict=True)]
    recorder = DragRecorder(iter([0.0, 0.5, 1.0]).__next__)
    recorder.begin(before)
    for at in ((0.1, 0.2), (1.5, -2.0)):  # the relation's points become one's own
        after = before.change(points=(*rows[:3], at, *rows[4:]))
        recorder.note(after)
    recorder.end()
    drag = recorder.last
    assert drag is not None
    assert set(drag.names) == {"points", "source"}
    played = film(LAB, after, Context(), fps=1.0, seconds=3.0, animate=drag)
    shown = list(played.frames(range(3), lambda: None))
    places = [(f.tables["x"][3], f.tables["y"][3]) for f in shown]
    assert places == [rows[3], (0.1, 0.2), (1.5, -2.0)]
    for played_frame, state in ((shown[0], before), (shown[-1], after)):
        still = final_frame(LAB, state, Context())
        assert {r.key: r.value for r in played_frame.readouts} == {
            r.key: r.value for r in still.readouts
        }


@pytest.mark.parametrize("ending", ["gif", "mp4"])
def test_a_film_moves_and_restores_the_state_on_the_screen(tmp_path: Path, ending: str) -> None:
    path = export(LAB, STATE, tmp_path / f"widths.{ending}", SMALL)
    first, middle, last = pictures_of(path, 3)
    for before, after in ((first, middle), (middle, last)):
        assert (np.abs(before - after).max(axis=2) > 60).mean() > 0.01
    assert restore(extract(path), {LAB.id: LAB}) == (LAB, STATE, [])
