"""What every lab in the registry must do, and a small one that is only a folder beside the tests.

A new lab gets all of these without a line.
"""

import dataclasses
import json
import math
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.declared import legal_parameters
from zoetrope.core.comparison import Compared, Comparison, on_page_of
from zoetrope.core.declarations import Choice, Playhead
from zoetrope.core.device import Context
from zoetrope.core.export import export
from zoetrope.core.export_options import ExportOptions
from zoetrope.core.figure import Figure
from zoetrope.core.items import Item
from zoetrope.core.lab import Frame, Lab, final_frame
from zoetrope.core.parameters import Parameters
from zoetrope.core.recipe import restore
from zoetrope.core.recipe_files import extract
from zoetrope.core.registry import fault, registry

LABS = list(registry().values())
SHIPPED = [
    lab for lab in LABS if type(lab).__module__.startswith("zoetrope.core.") and lab.id != "damped"
]
ROOT = Path(__file__).resolve().parent.parent
STILL_FORMATS = ("png", "svg", "pdf", "csv", "npz", "json")
MOVING_FORMATS = ("gif", "webp", "apng", "mp4", "zip")
SLOWEST_STEP = 0.05  # seconds of CPU between two yields at the defaults
SLOWEST_LEGAL_STEP = 0.25  # anywhere legal

every_lab = pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.id)
every_shipped_lab = pytest.mark.parametrize("lab", SHIPPED, ids=lambda lab: lab.id)


def pages(lab: Lab[Any]) -> list[Parameters]:
    """The defaults on each page."""
    page = lab.parameters.page_name()
    defaults = lab.parameters()
    if page is None:
        return [defaults]
    return [defaults.change(**{page: o}) for o in lab.parameters.declarations()[page].options]  # type: ignore[attr-defined]


def states(lab: Lab[Any]) -> dict[str, Parameters]:
    """Every page with the defaults, and every preset."""
    usual = lab.parameters()
    named = {f"page {number}": page for number, page in enumerate(pages(lab), 1)}
    return named | {preset.key: usual.change(**preset.values) for preset in lab.presets}


@lru_cache(maxsize=64)
def frame_of(lab: Lab[Any], parameters: Parameters) -> Frame:
    """Return a state's final frame, which more than one test looks at."""
    return final_frame(lab, parameters, Context())


def arrays(thing: Any) -> Iterator[np.ndarray]:
    """Every array in a figure or an item."""
    if isinstance(thing, np.ndarray):
        yield thing
    elif isinstance(thing, tuple):
        for part in thing:
            yield from arrays(part)
    elif dataclasses.is_dataclass(thing):
        for field in dataclasses.fields(thing):
            yield from arrays(getattr(thing, field.name))


def assert_sound(frame: Frame) -> None:
    """A frame that may be shown: read-only arrays, finite numbers, words for those who listen."""
    assert all(panel.title for panel in frame.figure.panels)
    assert_sound_but_for_titles(frame)


def assert_sound_but_for_titles(frame: Frame) -> None:
    assert isinstance(frame.figure, Figure)
    assert frame.figure.panels
    for panel in frame.figure.panels:
        assert panel.summary, f"panel {panel.name} has no summary"
        assert all(isinstance(item, Item) for item in panel.items)
    assert not any(array.flags.writeable for array in arrays(frame.figure))
    for readout in frame.readouts:
        if isinstance(readout.value, float) and not np.isfinite(readout.value):
            assert frame.notices, f"{readout.key} is {readout.value} and nothing says why"


def watched(lab: Lab[Any], parameters: Parameters, patience: float) -> tuple[Frame, float]:
    """Return the final frame, and the CPU seconds of the longest stretch between two yields.

    After `patience` CPU seconds the newest picture will do, or the first that comes.
    """
    job = lab.run(parameters, Context())
    slowest, spent, frame = 0.0, 0.0, None
    while frame is None or not (frame.final or (spent > patience and frame.figure.panels)):
        began = time.thread_time()
        frame = next(job) if frame is None else job.send(parameters)
        taken = time.thread_time() - began
        slowest, spent = max(slowest, taken), spent + taken
    job.close()
    return frame, slowest


def assert_quick(
    lab: Lab[Any], parameters: Parameters, bound: float, patience: float = math.inf
) -> Frame:
    """Run to the final frame in steps below a bound; what is loaded once may take longer once."""
    frame, slowest = watched(lab, parameters, patience)
    if slowest >= bound:
        _, slowest = watched(lab, parameters, patience)
    assert slowest < bound, parameters
    return frame


def patience_with(lab: Lab[Any]) -> float:
    """Return for how many CPU seconds any state of a lab is followed: to its end, but where the
    lab drives its playhead, as in a training, that may take minutes.
    """
    declared = lab.parameters.declarations().values()
    drives = any(isinstance(d, Playhead) and d.driven for d in declared)
    return 1.0 if drives else math.inf


@every_lab
def test_its_declaration_holds(lab: Lab[Any]) -> None:
    assert fault(lab) is None


@every_lab
def test_it_says_what_it_is(lab: Lab[Any]) -> None:
    assert lab.title
    assert lab.question
    for name, declaration in lab.parameters.declarations().items():
        assert declaration.label, name
        assert declaration.label[0].isupper(), name


@every_shipped_lab
def test_it_has_help_and_presets(lab: Lab[Any]) -> None:
    page = (ROOT / "assets" / "help" / f"{lab.id}.md").read_text(encoding="utf-8")
    assert page.startswith("# ")
    assert len(lab.presets) >= 6
    for name, declaration in lab.parameters.declarations().items():
        assert declaration.help or name == lab.parameters.page_name(), name


@every_lab
def test_every_page_and_preset_is_worth_looking_at(lab: Lab[Any]) -> None:
    for parameters in states(lab).values():
        frame = frame_of(lab, parameters)
        assert_sound(frame)
        followed = {n for m in lab.parameters.linked_groups().values() for n in m}
        assert set(frame.linked) == {n for n in followed if getattr(parameters, n) is None}


@every_lab
def test_no_step_is_long_at_the_defaults(lab: Lab[Any]) -> None:
    for parameters in pages(lab):
        assert_quick(lab, parameters, SLOWEST_STEP)


@every_lab
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_every_legal_state_draws_or_says_why_not(lab: Lab[Any], data: st.DataObject) -> None:
    parameters = data.draw(legal_parameters(lab.parameters))
    try:
        frame = assert_quick(lab, parameters, SLOWEST_LEGAL_STEP, patience_with(lab))
    except ValueError as error:
        assert str(error).endswith((".", "!", "?")), error
        assert getattr(error, "parameter", None) in {None, *lab.parameters.declarations()}
        return
    assert_sound(frame)


@every_lab
def test_frames_are_snapshots(lab: Lab[Any]) -> None:
    """The same state gives the same frame, and no frame shares memory that is written later."""
    parameters = lab.parameters()
    first = final_frame(lab, parameters, Context())
    again = final_frame(lab, parameters, Context())
    assert first.figure == again.figure
    assert first.readouts == again.readouts


@every_lab
@pytest.mark.parametrize("ending", STILL_FORMATS)
def test_a_figure_comes_back_from_its_file(lab: Lab[Any], ending: str, tmp_path: Path) -> None:
    parameters = lab.parameters().change(**(lab.presets[-1].values if lab.presets else {}))
    path = export(lab, parameters, tmp_path / f"figure.{ending}", ExportOptions())
    assert_comes_back(lab, parameters, path)


@every_lab
def test_two_of_its_states_are_compared_in_a_file(lab: Lab[Any], tmp_path: Path) -> None:
    """One pinned under the other, and both side by side: only a lab's own words are needed."""
    usual = lab.parameters()
    other = on_page_of(usual, lab.parameters.make(lab.presets[-1].values))
    frames = [final_frame(lab, each, Context()) for each in (usual, other)]
    for comparison in (Comparison.under([other]), Comparison.beside([usual, other])):
        compared = Compared(lab, comparison)
        frame = comparison.put_together(lab, (usual, other), frames)
        assert_sound_but_for_titles(frame)
        path = tmp_path / f"{comparison.way}.svg"
        export(compared, usual, path, ExportOptions(size="400x260mm"), frame=frame)
        again, restored, notices = restore(extract(path), registry())
        assert isinstance(again, Compared)
        assert (again.lab, again.comparison, restored, notices) == (lab, comparison, usual, [])
    drawing = (tmp_path / "beside.svg").read_text(encoding="utf-8")
    assert "(a) " in drawing
    assert "(b) " in drawing


@every_shipped_lab
def test_a_figure_opened_again_in_another_process_is_the_same_to_the_byte(
    lab: Lab[Any], tmp_path: Path
) -> None:
    """A file says what is drawn, never when, where or by which process it was written."""
    script = (
        "import sys; from zoetrope.core import command_line; folder, *state = sys.argv[1:];"
        "sys.exit(max(command_line.run(['export', *state, '--out', f'{folder}/figure.{ending}'])"
        " for ending in ('svg', 'png', 'npz')))"  # of text, of pixels, of numbers
    )
    first = tmp_path / "1"
    for seed, state in (("1", [lab.id]), ("2", ["--recipe", str(first / "figure.svg")])):
        (tmp_path / seed).mkdir()
        subprocess.run(
            [sys.executable, "-c", script, str(tmp_path / seed), *state],
            cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed}, check=True, capture_output=True,
        )  # fmt: skip
    for file in sorted(first.iterdir()):
        assert file.read_bytes() == (tmp_path / "2" / file.name).read_bytes(), file.name


@every_lab
@pytest.mark.parametrize("ending", MOVING_FORMATS)
def test_an_animation_comes_back_from_its_file(lab: Lab[Any], ending: str, tmp_path: Path) -> None:
    parameters = on_a_page_that_plays(lab)
    options = ExportOptions(size="170x120mm", dpi=40, fps=4, seconds=0.5)  # two frames
    path = export(lab, parameters, tmp_path / f"figure.{ending}", options)
    assert_comes_back(lab, parameters, path)


def on_a_page_that_plays(lab: Lab[Any]) -> Parameters:
    """Return the usual parameters on the first page that has a playhead; skip where none has."""
    usual = lab.parameters()
    page = usual.page_name()
    declared = usual.declarations()[page] if page else None
    pages = declared.options if isinstance(declared, Choice) else ()
    for parameters in (usual, *(usual.change(**{str(page): key}) for key in pages)):
        if parameters.playhead_name():
            return parameters
    pytest.skip(f"{lab.id} has no playhead to animate")


def assert_comes_back(lab: Lab[Any], parameters: Parameters, path: Path) -> None:
    again, restored, notices = restore(extract(path), registry())
    assert again is lab
    assert restored == parameters
    assert notices == []


# Runs each script as a program of its own, in one process that loads the libraries once.
EACH_SCRIPT = """
import contextlib, io, json, sys
said = {}
for name, script in json.load(sys.stdin).items():
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(script, name, "exec"), {"__name__": "__main__"})
    said[name] = out.getvalue()
json.dump(said, sys.stdout)
"""
A_NUMBER = re.compile(r"[-−]?\d[\d,]*\.?\d*(?:e[-+]?\d+)?")
AS_PRINTED = 2e-3  # scripts print at least three digits


def scripted(lab: Lab[Any]) -> tuple[dict[str, Parameters], set[str]]:
    """Return the presets, and the pages on which there is none, by name; and one of each page."""
    turner = lab.parameters.page_name() or ""
    chosen, first_of = {}, {}
    for name, parameters in reversed(states(lab).items()):
        page = getattr(parameters, turner, "")
        if not name.startswith("page ") or page not in first_of:
            chosen[name] = parameters
            first_of[page] = name
    if math.isfinite(patience_with(lab)):  # its own tests train smaller networks, page by page
        return chosen, set()
    return chosen, set(first_of.values())


@every_shipped_lab
def test_copied_python_prints_the_numbers_that_are_shown(lab: Lab[Any]) -> None:
    """Every script runs; on each page one is held to the readouts of its picture."""
    chosen, compared = scripted(lab)
    scripts = {name: lab.python(parameters) for name, parameters in chosen.items()}
    done = subprocess.run(
        [sys.executable, "-c", EACH_SCRIPT],
        input=json.dumps(scripts), cwd=ROOT, capture_output=True, text=True, timeout=240,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    for name, said in json.loads(done.stdout).items():
        assert said, f"the script of {name} prints nothing"
        if name not in compared:
            continue
        printed = [float(n.replace(",", "").replace("−", "-")) for n in A_NUMBER.findall(said)]
        readouts = frame_of(lab, chosen[name]).readouts
        shown = [r.value for r in readouts if isinstance(r.value, (int, float))]
        telling = [value for value in shown if math.isfinite(value) and value not in (0, 1)]
        found = [v for v in telling if any(abs(n - v) <= AS_PRINTED * abs(v) for n in printed)]
        assert found or not telling, f"the script of {name} prints no number that is shown: {said}"


@pytest.mark.gpu
@every_shipped_lab
def test_cuda_gives_the_numbers_of_the_cpu(lab: Lab[Any]) -> None:
    import torch

    if not torch.cuda.is_available():
        pytest.skip("there is no CUDA device on this machine")
    for parameters in pages(lab):
        on_cpu = final_frame(lab, parameters, Context("cpu"))
        on_cuda = final_frame(lab, parameters, Context("cuda"))
        for a, b in zip(on_cpu.readouts, on_cuda.readouts, strict=True):
            assert a.key == b.key
            if isinstance(a.value, float):
                assert b.value == pytest.approx(a.value, rel=1e-9), a.key
        for a, b in zip(arrays(on_cpu.figure), arrays(on_cuda.figure), strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-9)
