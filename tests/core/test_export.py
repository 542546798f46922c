import csv
import html
import io
import json
import math
import os
import re
import subprocess
import sys
import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.core.sine_lab import LAB, SineLab, SineParameters
from zoetrope.core import animation, animation_files
from zoetrope.core.animated_number import AnimatedNumber
from zoetrope.core.caption import caption
from zoetrope.core.common_scales import common_levels, common_limits, with_levels
from zoetrope.core.device import Context
from zoetrope.core.export import estimate, export, preview
from zoetrope.core.export_options import (
    ExportCancelledError,
    ExportError,
    ExportOptions,
    NoRoomError,
)
from zoetrope.core.figure import Cell, Figure, Panel
from zoetrope.core.items import Curve, HeatMap, Scatter
from zoetrope.core.lab import Frame, Lab, OwnFile
from zoetrope.core.recipe import Recipe, restore
from zoetrope.core.recipe_files import extract

P = SineParameters()
FRAME = next(LAB.run(P, Context()))
SMALL = ExportOptions(size="160x120px", theme="light", font_size=4, seconds=0.12)


def options(**changes: Any) -> ExportOptions:
    return ExportOptions(**{"size": "160x120px", "theme": "light", "font_size": 4.0, **changes})


class Still(Lab[SineParameters]):
    """A lab whose parameters have no playhead and whose frame has no tables."""

    id = "still"
    title = "Still"
    question = "Does it move?"

    def run(self, parameters: Any, context: Context) -> Any:
        while True:
            yield Frame(figure=Figure(panels=(Panel(name="p"),)))


Still.parameters = type("None_", (SineParameters.__base__,), {})  # type: ignore[assignment]


@pytest.mark.parametrize(
    "ending", ["png", "svg", "pdf", "gif", "webp", "apng", "mp4", "csv", "npz", "json"]
)
def test_the_same_state_gives_the_same_bytes(tmp_path: Path, ending: str) -> None:
    first, second = (
        export(LAB, P, tmp_path / f"{name}.{ending}", SMALL).read_bytes() for name in "ab"
    )
    assert first == second
    assert sorted(file.name for file in tmp_path.iterdir()) == [f"a.{ending}", f"b.{ending}"]


def test_the_recipe_says_nothing_of_how_it_was_exported(tmp_path: Path) -> None:
    small = export(LAB, P, tmp_path / "a.png", options(theme="dark"), frame=FRAME)
    large = export(LAB, P, tmp_path / "b.svg", options(size="50x40mm"), frame=FRAME)
    assert extract(small).to_json() == extract(large).to_json() == Recipe.of(LAB, P).to_json()


@pytest.mark.parametrize(
    ("size", "dpi", "pixels"),
    [
        ("160x120px", 300.0, (160, 120)),
        ("2x1in", 100.0, (200, 100)),
        ("50.8 x 25.4 mm", 100.0, (200, 100)),
        ("5.08×2.54cm", 100.0, (200, 100)),
    ],
)
def test_sizes(tmp_path: Path, size: str, dpi: float, pixels: tuple[int, int]) -> None:
    path = export(LAB, P, tmp_path / "a.png", options(size=size, dpi=dpi), frame=FRAME)
    with Image.open(path) as picture:
        assert picture.size == pixels


def test_the_size_of_a_drawing_is_the_size_on_paper(tmp_path: Path) -> None:
    path = export(LAB, P, tmp_path / "a.svg", options(size="85x60mm", font_size=8.0), frame=FRAME)
    width = re.search(r'<svg[^>]*? width="([0-9.]+)pt"', path.read_text("utf-8"))
    assert width is not None
    assert float(width[1]) / 72 * 25.4 == pytest.approx(85, abs=0.01)
    assert re.search(r"font: 8px|font-size: 8px", path.read_text("utf-8"))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"size": "0x100mm"}, "too small"),
        ({"size": "-5x100mm"}, "not understood"),
        ({"size": "nanxnanmm"}, "not understood"),
        ({"size": "1.2.3x4mm"}, "two numbers"),
        ({"size": "100"}, "not understood"),
        ({"size": "100x100"}, "not understood"),
        ({"size": "30000x100px"}, "too large"),
        ({"size": "20000x20000px"}, "too large"),
        ({"size": "9" * 400 + "x10mm"}, "not understood"),
        ({"size": "9999999999x10mm"}, "too large"),
        ({"dpi": math.nan}, "resolution"),
        ({"dpi": 0.0, "size": "10x10mm"}, "resolution"),
        ({"dpi": 1e9, "size": "10x10mm"}, "resolution"),
        ({"font_size": -1.0}, "font size"),
        ({"font_size": math.inf}, "font size"),
        ({"fps": 0.0}, "frames a second"),
        ({"seconds": -1.0}, "length"),
        ({"seconds": 1e9}, "length"),
        ({"speed": 0.0}, "speed"),
        ({"theme": "pink"}, "light, dark, print"),
        ({"panels": ("wave", "nothing")}, "'nothing'.*it has wave"),
    ],
)
def test_nonsense_is_refused_in_a_sentence(tmp_path: Path, wrong: Any, says: str) -> None:
    with pytest.raises(ExportError, match=says) as caught:
        export(LAB, P, tmp_path / "a.png", options(**wrong), frame=FRAME)
    assert str(caught.value).endswith(".")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["a", "a.", "a.bmp", "png", ".png", "a.png.txt"])
def test_an_unknown_ending_lists_the_formats(tmp_path: Path, name: str) -> None:
    with pytest.raises(ExportError, match="use one of svg, pdf, png, gif"):
        export(LAB, P, tmp_path / name, SMALL, frame=FRAME)


def test_folders_are_checked(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="does not exist"):
        export(LAB, P, tmp_path / "absent" / "a.png", SMALL, frame=FRAME)
    (tmp_path / "folder.png").mkdir()
    with pytest.raises(ExportError, match="is a folder"):
        export(LAB, P, tmp_path / "folder.png", SMALL, frame=FRAME)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write")
def test_a_folder_that_may_not_be_written_to(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(ExportError, match="Nothing may be written"):
        export(LAB, P, tmp_path / "a.png", SMALL, frame=FRAME)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write")
def test_a_write_protected_file_is_kept(tmp_path: Path) -> None:
    kept = tmp_path / "a.png"
    kept.write_text("mine")
    kept.chmod(0o400)
    with pytest.raises(ExportError, match="write-protected"):
        export(LAB, P, kept, SMALL, frame=FRAME)
    assert kept.read_text() == "mine"


@pytest.mark.parametrize("name", ["图 🎥 a'b\"c.svg", "n" * 240 + ".svg", "字" * 80 + ".png"])
def test_awkward_names(tmp_path: Path, name: str) -> None:
    assert extract(export(LAB, P, tmp_path / name, SMALL, frame=FRAME)) == Recipe.of(LAB, P)
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("ending", ["svg", "csv", "gif"])
def test_a_full_disk_leaves_the_old_file_alone(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a.{ending}"
    path.write_text("old")
    code = (
        "import resource, signal, sys; from pathlib import Path\n"
        "from tests.core.test_export import *\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500))\n"
        "try: export(LAB, P, Path(sys.argv[1]), SMALL)\n"
        "except ExportError as error: print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True
    )
    assert done.stdout == f"The disk is full; a.{ending} was not written.\n"
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_panels_can_be_chosen(tmp_path: Path) -> None:
    path = export(LAB, P.change(map=True), tmp_path / "a.svg", options(panels=("map",)))
    drawn = path.read_text("utf-8")
    assert "Product" in drawn
    assert "A sine repeats" not in drawn


def test_a_transparent_picture(tmp_path: Path) -> None:
    path = export(LAB, P, tmp_path / "a.png", options(transparent=True), frame=FRAME)
    with Image.open(path) as picture:
        assert picture.convert("RGBA").getpixel((0, 0))[3] == 0  # type: ignore[index]


def test_a_preview_is_the_picture() -> None:
    data = preview(LAB, P, SMALL, frame=FRAME)
    assert Image.open(io.BytesIO(data)).size == (160, 120)


def test_without_a_frame_the_lab_is_run(tmp_path: Path) -> None:
    a = export(LAB, P, tmp_path / "a.svg", SMALL)
    b = export(LAB, P, tmp_path / "b.svg", SMALL, frame=FRAME)
    assert a.read_bytes() == b.read_bytes()


# Data


def test_csv_reads_back_exactly_with_columns_of_different_lengths(tmp_path: Path) -> None:
    path = export(LAB, P, tmp_path / "a.csv", SMALL, frame=FRAME)
    lines = path.read_text("utf-8").split("\n")
    header = [line for line in lines if line.startswith("# ")]
    assert header[0] == f"# Zoetrope {Recipe.of(LAB, P).program}, Sine"
    assert "# frequency = 2.0 Hz" in header
    rows = list(csv.reader(line for line in lines if line and not line.startswith("#")))
    assert rows[0] == ["time (s)", "height", "short"]
    assert [float(row[1]) for row in rows[1:]] == FRAME.tables["height"].tolist()
    assert [row[2] for row in rows[1:6]] == ["0", "1", "2", "", ""]


def test_json_holds_recipe_readouts_and_tables(tmp_path: Path) -> None:
    path = export(LAB, P, tmp_path / "a.json", SMALL, frame=FRAME)
    data = json.loads(path.read_text("utf-8"))
    assert data["recipe"] == Recipe.of(LAB, P).plain()
    assert data["tables"]["height"] == FRAME.tables["height"].tolist()
    assert data["readouts"][0]["value"] == pytest.approx(0.9995, abs=1e-3)


def test_odd_tables(tmp_path: Path) -> None:
    tables = {
        "gap": np.array([1.0, np.nan, np.inf]),
        'words, "quoted"': ["a,b", "c\nd"],
        "file": np.array([True, False]),
        "a/b": np.arange(2),
    }
    frame = Frame(figure=FRAME.figure, tables=tables)
    text = export(LAB, P, tmp_path / "a.csv", SMALL, frame=frame).read_text("utf-8")
    rows = list(csv.reader(io.StringIO(re.sub(r"(?m)^#.*\n", "", text))))
    assert rows[2] == ["nan", "c\nd", "False", "1"]
    with np.load(export(LAB, P, tmp_path / "a.npz", SMALL, frame=frame)) as arrays:
        assert np.array_equal(arrays["gap"], tables["gap"], equal_nan=True)
        assert arrays["file"].tolist() == [True, False]
        assert arrays["a/b"].tolist() == [0, 1]
    data = json.loads(export(LAB, P, tmp_path / "a.json", SMALL, frame=frame).read_text("utf-8"))
    assert data["tables"]["gap"] == [1.0, None, None]


@pytest.mark.parametrize("ending", ["csv", "npz"])
def test_no_tables_no_file(tmp_path: Path, ending: str) -> None:
    with pytest.raises(ExportError, match="no table"):
        export(LAB, P, tmp_path / f"a.{ending}", SMALL, frame=Frame(figure=FRAME.figure))
    assert list(tmp_path.iterdir()) == []


def test_what_a_lab_has_written_itself_is_written_as_it_stands(tmp_path: Path) -> None:
    files = {
        "py": OwnFile("Program", "é = 1\n"),
        "own.npz": OwnFile("Arrays", {"a": [1, 2]}),
        "safetensors": OwnFile("Network", b"\x00\xff\r\n"),
    }
    frame = Frame(figure=FRAME.figure, tables={"b": [3]}, files=files)
    path = export(LAB, P, tmp_path / "a.py", SMALL, frame=frame)
    assert path.read_bytes() == "é = 1\n".encode()
    path = export(LAB, P, tmp_path / "a.OWN.npz", SMALL, frame=frame)
    with np.load(path) as arrays:
        assert arrays["a"].tolist() == [1, 2]
    assert extract(path).lab == LAB.id
    network = export(LAB, P, tmp_path / "it.safetensors", SMALL, frame=frame)
    assert network.read_bytes() == b"\x00\xff\r\n"
    with np.load(export(LAB, P, tmp_path / "own.npz", SMALL, frame=frame)) as arrays:
        assert arrays["b"].tolist() == [3]  # the name has nothing before its ending


def test_no_text_no_file(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"no \.py file"):
        export(LAB, P, tmp_path / "a.py", SMALL, frame=FRAME)
    assert list(tmp_path.iterdir()) == []


# Animations


@pytest.mark.parametrize("ending", ["gif", "webp", "apng"])
def test_animations_have_their_frames_size_and_pace(tmp_path: Path, ending: str) -> None:
    seen: list[tuple[int, int]] = []
    path = export(
        LAB,
        P,
        tmp_path / f"a.{ending}",
        options(size="161x119px", seconds=0.4, fps=10.0),
        progress=lambda done, total: seen.append((done, total)),
    )
    with Image.open(path) as film:
        assert film.n_frames == 4  # type: ignore[attr-defined]
        assert film.size == (160, 120)
        pictures, lasting = [], 0.0
        for place in range(4):
            film.seek(place)
            film.load()
            lasting += film.info["duration"]
            pictures.append(np.asarray(film.convert("RGB"), dtype=int))
    assert lasting == pytest.approx(400)
    assert all((a != b).any() for a, b in pairwise(pictures))
    assert seen == [(0, 4), (1, 4), (2, 4), (3, 4), (4, 4)]


def test_the_frames_are_those_of_the_playhead(tmp_path: Path) -> None:
    path = export(LAB, P, tmp_path / "a.apng", options(seconds=0.4, fps=10.0))
    with Image.open(path) as film:
        film.seek(2)
        moved = np.asarray(film.convert("RGB"), dtype=int)
    # Half-way through, the phase is 180 degrees; the wave has not been at its start again.
    still = P.change(phase=180.0)
    figure = next(LAB.run(still, Context())).figure
    data = preview(LAB, still, options(), frame=Frame(figure=figure))
    expected = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"), dtype=int)
    near = np.abs(moved - expected).max(axis=2) < 40
    assert near.mean() > 0.8  # the axes and the colour scale are those of the whole film


def test_gif_keeps_the_ground_and_the_length(tmp_path: Path) -> None:
    path = export(LAB, P, tmp_path / "a.gif", options(seconds=0.3, fps=30.0))
    with Image.open(path) as film:
        assert film.convert("RGB").getpixel((0, 0)) == (0xF7, 0xF7, 0xF5)
        lasting = 0.0
        for place in range(film.n_frames):  # type: ignore[attr-defined]
            film.seek(place)
            lasting += film.info["duration"]
    assert lasting == pytest.approx(300)


def test_mp4_plays(tmp_path: Path) -> None:
    path = export(LAB, P, tmp_path / "a.mp4", options(size="161x121px", seconds=0.4, fps=10.0))
    ffmpeg = animation_files.find_ffmpeg()
    command = [ffmpeg, "-i", str(path), "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    done = subprocess.run(command, capture_output=True, check=True)
    frames = np.frombuffer(done.stdout, dtype=np.uint8).reshape(4, 120, 160, 3)
    assert (frames[0] != frames[2]).any()
    assert "yuv420p" in done.stderr.decode()
    assert Recipe.of(LAB, P).to_code() in done.stderr.decode()
    assert len(list(tmp_path.iterdir())) == 1


def test_without_the_video_extra_the_way_out_is_said(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    with pytest.raises(ExportError, match=r'pip install "zoetrope\[video\]"'):
        export(LAB, P, tmp_path / "a.mp4", SMALL)
    assert list(tmp_path.iterdir()) == []


def test_a_video_encoder_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(animation_files, "find_ffmpeg", lambda: "false")
    monkeypatch.setattr(animation, "find_ffmpeg", lambda: "false")
    with pytest.raises(ExportError, match="could not be written: ffmpeg gave up"):
        export(LAB, P, tmp_path / "a.mp4", SMALL)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ending", ["gif", "mp4"])
def test_a_lab_without_a_playhead_makes_no_animation(tmp_path: Path, ending: str) -> None:
    lab = Still()
    with pytest.raises(ExportError, match="nothing to play") as caught:
        export(lab, lab.parameters(), tmp_path / f"a.{ending}", SMALL)
    assert "--" not in str(caught.value)  # a person in the window has no options to type


@pytest.mark.parametrize("ending", ["png", "gif", "webp", "apng", "mp4"])
def test_cancelling_leaves_the_old_file_and_nothing_else(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a.{ending}"
    path.write_text("old")
    asked = 0

    def cancelled() -> bool:
        nonlocal asked
        asked += 1
        return asked > (0 if ending == "png" else 4)

    with pytest.raises(ExportCancelledError):
        export(LAB, P, path, SMALL, cancelled=cancelled)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_any_number_can_be_animated_in_place_of_the_playhead() -> None:
    name, declared = animation.playhead_of(LAB, P)
    played = animation.film(
        LAB, P, Context(), fps=5.0, seconds=1.0, animate=f"{name}={declared.low}..{declared.high}"
    )
    values = [played.moved.at(step, played.count) for step in range(played.count)]
    assert values[0] == declared.low
    assert values[-1] == declared.high
    assert len(list(played.frames(range(played.count), lambda: None))) == 5


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("phase", "'phase' names nothing to animate: write NAME=START..STOP"),
        ("nothing=1..2", "There is no number 'nothing' to animate"),
        ("phase=0..x", "must be a number, not"),
        ("phase=0..90:slow", "log .equal factors. or even .equal steps., not 'slow'"),
        ("phase=0..90:", "log .equal factors. or even .equal steps., not ''"),
        ("phase=0..90:log:even", "not 'log:even'"),
        ("phase=0..90:log", "cannot go by equal factors through 0"),
    ],
)
def test_an_animation_of_a_number_that_cannot_be_made_is_refused(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(ExportError, match=said):
        export(LAB, P, tmp_path / "a.gif", options(animate=text))
    assert list(tmp_path.iterdir()) == []


def test_equal_factors_lead_from_end_to_end() -> None:
    moved = AnimatedNumber("width", 20.0, 0.2, log=True)
    assert [moved.at(step, 3) for step in range(3)] == pytest.approx([20.0, 2.0, 0.2])


def test_an_animation_of_a_number_keeps_the_state_that_was_on_the_screen(tmp_path: Path) -> None:
    state = P.change(phase=40.0)
    animated = options(animate="phase=90..180", seconds=0.2, fps=10.0)
    path = export(LAB, state, tmp_path / "a.gif", animated)
    found = extract(path)
    assert found == Recipe.of(LAB, state)
    assert restore(found, {LAB.id: LAB}) == (LAB, state, [])
    with Image.open(path) as film:
        assert film.n_frames == 2  # type: ignore[attr-defined]


def test_the_natural_length_is_that_of_the_playhead_within_reason() -> None:
    assert animation.natural_seconds(LAB, P) == pytest.approx(3.0)
    assert animation.natural_seconds(LAB, P, speed=100.0) == animation.SHORTEST
    assert animation.natural_seconds(LAB, P, speed=0.01) == animation.LONGEST


def test_too_many_frames_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="fewer seconds"):
        export(LAB, P, tmp_path / "a.gif", options(seconds=3600.0, fps=50.0))


def test_unfinished_frames_are_waited_for() -> None:
    class Slow(SineLab):
        def run(self, parameters: SineParameters, context: Context) -> Any:
            while True:
                yield Frame(figure=FRAME.figure, final=False)
                parameters = yield Frame(figure=FRAME.figure, tables={"phase": parameters.phase})

    checks = 0

    def check() -> None:
        nonlocal checks
        checks += 1

    played = animation.film(Slow(), P, Context(), fps=10.0, seconds=0.4)
    shown = [frame.tables["phase"] for frame in played.frames(range(4), check)]
    assert shown == [0.0, 90.0, 180.0, 270.0]
    assert checks == 8


def test_axes_and_colours_hold_all_frames() -> None:
    def at(height: float) -> Figure:
        items = (
            Curve(key="c", x=[0, 1], y=[0, height]),
            HeatMap(key="m", z=[[0.0, height]], extent=(0, 1, 0, 1)),
            Scatter(key="s", x=[0], y=[0]),
        )
        return Figure(panels=(Panel(name="p", items=items),))

    figures = [at(1.0), at(4.0), at(-2.0)]
    x0, x1, y0, y1 = common_limits(figures)["p"]
    assert (x0, x1, y0, y1) == (0.0, 1.0, -2.0, 4.0)
    levels = common_levels(figures)
    assert levels == {("p", "m"): (-2.0, 4.0)}
    assert with_levels(figures[0], levels).panels[0].items[1].levels == (-2.0, 4.0)  # type: ignore[attr-defined]


@pytest.mark.parametrize("wrong", [{"font_size": 200.0}, {"size": "5x5mm"}])
def test_what_has_no_room_is_refused_with_the_size_it_needs(tmp_path: Path, wrong: Any) -> None:
    with pytest.raises(ExportError, match=r"needs at least \d+ x \d+ mm at .* pt"):
        export(LAB, P, tmp_path / "a.png", options(**wrong), frame=FRAME)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ending", ["webp", "mp4"])
def test_sides_that_a_format_does_not_know_are_refused(tmp_path: Path, ending: str) -> None:
    long = options(size="16600x100px", seconds=0.08)
    with pytest.raises(ExportError, match="16600 pixels is too long") as refused:
        export(LAB, P, tmp_path / f"a.{ending}", long)
    assert "APNG" in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_a_refusal_takes_less_work_than_two_drawings() -> None:
    wave, heat = (
        FRAME.figure.panels[0],
        Panel(
            name="heat",
            title="A title that is as long as a statement is apt to be",
            items=(HeatMap(key="m", z=np.eye(9), extent=(0, 1, 0, 1), label="Of nine by nine"),),
        ),
    )
    panels = tuple(
        replace(panel, name=f"{panel.name}{row}", cell=Cell(row, column))
        for row in range(3)
        for column, panel in enumerate((wave, heat))
    )
    frame = replace(FRAME, figure=Figure(panels=panels))
    preview(LAB, P, options(size="300x300mm"), frame=frame)  # loads fonts
    began = time.thread_time()
    preview(LAB, P, options(size="300x300mm"), frame=frame)
    drawn = time.thread_time()
    with pytest.raises(NoRoomError):
        preview(LAB, P, options(size="60x40mm", font_size=8.0), frame=frame)
    assert time.thread_time() - drawn < 2 * (drawn - began)


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_the_caption_is_in_the_file_as_its_description(tmp_path: Path, ending: str) -> None:
    path = export(LAB, P, tmp_path / f"a.{ending}", options(theme="print"), frame=FRAME)
    told = caption(LAB, P, FRAME).plain()
    assert "A sine repeats" in told
    if ending == "png":
        with Image.open(path) as picture:
            assert told in picture.info["Description"]
    elif ending == "svg":
        assert told in html.unescape(path.read_text())
    else:
        subject = re.search(rb"/Subject \(\xfe\xff(.*?)\)\n", path.read_bytes(), re.DOTALL)
        assert subject is not None
        assert subject[1].decode("utf-16-be") == told
    assert extract(path) == Recipe.of(LAB, P)


@pytest.mark.parametrize(
    ("theme", "letters", "lettered"),
    [("print", None, True), ("dark", None, False), ("dark", True, True), ("print", False, False)],
)
def test_letters_stand_for_titles_in_print(
    tmp_path: Path, theme: str, letters: bool | None, lettered: bool
) -> None:
    chosen = options(theme=theme, letters=letters, size="300x200px")
    drawn = export(LAB, P.change(map=True), tmp_path / "a.svg", chosen).read_text()
    words = re.findall(r"<text[^>]*>([^<]*)</text>", drawn)
    assert ("a" in words and "b" in words) == lettered
    assert ("A sine repeats" in words) != lettered


def test_one_panel_needs_no_letter(tmp_path: Path) -> None:
    chosen = options(theme="print", panels=("wave",))
    drawn = export(LAB, P.change(map=True), tmp_path / "a.svg", chosen).read_text()
    words = re.findall(r"<text[^>]*>([^<]*)</text>", drawn)
    assert not {"a", "b", "A sine repeats"} & set(words)
    assert "Time (s)" in words


@pytest.mark.parametrize("ending", ["gif", "webp", "apng"])
def test_an_estimate_is_near_what_comes_of_it(tmp_path: Path, ending: str) -> None:
    chosen = options(seconds=1.0)
    coming = estimate(LAB, P, ending, chosen)
    size = export(LAB, P, tmp_path / f"a.{ending}", chosen).stat().st_size
    assert coming.frames == 25
    assert coming.seconds > 0
    assert size / 2 < coming.size < size * 2


def test_what_cannot_be_played_cannot_be_estimated() -> None:
    with pytest.raises(ExportError, match="nothing to play"):
        estimate(Still(), Still.parameters(), "gif", options())
