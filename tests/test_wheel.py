"""What `pip install .` puts on a machine: one top-level name that works by itself."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

import zoetrope

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    return Path(next(WheelBuilder(str(ROOT)).build(directory=str(folder))))


def test_the_wheel_holds_one_top_level_name(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    assert tops == {"zoetrope", f"zoetrope-{zoetrope.__version__}.dist-info"}
    for needed in (
        "core/rope/lab.py",
        "gui/window.py",
        "assets/help/rope.md",
        "assets/fonts/ZoetropeSansSC-Regular.ttf",
        "assets/languages/zh_CN.po",
        "__main__.py",
        "py.typed",
    ):
        assert f"zoetrope/{needed}" in names
    assert not [name for name in names if "__pycache__" in name or "screenshots" in name]


def test_what_is_installed_runs_without_the_checkout(wheel: Path, tmp_path: Path) -> None:
    place = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(place)
    environment = {**os.environ, "PYTHONPATH": str(place)}
    script = (
        "import zoetrope.core.rope as rope, zoetrope.gui.window as window\n"
        "print(rope.__file__); print(window.__file__)"
    )
    shown = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=True, timeout=60,
    ).stdout  # fmt: skip
    assert shown.splitlines() == [
        str(place / "zoetrope/core/rope/__init__.py"),
        str(place / "zoetrope/gui/window.py"),
    ]
    exported = subprocess.run(
        [sys.executable, "-m", "zoetrope", "export", "rope", "--out", "rope.svg"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert exported.returncode == 0, exported.stderr
    assert (tmp_path / "rope.svg").stat().st_size > 10_000


def test_the_entry_point_is_the_one_main(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    entry = archive.read(f"zoetrope-{zoetrope.__version__}.dist-info/entry_points.txt").decode()
    assert "zoetrope = zoetrope.__main__:main" in entry
