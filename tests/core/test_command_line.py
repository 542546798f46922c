"""The commands as a person types them: what they print, write, and how they refuse."""

import hashlib
import html
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from zoetrope.__main__ import is_command
from zoetrope.core import command_line
from zoetrope.core.recipe import Recipe
from zoetrope.core.recipe_files import extract

ROOT = Path(__file__).resolve().parents[2]


def run(*arguments: object) -> int:
    return command_line.run([str(argument) for argument in arguments])


def test_labs_are_listed_a_line_each_with_the_id_first(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("labs") == 0
    lines = capsys.readouterr().out.splitlines()
    assert "rope" in {line.split()[0] for line in lines}


def test_numpy_is_told_to_use_one_thread_before_it_is_loaded() -> None:
    """With more, the small solves of a rope in air take twenty times as long on a busy machine."""
    script = (
        "import ctypes, glob, os; from zoetrope.__main__ import main; main(['labs']); import numpy;"
        "found = glob.glob(os.path.dirname(numpy.__file__) + '.libs/*openblas*.so*');"
        "print([ctypes.CDLL(f).scipy_openblas_get_num_threads64_() for f in found])"
    )
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
    }
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] in ("[1]", "[]")  # none where NumPy uses another library


def test_show_lists_every_parameter_with_its_range(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("show", "rope") == 0
    shown = capsys.readouterr().out
    assert "  span = 0.9 m" in shown
    assert "0.02 to 100 m" in shown
    assert "sag = follows from length or end_angle" in shown
    assert "darrieus:" in shown


def test_show_begins_with_the_first_page(capsys: pytest.CaptureFixture[str]) -> None:
    """However the lab's parameters are put together, and with the pages on which each matters."""
    assert run("show", "rope") == 0
    lines = capsys.readouterr().out.splitlines()
    names = [line.split()[0] for line in lines if line.startswith("  ") and " = " in line]
    assert names[0] == "length"
    assert names.index("span") < names.index("overlays") < names.index("damping")
    assert "      Damping: 0 to 5 (on motion)" in lines


def test_an_export_holds_the_recipe_that_made_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "rope.svg"
    assert run("export", "rope", "--set", "length=2", "--set", "span=1", "--out", out) == 0
    values = extract(out).parameters
    assert (values["length"], values["span"]) == (2.0, 1.0)
    capsys.readouterr()
    assert run("recipe", out) == 0
    assert json.loads(capsys.readouterr().out)["parameters"]["length"] == 2.0

    again = tmp_path / "again.svg"
    assert run("export", "--recipe", out, "--out", again) == 0
    assert again.read_bytes() == out.read_bytes()

    code = extract(out).to_code()
    assert run("export", "rope", "--recipe", code, "--set", "span=1.5", "--out", again) == 0
    assert extract(again).parameters["span"] == 1.5


def test_tables_names_and_files_are_set_and_come_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data.csv"
    data.write_text("height,weight\n1,2\n3,4\n")
    for ending in ("csv", "png", "json"):
        out = tmp_path / f"out.{ending}"
        wanted = ["measured=1,2;3,4.5", "columns=weight, height", f"file={data}", "source=file"]
        settings = [word for pair in wanted for word in ("--set", pair)]
        assert run("export", "damped", *settings, "--set", "page=state", "--out", out) == 0
        values = extract(out).parameters
        assert values["measured"] == [[1.0, 2.0], [3.0, 4.5]]
        assert values["columns"] == ["weight", "height"]
    assert run("export", "damped", "--set", "measured=1,2;3", "--out", out) == 2
    assert "Row 2 of Measured points must have 2 numbers" in capsys.readouterr().err
    settings[-3] = f"file={tmp_path / 'none.csv'}"
    assert run("export", "damped", *settings, "--set", "page=state", "--out", out) == 2
    assert "“none.csv” was not found." in capsys.readouterr().err
    assert run("show", "damped") == 0
    assert "measured = 0 points" in capsys.readouterr().out


def test_a_data_file_is_found_from_any_folder_and_missed_when_it_changes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    data, out = tmp_path / "data.csv", tmp_path / "out.json"
    data.write_text("height,weight\n1,2\n3,4\n")
    monkeypatch.chdir(tmp_path)
    settings = ("--set", "file=data.csv", "--set", "source=file", "--set", "page=state")
    assert run("export", "damped", *settings, "--out", out) == 0
    assert extract(out).parameters["file"] == str(data)
    assert extract(out).data == {"file": hashlib.sha256(data.read_bytes()).hexdigest()}
    monkeypatch.chdir(ROOT)
    again = tmp_path / "again.json"
    assert run("export", "--recipe", out, "--out", again) == 0
    assert again.read_bytes() == out.read_bytes()
    assert capsys.readouterr().err == ""
    data.write_text("height,weight\n1,2\n3,5\n")
    assert run("export", "--recipe", out, "--out", again) == 0
    assert "data.csv has changed since this figure was made" in capsys.readouterr().err
    assert extract(again).data != extract(out).data


def test_a_preset_is_a_start(tmp_path: Path) -> None:
    out = tmp_path / "rope.json"
    assert run("export", "rope", "--preset", "sixty", "--out", out) == 0
    assert extract(out).parameters["end_angle"] == 60.0


def test_styles_are_listed_and_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("styles") == 0
    listed = capsys.readouterr().out
    assert "nature-single    Nature, single column (89 mm): text 7 pt" in listed
    lines = {line.split()[0]: line for line in listed.splitlines()}
    assert lines["nature-single"].endswith("after research-figure-guide.nature.com *")
    assert lines["icml-single"].endswith("after icml.sty")
    assert lines["*"].startswith("* not compared with a second source")
    out = tmp_path / "rope.svg"
    words = "export rope --style nature-single --panel profile --caption tex --caption-file md"
    assert run(*words.split(), "--out", out) == 0
    width = re.search(r'<svg[^>]*? width="([0-9.]+)pt"', out.read_text("utf-8"))
    assert width is not None
    assert float(width[1]) / 72 * 25.4 == pytest.approx(89, abs=0.01)
    told = capsys.readouterr().out
    assert told.startswith(r"\caption{\textbf{Spinning rope.} ")
    assert r"length $L = 2.6$\,m" in told
    written = (tmp_path / "rope-caption.md").read_text("utf-8")
    assert written.startswith("**Spinning rope.** ")
    assert "length $L$ = 2.6 m" in written


def test_what_is_said_besides_a_style_counts_more(tmp_path: Path) -> None:
    out = tmp_path / "a.png"
    words = "export damped --style slide --size 400x300px --font-size 5 --least-text 4"
    assert run(*words.split(), "--out", out) == 0
    with Image.open(out) as picture:
        assert picture.size == (400, 300)


def test_all_pages_go_into_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "new" / "figures"
    words = "export damped --set amplitude=1.25 --all pages --format json --names {number}-{name}"
    assert run(*words.split(), "--out", folder) == 0
    assert capsys.readouterr().out == "2 files were written.\n"
    assert sorted(file.name for file in folder.iterdir()) == ["1-signal.json", "2-state.json"]
    assert extract(folder / "2-state.json").parameters["amplitude"] == 1.25


def test_a_film_through_key_frames_comes_back_from_its_recipe(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, again = tmp_path / "a.apng", tmp_path / "b.apng"
    look = ["--size", "400x300px", "--font-size", "4", "--theme", "light", "--fps", "5"]
    frames = ["--key-frame", "amplitude=1 seconds=0.4 easing=even", "--key-frame", "amplitude=2"]
    assert run("export", "damped", *frames, *look, "--out", out) == 0
    with Image.open(out) as film:
        assert film.n_frames == 2
    held = extract(out).key_frames
    assert [frame["parameters"]["amplitude"] for frame in held] == [1.0, 2.0]
    assert run("export", "--recipe", out, *look, "--out", again) == 0
    assert again.read_bytes() == out.read_bytes()
    assert run("export", "--recipe", out, *look, "--estimate", "--out", again) == 0
    assert re.fullmatch(
        r"b\.apng: 2 frames, about [0-9.]+ MB, about [0-9]+ s to write\n", capsys.readouterr().out
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("export rope --style natur --out a.svg", "invalid choice: 'natur'"),
        ("export rope --font comic --out a.svg", "invalid choice: 'comic'"),
        ("export rope --all tables --out a", "Write --all presets"),
        ("export rope --all presets=none --out .", "no preset 'none'"),
        ("export rope --all pages --format xyz --out .", "xyz"),
        ("export rope --estimate --out a.svg", "Only animations are estimated"),
        ("export rope --key-frame length=2 --out a.svg", "Key frames make a film"),
        ("export rope --names {lab} --out a.svg", "go with --all"),
        ("export rope --key-frame easing=bounce --out a.gif", "An easing is one of smooth"),
        ("export rope --key-frame length=2 --out a.gif", "2 to 100 key frames, not 1"),
        ("export rope --set length=0.5 --out a.svg", "shorter than the straight distance"),
        ("export rope --set length=2 --set sag=1 --out a.svg", "exactly one of length, sag"),
        ("export rope --set span=0 --out a.svg", "Span 0 m is below the smallest allowed"),
        ("export rope --set span=wide --out a.svg", "Span must be a number, not 'wide'"),
        ("export rope --set span=nan --out a.svg", "finite"),
        ("export rope --set width=1 --out a.svg", "no parameter 'width'"),
        ("export rope --set lenght=1 --out a.svg", "no parameter 'lenght', but length; list"),
        ("export rope --panel nowhere --out a.csv", "nowhere"),
        ("export rope --out a.svg --dpi many", "--dpi: 'many' is not a number"),
        ("export rope --set span --out a.svg", "no equals sign"),
        ("export rope --set speed=0 --out a.svg", "every shape is possible"),
        ("export rope --preset none --out a.svg", "no preset 'none'"),
        ("export rope --out a.xyz", "xyz"),
        ("export rope --out a.svg --size 0x10mm", "size"),
        ("export rope --out a.svg --size wide", "size"),
        ("export rope --out a.svg --dpi -5", "dpi"),
        ("export rope --out a.svg --panel nowhere", "nowhere"),
        ("export rope --out a.svg --theme pink", "invalid choice"),
        ("export rope --out nowhere/a.svg", "nowhere"),
        ("export rope", "--out"),
        ("export ropes --out a.svg", "There is no lab 'ropes'"),
        ("export --out a.svg", "Name a lab"),
        ("export rope --recipe missing.svg --out a.svg", "missing.svg is not a file"),
        ("export rope --recipe zoetrope:1:xx --out a.svg", "recipe"),
        ("show ropes", "There is no lab 'ropes'"),
        ("recipe missing.svg", "missing.svg is not a file"),
        ("frobnicate", "invalid choice"),
        ("labs --wide", "nrecognized arguments: --wide"),
    ],
)  # fmt: skip
def test_wrong_usage_is_one_sentence_and_status_two(
    arguments: str,
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(*arguments.split()) == 2
    captured = capsys.readouterr()
    assert words.lower() in captured.err.lower()
    assert captured.err.count("\n") == 1
    assert captured.out == ""
    assert list(tmp_path.iterdir()) == []


def test_a_recipe_with_a_value_out_of_range_is_clamped_with_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "rope.json"
    assert run("export", "rope", "--out", path) == 0
    changed = json.loads(path.read_text())
    changed["recipe"]["parameters"]["mode"] = 99
    path.write_text(json.dumps(changed))
    assert run("export", "--recipe", path, "--out", tmp_path / "rope.csv") == 0
    assert "Mode 99 is above the largest allowed, 6. It was set to 6." in capsys.readouterr().err


def test_the_command_line_needs_neither_display_nor_qt(tmp_path: Path) -> None:
    """In a fresh process, from another folder, with PyQt6 made impossible to import."""
    blocker = tmp_path / "PyQt6"
    blocker.mkdir()
    (blocker / "__init__.py").write_text("raise ImportError('the command line imported Qt')")
    environment = {
        name: value
        for name, value in os.environ.items()
        if "DISPLAY" not in name and name != "QT_QPA_PLATFORM"
    }
    environment["PYTHONPATH"] = str(tmp_path)
    for arguments in (
        ["labs"],
        ["show", "rope"],
        ["export", "rope", "--out", "rope.svg"],
        ["recipe", "rope.svg"],
    ):
        done = subprocess.run(
            [sys.executable, str(ROOT / "main.py"), *arguments],
            cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr


def test_a_file_is_opened_in_the_window_and_a_wrong_word_is_not(tmp_path: Path) -> None:
    figure = tmp_path / "figure.svg"
    figure.write_text("")
    assert not is_command([])
    assert not is_command([str(figure)])
    assert is_command(["labs"])
    assert is_command(["exprot"])
    assert is_command(["--help"])


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_symbols_do_not_stop_the_output(tmp_path: Path, encoding: str) -> None:
    code = Recipe(lab="damped", parameters={"note": "π 🎥 °"}).to_code()
    for arguments in (["show", "hsic"], ["recipe", code]):
        done = subprocess.run(
            [sys.executable, str(ROOT / "main.py"), *arguments],
            cwd=tmp_path, capture_output=True, check=False,
            env={**os.environ, "PYTHONIOENCODING": encoding},
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout.decode(encoding))["parameters"]["note"] == "π 🎥 °"


@pytest.mark.parametrize("mode", ["0", "1"])
def test_pipes_get_utf8_whatever_the_locale(tmp_path: Path, mode: str) -> None:
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONIOENCODING"}
    environment |= {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": mode}
    done = subprocess.run(
        [sys.executable, str(ROOT / "main.py"), "show", "hsic"],
        cwd=tmp_path, capture_output=True, check=True, env=environment,
    )  # fmt: skip
    assert "π" in done.stdout.decode("utf-8")


def test_a_recipe_code_is_printed_like_a_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "rope.json"
    assert run("export", "rope", "--set", "length=2", "--out", out) == 0
    assert run("recipe", extract(out).to_code()) == 0
    assert json.loads(capsys.readouterr().out)["parameters"]["length"] == 2.0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_output_that_cannot_be_written_is_said_in_a_sentence() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "main.py", "labs"],
            cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr == "zoetrope: the output cannot be written: No space left on device.\n"


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="no /proc")
def test_a_disk_that_fails_is_not_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("export", "rope", "--out", "/proc/a.json") == 1
    assert "/proc/a.json could not be written" in capsys.readouterr().err


def hearing() -> None:
    """Hear Ctrl+C also where the tests run in the background of a shell, which makes them deaf."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.skipif(os.name != "posix", reason="there are no signals to end a process")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_what_is_ended_leaves_nothing_unfinished(tmp_path: Path, name: str) -> None:
    words = ["export", "rope", "--panel", "profile", "--seconds", "60", "--out", "a.apng"]
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "main.py"), *words], cwd=tmp_path, stderr=subprocess.PIPE,
        preexec_fn=hearing,
    )  # fmt: skip
    with process:
        try:
            deadline = time.monotonic() + 60
            while not any(tmp_path.iterdir()):
                assert time.monotonic() < deadline
                assert process.poll() is None
                time.sleep(0.02)
            process.send_signal(signal.Signals[name])
            _, said = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 128 + signal.Signals[name], said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (["--out", ""], "Name a file"),
        (["--out", "/"], "/ is a folder"),
        (["--out", "a\0.png"], "null character"),
        (["--out", "a" * 300 + ".png"], "too long"),
        (["--out", "a.png", "--size=-5x5mm"], "not understood"),
        (["--out", "a.png", "--size", "-5x5mm"], "cannot be negative"),
        (["--out", "a.png", "--set", "length=1,000"], "write 1000 or 1.000"),
        (["--out", "a.png", "--set", "length=1_0"], "write 10,"),
        (["--out", "a.png", "--set", "page=families", "--size", "85x60mm"], "needs at least 85 x"),
    ],
)
def test_what_cannot_be_is_refused(
    wrong: list[str],
    says: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: Any,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("export", "rope", *wrong) == 2
    said = capsys.readouterr().err
    assert says in said
    assert said.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_device_that_is_not_there_is_refused_by_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: Any
) -> None:
    monkeypatch.setattr("zoetrope.core.device.available_devices", lambda: ("cpu",))
    assert run("export", "rope", "--device", "cuda", "--out", tmp_path / "a.png") == 2
    assert "no CUDA device" in capsys.readouterr().err


def test_a_link_stays_and_its_target_is_written(tmp_path: Path) -> None:
    (tmp_path / "link.json").symlink_to(tmp_path / "real.json")
    assert run("export", "rope", "--out", tmp_path / "link.json") == 0
    assert (tmp_path / "link.json").is_symlink()
    assert (tmp_path / "real.json").stat().st_size > 0


def test_animations_are_lighter_than_pictures(tmp_path: Path) -> None:
    from PIL import Image

    out = tmp_path / "a.gif"
    assert (
        run(
            "export",
            "rope",
            "--seconds",
            "0.1",
            "--size",
            "2x2in",
            "--panel",
            "profile",
            "--out",
            out,
        )
        == 0
    )
    with Image.open(out) as picture:
        assert picture.size == (300, 300)


def test_where_nothing_plays_the_option_that_names_a_number_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("export", "attention", "--out", tmp_path / "a.gif") == 2
    told = capsys.readouterr().err
    assert told.endswith("or say which number to animate (--animate NAME=START..STOP).\n")
    assert list(tmp_path.iterdir()) == []


def test_the_caption_is_printed_and_letters_are_a_choice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "a.svg"
    page = ["export", "rope", "--set", "page=forces", "--set", "length=3", "--out", out]
    assert run(*page, "--caption") == 0
    told = capsys.readouterr().out
    assert told.startswith("Spinning rope. (a) ")
    assert "length L = 3 m" in told
    assert told.strip() in html.unescape(out.read_text())
    assert ">a</text>" in out.read_text()
    assert run(*page, "--no-letters") == 0
    assert ">a</text>" not in out.read_text()
    assert capsys.readouterr().out == ""
