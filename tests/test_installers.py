"""What the installers are told, where the systems that they are for are not at hand."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

import zoetrope

INSTALLERS = Path(__file__).resolve().parents[1] / "installers"


def told(monkeypatch: pytest.MonkeyPatch, platform: str) -> dict[str, dict[str, Any]]:
    """Run the spec for a system and return what it told each of PyInstaller's makers."""
    asked: dict[str, dict[str, Any]] = {}

    def maker(name: str) -> Any:
        def make(*_: Any, **options: Any) -> Any:
            asked[name] = options
            return SimpleNamespace(datas=[], binaries=[], pure=[], scripts=[])

        return make

    hooks = ModuleType("PyInstaller.utils.hooks")
    for name in ("collect_data_files", "collect_submodules", "copy_metadata"):
        setattr(hooks, name, lambda _package: [])
    hooks.collect_all = lambda _package: ([], [], [])  # type: ignore[attr-defined]
    for name in ("PyInstaller", "PyInstaller.utils"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    monkeypatch.setitem(sys.modules, hooks.__name__, hooks)
    monkeypatch.setattr(sys, "platform", platform)
    makers = {name: maker(name) for name in ("Analysis", "PYZ", "EXE", "COLLECT", "BUNDLE")}
    spec = (INSTALLERS / "zoetrope.spec").read_text("utf-8")
    exec(compile(spec, "zoetrope.spec", "exec"), {**makers, "SPECPATH": str(INSTALLERS)})
    return asked


def test_a_mac_shows_the_program_and_its_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """PyInstaller gives a bundle with a console LSBackgroundOnly: it would have no window."""
    asked = told(monkeypatch, "darwin")
    assert asked["EXE"]["console"] is False
    assert asked["BUNDLE"]["version"] == zoetrope.__version__


def test_elsewhere_commands_can_print(monkeypatch: pytest.MonkeyPatch) -> None:
    linux, windows = told(monkeypatch, "linux"), told(monkeypatch, "win32")
    assert linux["EXE"]["console"] is windows["EXE"]["console"] is True
    assert (linux["EXE"]["hide_console"], windows["EXE"]["hide_console"]) == (None, "hide-early")
    assert "BUNDLE" not in linux.keys() | windows.keys()


def test_the_installer_for_windows_has_the_programs_version() -> None:
    assert f"AppVersion={zoetrope.__version__}\n" in (INSTALLERS / "windows.iss").read_text("utf-8")
