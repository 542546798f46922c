"""The same work in odd worlds gives the same files: decimal commas, no fonts, no OpenGL."""

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
NO_FONTS = '<?xml version="1.0"?><fontconfig><dir>/nowhere</dir></fontconfig>'
WORLDS = {
    "usual": {"LC_ALL": "C.UTF-8"},
    "decimal commas": {"LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8", "LANGUAGE": "de"},
    "no fonts": {"FONTCONFIG_FILE": "{folder}/fonts.conf", "QT_QPA_FONTDIR": "/nowhere"},
    "no OpenGL": {
        "QT_OPENGL": "none",
        "QT_XCB_GL_INTEGRATION": "none",
        "LIBGL_DRIVERS_PATH": "/no",
    },
}


@cache
def world(name: str) -> dict[str, Any]:
    """What came of the work in a world."""
    with TemporaryDirectory() as folder:
        (Path(folder) / "fonts.conf").write_text(NO_FONTS)
        odd = {key: value.format(folder=folder) for key, value in WORLDS[name].items()}
        done = subprocess.run(
            [sys.executable, "-m", "tests.soak.odd_worlds", folder, "rope"],
            cwd=ROOT, capture_output=True, text=True, timeout=110, env={**os.environ, **odd},
        )  # fmt: skip
        assert done.stdout.startswith("{"), done.stderr[-3000:]
        found: dict[str, Any] = json.loads(done.stdout)
        return found


@pytest.mark.parametrize("name", WORLDS)
def test_an_odd_world_changes_no_number_and_breaks_nothing(name: str) -> None:
    found, usual = world(name), world("usual")
    assert found["errors"] == []
    assert found["gl"] == []
    assert found["restored"]
    assert all(found["inked"])
    assert (found["typed 1,75"], found["typed 2.5"]) == (1.75, 2.5)
    for part in ("svg", "csv", "json", "recipe", "text"):
        assert found[part] == usual[part], part


@pytest.mark.skipif(sys.platform != "linux", reason="Qt asks the environment for the language")
def test_the_world_with_decimal_commas_has_them() -> None:
    assert world("decimal commas")["decimal"] == ","
    assert world("usual")["decimal"] == "."


@pytest.mark.skipif(sys.platform != "linux", reason="fonts are found by fontconfig")
def test_the_world_without_fonts_has_none() -> None:
    assert len(world("no fonts")["fonts"]) < len(world("usual")["fonts"])
